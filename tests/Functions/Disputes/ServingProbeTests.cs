using System.Globalization;
using Dweb.Functions.Disputes;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Disputes;

/// <summary>Over real connections.</summary>
public sealed class ServingProbeTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);
    private readonly ServingProbe probe = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => probe.Dispose();

    [Theory]
    [InlineData("200 OK")]
    [InlineData("404 Not Found")]
    [InlineData("503 Service Unavailable")]
    public async Task Any_status_is_an_answer(string status)
    {
        await using var web = Answerer.Http(status);
        Assert.Equal($"{web.Url} answers {status[..3]}", await AskAsync(Long, web));
    }

    [Fact]
    public async Task A_redirection_is_an_answer_and_is_not_followed()
    {
        await using var elsewhere = Answerer.Http();
        await using var web = Answerer.Http("302 Found", $"Location: {elsewhere.Url}/\r\n");
        Assert.Equal($"{web.Url} answers 302", await AskAsync(Long, web));
        Assert.Equal((1, 0), (web.Calls, elsewhere.Calls));
    }

    [Fact]
    public async Task A_body_that_never_ends_is_not_waited_for()
    {
        await using var web = Answerer.Start("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n");
        Assert.Equal($"{web.Url} answers 200", await AskAsync(Long, web));
    }

    [Fact]
    public async Task What_answers_in_another_protocol_runs_all_the_same()
    {
        await using var database = Answerer.Start("-ERR wrong number of arguments for 'get' command\r\n");
        Assert.Equal($"{database.Url} answers, though not in HTTP", await AskAsync(Long, database));
        await using var endless = Answerer.Start("HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Range(0, 40).Select(static i => string.Create(CultureInfo.InvariantCulture, $"X-{i}: {new string('x', 1_000)}\r\n"))) + "\r\n");
        Assert.Equal($"{endless.Url} answers, though not in HTTP", await AskAsync(Long, endless));
    }

    [Fact]
    public async Task A_line_that_is_taken_and_hung_up_is_no_answer()
    {
        await using var proxy = Answerer.Start("");
        Assert.Null(await AskAsync(Long, proxy));
    }

    [Fact]
    public async Task A_line_that_stays_silent_is_no_answer()
    {
        await using var frozen = Answerer.Start(null);
        Assert.Null(await AskAsync(Short, frozen));
        Assert.Equal(1, frozen.Calls);
    }

    [Fact]
    public async Task A_port_where_nobody_is_gives_no_answer()
    {
        var gone = Answerer.Http();
        await gone.DisposeAsync();
        Assert.Null(await AskAsync(Long, gone));
    }

    [Fact]
    public async Task One_of_several_ports_is_enough()
    {
        await using var frozen = Answerer.Start(null);
        await using var web = Answerer.Http();
        Assert.Equal($"{web.Url} answers 200", await AskAsync(Short, frozen, web));
        Assert.Null(await probe.AskAsync([], Long, Cancel));
    }

    private Task<string?> AskAsync(TimeSpan patience, params IEnumerable<Answerer> asked) =>
        probe.AskAsync([.. asked.Select(static one => new Uri(one.Url))], patience, Cancel);
}
