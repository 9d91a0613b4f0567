using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Functions.Orchestrations;

/// <summary>What can happen to a lease that its order must know.</summary>
internal enum LeaseNoticeKind
{
    /// <summary>The chain has opened it in place of another.</summary>
    Opened,

    /// <summary>The agent says that the engine runs the container.</summary>
    Running,

    /// <summary>The agent refuses to run it.</summary>
    Refused,

    /// <summary>Its COE is not heard any more.</summary>
    Lost,

    /// <summary>The chain ends it.</summary>
    Ending,

    /// <summary>The chain has closed it.</summary>
    Closed,

    /// <summary>Blocks of the chain that were part of the order's story were replaced; it names no lease.</summary>
    Reorganised,

    /// <summary>What was believed of the order was found to be wrong and is mended; it names no lease.</summary>
    Reconciled,
}

/// <summary>News of a lease.</summary>
/// <param name="Code">Of the error catalogue, when refused.</param>
/// <param name="Reason">Why it ended.</param>
/// <param name="DeadSince">Unix time of the chain since which its COE has been silent, when lost.</param>
internal sealed record LeaseNotice(Hash32 LeaseId, LeaseNoticeKind Kind, string? Code = null, string? Detail = null, EndReason Reason = EndReason.None, ulong DeadSince = 0);
