using Dweb.Core.Protocol.Http;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Tests.Orders;

public sealed class OrderRowTests
{
    [Theory]
    [InlineData(OrderStatus.Accepted, OrderStatus.Starting, true)]
    [InlineData(OrderStatus.Starting, OrderStatus.Running, true)]
    [InlineData(OrderStatus.Running, OrderStatus.Starting, false)]
    [InlineData(OrderStatus.Running, OrderStatus.Failed, false)]
    [InlineData(OrderStatus.Running, OrderStatus.Rejected, false)]
    [InlineData(OrderStatus.Running, OrderStatus.Closing, true)]
    [InlineData(OrderStatus.Closing, OrderStatus.Running, false)]
    [InlineData(OrderStatus.Closed, OrderStatus.Closing, false)]
    [InlineData(OrderStatus.Failed, OrderStatus.Running, true)]
    [InlineData(OrderStatus.Failed, OrderStatus.Closed, true)]
    [InlineData(OrderStatus.Rejected, OrderStatus.Starting, false)]
    [InlineData(OrderStatus.Rejected, OrderStatus.Closed, false)]
    public void A_status_only_moves_forward(OrderStatus now, OrderStatus next, bool may)
    {
        var row = new OrderRow(default, null!, default, null, now, null, null, 0, null, []);
        Assert.Equal(may, row.MayBecome(next));
    }
}
