namespace Dweb.Agent.Metering;

/// <summary>One reading of what the kernel counts for a container's current run.</summary>
/// <param name="MemoryBytes">A level: without page cache that the kernel would drop first.</param>
internal readonly record struct CounterSample(ulong CpuNanoseconds, ulong MemoryBytes, ulong ReceivedBytes, ulong SentBytes);
