using CsCheck;
using Dweb.Agent.Metering;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Tests.Metering;

public sealed class MeterStateTests
{
    private const ulong Mebibyte = 1024 * 1024;

    private static readonly LeaseHandle Handle = new(1);

    [Fact]
    public void Units_are_those_that_are_signed()
    {
        var meter = Running(MeterState.Zero, 0).WithStorage(5 * Mebibyte);
        meter = Running(meter, 10).Sample(new CounterSample(2_500_000_000, 3 * Mebibyte, (7 * Mebibyte) - 1, 8 * Mebibyte));
        Assert.Equal(new UsageEntry(Handle, 10, 2_500, 30, 50, 6, 8), meter.ToEntry(Handle));
    }

    [Fact]
    public void A_restarted_container_goes_on_where_the_last_run_ended()
    {
        var meter = Running(MeterState.Zero, 10).Sample(new CounterSample(1_000_000_000, 0, 3 * Mebibyte, 0));
        meter = meter.Observe(new EngineRun(At(100), true, At(20), 1, At(101))).Sample(new CounterSample(500_000_000, 0, Mebibyte, 0));
        var entry = meter.ToEntry(Handle);
        Assert.Equal((1_500UL, 4U, 21U), (entry.Cpu, entry.Received, entry.Seconds));
    }

    [Fact]
    public void A_lost_journal_never_reports_less_than_the_chain_has_settled()
    {
        var settled = new UsageEntry(Handle, 100, 5, 200, 7, 8, 9);
        var meter = Running(MeterState.Zero, 3).Sample(new CounterSample(50_000_000, 0, 0, 0)).WithFloor(settled);
        Assert.Equal(settled with { Cpu = 50 }, meter.ToEntry(Handle));
    }

    [Fact]
    public void The_same_reading_twice_counts_once()
    {
        var sample = new CounterSample(1_000_000_000, Mebibyte, Mebibyte, Mebibyte);
        var once = Running(MeterState.Zero, 10).Sample(sample);
        Assert.Equal(once, once.Sample(sample));
    }

    [Fact]
    public void No_sequence_of_readings_makes_a_counter_fall() =>
        Gen.Select(Gen.Int[0, 20], Gen.ULong[0, 1UL << 40], Gen.ULong[0, 1UL << 33], Gen.ULong[0, 1UL << 30]).Array[1, 40].Sample(static readings =>
        {
            var meter = MeterState.Zero;
            var last = meter.ToEntry(Handle);
            int now = 0;
            foreach ((int step, ulong cpu, ulong memory, ulong bytes) in readings)
            {
                now += step;

                // Every seventh step the container has a new run.
                var started = At(now - (now % 7));
                meter = meter.Observe(new EngineRun(started, true, null, now / 7, At(now))).Sample(new CounterSample(cpu, memory, bytes, bytes));
                var entry = meter.ToEntry(Handle);
                bool fell = entry.Seconds < last.Seconds || entry.Cpu < last.Cpu || entry.Memory < last.Memory || entry.Received < last.Received || entry.Sent < last.Sent;
                if (fell)
                {
                    return false;
                }

                last = entry;
            }

            return true;
        });

    [Fact]
    public void A_counter_adds_up_exactly_over_its_resets() =>
        Gen.ULong[0, 1UL << 62].Array.Array.Sample(static runs =>
        {
            var counter = ResettingCounter.Zero;
            UInt128 expected = 0;
            foreach (ulong[] run in runs)
            {
                foreach (ulong value in run.Order())
                {
                    counter = counter.Read(value);
                }

                counter = counter.Restart();
                expected += run.Length == 0 ? 0 : run.Max();
            }

            return counter.Total == expected;
        });

    private static MeterState Running(MeterState meter, int now) => meter.Observe(new EngineRun(At(0), true, null, 0, At(now)));

    private static DateTimeOffset At(int seconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds);
}
