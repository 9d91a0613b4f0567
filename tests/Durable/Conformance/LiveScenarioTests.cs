using Dweb.Durable.Tests.Fixtures;

namespace Dweb.Durable.Tests.Conformance;

/// <summary>The peer's backend runs our orchestrators from beginning to end.</summary>
public sealed class LiveScenarioTests(PeerHost peer)
{
    [Fact]
    public Task An_orchestration_without_any_task() => ComesToAsync("3", (_, n) => Task.FromResult(3 * n));

    [Fact]
    public Task One_activity() => ComesToAsync("2", (context, n) => context.CallAsync(Defs.Double, n));

    [Fact]
    public Task A_sequence_of_activities() => ComesToAsync("32", async (context, n) =>
    {
        for (var i = 0; i < 5; i++)
        {
            n = await context.CallAsync(Defs.Double, n);
        }
        return n;
    });

    [Fact]
    public Task A_fan_out_of_a_hundred() => ComesToAsync("9900", async (context, _) =>
        (await Task.WhenAll(Enumerable.Range(0, 100).Select(i => context.CallAsync(Defs.Double, i)))).Sum());

    [Fact]
    public Task A_race_of_an_activity_and_an_event_that_never_comes() => ComesToAsync("2", async (context, n) =>
        await await Task.WhenAny(context.CallAsync(Defs.Double, n), context.WaitForEventAsync(Defs.Number)));

    [Fact]
    public Task A_timer() => ComesToAsync("1", async (context, n) =>
    {
        var before = context.CurrentUtc;
        await context.CreateTimerAsync(TimeSpan.FromMilliseconds(20));
        return context.CurrentUtc >= before ? n : throw new InvalidOperationException("Time went back.");
    });

    [Theory]
    [InlineData(0)]
    [InlineData(400)]
    [InlineData(25_000)]
    [InlineData(730_000)]
    public Task A_timer_of_days_ago_fires_at_once(int days) => ComesToAsync("1", async (context, n) =>
    {
        var before = context.CurrentUtc;
        await context.CreateTimerAsync(before.AddDays(-days));
        return context.CurrentUtc >= before ? n : throw new InvalidOperationException("Time went back.");
    });

    [Fact]
    public Task A_timer_of_the_past_wins_over_one_of_the_future() => ComesToAsync("1", async (context, n) =>
    {
        var late = context.CreateTimerAsync(TimeSpan.FromDays(1));
        var past = context.CreateTimerAsync(context.CurrentUtc.AddDays(-1));
        return await Task.WhenAny(late, past) == past && !late.IsCompleted ? n : 0;
    });

    [Fact]
    public Task A_timer_that_is_cancelled_by_an_activity() => ComesToAsync("4", async (context, n) =>
    {
        using var cancel = new CancellationTokenSource();
        var timer = context.CreateTimerAsync(TimeSpan.FromDays(2), cancel.Token);
        var doubled = await context.CallAsync(Defs.Double, n);
        cancel.Cancel();
        return await context.CallAsync(Defs.Double, timer.IsCanceled ? doubled : 0);
    });

    [Fact]
    public Task An_event_that_times_out() => ComesToAsync("-1", async (context, n) =>
        (await context.WaitForEventAsync(Defs.Number, TimeSpan.FromMilliseconds(1))) is { TimedOut: true } ? -n : n);

    [Fact]
    public Task A_guid_and_random_numbers_that_stay_over_turns() => ComesToAsync("1", async (context, n) =>
    {
        var (guid, number) = (context.NewGuid(), context.Random.Next(1, 1_000));
        var echoed = await context.CallAsync(Defs.Double, number);
        return echoed == 2 * number && guid != Guid.Empty ? n : 0;
    });

    [Fact]
    public async Task A_mark_of_a_patch_is_in_the_history_and_is_answered_the_same_after_it()
    {
        var scenario = new Scenario(peer).Orchestration("O", async (context, n) =>
        {
            var before = context.IsPatched("p");
            await context.CallAsync(Defs.Double, n);
            return before && context.IsPatched("p") ? 1 : 0;
        });

        var end = await scenario.EndAsync(await scenario.StartAsync());
        Assert.Equal((OrchestrationStatus.Completed, "1"), (end.Status, end.Output));
        Assert.Single(end.History, "EVENTSENT");
    }

    [Fact]
    public async Task A_custom_status_is_seen_while_the_instance_waits_and_goes_when_taken_away()
    {
        var scenario = new Scenario(peer).Orchestration("O", async (context, _) =>
        {
            context.SetCustomStatus("\"waiting\"");
            var number = await context.WaitForEventAsync(Defs.Number);
            context.SetCustomStatus(null);
            return number;
        });
        var id = await scenario.StartAsync();

        Assert.Equal("\"waiting\"", (await scenario.SeenAsync(id, "EXECUTIONSTARTED")).CustomStatus);
        await scenario.RaiseAsync(id, "Number", 5);
        Assert.Equal("", (await scenario.EndAsync(id)).CustomStatus);
    }

    [Fact]
    public async Task Termination_ends_what_waits_and_keeps_its_reason()
    {
        var scenario = new Scenario(peer).Orchestration("O", (context, _) => context.WaitForEventAsync(Defs.Number));
        var id = await scenario.StartAsync();
        await scenario.SeenAsync(id, "EXECUTIONSTARTED");
        await scenario.TerminateAsync(id, "\"enough\"");

        var end = await scenario.EndAsync(id);
        Assert.Equal((OrchestrationStatus.Terminated, "\"enough\""), (end.Status, end.Output));
    }

    [Fact]
    public async Task A_suspended_instance_goes_on_with_what_came_meanwhile_when_it_is_resumed()
    {
        var scenario = new Scenario(peer).Orchestration("O", async (context, _) =>
            await context.WaitForEventAsync(Defs.Number) * 10 + await context.WaitForEventAsync(Defs.Number));
        var id = await scenario.StartAsync();
        await scenario.SuspendAsync(id);
        await scenario.RaiseAsync(id, "Number", 1);
        await scenario.RaiseAsync(id, "Number", 2);
        var meanwhile = await scenario.SeenAsync(id, "EVENTRAISED", 2);
        Assert.Equal(OrchestrationStatus.Suspended, meanwhile.Status);
        await scenario.ResumeAsync(id);

        Assert.Equal("12", (await scenario.EndAsync(id)).Output);
    }

    [Fact]
    public async Task A_suspended_instance_can_be_terminated()
    {
        var scenario = new Scenario(peer).Orchestration("O", (context, _) => context.WaitForEventAsync(Defs.Number));
        var id = await scenario.StartAsync();
        await scenario.SuspendAsync(id);
        await scenario.TerminateAsync(id, "1");

        Assert.Equal(OrchestrationStatus.Terminated, (await scenario.EndAsync(id)).Status);
    }

    private async Task ComesToAsync(string output, Func<OrchestrationContext, int, Task<int>> orchestrator)
    {
        var scenario = new Scenario(peer).Orchestration("O", orchestrator);
        var end = await scenario.EndAsync(await scenario.StartAsync());
        Assert.Equal((OrchestrationStatus.Completed, output, null), (end.Status, end.Output, end.Error));
    }
}
