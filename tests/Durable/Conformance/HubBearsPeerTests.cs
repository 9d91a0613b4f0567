using Dweb.Durable.Tests.Fixtures;
using Dweb.Durable.Tests.Hub;
using Dweb.Durable.Wire;

namespace Dweb.Durable.Tests.Conformance;

/// <summary>Our hub and the peer's executor where neither finds an easy way: long histories, late completions, suspension, rewinds, and what only the peer knows.</summary>
public sealed class HubBearsPeerTests(Azurite azurite, PeerExecutor peer) : HubTest(azurite)
{
    private static readonly ActivityDefinition<int, int> Held = Defs.Double with { Name = "Held" };
    private static readonly ActivityDefinition<int, int> HeldToo = Defs.Double with { Name = "HeldToo" };
    private static readonly ActivityDefinition<string, int> Fail = new("Fail", TestJson.Default.String, TestJson.Default.Int32);
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _second = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isMended;

    [Fact]
    public async Task A_history_of_ten_thousand_events_is_read_again_after_a_crash_and_goes_on()
    {
        var harness = Harness(Activities());
        var hub = await harness.StartAsync(worker: peer.ExecuteAsync);
        await hub.StartAsync(Defs.IntToInt("LongHistory"), "i", 5_000, Ct);
        await UntilAsync(async () => (await hub.GetAsync("i", Ct))!.CustomStatus is not null);
        await harness.CrashAsync(hub);
        var replayed = 0;
        hub = await harness.StartAsync(worker: (request, ct) =>
        {
            replayed = OrchestratorRequest.Parser.ParseFrom(request.Span).PastEvents.Count;
            return peer.ExecuteAsync(request, ct);
        });
        await hub.RaiseEventAsync("i", Defs.Number, 7, "e", Ct);

        Assert.Equal("24995007", (await hub.WaitForCompletionAsync("i", Ct)).Output);
        Assert.InRange(replayed, 10_000, 20_000);
    }

    [Fact]
    public async Task A_failure_that_a_level_catches_goes_no_further_up()
    {
        var caught = new OrchestrationDefinition<List<int>, int>("CaughtAt", TestJson.Default.ListInt32, TestJson.Default.Int32);
        var hub = await HubAsync();
        for (var level = 1; level <= 4; level++)
        {
            await hub.StartAsync(caught, $"at{level}", [4, level], Ct);
        }

        for (var level = 1; level <= 4; level++)
        {
            Assert.Equal($"{(1_000 * (4 - level)) - 1}", (await hub.WaitForCompletionAsync($"at{level}", Ct)).Output);
        }
    }

    [Fact]
    public async Task An_activity_that_lost_a_race_is_taken_when_it_comes_after_all()
    {
        var hub = await HubAsync();
        await hub.StartAsync(Defs.IntToInt("Late"), "i", 3, Ct);
        await UntilAsync(async () => await DoneAsync(hub, "Double") == 1);
        _first.SetResult();

        Assert.Equal("603", (await hub.WaitForCompletionAsync("i", Ct)).Output);
    }

    [Fact]
    public async Task An_activity_that_comes_after_the_end_changes_nothing()
    {
        var hub = await HubAsync(activitiesAtATime: 2);
        await hub.StartAsync(Defs.IntToInt("Abandoning"), "i", 3, Ct);
        var end = await hub.WaitForCompletionAsync("i", Ct);
        await hub.StartAsync(Defs.IntToInt("RenewingLate"), "filler", 2, Ct);
        await EndHeldAsync(hub, besides: "filler");

        Assert.Equal("6", end.Output);
        Assert.Equal(end, await hub.GetAsync("i", Ct));
    }

    [Fact]
    public async Task An_activity_of_an_earlier_generation_is_not_taken_for_one_of_this()
    {
        var hub = await HubAsync(activitiesAtATime: 2);
        await hub.StartAsync(Defs.IntToInt("RenewingLate"), "i", 1, Ct);
        await EndHeldAsync(hub, besides: "i");
        _second.SetResult();

        Assert.Equal("20", (await hub.WaitForCompletionAsync("i", Ct)).Output);
    }

    [Fact]
    public async Task An_activity_that_ends_while_its_instance_is_suspended_is_taken_when_that_is_resumed()
    {
        var hub = await HubAsync();
        await hub.StartAsync(Defs.IntToInt("Late"), "i", 3, Ct);
        await UntilAsync(async () => await DoneAsync(hub, "Double") == 1);
        await hub.SuspendAsync("i", null, Ct);
        _first.SetResult();
        await UntilAsync(async () => await DoneAsync(hub, "Held") == 1);
        Assert.Equal(OrchestrationStatus.Suspended, (await hub.GetAsync("i", Ct))!.Status);
        await hub.ResumeAsync("i", null, Ct);

        Assert.Equal("603", (await hub.WaitForCompletionAsync("i", Ct)).Output);
    }

    [Fact]
    public async Task A_failed_instance_is_rewound_by_the_peers_rewrite_of_its_history()
    {
        var hub = await HubAsync();
        await hub.StartAsync(Defs.IntToInt("Nested"), "i", 2, Ct);
        Assert.Equal(OrchestrationStatus.Failed, (await hub.WaitForCompletionAsync("i", Ct)).Status);
        _isMended = true;
        await hub.RewindAsync("i", "mended", Ct);

        Assert.Equal((OrchestrationStatus.Completed, "1"), ((await hub.WaitForCompletionAsync("i", Ct)).Status, (await hub.GetAsync("i", Ct))!.Output));
    }

    [Fact]
    public async Task A_request_that_only_the_peer_knows_fails_the_instance_with_its_reason()
    {
        var hub = await HubAsync();
        await hub.StartAsync(Defs.IntToInt("CallsEntity"), "i", 2, Ct);

        var end = await hub.WaitForCompletionAsync("i", Ct);
        Assert.Equal(OrchestrationStatus.Failed, end.Status);
        Assert.Contains("a kind that this hub does not know", end.Failure!.Message, StringComparison.Ordinal);
    }

    /// <summary>Lets the first one that is held end, and returns when its instance was told: of two places the other one stays taken, so nobody else runs before.</summary>
    private async Task EndHeldAsync(EmbeddedHub hub, string besides)
    {
        await UntilAsync(async () => (await hub.GetTimelineAsync(besides, Ct))!.Steps.Any(step => step.Name == "HeldToo"));
        _first.SetResult();
        await hub.StartAsync(Defs.IntToInt("Sequence"), "other", 1, Ct);
        await hub.WaitForCompletionAsync("other", Ct);
    }

    private static async Task<int> DoneAsync(EmbeddedHub hub, string activity) =>
        (await hub.GetTimelineAsync("i", Ct))!.Steps.Count(step => step.Name == activity && step.Outcome == StepOutcome.Done);

    private Task<EmbeddedHub> HubAsync(int activitiesAtATime = 64) => Harness(Activities(), activitiesAtATime: activitiesAtATime).StartAsync(worker: peer.ExecuteAsync);

    private OrchestrationRegistry Activities() => Registry()
        .AddActivity(Held, async (_, n, ct) =>
        {
            await _first.Task.WaitAsync(ct);
            return n;
        })
        .AddActivity(HeldToo, async (_, n, ct) =>
        {
            await _second.Task.WaitAsync(ct);
            return 10 * n;
        })
        .AddActivity(Fail, (_, words, _) => _isMended ? Task.FromResult(1) : throw new InvalidOperationException(words));
}
