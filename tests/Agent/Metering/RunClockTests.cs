using CsCheck;
using Dweb.Agent.Metering;

namespace Dweb.Agent.Tests.Metering;

public sealed class RunClockTests
{
    private static readonly DateTimeOffset Origin = DateTimeOffset.UnixEpoch;

    [Fact]
    public void A_running_container_counts_from_the_engines_start()
    {
        var clock = RunClock.Zero.Observe(new EngineRun(At(10), true, null, 0, At(12)));
        Assert.Equal(2_000, clock.TotalMs);
        Assert.Equal(60_000, clock.Observe(new EngineRun(At(10), true, null, 0, At(70))).TotalMs);
    }

    [Fact]
    public void Time_after_the_end_does_not_count()
    {
        var clock = RunClock.Zero.Observe(new EngineRun(At(10), true, null, 0, At(12))).Observe(new EngineRun(At(10), false, At(15), 0, At(100)));
        Assert.Equal(5_000, clock.TotalMs);
    }

    [Fact]
    public void A_restart_ends_the_run_that_was_seen_and_leaves_out_the_pause()
    {
        var clock = RunClock.Zero.Observe(new EngineRun(At(0), true, null, 0, At(5))).Observe(new EngineRun(At(20), true, At(8), 1, At(21)));
        Assert.Equal(9_000, clock.TotalMs);
    }

    [Fact]
    public void Where_runs_were_missed_the_shorter_time_counts()
    {
        // Ran 0-8, 9-10 and from 20; seen at 5 and at 21. The end that is told, 10, is not that of the run that was seen.
        var clock = RunClock.Zero.Observe(new EngineRun(At(0), true, null, 0, At(5))).Observe(new EngineRun(At(20), true, At(10), 2, At(21)));
        Assert.Equal(6_000, clock.TotalMs);
    }

    [Fact]
    public void A_wall_clock_that_is_set_back_takes_nothing_away()
    {
        var clock = RunClock.Zero.Observe(new EngineRun(At(10), true, null, 0, At(50)));
        Assert.Equal(clock.TotalMs, clock.Observe(new EngineRun(At(10), true, null, 0, At(20))).TotalMs);
        Assert.Equal(clock.TotalMs, clock.Observe(new EngineRun(At(5), true, null, 0, At(60))).TotalMs);
    }

    [Fact]
    public void A_container_that_never_ran_counts_nothing() =>
        Assert.Equal(0, RunClock.Zero.Observe(new EngineRun(null, false, null, 0, At(50))).TotalMs);

    /// <summary>A container runs and pauses at will and is looked at whenever: what is counted never falls and never exceeds what it ran.</summary>
    [Fact]
    public void Counted_time_never_falls_and_never_exceeds_the_time_that_the_container_ran() =>
        Gen.Select(Gen.Int[1, 50], Gen.Int[1, 20]).Array[1, 12].Select(Gen.Int[0, 900].Array[1, 30]).Sample(static (runs, looks) =>
        {
            var clock = RunClock.Zero;
            foreach (int now in looks.Order())
            {
                (var engine, long ran) = EngineAt(runs, now);
                var next = clock.Observe(engine);
                if (next.TotalMs < clock.TotalMs || next.TotalMs > ran)
                {
                    return false;
                }

                clock = next;
            }

            return true;
        });

    /// <summary>What an engine that restarts a container after each pause says at a moment, and how long the container has really run by then.</summary>
    private static (EngineRun Engine, long RanMs) EngineAt((int Run, int Pause)[] runs, int now)
    {
        (int at, long ran) = (0, 0);
        DateTimeOffset? finished = null;
        for (int i = 0; i < runs.Length; i++)
        {
            int end = at + runs[i].Run;
            if (now < end)
            {
                return (new EngineRun(At(at), true, finished, i, At(now)), ran + (Math.Max(0, now - at) * 1_000L));
            }

            ran += runs[i].Run * 1_000L;
            finished = At(end);
            if (i == runs.Length - 1 || now < end + runs[i].Pause)
            {
                return (new EngineRun(At(at), false, finished, i, At(now)), ran);
            }

            at = end + runs[i].Pause;
        }

        throw new InvalidOperationException("There is at least one run.");
    }

    private static DateTimeOffset At(int seconds) => Origin.AddSeconds(seconds);
}
