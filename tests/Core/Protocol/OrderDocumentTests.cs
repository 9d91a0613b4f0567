using System.Text.Json;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Core.Tests.Protocol;

public sealed class OrderDocumentTests
{
    private static readonly Order Order = new(
        EvmAddress.Zero, [new Service(Hash32.Zero, Hash32.Zero, 2, new ResourceVector(1, 2, 3, 4, 5), default, 0, 9, Hash32.Zero)],
        7, 60, 30, 1_800_000_000, 20, 500, 100, 1, EvmAddress.Zero, 3, Keccak256.Hash("salt"));

    [Fact]
    public void An_order_read_from_the_wire_equals_the_one_that_was_written()
    {
        var document = OrderDocument.From(Order);
        var read = JsonSerializer.Deserialize(JsonSerializer.Serialize(document, DwebJson.Default.OrderDocument), DwebJson.Default.OrderDocument);
        Assert.Equal(document, read);
        Assert.Equal(document.GetHashCode(), read!.GetHashCode());
        Assert.Equal(Order.StructHash(), read.ToMessage().StructHash());
    }

    [Fact]
    public void Orders_that_differ_in_one_value_are_not_equal()
    {
        var document = OrderDocument.From(Order);
        Assert.NotEqual(document, document with { Prepay = 31 });
        Assert.NotEqual(document, document with { UpgradePolicy = 0 });
        Assert.NotEqual(document, document with { Services = [document.Services[0] with { Reserved = [1, 2, 3, 4, 6] }] });
        Assert.NotEqual(document, document with { Services = [document.Services[0] with { MinStake = 8 }] });
    }
}
