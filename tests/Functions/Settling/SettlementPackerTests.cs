using CsCheck;
using Dweb.Functions.Settling;

namespace Dweb.Functions.Tests.Settling;

public sealed class SettlementPackerTests
{
    private const ulong Limit = 2_000_000;

    /// <summary>Of each COE the leases of each batch, as the images that they run.</summary>
    private static readonly Gen<int[][][]> Markets = Gen.Int[0, 30].Array[1, 90].Array[1, 3].Array[0, 25];

    [Fact]
    public void Every_batch_is_in_one_transaction_in_its_order_and_none_is_beyond_the_limit() => Markets.Sample(
        images =>
        {
            var given = new Given();
            var groups = Groups(given, images);
            var packed = SettlementPacker.Pack(groups, given.Due.LoadOf, Limit);

            Assert.Equal(groups.SelectMany(static g => g.Batches), packed.SelectMany(static p => p.Groups).SelectMany(static g => g.Batches));
            Assert.All(packed, transaction =>
            {
                Assert.Equal(GasOf(given, transaction.Groups), transaction.Gas);
                Assert.True(transaction.Gas <= Limit || transaction.Groups is [{ Batches: [_] }], $"{transaction.Gas}");
                Assert.Equal(transaction.Groups.Count, transaction.Groups.DistinctBy(static g => g.Coe).Count());
            });
            Assert.All(groups.Where(group => given.Due.LoadOf(group).Gas <= Limit), whole => Assert.Contains(packed, p => p.Groups.Any(g => g.Coe == whole.Coe && g.Batches.SequenceEqual(whole.Batches))));
        },
        iter: 60);

    [Fact]
    public void Small_groups_share_a_transaction_until_the_next_one_would_not_fit()
    {
        var given = new Given();
        var groups = Groups(given, [.. Enumerable.Range(0, 60).Select(static _ => (int[][])[[1, 1]])]);
        var packed = SettlementPacker.Pack(groups, given.Due.LoadOf, Limit);

        // 1.1 × (133,000 + 26,700 + looks + n × (40,600 + 2 × 10,200)) = 2,000,000 at n = 27.
        Assert.Equal([27, 27, 6], packed.Select(static p => p.Groups.Count));
    }

    /// <summary>What the whole transaction takes, not as a sum of its parts.</summary>
    private static ulong GasOf(Given given, IReadOnlyList<UsageGroup> groups)
    {
        UsageLoad[] loads = [.. groups.Select(given.Due.LoadOf)];
        return SettlementGas.Bound(
            loads.Sum(static l => l.Batches), loads.Sum(static l => l.Entries), loads.SelectMany(static l => l.Images).Distinct().Count(), loads.Sum(static l => l.Runs));
    }

    private static List<UsageGroup> Groups(Given given, int[][][] images)
    {
        var signature = Given.Sign("any", 1).Signature;
        return [.. images.Select((batches, coe) => new UsageGroup(Given.Coe($"coe {coe}"), [.. batches.Select((leases, batch) => new Stores.SignedBatch(
            new Core.Protocol.Messages.UsageBatch(Given.Coe($"coe {coe}"), (ulong)batch, [.. leases.Select((image, lease) => new Core.Protocol.Messages.UsageEntry(
                Core.Protocol.Messages.LeaseHandle.Of(given.Open($"coe {coe}", $"{coe}/{batch}/{lease}", $"image {image}").LeaseId), 1, 0, 0, 0, 0, 0))]), signature))]))];
    }
}
