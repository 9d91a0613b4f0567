using Dweb.Core.Protocol;

namespace Dweb.Functions.Orchestrations;

/// <summary>What can happen to a lease that its order must know.</summary>
internal enum LeaseNoticeKind
{
    /// <summary>The agent says that the engine runs the container.</summary>
    Running,

    /// <summary>The agent refuses to run it.</summary>
    Refused,

    /// <summary>The chain ends it.</summary>
    Ending,

    /// <summary>The chain has closed it.</summary>
    Closed,
}

/// <summary>News of a lease.</summary>
/// <param name="Code">Of the error catalogue, when refused.</param>
internal sealed record LeaseNotice(Hash32 LeaseId, LeaseNoticeKind Kind, string? Code, string? Detail);
