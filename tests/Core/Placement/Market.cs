using System.Numerics;
using CsCheck;
using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Core.Tests.Placement;

/// <summary>Markets, orders and requests: plain ones for examples, generated ones for properties.</summary>
internal static class Market
{
    public static readonly BigInteger Dweb = Amount.WeiPerDweb;

    public static readonly ResourceVector Small = new(Cpu: 100, Memory: 64, Storage: 1024, Bandwidth: 10, Transfer: 1);

    public static readonly PriceVector Cheap = new(1_000_000, 1_000_000, 1_000, 1_000_000, 2_000_000_000);

    public static readonly PriceVector Reference = new(500_000, 500_000, 500, 500_000, 1_000_000_000);

    public static readonly PriceVector Generous = new(1_000_000_000, 1_000_000_000, 1_000_000, 1_000_000_000, 1_000_000_000_000);

    public static Hash32 Id(int number) => Keccak256.Hash($"coe {number}");

    public static CoeOffer Coe(int number, PriceVector? ask = null, byte region = 0) => new(
        Id(number), $"coe-{number}", CoeStatus.Active, region, new ResourceVector(4000, 4096, 10_240, 1000, 1000), ResourceVector.Zero, ask ?? Cheap,
        Stake: 1000 * Dweb, Locked: 0);

    public static Service Service(ushort replicas, ResourceVector? reserved = null) => new(
        Keccak256.Hash("image"), Keccak256.Hash("spec"), replicas, reserved ?? Small, Generous, RegionMask: 0, MinStake: 0, Hash32.Zero);

    public static MarketSnapshot Of(params IReadOnlyList<CoeOffer> coes) => new(Block: 42, Timestamp: 1_800_000_000, coes, Reference, FeeBps: 100, Grace: 15);

    public static PlacementRequest Request(params IReadOnlyList<Service> services) =>
        PlacementRequest.ForNewOrder(Keccak256.Hash("order"), services, duration: 3600);

    public static Liveness AllLive { get; } = Liveness.AllBut([]);

    private static readonly Gen<PriceVector> Prices =
        from cpu in Gen.ULong[0, 3_000_000]
        from memory in Gen.ULong[0, 3_000_000]
        from storage in Gen.ULong[0, 3_000]
        from bandwidth in Gen.ULong[0, 3_000_000]
        from transfer in Gen.ULong[0, 4_000_000_000]
        select new PriceVector(cpu, memory, storage, bandwidth, transfer);

    private static readonly Gen<ResourceVector> Resources =
        from cpu in Gen.ULong[0, 2000]
        from memory in Gen.ULong[0, 2048]
        from storage in Gen.ULong[0, 4096]
        from bandwidth in Gen.ULong[0, 400]
        from transfer in Gen.ULong[0, 20]
        select new ResourceVector(cpu, memory, storage, bandwidth, transfer);

    // A few bonds of a generated service, so that stake decides sometimes.
    private static readonly BigInteger StakeUnit = BigInteger.Pow(10, 13);

    private static Gen<CoeOffer> OfferOf(int number) =>
        from status in Gen.Frequency((9, Gen.Const(CoeStatus.Active)), (1, Gen.Const(CoeStatus.Draining)), (1, Gen.Const(CoeStatus.Suspended)))
        from region in Gen.Byte[0, 3]
        from free in Resources
        from assigned in Resources
        from overbooked in Gen.Frequency((20, Gen.Const(false)), (1, Gen.Const(true)))
        from ask in Prices
        from stake in Gen.Int[0, 120]
        from locked in Gen.Int[0, 20]
        select new CoeOffer(
            Id(number), $"coe-{number}", status, region, overbooked ? free : free + free + free + assigned, assigned, ask, stake * StakeUnit,
            locked * StakeUnit);

    private static readonly Gen<Service> Services =
        from replicas in Gen.UShort[1, 6]
        from reserved in Resources
        from ceiling in Gen.Frequency((2, Gen.Const(Generous)), (1, Prices.Select(Twice)))
        from regions in Gen.Frequency((2, Gen.Const(0UL)), (1, Gen.ULong[1, 15]))
        from minStake in Gen.Int[0, 20]
        select new Service(
            Keccak256.Hash("image"), Keccak256.Hash("spec"), replicas, reserved, ceiling, regions, (UInt128)(minStake * StakeUnit), Hash32.Zero);

    /// <summary>A market, who is heard in it, and an order: some replicas find a COE and some do not.</summary>
    public static readonly Gen<(MarketSnapshot Snapshot, Liveness Liveness, PlacementRequest Request)> Cases =
        from count in Gen.Int[0, 9]
        from coes in Sequence(count)
        from silent in Gen.Int[0, 9].HashSet[0, 3]
        from services in Services.List[1, 3]
        from salt in Gen.Int
        from reference in Prices
        select (
            new MarketSnapshot(42, 1_800_000_000, coes, Half(reference), FeeBps: 100, Grace: 15),
            Liveness.AllBut(silent.Select(Id)),
            PlacementRequest.ForNewOrder(Keccak256.Hash($"order {salt}"), services, duration: 3600));

    private static Gen<IReadOnlyList<CoeOffer>> Sequence(int count) => Enumerable.Range(0, count).Aggregate(
        Gen.Const((IReadOnlyList<CoeOffer>)[]),
        static (list, number) => from head in list from offer in OfferOf(number) select (IReadOnlyList<CoeOffer>)[.. head, offer]);

    private static PriceVector Twice(PriceVector p) => new(p.Cpu * 2, p.Memory * 2, p.Storage * 2, p.Bandwidth * 2, p.Transfer * 2);

    private static PriceVector Half(PriceVector p) => new(p.Cpu / 2, p.Memory / 2, p.Storage / 2, p.Bandwidth / 2, p.Transfer / 2);
}
