using Dweb.Chain.Rpc;
using Dweb.Core.Manifest;
using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orders;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Scheduling;

/// <summary>A plan as an honest control plane makes it, computed here from the chain alone.</summary>
internal static class PlanDraft
{
    /// <param name="silent">COEs that it says were not heard.</param>
    public static async Task<PlanRequest> OfAsync(TestStack stack, SubmitOrderRequest submitted, CancellationToken cancellationToken, params IReadOnlyList<Hash32> silent)
    {
        var order = submitted.Order.ToMessage();
        var orderHash = order.Id(stack.Chain.Book);
        var lists = ConfinedServices.Of([.. submitted.Specs.Select(static spec => ContainerSpec.FromCanonicalJson(System.Text.Encoding.UTF8.GetBytes(spec)))]);
        var (plan, placement) = await PlaceAsync(stack, PlacementRequest.ForNewOrder(orderHash, order.Services, order.Duration).ConfinedTo(lists), silent, cancellationToken);
        return new PlanRequest(plan, PlacementEvidence.Of(placement, [], new OrderEvidence(submitted.Order, submitted.Signature), lists));
    }

    /// <summary>The move of an order's only replica to another image.</summary>
    /// <param name="generation">Of the lease that it would open.</param>
    public static async Task<UpgradeRequest> UpgradeAsync(
        TestStack stack, SubmitOrderRequest submitted, Hash32 image, CancellationToken cancellationToken, ushort generation = 1)
    {
        var order = submitted.Order.ToMessage();
        var moving = new PlacementRequest(order.Id(stack.Chain.Book), order.Services, order.Duration, [new ReplicaSlot(0, 0, generation)], [], new HashSet<Hash32>());
        var (plan, placement) = await PlaceAsync(stack, moving, [], cancellationToken);
        return new UpgradeRequest(
            new Core.Protocol.Messages.Upgrade(plan.OrderHash, image, plan.Entries, 60, plan.CommitteeEpoch, plan.Deadline), PlacementEvidence.Of(placement, [], null));
    }

    /// <summary>What was found about the first second of a lease.</summary>
    public static async Task<VerdictRequest> VerdictAsync(TestStack stack, Hash32 lease, string spec, bool refund, CancellationToken cancellationToken)
    {
        var head = await stack.Chain.Client.GetHeadAsync(cancellationToken);
        ulong epoch = await ContractsOf(stack).SchedulerCommittee.EpochAsync(cancellationToken: cancellationToken);
        return new VerdictRequest(new Core.Protocol.Messages.Verdict(lease, 1, refund, epoch, head.Timestamp + 5), spec, head.Number);
    }

    /// <summary>The finding that a lease's COE is dead, as of the newest block.</summary>
    public static async Task<FaultRequest> FaultAsync(TestStack stack, Hash32 lease, ulong secondsAgo, CancellationToken cancellationToken)
    {
        var head = await stack.Chain.Client.GetHeadAsync(cancellationToken);
        ulong epoch = await ContractsOf(stack).SchedulerCommittee.EpochAsync(cancellationToken: cancellationToken);
        return new FaultRequest(new Core.Protocol.Messages.Fault(lease, head.Timestamp - secondsAgo, epoch, head.Timestamp + 5), head.Number);
    }

    private static async Task<(Core.Protocol.Messages.Plan Plan, PlacementResult Placement)> PlaceAsync(
        TestStack stack, PlacementRequest request, IReadOnlyList<Hash32> silent, CancellationToken cancellationToken)
    {
        var state = await ReadAsync(stack, cancellationToken);
        uint grace = (await stack.Chain.LeaseBook.ParamsAsync(cancellationToken: cancellationToken)).Grace;
        var placement = Placer.Place(state.ToSnapshot(grace), Liveness.AllBut(silent), request);
        var plan = placement.ToPlan(request.OrderHash, state.Governed.CommitteeEpoch, state.Timestamp + await AskDelayAsync(stack, cancellationToken));
        return (plan, placement);
    }

    private static async Task<MarketState> ReadAsync(TestStack stack, CancellationToken cancellationToken)
    {
        var contracts = ContractsOf(stack);
        var head = await stack.Chain.Client.GetHeadAsync(cancellationToken);
        var at = BlockTag.Number(head.Number);
        var coes = await Task.WhenAll(stack.Market.Agents.Select(async agent => ContractMessages.ToRecord(
            agent.Coe,
            await contracts.CoeRegistry.CoeOfAsync(agent.Coe, at, cancellationToken),
            await contracts.CoeRegistry.OfferOfAsync(agent.Coe, contracts.LeaseBook.Address, at, cancellationToken))));
        return new MarketState(head.Number, head.Timestamp, coes, await GovernedTerms.ReadAsync(contracts, at, cancellationToken));
    }

    private static async Task<ulong> AskDelayAsync(TestStack stack, CancellationToken cancellationToken) =>
        await ContractsOf(stack).CoeRegistry.AskDelayAsync(cancellationToken: cancellationToken);

    private static ChainContracts ContractsOf(TestStack stack) => new(stack.Chain.Addresses, stack.Chain.Client);
}
