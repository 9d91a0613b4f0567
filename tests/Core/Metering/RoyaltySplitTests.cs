using System.Numerics;
using CsCheck;
using Dweb.Core.Metering;

namespace Dweb.Core.Tests.Metering;

public sealed class RoyaltySplitTests
{
    private static readonly Gen<IReadOnlyList<ushort>> Weights = Gen.UShort[1, ushort.MaxValue].Array[1, 12].Select(static w => (IReadOnlyList<ushort>)w);

    private static readonly Gen<BigInteger> Amounts = Gen.OneOf(
        Gen.Int[0, 200].Select(static n => (BigInteger)n), Gen.Select(Gen.ULong, Gen.ULong, static (a, b) => ((BigInteger)a << 64) + b));

    [Fact]
    public void Shares_add_up_to_the_whole() => Gen.Select(Amounts, Weights).Sample(
        static (amount, weights) => Assert.Equal(amount, RoyaltySplit.Shares(amount, weights).Aggregate(BigInteger.Add)), iter: 1000);

    [Fact]
    public void No_share_falls_when_more_is_received() => Gen.Select(Amounts, Gen.Int[0, 50], Weights).Sample((amount, more, weights) =>
    {
        var before = RoyaltySplit.Shares(amount, weights);
        var after = RoyaltySplit.Shares(amount + more, weights);
        Assert.All(before.Zip(after), static pair => Assert.True(pair.Second >= pair.First));
    }, iter: 2000);

    [Fact]
    public void A_share_is_within_one_wei_an_edge_of_its_weight() => Gen.Select(Amounts, Weights).Sample((amount, weights) =>
    {
        long total = weights.Sum(static weight => (long)weight);
        var shares = RoyaltySplit.Shares(amount, weights);
        Assert.All(shares.Zip(weights), pair => Assert.True(BigInteger.Abs((pair.First * total) - (amount * pair.Second)) <= total * weights.Count));
    });

    [Fact]
    public void A_worked_split() => Assert.Equal([1, 2, 4], RoyaltySplit.Shares(7, [1, 2, 3]).Select(static share => (int)share));

    [Fact]
    public void A_split_without_edges_or_with_a_weightless_one_is_refused()
    {
        Assert.Throws<ArgumentException>(() => RoyaltySplit.Shares(1, []));
        Assert.Throws<ArgumentException>(() => RoyaltySplit.Shares(1, [1, 0]));
        Assert.Throws<ArgumentException>(() => RoyaltySplit.Shares(-1, [1]));
    }
}
