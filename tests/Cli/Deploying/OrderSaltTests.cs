using Dweb.Cli.Deploying;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Tests.Deploying;

public sealed class OrderSaltTests
{
    private static readonly EvmAddress Alice = EvmAddress.Parse("0x00000000000000000000000000000000000000a1");
    private static readonly EvmAddress Bob = EvmAddress.Parse("0x00000000000000000000000000000000000000b0");

    [Fact]
    public void The_same_deployment_is_the_same_order() =>
        Assert.Equal(OrderSalt.Derive(Alice, "shop", "services: {}", 0), OrderSalt.Derive(Alice, "shop", "services: {}", 0));

    [Fact]
    public void Whatever_makes_a_deployment_another_one_makes_another_order()
    {
        Hash32[] salts =
        [
            OrderSalt.Derive(Alice, "shop", "services: {}", 0),
            OrderSalt.Derive(Bob, "shop", "services: {}", 0),
            OrderSalt.Derive(Alice, "shop2", "services: {}", 0),
            OrderSalt.Derive(Alice, "shop", "services: { }", 0),
            OrderSalt.Derive(Alice, "shop", "services: {}", 1),
            OrderSalt.Derive(Alice, "shops", "ervices: {}", 0),
        ];

        Assert.Equal(salts.Length, salts.Distinct().Count());
    }
}
