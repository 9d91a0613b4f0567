using System.Numerics;
using Dweb.Cli.Onchain;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Deploying;

/// <summary>What the chain has of an order's money, in wei.</summary>
/// <param name="Committed">Of its cap: what is spent and what its leases hold.</param>
/// <param name="SetAside">What its leases hold.</param>
internal sealed record OrderMoney(BigInteger Committed, BigInteger SetAside)
{
    /// <summary>What hosts, royalties and fees got so far.</summary>
    public BigInteger Spent => Committed - SetAside;

    public static async Task<OrderMoney> ReadAsync(DwebChain chain, Hash32 order, IEnumerable<Hash32> leases, CancellationToken cancellationToken)
    {
        var committed = (await chain.Book.OrderOfAsync(order, cancellationToken: cancellationToken)).Committed;
        var held = BigInteger.Zero;
        foreach (var lease in leases)
        {
            held += await chain.Book.FencedOfAsync(lease, cancellationToken: cancellationToken);
        }

        return new OrderMoney(committed, held);
    }
}
