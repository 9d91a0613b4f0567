using System.Numerics;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Tests.Settling;

public sealed class DueUsageTests
{
    private const ulong Now = Given.Origin + 100;

    /// <summary>Of a lease of the test's terms in a second: 1,000 gwei to the host, 5 % royalty, 1 % fee. Wei.</summary>
    private static readonly BigInteger PerSecond = 1_060_000_000_000;

    private readonly Given given = new();

    [Fact]
    public void A_coe_is_settled_once_enough_is_unpaid_and_as_a_whole()
    {
        given.Register("a");
        LeaseRecord[] leases = [given.Open("a", "1"), given.Open("a", "2")];
        given.Book.Take(Given.Sign("a", 10, leases));

        Assert.Equal(2, Assert.Single(Due(20 * PerSecond)).Batches.Single().Batch.Entries.Count);
        Assert.Empty(Due((20 * PerSecond) + 1));
    }

    [Fact]
    public void What_the_chain_has_settled_is_not_due_again()
    {
        given.Register("a");
        var lease = given.Open("a", "1");
        given.Book.Take(Given.Sign("a", 10, lease));
        Assert.Single(Due(0));

        given.Market.Put(lease with { Settled = lease.Settled with { Seconds = 10 } });
        Assert.Empty(Due(0));
    }

    [Fact]
    public void A_lease_that_has_ended_or_whose_funds_are_nearly_over_waits_for_no_worth()
    {
        given.Register("a");
        given.Register("b");
        given.Register("c");
        given.Market.Put(given.Open("a", "1") with { State = LeaseState.Ending, EndedAt = Now });
        given.Market.Put(given.Open("b", "2") with { Limit = 300 });
        foreach (var (coe, lease) in (IEnumerable<(string, string)>)[("a", "1"), ("b", "2"), ("c", "3")])
        {
            given.Book.Take(Given.Sign(coe, 1, coe == "c" ? given.Open(coe, lease) : given.Market.FindLease(Keccak256.Hash(lease))!));
        }

        Assert.Equal([.. new[] { Given.Coe("a"), Given.Coe("b") }.Order()], Due(BigInteger.Pow(10, 30)).Select(static g => g.Coe));
    }

    [Fact]
    public void Only_the_batches_that_prove_something_new_are_sent()
    {
        given.Register("a");
        var (first, second) = (given.Open("a", "1"), given.Open("a", "2"));
        var both = Given.Sign("a", 10, first, second);
        var one = Given.Sign("a", 20, second);
        var newest = Given.Sign("a", 30, second);
        foreach (var batch in new[] { newest, both, one })
        {
            given.Book.Take(batch);
        }

        Assert.Equal([both.Key, newest.Key], Assert.Single(Due(0)).Batches.Select(static b => b.Key));
        Assert.Null(given.Book.FindUnsettled(one.Batch.Coe, one.Key));
        Assert.Same(newest, given.Book.FindUnsettled(one.Batch.Coe, newest.Key));
    }

    [Fact]
    public void A_signature_counts_by_the_agent_key_of_today()
    {
        var coe = given.Register("a");
        var batch = Given.Sign("a", 10, given.Open("a", "1"));
        Assert.True(given.Due.IsSigned(batch));
        Assert.False(given.Due.IsSigned(batch with { Batch = batch.Batch with { AsOf = batch.Batch.AsOf + 1 } }));

        given.Market.Coes[coe.Coe] = coe with { Agent = Given.AgentOf("b").Address };
        Assert.False(given.Due.IsSigned(batch));
        given.Market.Coes.Clear();
        Assert.False(given.Due.IsSigned(batch));
    }

    private IReadOnlyList<Functions.Settling.UsageGroup> Due(BigInteger worth) => given.Due.Collect(Now, _ => worth);
}
