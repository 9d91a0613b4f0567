using Dweb.Local.Processes;

namespace Dweb.Local.Stack;

/// <summary>A part of the stack before it is started: how to start it and how to tell that it serves.</summary>
/// <param name="Name">Name in records, logs and messages.</param>
/// <param name="Launch">Its program.</param>
/// <param name="IsReady">Asks the part itself; false while it is not there yet.</param>
internal sealed record PartPlan(string Name, Launch Launch, Func<CancellationToken, Task<bool>> IsReady)
{
    public IReadOnlyDictionary<string, int> Ports { get; init; } = new Dictionary<string, int>();

    /// <summary>How long it may take until it serves.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What a person can do when it does not come up.</summary>
    public string Advice { get; init; } = "Read its log; 'dweb local reset' starts from nothing.";
}
