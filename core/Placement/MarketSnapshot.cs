using System.Numerics;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Core.Placement;

/// <summary>The market as the chain holds it at one block. Any scheduler member that has read this block has the same snapshot.</summary>
/// <param name="Timestamp">Of that block, Unix seconds.</param>
/// <param name="Coes">In any order; ids are distinct.</param>
/// <param name="Grace">Seconds for which the lease book reserves the rent of storage.</param>
public sealed record MarketSnapshot(
    ulong Block, ulong Timestamp, IReadOnlyList<CoeOffer> Coes, PriceVector ReferencePrices, ushort FeeBps, uint Grace);

/// <summary>One COE's offer.</summary>
/// <param name="Assigned">What leases hold of <paramref name="Capacity"/>.</param>
/// <param name="Stake">Wei.</param>
/// <param name="Locked">Wei of the stake that answers for leases.</param>
public sealed record CoeOffer(
    Hash32 Coe,
    string Name,
    CoeStatus Status,
    byte Region,
    ResourceVector Capacity,
    ResourceVector Assigned,
    PriceVector Ask,
    BigInteger Stake,
    BigInteger Locked)
{
    /// <summary>The host image that it claims is revoked: it takes no lease.</summary>
    public bool OsRevoked { get; init; }

    /// <summary>False once it is known that its host does not take leases of this lease book.</summary>
    public bool AcceptsBook { get; init; } = true;
}
