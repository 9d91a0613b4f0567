using Dweb.Chain.Rpc;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orchestrations;

namespace Dweb.Functions.Disputes;

/// <summary>Disputes and their leases as the newest block has them.</summary>
internal sealed class DisputesOnChain(ChainContracts contracts, ChainClient chain)
{
    /// <returns>How long a verdict may still be found; null when it was found, or lapsed, or its time is over.</returns>
    public async Task<TimeSpan?> TimeLeftAsync(DisputeInput dispute, CancellationToken cancellationToken)
    {
        var held = await contracts.LeaseBook.DisputeOfAsync(dispute.LeaseId, cancellationToken: cancellationToken);
        ulong now = (await chain.GetHeadAsync(cancellationToken)).Timestamp;
        return held.VerdictUntil >= now && held.SecondsDisputed == dispute.DisputedSeconds ? TimeSpan.FromSeconds(held.VerdictUntil - now) : null;
    }

    /// <summary>Whether an honest host runs the lease's container now: it is open and funded, and its image not marked as malicious.</summary>
    public async Task<bool> MayRunAsync(LeaseRecord lease, CancellationToken cancellationToken)
    {
        var held = await contracts.LeaseBook.LeaseOfAsync(lease.LeaseId, cancellationToken: cancellationToken);
        ulong now = (await chain.GetHeadAsync(cancellationToken)).Timestamp;
        return (LeaseState)held.State == LeaseState.Open && now < (ulong)held.Origin + held.Limit
            && !(await contracts.ContainerRegistry.TermsOfAsync(lease.ImageDigest, cancellationToken: cancellationToken)).Malicious;
    }
}
