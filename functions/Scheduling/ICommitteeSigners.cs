using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Functions.Scheduling;

/// <summary>The scheduler committee: M of its N members agree to a message by signing it.</summary>
internal interface ICommitteeSigners
{
    /// <summary>The member whose key is in this process; null where all members are others.</summary>
    EvmAddress? Own { get; }

    /// <returns>A quorum's signatures, in the ascending order of the signers' addresses.</returns>
    /// <exception cref="QuorumMissedException">Too few signed.</exception>
    Task<IReadOnlyList<EvmSignature>> SignAsync(Plan plan, PlacementEvidence evidence, CancellationToken cancellationToken);

    /// <summary>The same for the move of live leases to the image that their channel points to.</summary>
    Task<IReadOnlyList<EvmSignature>> SignAsync(Upgrade upgrade, PlacementEvidence evidence, CancellationToken cancellationToken);

    /// <summary>The same for the finding that a lease's COE is dead.</summary>
    Task<IReadOnlyList<EvmSignature>> SignAsync(Fault fault, CancellationToken cancellationToken);

    /// <summary>The same for what was found about a dispute.</summary>
    /// <param name="spec">Canonical JSON of the disputed replica's spec.</param>
    Task<IReadOnlyList<EvmSignature>> SignAsync(Verdict verdict, string spec, CancellationToken cancellationToken);
}

/// <summary>One member, as whoever wants its signature sees it.</summary>
internal interface ICommitteeMember
{
    /// <summary>What people know it by.</summary>
    string Name { get; }

    /// <exception cref="Core.Protocol.Errors.DwebException">It does not sign, or does not answer.</exception>
    Task<EvmSignature> SignAsync(CommitteeRequest request, CancellationToken cancellationToken);
}
