using Dweb.Durable.Tests.Fixtures;
using Dweb.Durable.Tests.Hub;

namespace Dweb.Durable.Tests.Conformance;

/// <summary>The reverse: our hub, on a real storage, runs the peer's executor with orchestrators in its own language.</summary>
public sealed class HubDrivesPeerTests(Azurite azurite, PeerExecutor peer) : HubTest(azurite)
{
    private static readonly ActivityDefinition<string, int> Fail = new("Fail", TestJson.Default.String, TestJson.Default.Int32);
    private static readonly ActivityDefinition<int, int> FailTwice = new("FailTwice", TestJson.Default.Int32, TestJson.Default.Int32);

    [Theory]
    [InlineData("Sequence", 1, "32")]
    [InlineData("FanOut", 30, "870")]
    [InlineData("Race", 4, "8")]
    [InlineData("Timer", 4, "4")]
    [InlineData("PastTimers", 4, "4")]
    [InlineData("Children", 4, "192")]
    [InlineData("Caught", 5, "5")]
    [InlineData("Retried", 5, "5")]
    [InlineData("RenewingParent", 1, "96")]
    public async Task What_the_peers_orchestrator_comes_to(string name, int input, string output)
    {
        var hub = await HubAsync();
        await hub.StartAsync(Defs.IntToInt(name), "i", input, Ct);

        var end = await hub.WaitForCompletionAsync("i", Ct);
        Assert.Equal((OrchestrationStatus.Completed, output, null), (end.Status, end.Output, end.Failure?.Message));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_failure_comes_up_from_any_depth(int depth)
    {
        var hub = await HubAsync();
        await hub.StartAsync(Defs.IntToInt("Nested"), "i", depth, Ct);

        var end = await hub.WaitForCompletionAsync("i", Ct);
        Assert.Equal(OrchestrationStatus.Failed, end.Status);
        Assert.Contains("bottom", end.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cause_of_what_an_orchestrator_throws_is_kept()
    {
        var hub = await HubAsync();
        await hub.StartAsync(Defs.IntToInt("Throws"), "i", 1, Ct);

        var failure = (await hub.WaitForCompletionAsync("i", Ct)).Failure!;
        Assert.Equal(("RangeError", "thrown", "TypeError", "cause"), (failure.ErrorType, failure.Message, failure.Inner!.ErrorType, failure.Inner.Message));
    }

    [Fact]
    public async Task Events_are_taken_in_order_also_after_a_crash()
    {
        var harness = Harness(Activities());
        var hub = await harness.StartAsync(worker: peer.ExecuteAsync);
        await hub.StartAsync(Defs.IntToInt("Events"), "i", 4, Ct);
        await hub.RaiseEventAsync("i", Defs.Number, 1, "e1", Ct);
        await hub.RaiseEventAsync("i", Defs.Number, 2, "e2", Ct);
        await harness.CrashAsync(hub);
        hub = await harness.StartAsync(worker: peer.ExecuteAsync);
        await hub.RaiseEventAsync("i", Defs.Number, 3, "e3", Ct);
        await hub.RaiseEventAsync("i", Defs.Number, 4, "e4", Ct);

        Assert.Equal("1234", (await hub.WaitForCompletionAsync("i", Ct)).Output);
    }

    [Fact]
    public async Task Continue_as_new_carries_the_peers_events_over()
    {
        var hub = await HubAsync();
        await hub.StartAsync(Defs.IntToInt("Renewing"), "i", 0, Ct);
        foreach (var number in new[] { 1, 2, 3, 0 })
        {
            await hub.RaiseEventAsync("i", Defs.Number, number, $"e{number}", Ct);
        }

        Assert.Equal("123", (await hub.WaitForCompletionAsync("i", Ct)).Output);
    }

    [Fact]
    public async Task A_custom_status_is_shown_and_the_instance_can_be_suspended_resumed_and_terminated()
    {
        var hub = await HubAsync();
        await hub.StartAsync(Defs.IntToInt("Status"), "i", 1, Ct);
        await UntilAsync(async () => (await hub.GetAsync("i", Ct))!.CustomStatus == "\"waiting\"");
        await hub.SuspendAsync("i", null, Ct);
        await hub.RaiseEventAsync("i", Defs.Number, 5, "e", Ct);
        await UntilAsync(async () => (await hub.GetAsync("i", Ct))!.Status == OrchestrationStatus.Suspended);
        await hub.ResumeAsync("i", null, Ct);
        Assert.Equal("6", (await hub.WaitForCompletionAsync("i", Ct)).Output);

        await hub.StartAsync(Defs.IntToInt("Status"), "j", 1, Ct);
        await hub.TerminateAsync("j", "\"enough\"", Ct);
        Assert.Equal(OrchestrationStatus.Terminated, (await hub.WaitForCompletionAsync("j", Ct)).Status);
    }

    [Fact]
    public async Task One_instance_sends_to_another_and_to_nobody()
    {
        var hub = await HubAsync();
        await hub.StartAsync(Defs.IntToInt("Events"), "receiver", 1, Ct);
        await hub.StartAsync(Defs.IntToInt("Sender"), "sender", 7, Ct);

        Assert.Equal("7", (await hub.WaitForCompletionAsync("receiver", Ct)).Output);
        Assert.Equal("14", (await hub.WaitForCompletionAsync("sender", Ct)).Output);
    }

    private Task<EmbeddedHub> HubAsync() => Harness(Activities()).StartAsync(worker: peer.ExecuteAsync);

    private static OrchestrationRegistry Activities()
    {
        var failures = 0;
        return Registry()
            .AddActivity(Fail, (_, words, _) => throw new InvalidOperationException(words))
            .AddActivity(FailTwice, (_, n, _) => ++failures < 3 ? throw new TimeoutException("later") : Task.FromResult(n));
    }
}
