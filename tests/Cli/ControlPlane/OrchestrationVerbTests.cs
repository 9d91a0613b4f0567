using Dweb.Cli.Tests.Running;

namespace Dweb.Cli.Tests.ControlPlane;

/// <summary>What an operator types and sees; what the control plane does with it is tested there.</summary>
public sealed class OrchestrationVerbTests
{
    private const string One =
        """{"instanceId":"s/1","name":"Settlement","version":null,"status":"Failed","createdAtMs":1772366400000,"updatedAtMs":1772366409000,"input":"{}","output":null,"customStatus":null,"failure":{"errorType":"X.Broken","message":"no fuel","inner":null}}""";

    private const string History =
        $$$"""
        {"orchestration":{{{One}}},"steps":[
          {"kind":"Activity","name":"SettleUsage","taskId":0,"fromMs":1772366400100,"toMs":1772366400350,"outcome":"Failed","attempt":2,"dueAtMs":null,"otherInstanceId":null,"output":null,"failure":{"errorType":"X.Broken","message":"no fuel","inner":null}},
          {"kind":"Timer","name":"","taskId":1,"fromMs":1772366401000,"toMs":null,"outcome":"Pending","attempt":1,"dueAtMs":1772366410000,"otherInstanceId":null,"output":null,"failure":null}],
         "explanation":"It failed of activity SettleUsage."}
        """;

    [Fact]
    public async Task A_list_follows_pages_until_its_limit_and_says_that_there_is_more()
    {
        using var plane = new FakeControlPlane(static request => new FakeAnswer(
            200, $$$"""{"items":[{{{One}}}],"continuation":"{{{(request.Query.Contains("continuation", StringComparison.Ordinal) ? "c2" : "c 1")}}}"}"""));
        using var cli = await LoginTests.AliceAsync(plane);

        var result = await cli.RunAsync("orchestrations", "ls", "--status", "Failed,Running", "--older-than", "7d", "--limit", "2", "--wallet", "alice");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(2, result.Output.Split('\n').Count(static line => line.Contains("Settlement", StringComparison.Ordinal)));
        Assert.Contains("no fuel", result.Output, StringComparison.Ordinal);
        Assert.Contains("There are more", result.Errors, StringComparison.Ordinal);
        string[] asked = [.. plane.Requests.Where(static r => r.Path.StartsWith("/api/orchestrations", StringComparison.Ordinal)).Select(static r => r.Query)];
        Assert.Contains("pageSize=2&status=Failed%2CRunning&updatedBeforeMs=", asked[0], StringComparison.Ordinal);
        Assert.EndsWith("continuation=c%201", asked[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_history_tells_when_what_happened_and_the_explanation_last()
    {
        using var plane = new FakeControlPlane(static _ => new FakeAnswer(200, History));
        using var cli = await LoginTests.AliceAsync(plane);

        var result = await cli.RunAsync("orchestrations", "history", "s/1", "--wallet", "alice");

        string[] lines = result.Output.TrimEnd().Split('\n');
        Assert.Matches(@"\+0\.100 s +0\.250 s +Activity SettleUsage #0 +Failed \(attempt 2\) +X\.Broken: no fuel", lines[2]);
        Assert.Matches(@"\+1\.000 s +… +Timer #1 +Pending +due 2026-03-01 12:00:10Z", lines[3]);
        Assert.Equal("It failed of activity SettleUsage.", lines[^1]);
        Assert.Equal("/api/orchestrations/s%2F1/history", plane.Requests[^1].Path);
    }

    [Fact]
    public async Task Changes_carry_their_reason_and_events_their_payload()
    {
        using var plane = new FakeControlPlane(static _ => new FakeAnswer(202, """{"instanceId":"a","change":"done"}"""));
        using var cli = await LoginTests.AliceAsync(plane);

        Assert.Equal(0, (await cli.RunAsync("orchestrations", "suspend", "a", "--reason", "lunch", "--wallet", "alice")).ExitCode);
        Assert.Equal(0, (await cli.RunAsync("orchestrations", "raise", "a", "Paid", "{\"n\":1}", "--event-id", "e1", "--wallet", "alice")).ExitCode);
        Assert.Equal(2, (await cli.RunAsync("orchestrations", "raise", "a", "Paid", "{n", "--wallet", "alice")).ExitCode);

        Assert.Equal(
            [("/api/orchestrations/a/suspend", """{"reason":"lunch"}"""), ("/api/orchestrations/a/events/Paid", """{"eventId":"e1","payload":{"n":1}}""")],
            plane.Requests.Where(static r => r.Path.StartsWith("/api/orchestrations", StringComparison.Ordinal)).Select(static r => (r.Path, System.Text.Encoding.UTF8.GetString(r.Body))));
    }

    [Fact]
    public async Task A_purge_needs_an_id_or_a_filter_and_not_both()
    {
        using var plane = new FakeControlPlane(static _ => new FakeAnswer(200, """{"purged":3}"""));
        using var cli = await LoginTests.AliceAsync(plane);

        Assert.Equal("3 forgotten\n", (await cli.RunAsync("orchestrations", "purge", "--status", "Completed", "--wallet", "alice")).Output);
        Assert.Equal(1, (await cli.RunAsync("orchestrations", "purge", "--wallet", "alice")).ExitCode);
        Assert.Equal(2, (await cli.RunAsync("orchestrations", "purge", "--older-than", "2147483647d", "--wallet", "alice")).ExitCode);
        Assert.Equal(1, (await cli.RunAsync("orchestrations", "purge", "a", "--name", "Settlement", "--wallet", "alice")).ExitCode);
        Assert.Single(plane.Requests, static r => r.Path.StartsWith("/api/orchestrations", StringComparison.Ordinal));
    }
}
