using Dweb.Durable.Tests.Fixtures;

namespace Dweb.Durable.Tests.Hub;

/// <summary>What a person is told of one instance.</summary>
public sealed class TimelineTests(Azurite azurite) : HubTest(azurite)
{
    private static readonly OrchestrationDefinition<int, int> Main = Defs.IntToInt("Main");
    private static readonly ActivityDefinition<int, int> Slow = new("Slow", TestJson.Default.Int32, TestJson.Default.Int32);

    [Fact]
    public async Task Each_attempt_is_a_step_with_its_number_and_the_last_one_is_what_the_instance_failed_of()
    {
        var policy = new RetryPolicy(3, TimeSpan.FromMilliseconds(1));
        var hub = await Harness(Registry()
            .AddActivity(Defs.Flaky, (_, _, _) => throw new InvalidOperationException("no fuel"))
            .AddOrchestration(Main, async (context, n) => await context.CallAsync(Defs.Double, n) + await context.CallAsync(Defs.Flaky, n, policy))).StartAsync();
        await hub.StartAsync(Main, "a", 1, Ct);
        await hub.WaitForCompletionAsync("a", Ct);

        var timeline = await hub.GetTimelineAsync("a", Ct);

        Assert.Equal(
            ["Activity Double 1 Done", "Activity Flaky 1 Failed", "Timer  1 Done", "Activity Flaky 2 Failed", "Timer  1 Done", "Activity Flaky 3 Failed"],
            timeline!.Steps.Select(step => $"{step.Kind} {step.Name} {step.Attempt} {step.Outcome}"));
        Assert.Equal((3, "no fuel"), (timeline.FatalStep!.Attempt, timeline.FatalStep.Failure!.Message));
        Assert.All(timeline.Steps, step => Assert.True(step.To >= step.From));
    }

    [Fact]
    public async Task What_an_instance_waits_for_is_pending_and_what_it_was_told_is_a_step()
    {
        var never = new TaskCompletionSource<int>();
        var hub = await Harness(Registry()
            .AddActivity(Slow, (_, _, ct) => never.Task.WaitAsync(ct))
            .AddOrchestration(Main, async (context, n) =>
            {
                var told = await context.WaitForEventAsync(Defs.Number);
                var slow = context.CallAsync(Slow, told);
                await Task.WhenAny(slow, context.CreateTimerAsync(TimeSpan.FromDays(1)));
                return n;
            })).StartAsync();
        await hub.StartAsync(Main, "a", 1, Ct);
        Assert.Empty((await hub.GetTimelineAsync("a", Ct))!.Pending);
        await hub.RaiseEventAsync("a", Defs.Number, 7, "e1", Ct);
        await hub.SuspendAsync("a", "lunch", Ct);

        await UntilAsync(async () => (await hub.GetTimelineAsync("a", Ct))!.Steps.Count == 4);
        var timeline = (await hub.GetTimelineAsync("a", Ct))!;

        Assert.Equal(["Activity Slow", "Timer "], timeline.Pending.Select(step => $"{step.Kind} {step.Name}"));
        Assert.Contains(timeline.Steps, step => step is { Kind: StepKind.EventReceived, Name: "Number", Output: "7" });
        Assert.Contains(timeline.Steps, step => step is { Kind: StepKind.Suspended, Output: "lunch" });
        Assert.InRange(timeline.Steps.Single(step => step.Kind == StepKind.Timer).DueAt!.Value - DateTimeOffset.UtcNow, TimeSpan.FromHours(23), TimeSpan.FromHours(25));
        Assert.Null(timeline.FatalStep);
    }

    [Fact]
    public async Task Equal_calls_side_by_side_are_no_attempts_at_one()
    {
        var hub = await Harness(Registry()
            .AddActivity(Defs.Flaky, (_, _, _) => throw new InvalidOperationException("no fuel"))
            .AddOrchestration(Main, async (context, n) =>
            {
                await Task.WhenAll(context.CallAsync(Defs.Flaky, n), context.CallAsync(Defs.Flaky, n));
                return n;
            })).StartAsync();
        await hub.StartAsync(Main, "a", 1, Ct);
        await hub.WaitForCompletionAsync("a", Ct);

        Assert.Equal([1, 1], (await hub.GetTimelineAsync("a", Ct))!.Steps.Select(step => step.Attempt));
    }

    [Fact]
    public async Task An_unknown_instance_has_none_and_a_new_generation_begins_anew()
    {
        var hub = await Harness(Registry().AddOrchestration(Main, async (context, n) =>
        {
            if (await context.CallAsync(Defs.Double, n) < 8)
            {
                context.ContinueAsNew(n * 2);
            }
            return n;
        })).StartAsync();
        await hub.StartAsync(Main, "a", 1, Ct);
        await hub.WaitForCompletionAsync("a", Ct);

        Assert.Single((await hub.GetTimelineAsync("a", Ct))!.Steps);
        Assert.Null(await hub.GetTimelineAsync("b", Ct));
    }
}
