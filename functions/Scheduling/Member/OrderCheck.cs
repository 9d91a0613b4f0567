using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orders;

namespace Dweb.Functions.Scheduling.Member;

/// <summary>The order that a plan is for: what the chain has admitted, or what its user signed and the chain does not refuse.</summary>
internal sealed class OrderCheck(ChainContracts contracts, Market market)
{
    /// <exception cref="DwebException">Nobody signed it, or it stands no more.</exception>
    public async Task<Order> FindAsync(Hash32 orderHash, OrderEvidence? signed, CancellationToken cancellationToken)
    {
        if (market.Orders.TryGetValue(orderHash, out var admitted))
        {
            return admitted.Cancelled ? throw Cancelled(orderHash, "it was cancelled") : admitted.Order.ToMessage();
        }

        if (signed is null)
        {
            throw MessageTerms.Refusal($"The chain has admitted no order {orderHash}, and none comes with the plan.", "plan.orderHash");
        }

        var request = new SubmitOrderRequest(contracts.Addresses.ChainId, contracts.Addresses.LeaseBook, signed.Order, [], signed.Signature, null);
        var order = OrderChecks.Read(request, contracts.Book);
        if (order.Id(contracts.Book) is var hash && hash != orderHash)
        {
            throw MessageTerms.Refusal($"The order that comes with the plan is {hash}; the plan is for {orderHash}.", "plan.orderHash");
        }

        OrderChecks.CheckSignature(order, orderHash, signed.Signature);
        await CheckOnChainAsync(orderHash, order, cancellationToken);
        return order;
    }

    private async Task CheckOnChainAsync(Hash32 orderHash, Order order, CancellationToken cancellationToken)
    {
        var epoch = contracts.LeaseBook.EpochOfAsync(order.User, cancellationToken: cancellationToken);
        if ((await contracts.LeaseBook.OrderOfAsync(orderHash, cancellationToken: cancellationToken)).Cancelled)
        {
            throw Cancelled(orderHash, "it was cancelled before it was admitted");
        }

        if (order.UserEpoch < await epoch)
        {
            throw Cancelled(orderHash, $"it is of epoch {order.UserEpoch} and its user is in {await epoch}");
        }
    }

    private static DwebException Cancelled(Hash32 orderHash, string why) => new(Catalogue.OrderCancelled, $"Order {orderHash} stands no more: {why}.", "plan.orderHash");
}
