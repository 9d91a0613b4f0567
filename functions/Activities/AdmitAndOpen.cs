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
using Dweb.Functions.Stores;
using Dweb.Functions.Tracing;
using Order = Dweb.Core.Protocol.Messages.Order;
using Plan = Dweb.Core.Protocol.Messages.Plan;

namespace Dweb.Functions.Activities;

/// <summary>
/// Admits an order and opens a lease for each replica in one transaction. It looks at the chain first: run twice, it opens what is still missing,
/// which after a first success is nothing.
/// </summary>
internal sealed class AdmitAndOpen(
    OrderStore orders, ChainContracts contracts, ChainIndexer indexer, Market market, MarketView view, Heartbeats heartbeats, ICommitteeSigners committee,
    ProtocolParameters parameters, SenderPool senders, LeaseStandings standings, ConfinedServices confined, OrderTimeline timeline, OrderTraces traces)
{
    private const int Attempts = 4;

    public async Task<OpeningResult> RunAsync(DeploymentInput input, CancellationToken cancellationToken)
    {
        timeline.Add(input.OrderHash, "started");
        traces.EndFirstTurn(input.OrderHash);
        using var span = traces.Begin("admit and open", input.OrderHash);
        var row = await orders.UpdateAsync(input.OrderHash, static _ => null, cancellationToken)
            ?? throw new InvalidOperationException($"Order {input.OrderHash} has no row.");
        var order = row.Order.ToMessage();
        bool admitted = !(await contracts.LeaseBook.OrderOfAsync(input.OrderHash, cancellationToken: cancellationToken)).User.IsZero;
        if (admitted)
        {
            await indexer.CatchUpAsync(cancellationToken);
        }

        var result = admitted || row.Signature != default ? await OpenAsync(row, order, admitted, cancellationToken) : await WaitAsync(row, order, cancellationToken);
        if (result.Outcome == OpeningOutcome.Opened)
        {
            await orders.UpdateAsync(
                input.OrderHash, r => r.MayBecome(OrderStatus.Starting) ? r with { Status = OrderStatus.Starting } : null, cancellationToken);
        }

        return result;
    }

    private async Task<OpeningResult> OpenAsync(OrderRow row, Order order, bool admitted, CancellationToken cancellationToken)
    {
        OpeningResult? last = null;
        var corrections = new HearingCorrections();
        for (int attempt = 1; attempt <= Attempts; attempt++)
        {
            var request = MissingReplicas.Of(market, row.OrderHash, order);
            if (request.Slots.Count == 0)
            {
                return Result(row, OpeningOutcome.Opened);
            }

            var lists = await confined.ListAsync(order.Services, cancellationToken);
            var placement = Place(row, request.ConfinedTo(lists.Lists), corrections);
            if (!placement.IsComplete)
            {
                return WithoutCapacity(row, order, placement, mayChange: !lists.IsComplete);
            }

            var plan = placement.ToPlan(row.OrderHash, market.Governed.CommitteeEpoch, placement.Timestamp + parameters.AskDelay);
            var evidence = PlacementEvidence.Of(placement, [], new OrderEvidence(row.Order, row.Signature), lists.Lists);
            try
            {
                var signatures = await SignAsync(row, plan, evidence, cancellationToken);
                Note(row, placement);
                last = await SendAsync(row, order, plan, signatures, admitted, cancellationToken);
                admitted = true;
            }
            catch (QuorumMissedException missed)
            {
                if (attempt < Attempts && await IsOvertakenAsync(request, order, admitted, cancellationToken))
                {
                    admitted = true;
                    continue;
                }

                timeline.AddReport(row.OrderHash, missed.Message, "unsigned");
                if (await FindRefusalAsync(row, order, cancellationToken) is { } over)
                {
                    return over;
                }

                if (!corrections.Learn(missed, plan, evidence) || attempt == Attempts)
                {
                    throw;
                }

                await indexer.CatchUpAsync(cancellationToken);
                continue;
            }
            catch (TransactionRevertedException stale) when (attempt < Attempts && ContractRefusals.IsOutOfDate(stale.Error))
            {
                await indexer.CatchUpAsync(cancellationToken);
                continue;
            }
            catch (TransactionRevertedException refused)
            {
                if (await IsOvertakenAsync(request, order, admitted, cancellationToken))
                {
                    admitted = true;
                    continue;
                }

                var refusal = ContractRefusals.Translate(refused.Error);
                return Refuse(row, refusal.Error, refusal.Message);
            }

            if (last.Outcome == OpeningOutcome.Opened)
            {
                return last;
            }

            // The chain passed over an entry: what placement read was out of date.
            await indexer.CatchUpAsync(cancellationToken);
        }

        return MissingReplicas.Of(market, row.OrderHash, order).Slots.Count == 0 ? Result(row, OpeningOutcome.Opened) : last ?? Result(row, OpeningOutcome.NotYet);
    }

    /// <summary>
    /// Final is what no heartbeat can change. When the order was accepted there was a COE for each of its replicas; one that is not heard now may be heard
    /// again. How long its user waits for that, the user signed: the chain opens no first lease of a replica after <c>submitBy</c>.
    /// </summary>
    /// <param name="mayChange">This control plane still waits for who can open the order's secrets.</param>
    private OpeningResult WithoutCapacity(OrderRow row, Order order, PlacementResult placement, bool mayChange)
    {
        var hopeless = placement.Unplaced.FirstOrDefault(static replica => !replica.WaitsForSilentCoes);
        string reason = (hopeless ?? placement.Unplaced[0]).Explain();
        bool mayWait = (hopeless is null || mayChange) && indexer.Head.Timestamp <= order.SubmitBy;
        if (!mayWait && heartbeats.HasHeardAll)
        {
            return Refuse(row, Catalogue.NoCapacity, reason);
        }

        timeline.AddReport(row.OrderHash, reason, "waiting");
        return Result(row, OpeningOutcome.NotYet);
    }

    /// <summary>Somebody else, who knows the order too, has admitted it or has opened some of what was asked for: what is left is to be looked at anew.</summary>
    private async Task<bool> IsOvertakenAsync(PlacementRequest request, Order order, bool admitted, CancellationToken cancellationToken)
    {
        await indexer.CatchUpAsync(cancellationToken);
        return (!admitted && market.Orders.ContainsKey(request.OrderHash))
            || MissingReplicas.Of(market, request.OrderHash, order).Slots.Count < request.Slots.Count;
    }

    /// <summary>An order that was found on the chain and is there no more, because blocks were replaced: only who has its signature can bring it back.</summary>
    private async Task<OpeningResult> WaitAsync(OrderRow row, Order order, CancellationToken cancellationToken)
    {
        await indexer.CatchUpAsync(cancellationToken);
        return await FindRefusalAsync(row, order, cancellationToken) ?? Result(row, OpeningOutcome.NotYet);
    }

    private PlacementResult Place(OrderRow row, PlacementRequest request, HearingCorrections corrections)
    {
        using var span = Spans.Begin("placement", row.OrderHash);
        return Placer.Place(view.Snapshot(), view.Heard(corrections), request);
    }

    private async Task<IReadOnlyList<EvmSignature>> SignAsync(OrderRow row, Plan plan, PlacementEvidence evidence, CancellationToken cancellationToken)
    {
        using var span = Spans.Begin("co-signatures", row.OrderHash);
        return await committee.SignAsync(plan, evidence, cancellationToken);
    }

    /// <summary>Why no member will ever sign for the order: what the chain would say of it.</summary>
    private async Task<OpeningResult?> FindRefusalAsync(OrderRow row, Order order, CancellationToken cancellationToken)
    {
        var epoch = contracts.LeaseBook.EpochOfAsync(order.User, cancellationToken: cancellationToken);
        bool cancelled = (await contracts.LeaseBook.OrderOfAsync(row.OrderHash, cancellationToken: cancellationToken)).Cancelled;
        return cancelled || order.UserEpoch < await epoch ? Refuse(row, Catalogue.OrderCancelled, $"Order {row.OrderHash} was cancelled on chain.")
            : order.SubmitBy < indexer.Head.Timestamp
                ? Refuse(row, Catalogue.OrderExpired, $"The order was to be submitted by {order.SubmitBy}; the chain's time is {indexer.Head.Timestamp}.")
            : null;
    }

    private void Note(OrderRow row, PlacementResult placement)
    {
        foreach (string choice in PlacementWords.Of(placement.Choices, market))
        {
            timeline.Add(row.OrderHash, "placed", choice);
        }

        timeline.Add(row.OrderHash, "signed");
    }

    private async Task<OpeningResult> SendAsync(
        OrderRow row, Order order, Plan plan, IReadOnlyList<EvmSignature> signatures, bool admitted, CancellationToken cancellationToken)
    {
        var call = OpeningCall.Create(contracts.LeaseBook, order, row.Signature, plan, signatures, admitted);
        using var span = Spans.Begin("opening transaction", row.OrderHash);
        var receipt = await senders.SendAsync(call, OpeningCall.GasBound(order, plan), cancellationToken);
        timeline.Add(row.OrderHash, "opened", receipt.TransactionHash.ToString());
        indexer.ShowEarly(receipt);
        return PlanSkips.FirstIn(receipt, plan) is { } skipped
            ? Refuse(row, Catalogue.PlanRefused, skipped)
            : Result(row, OpeningOutcome.Opened);
    }

    private OpeningResult Refuse(OrderRow row, ErrorCode error, string message)
    {
        bool none = market.LeasesOfOrder(row.OrderHash).Count == 0;
        return Result(row, none ? OpeningOutcome.Rejected : OpeningOutcome.Incomplete) with { Code = error.Code, Message = message };
    }

    private OpeningResult Result(OrderRow row, OpeningOutcome outcome) =>
        new(outcome, standings.Of(row.OrderHash), null, null);
}
