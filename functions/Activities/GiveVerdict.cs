using Dweb.Chain.Contracts;
using Dweb.Functions.Disputes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orchestrations;
using Dweb.Functions.Scheduling;
using Dweb.Functions.Stores;
using Verdict = Dweb.Core.Protocol.Messages.Verdict;

namespace Dweb.Functions.Activities;

/// <summary>Has the committee sign what was found about a dispute and sends it. Looks at the chain first: a dispute that is decided, or whose time is over, is left alone.</summary>
internal sealed class GiveVerdict(
    DisputesOnChain disputes, ChainContracts contracts, ChainIndexer indexer, Market market, ICommitteeSigners committee, ProtocolParameters parameters, SpecStore specs, TriedCalls calls)
{
    /// <returns>False when somebody else was first, or nobody is in time.</returns>
    /// <exception cref="InvalidOperationException">The chain refuses a verdict about a dispute that is open: to be tried again with what it says then.</exception>
    public async Task<bool> RunAsync(VerdictInput input, CancellationToken cancellationToken)
    {
        await indexer.CatchUpAsync(cancellationToken);
        if (await disputes.TimeLeftAsync(input.Dispute, cancellationToken) is null)
        {
            return false;
        }

        var lease = market.FindLease(input.Dispute.LeaseId)!;
        var verdict = new Verdict(
            lease.LeaseId, input.Dispute.DisputedSeconds, input.Refund, market.Governed.CommitteeEpoch, indexer.Head.Timestamp + parameters.AskDelay);
        var members = await committee.SignAsync(verdict, await SpecAsync(lease, cancellationToken), cancellationToken);
        var call = contracts.LeaseBook.Decide(ContractArguments.Of(lease.Key), ContractArguments.Of(verdict), [.. members.Select(static s => s.ToArray())]);
        bool sent = await calls.SendAsync(call, cancellationToken);
        await indexer.CatchUpAsync(cancellationToken);
        return sent || await disputes.TimeLeftAsync(input.Dispute, cancellationToken) is null
            ? sent
            : throw new InvalidOperationException($"The chain refuses the verdict about lease {lease.LeaseId}, whose dispute is open.");
    }

    // What was found rests on it, so it was here.
    private async Task<string> SpecAsync(LeaseRecord lease, CancellationToken cancellationToken)
    {
        var hash = market.Orders[lease.OrderHash].Order.Services[lease.Service].SpecHash;
        return await specs.FindAsync(hash, cancellationToken) ?? throw new InvalidOperationException($"The spec {hash} of lease {lease.LeaseId} is not here.");
    }
}
