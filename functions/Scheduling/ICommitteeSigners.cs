using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Functions.Scheduling;

/// <summary>The scheduler committee: M of its N members agree to a plan by signing it.</summary>
internal interface ICommitteeSigners
{
    /// <summary>The member whose key is in this process.</summary>
    EvmAddress Own { get; }

    /// <returns>A quorum's signatures, in the ascending order of the signers' addresses.</returns>
    Task<IReadOnlyList<EvmSignature>> SignAsync(Plan plan, CancellationToken cancellationToken);

    /// <summary>The same for the move of live leases to the image that their channel points to.</summary>
    Task<IReadOnlyList<EvmSignature>> SignAsync(Upgrade upgrade, CancellationToken cancellationToken);

    /// <summary>The same for the finding that a lease's COE is dead.</summary>
    Task<IReadOnlyList<EvmSignature>> SignAsync(Fault fault, CancellationToken cancellationToken);

    /// <summary>The same for what was found about a dispute.</summary>
    Task<IReadOnlyList<EvmSignature>> SignAsync(Verdict verdict, CancellationToken cancellationToken);
}
