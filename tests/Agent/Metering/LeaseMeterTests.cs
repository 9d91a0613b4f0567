using Dweb.Agent.Metering;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Tests.Support;
using Dweb.Core.Protocol.Messages;
using Dweb.Testing;

namespace Dweb.Agent.Tests.Metering;

/// <summary>A lease is counted by the kernel alone between two words of the engine's.</summary>
public sealed class LeaseMeterTests : IDisposable
{
    private const int First = 7;
    private const int Second = 8;
    private const ulong CpuSecond = 1_000_000;
    private const ulong Mebibyte = 1024 * 1024;
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly LeaseHandle Handle = new(1);

    private readonly TemporaryFolder folder = new();
    private readonly KernelFiles kernel;
    private readonly SettableClock clock = new(Start);
    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;
    private int asked;

    public LeaseMeterTests()
    {
        kernel = new KernelFiles(folder);
        kernel.Begin(First, start: 100);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_runs_is_counted_on_without_the_engine()
    {
        var meter = await RunningAsync();
        clock.Pass(TimeSpan.FromSeconds(10));
        kernel.Use(First, 3 * CpuSecond, 2 * Mebibyte, 5 * Mebibyte, 6 * Mebibyte);
        Assert.Equal(new UsageEntry(Handle, 10, 3_000, 20, 0, 5, 6), meter.Read(out bool isLost).ToEntry(Handle));
        Assert.False(isLost);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task What_has_ended_counts_to_its_end_however_late_that_is_told()
    {
        var meter = await RunningAsync();
        clock.Pass(TimeSpan.FromSeconds(5));
        meter.Read(out _);
        kernel.End(First);
        clock.Pass(TimeSpan.FromSeconds(100));
        Assert.Equal(5_000, meter.Read(out bool isLost).RunningMs);
        Assert.True(isLost);
        Assert.Equal(5_000, meter.Read(out isLost).RunningMs);
        Assert.False(isLost);
        var ended = Container() with { Condition = ContainerCondition.Exited, Pid = 0, FinishedAt = Start.AddSeconds(7) };
        Assert.Equal(7_000, (await meter.SeeAsync(ended, 0, cancel)).RunningMs);
    }

    [Fact]
    public async Task A_process_that_was_given_the_number_of_one_that_ended_is_not_read()
    {
        var meter = await RunningAsync();
        clock.Pass(TimeSpan.FromSeconds(5));
        kernel.Use(First, CpuSecond, 0, 0, 0);
        meter.Read(out _);
        kernel.Begin(First, start: 101);
        kernel.Use(First, 9 * CpuSecond, 0, 9 * Mebibyte, 0);
        clock.Pass(TimeSpan.FromSeconds(5));
        var entry = meter.Read(out bool isLost).ToEntry(Handle);
        Assert.True(isLost);
        Assert.Equal((5U, 1_000UL, 0U), (entry.Seconds, entry.Cpu, entry.Received));
    }

    [Fact]
    public async Task What_cannot_be_read_is_told_by_whoever_looks_and_keeps_nobody_else_from_reading()
    {
        var meter = await RunningAsync();
        kernel.Break(First);
        clock.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal(0, meter.Read(out bool isLost).RunningMs);
        Assert.True(isLost);
        await Assert.ThrowsAsync<FormatException>(() => meter.SeeAsync(Container(), 0, cancel));
        meter.Read(out isLost);
        Assert.False(isLost);
    }

    [Fact]
    public async Task A_new_run_in_the_same_group_is_added_once()
    {
        var meter = await RunningAsync();
        clock.Pass(TimeSpan.FromSeconds(5));
        kernel.Use(First, 10 * CpuSecond, 0, 0, 0);
        meter.Read(out _);

        // Restarted, and read before the engine has said so.
        kernel.End(First);
        kernel.Begin(Second, start: 700);
        kernel.Use(Second, 2 * CpuSecond, 0, 0, 0);
        clock.Pass(TimeSpan.FromSeconds(3));
        Assert.Equal(10_000UL, meter.Read(out _).ToEntry(Handle).Cpu);

        var next = Container() with { Pid = Second, StartedAt = Start.AddSeconds(6), FinishedAt = Start.AddSeconds(5), Restarts = 1 };
        Assert.Equal(12_000UL, (await meter.SeeAsync(next, 0, cancel)).ToEntry(Handle).Cpu);
        kernel.Use(Second, 3 * CpuSecond, 0, 0, 0);
        clock.Pass(TimeSpan.FromSeconds(2));
        var entry = meter.Read(out _).ToEntry(Handle);
        Assert.Equal((13_000UL, 9U), (entry.Cpu, entry.Seconds));
    }

    [Fact]
    public async Task After_a_kill_nothing_is_less_than_was_signed_and_nothing_is_counted_twice()
    {
        var meter = await RunningAsync();
        var written = meter.State;
        clock.Pass(TimeSpan.FromSeconds(10));
        kernel.Use(First, 4 * CpuSecond, 8 * Mebibyte, 5 * Mebibyte, 0);
        var signed = meter.Read(out _).ToEntry(Handle);

        // What it holds now is less than while nobody wrote it down.
        kernel.Use(First, 6 * CpuSecond, Mebibyte, 7 * Mebibyte, 0);
        clock.Pass(TimeSpan.FromSeconds(2));
        var again = Meter(written.WithFloor(signed));
        var entry = (await again.SeeAsync(Container(), 0, cancel)).ToEntry(Handle);
        Assert.Equal(signed with { Seconds = 12, Cpu = 6_000, Received = 7 }, entry);
    }

    private async Task<LeaseMeter> RunningAsync()
    {
        var meter = Meter(MeterState.Zero);
        await meter.SeeAsync(Container(), 0, cancel);
        return meter;
    }

    private LeaseMeter Meter(MeterState start) => new(
        kernel.Counters(),
        new EngineClock(
            _ =>
            {
                asked++;
                return Task.FromResult(clock.GetUtcNow());
            },
            clock),
        start);

    private static ContainerSnapshot Container() => new(
        "abc", "dweb-abc", new Dictionary<string, string>(StringComparer.Ordinal), ContainerCondition.Running, First, Start, null, 0, 0, false, "", null,
        new Dictionary<ushort, ushort>());
}
