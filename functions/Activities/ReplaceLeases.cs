using Dweb.Chain.Contracts;
using Dweb.Chain.Transactions;
using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Leases;
using Dweb.Functions.Orchestrations;
using Dweb.Functions.Orders;
using Dweb.Functions.Scheduling;
using Fault = Dweb.Core.Protocol.Messages.Fault;

namespace Dweb.Functions.Activities;

/// <summary>
/// Opens leases of the next generation for replicas that run no more. A lease whose COE is silent ends as its host's fault in the same transaction that
/// opens its successor; while nobody can take it, it stays as it is, and a COE that comes back goes on with it. Looks at the chain first: run twice, it
/// does what is still missing.
/// </summary>
internal sealed class ReplaceLeases(
    ChainContracts contracts, ChainIndexer indexer, Market market, MarketView view, Heartbeats heartbeats, ICommitteeSigners committee,
    ProtocolParameters parameters, SenderPool senders, LeaseStandings standings, ConfinedServices confined, OrderTimeline timeline)
{
    private const int Attempts = 4;
    private const ulong GasOfFault = 300_000;

    // The block that carries a fault may be some seconds younger than the head that was read.
    private const ulong Margin = 60;

    public async Task<ReplacementResult> RunAsync(ReplacementInput input, CancellationToken cancellationToken)
    {
        (ErrorCode Code, string Message)? problem = null;
        IReadOnlyList<ReplicaSlot> asked = [];
        var corrections = new HearingCorrections();
        bool isDoubted = false;
        for (int attempt = 1; attempt <= Attempts; attempt++)
        {
            await indexer.CatchUpAsync(cancellationToken);
            var order = market.Orders[input.OrderHash];
            var deadSince = StillLost(input, isDoubted);
            var due = DueReplacements.Of(order, market.LeasesOfOrder(input.OrderHash), deadSince);
            if (!due.Any)
            {
                if (problem is not null && asked.Any(slot => IsOpened(input, slot)))
                {
                    timeline.Add(input.OrderHash, "overtaken", "somebody else was first, and opened what was missing");
                }

                return Result(input, due, null, null);
            }

            asked = due.Request.Slots;
            var lists = (await confined.ListAsync(due.Request.Services, cancellationToken)).Lists;
            var placement = Placer.Place(view.Snapshot(), view.Heard(corrections), due.Request.ConfinedTo(lists));
            if (placement.Entries.Count == 0)
            {
                return Result(input, due, Catalogue.NoCapacity, placement.Unplaced[0].Explain());
            }

            var replacement = DraftOf(placement, due, deadSince, lists);
            try
            {
                var call = await CallAsync(order.Order.ToMessage(), replacement, cancellationToken);
                foreach (string line in PlacementWords.Of(placement.Choices, market))
                {
                    timeline.Add(input.OrderHash, "placed", line);
                }

                problem = await TrySendAsync(call, order.Order.ToMessage(), replacement, cancellationToken) is { } passedOver ? (Catalogue.PlanRefused, passedOver) : null;
            }
            catch (QuorumMissedException missed)
            {
                problem = (QuorumMissedException.Error, missed.Message);
                if (await IsOvertakenAsync(input, due, isDoubted, cancellationToken))
                {
                    continue;
                }

                bool isYounger = missed.Refusals.Any(static refusal => refusal.Refusal.Field == FaultFields.DeadSince);
                if (!corrections.Learn(missed, replacement.Plan, replacement.Evidence) && (isDoubted || !isYounger))
                {
                    break;
                }

                isDoubted |= isYounger;
            }
        }

        return Result(input, null, problem?.Code, problem?.Message);
    }

    /// <summary>Somebody else has replaced some of it: no member signs that a second time.</summary>
    private async Task<bool> IsOvertakenAsync(ReplacementInput input, DueReplacements due, bool isDoubted, CancellationToken cancellationToken)
    {
        await indexer.CatchUpAsync(cancellationToken);
        var now = DueReplacements.Of(market.Orders[input.OrderHash], market.LeasesOfOrder(input.OrderHash), StillLost(input, isDoubted));
        return !now.Request.Slots.SequenceEqual(due.Request.Slots);
    }

    private bool IsOpened(ReplacementInput input, ReplicaSlot slot) => market.LeasesOfOrder(input.OrderHash)
        .Any(lease => lease.Service == slot.Service && lease.Replica == slot.Replica && lease.Generation >= slot.Generation);

    private Draft DraftOf(PlacementResult placement, DueReplacements due, Dictionary<Hash32, ulong> deadSince, IReadOnlyList<ServiceCoes> lists)
    {
        ulong deadline = placement.Timestamp + parameters.AskDelay;
        var plan = placement.ToPlan(due.Request.OrderHash, market.Governed.CommitteeEpoch, deadline);
        var faults = due.Lost.Where(lease => plan.Entries.Any(entry => entry.Service == lease.Service && entry.Replica == lease.Replica))
            .Select(lease => (lease, new Fault(lease.LeaseId, Dated(lease, deadSince[lease.LeaseId]), plan.CommitteeEpoch, deadline))).ToList();
        return new Draft(plan, PlacementEvidence.Of(placement, deadSince.Select(static lost => new SilentLease(lost.Key, lost.Value)), null, lists), faults);
    }

    /// <returns>What the chain did not do, in a sentence; null when it did all.</returns>
    private async Task<string?> TrySendAsync(ContractCall call, Core.Protocol.Messages.Order order, Draft draft, CancellationToken cancellationToken)
    {
        var (plan, _, faults) = draft;
        try
        {
            var receipt = await senders.SendAsync(call, OpeningCall.GasBound(order, plan) + (GasOfFault * (ulong)faults.Count), cancellationToken);
            timeline.Add(plan.OrderHash, "reopened", receipt.TransactionHash.ToString());
            indexer.ShowEarly(receipt);
            return PlanSkips.FirstIn(receipt, plan);
        }
        catch (TransactionRevertedException refused)
        {
            // Somebody was first, or what was read is out of date.
            return ContractRefusals.Translate(refused.Error).Message;
        }
    }

    private async Task<ContractCall> CallAsync(Core.Protocol.Messages.Order order, Draft draft, CancellationToken cancellationToken)
    {
        var signed = ContractArguments.Of(order);
        var plan = committee.SignAsync(draft.Plan, draft.Evidence, cancellationToken);
        var faults = Task.WhenAll(draft.Faults.Select(fault => committee.SignAsync(fault.Message, cancellationToken)));
        await Task.WhenAll(plan, faults);
        var calls = draft.Faults.Zip(await faults, (fault, members) => contracts.LeaseBook.Fault(
            signed, ContractArguments.Of(fault.Lease.Key), ContractArguments.Of(fault.Message), [.. members.Select(static s => s.ToArray())]).Data).ToList();
        var open = OpeningCall.Create(contracts.LeaseBook, order, default, draft.Plan, await plan, admitted: true);
        return calls.Count == 0 ? open : contracts.LeaseBook.Multicall([.. calls, open.Data]);
    }

    /// <summary>Not before what the chain has settled, nor further back than it allows.</summary>
    private ulong Dated(LeaseRecord lease, ulong deadSince)
    {
        ulong now = indexer.Head.Timestamp;
        ulong least = Math.Max(lease.Origin + lease.Settled.Seconds, now + Margin - Math.Min(now, parameters.DeadSinceBack));
        return Math.Min(now, Math.Max(deadSince, least));
    }

    /// <param name="isDoubted">A member knows of no silence as long: its process may be younger. What all who call the COE lost agree to is the last 2.5 heartbeats.</param>
    private Dictionary<Hash32, ulong> StillLost(ReplacementInput input, bool isDoubted) => input.Lost
        .Where(lost => market.FindLease(lost.LeaseId) is { } lease && heartbeats.IsLost(lease.Coe))
        .ToDictionary(static lost => lost.LeaseId, lost => isDoubted ? Math.Max(lost.DeadSince, indexer.Head.Timestamp - (ulong)heartbeats.Span.TotalSeconds) : lost.DeadSince);

    private ReplacementResult Result(ReplacementInput input, DueReplacements? due, ErrorCode? code, string? message) =>
        new(standings.Of(input.OrderHash), due?.Final ?? [], code?.Code, message);

    /// <summary>What is sent once members have signed it.</summary>
    private sealed record Draft(
        Core.Protocol.Messages.Plan Plan, PlacementEvidence Evidence, IReadOnlyList<(LeaseRecord Lease, Fault Message)> Faults);
}
