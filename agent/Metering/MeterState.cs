using System.Text.Json.Serialization;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Metering;

/// <summary>
/// All that a lease has used since it opened, over every run of its container. A value: each reading makes the next one, and no reading
/// makes a counter fall. What it holds is persisted before it is signed.
/// </summary>
internal sealed record MeterState
{
    private const ulong NanosecondsPerMilliCpuSecond = 1_000_000;
    private const ulong Mebibyte = 1024 * 1024;
    private const ulong MillisecondsPerSecond = 1_000;

    public static MeterState Zero { get; } = new();

    public RunClock Clock { get; init; } = RunClock.Zero;

    /// <summary>Nanoseconds of CPU.</summary>
    public ResettingCounter Cpu { get; init; } = ResettingCounter.Zero;

    /// <summary>Bytes.</summary>
    public ResettingCounter Received { get; init; } = ResettingCounter.Zero;

    /// <summary>Bytes.</summary>
    public ResettingCounter Sent { get; init; } = ResettingCounter.Zero;

    /// <summary>Byte-milliseconds.</summary>
    public UInt128 Memory { get; init; }

    /// <summary>Byte-milliseconds.</summary>
    public UInt128 Storage { get; init; }

    /// <summary>Bytes in the writable layer when it was last measured.</summary>
    public ulong StorageBytes { get; init; }

    /// <summary>Milliseconds of running at the last reading of the levels.</summary>
    public long LevelsAt { get; init; }

    /// <summary>What the chain has settled, or what this agent has signed: no report falls below it, even when this file was lost.</summary>
    public UsageEntry? Floor { get; init; }

    [JsonIgnore]
    public long RunningMs => Clock.TotalMs;

    /// <summary>Takes the engine's word on when the container ran. A new run starts the container's counters at zero.</summary>
    public MeterState Observe(EngineRun run)
    {
        var clock = Clock.Observe(run);
        return clock.StartedAt == Clock.StartedAt
            ? this with { Clock = clock }
            : this with { Clock = clock, Cpu = Cpu.Restart(), Received = Received.Restart(), Sent = Sent.Restart() };
    }

    /// <summary>Takes a reading of the counters. Levels count for the time the container ran since the reading before.</summary>
    public MeterState Sample(CounterSample sample)
    {
        var elapsed = (UInt128)Math.Max(0, RunningMs - LevelsAt);
        return this with
        {
            Cpu = Cpu.Read(sample.CpuNanoseconds),
            Received = Received.Read(sample.ReceivedBytes),
            Sent = Sent.Read(sample.SentBytes),
            Memory = Memory + (sample.MemoryBytes * elapsed),
            Storage = Storage + (StorageBytes * elapsed),
            LevelsAt = Math.Max(LevelsAt, RunningMs),
        };
    }

    public MeterState WithStorage(ulong bytes) => this with { StorageBytes = bytes };

    /// <param name="signed">Null for nothing.</param>
    public MeterState WithFloor(UsageEntry? signed) => signed is null ? this : this with { Floor = Floor is { } floor ? Larger(signed, floor) : signed };

    /// <summary>The counters in the units that are signed, each rounded down.</summary>
    public UsageEntry ToEntry(LeaseHandle handle)
    {
        var own = new UsageEntry(
            handle,
            (uint)Math.Min(uint.MaxValue, RunningMs / (long)MillisecondsPerSecond),
            (ulong)(Cpu.Total / NanosecondsPerMilliCpuSecond),
            (ulong)(Memory / (Mebibyte * MillisecondsPerSecond)),
            (ulong)(Storage / (Mebibyte * MillisecondsPerSecond)),
            (uint)UInt128.Min(uint.MaxValue, Received.Total / Mebibyte),
            (uint)UInt128.Min(uint.MaxValue, Sent.Total / Mebibyte));
        return Floor is { } floor ? Larger(own, floor) : own;
    }

    /// <summary>Each counter as the one that has more of it says.</summary>
    public static UsageEntry Larger(UsageEntry one, UsageEntry other) => one with
    {
        Seconds = Math.Max(one.Seconds, other.Seconds),
        Cpu = Math.Max(one.Cpu, other.Cpu),
        Memory = Math.Max(one.Memory, other.Memory),
        Storage = Math.Max(one.Storage, other.Storage),
        Received = Math.Max(one.Received, other.Received),
        Sent = Math.Max(one.Sent, other.Sent),
    };
}
