using Dweb.Agent.Runtimes;
using Dweb.Agent.Trust;

namespace Dweb.Agent.Leases;

/// <summary>What came of an attempt to run a lease.</summary>
internal abstract record LaunchOutcome
{
    /// <summary>The engine says that it runs (or ran and ended at once).</summary>
    public sealed record Started(ContainerSnapshot Container, LeaseTicket Ticket) : LaunchOutcome;

    /// <summary>A check failed: nothing was started, and what was created is gone.</summary>
    public sealed record Refused(Refusal Reason) : LaunchOutcome;

    /// <summary>The agent's node does not know the lease yet.</summary>
    public sealed record Absent(Refusal Reason) : LaunchOutcome;

    /// <summary>The engine will not run it: the same attempt would fail again.</summary>
    public sealed record Failed(Refusal Reason) : LaunchOutcome;

    /// <summary>Nothing is wrong: it takes a time that nobody here can shorten.</summary>
    public sealed record Waits(Refusal Reason) : LaunchOutcome;

    /// <summary>Something does not answer: try again.</summary>
    public sealed record Later(Refusal Reason) : LaunchOutcome;
}
