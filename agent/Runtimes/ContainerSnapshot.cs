namespace Dweb.Agent.Runtimes;

internal enum ContainerCondition
{
    Created,
    Running,

    /// <summary>Ended, and the engine will not start it again by itself, or waits to do so.</summary>
    Exited,
}

/// <summary>A container at one moment, in the engine's own words.</summary>
/// <param name="Pid">Of its first process in the agent's pid namespace; 0 unless running.</param>
/// <param name="StartedAt">Of the newest run, by the engine's clock; null before the first.</param>
/// <param name="FinishedAt">Of the newest run that ended; null before the first end.</param>
/// <param name="Restarts">How often the engine restarted it by its policy.</param>
/// <param name="Healthy">Null without a health check, or before its first result.</param>
/// <param name="Ports">Container port to host port, for TCP.</param>
internal sealed record ContainerSnapshot(
    string Id,
    string Name,
    IReadOnlyDictionary<string, string> Labels,
    ContainerCondition Condition,
    int Pid,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    long Restarts,
    long ExitCode,
    bool OutOfMemory,
    string Error,
    bool? Healthy,
    IReadOnlyDictionary<ushort, ushort> Ports)
{
    /// <summary>Name of the network that it is on; null for none of a deployment's.</summary>
    public string? Network { get; init; }

    /// <summary>The engine is to start it whenever it ends without having been stopped.</summary>
    public bool IsKeptRunning { get; init; }
}
