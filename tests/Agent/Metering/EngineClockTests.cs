using Dweb.Agent.Metering;
using Dweb.Agent.Runtimes;
using Dweb.Testing;

namespace Dweb.Agent.Tests.Metering;

/// <summary>The machine of the agent shows another time than the engine's, or its clock is set while a container runs.</summary>
public sealed class EngineClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly SettableClock machine = new(Start);
    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;
    private readonly long started;
    private TimeSpan engineAhead;
    private int asked;

    public EngineClockTests() => started = machine.GetTimestamp();

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Seconds_are_those_of_the_engine_whatever_this_machine_shows(int hours)
    {
        engineAhead = hours * Hour;
        var clock = Clock();
        var container = Running(Start + engineAhead);
        machine.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(2_000, await RanMsAsync(clock, container, RunClock.Zero));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_clock_that_is_set_while_a_container_runs_makes_its_seconds_neither_more_nor_fewer(int hours)
    {
        var clock = Clock();
        var container = Running(Start);
        machine.Pass(TimeSpan.FromSeconds(2));
        var run = RunClock.Zero.Observe(new EngineRun(container.StartedAt, true, null, 0, await clock.NowAsync(container, cancel)));
        engineAhead = hours * Hour;
        machine.Step(hours * Hour);
        machine.Pass(TimeSpan.FromSeconds(3));

        Assert.Equal(5_000, await RanMsAsync(clock, container, run));
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task Each_run_is_counted_by_what_the_engine_shows_at_its_start()
    {
        var clock = Clock();
        await clock.NowAsync(Running(Start), cancel);
        engineAhead = -Hour;
        machine.Pass(TimeSpan.FromSeconds(10));
        var restarted = Running(Start + TimeSpan.FromSeconds(10) + engineAhead);
        await clock.NowAsync(restarted, cancel);
        machine.Pass(TimeSpan.FromSeconds(4));
        Assert.Equal(4_000, await RanMsAsync(clock, restarted, RunClock.Zero));
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task An_end_that_is_told_by_a_clock_that_was_set_since_makes_no_run_longer()
    {
        var clock = Clock();
        var container = Running(Start);
        var run = RunClock.Zero.Observe(new EngineRun(container.StartedAt, true, null, 0, await clock.NowAsync(container, cancel)));
        machine.Pass(TimeSpan.FromSeconds(5));
        var ended = container with { Condition = ContainerCondition.Exited, FinishedAt = Start + Hour };

        Assert.Equal(5_000, run.Observe(new EngineRun(ended.StartedAt, false, ended.FinishedAt, 0, await clock.NowAsync(ended, cancel))).TotalMs);
        clock.Forget(container.Name);
        Assert.Equal(DateTimeOffset.MaxValue, await clock.NowAsync(ended, cancel));
    }

    private EngineClock Clock() => new(
        _ =>
        {
            asked++;
            return Task.FromResult(Start + engineAhead + machine.GetElapsedTime(started));
        },
        machine);

    private async Task<long> RanMsAsync(EngineClock clock, ContainerSnapshot container, RunClock before) =>
        before.Observe(new EngineRun(container.StartedAt, true, null, 0, await clock.NowAsync(container, cancel))).TotalMs;

    private static ContainerSnapshot Running(DateTimeOffset startedAt) => new(
        "id", "name", new Dictionary<string, string>(StringComparer.Ordinal), ContainerCondition.Running, 1, startedAt, null, 0, 0, false, "", null,
        new Dictionary<ushort, ushort>());
}
