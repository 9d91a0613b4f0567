using System.Numerics;
using CsCheck;
using Dweb.Core.Metering;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Core.Tests.Metering;

public sealed class MeteringProperties
{
    private const ulong Origin = 1_800_000_000;

    private static readonly Gen<LeaseTerms> Terms =
        from host in Gen.UInt[1, uint.MaxValue]
        from over in Gen.UInt
        from transfer in Gen.UInt[0, LeaseTerms.MaxTransferRate]
        from overTransfer in Gen.UInt[0, LeaseTerms.MaxTransferRate]
        from royalty in Gen.UShort[0, 2000]
        from fee in Gen.UShort[1, 500]
        from allowance in Gen.UInt[0, LeaseTerms.MaxAllowanceGiB]
        from rent in Gen.UShort[0, LeaseTerms.WholeShare - 1]
        select new LeaseTerms(host, Math.Max(host, over), transfer, Math.Max(transfer, overTransfer), royalty, fee, allowance, rent);

    private static readonly Gen<UsageEntry> Reports =
        from seconds in Gen.UInt[0, 5000]
        from cpu in Gen.ULong[0, 100]
        from memory in Gen.ULong[0, 100]
        from storage in Gen.ULong[0, 100]
        from received in Gen.UInt[0, 3000]
        from sent in Gen.UInt[0, 3000]
        select new UsageEntry(new LeaseHandle(1), seconds, cpu, memory, storage, received, sent);

    private static readonly Gen<(ulong AsOf, UsageEntry Report)> Timed = Gen.Select(Gen.ULong[Origin - 10, Origin + 5000], Reports);

    [Fact]
    public void What_a_history_of_settlements_pays_is_the_charge_of_where_it_ends() =>
        Gen.Select(Terms, Gen.UInt[1, 4000], Timed.List[0, 20]).Sample((terms, limit, history) =>
        {
            var (paid, last) = Settle(terms, limit, history);
            Assert.Equal(Charge.Of(terms, last.Seconds, Payable.TransferMiB(last.Received, last.Sent, terms.AllowanceMiB)), paid);
            Assert.True(paid.Total <= OrderCost.Fenced(terms, limit, grace: 0));
        }, iter: 1000);

    [Fact]
    public void A_replayed_or_reordered_report_pays_nothing_more() =>
        Gen.Select(Terms, Timed.List[1, 10], Gen.Int[0, 9]).Sample((terms, history, index) =>
        {
            var (paid, last) = Settle(terms, 4000, history);
            var replayed = Settle(terms, 4000, [.. history, history[index % history.Count]]);
            Assert.Equal(last, replayed.Last);
            Assert.Equal(paid, replayed.Paid);
        }, iter: 1000);

    [Fact]
    public void No_report_ever_lowers_a_counter_or_takes_money_back() =>
        Gen.Select(Terms, Gen.UInt[1, 4000], Timed.List[1, 20]).Sample((terms, limit, history) =>
        {
            var held = UsageMerge.Empty;
            foreach (var (asOf, report) in history)
            {
                var next = UsageMerge.Settle(LeaseState.Open, EndReason.None, limit, Origin, asOf, held, report).Counters;
                Assert.True(next.Seconds >= held.Seconds && next.Cpu >= held.Cpu && next.Memory >= held.Memory && next.Storage >= held.Storage);
                Assert.True(next.Received >= held.Received && next.Sent >= held.Sent && next.Seconds <= limit);
                var step = UsageMerge.ChargeBetween(terms, held, next);
                Assert.True(step.Host.Sign >= 0 && step.Royalty.Sign >= 0 && step.Fee.Sign >= 0);
                held = next;
            }
        }, iter: 1000);

    [Fact]
    public void Royalty_and_fee_are_exact_shares_of_the_base_charge() =>
        Gen.Select(Terms, Gen.UInt, Gen.UInt).Sample((terms, seconds, mebibytes) =>
        {
            var charge = Charge.Of(terms, seconds, mebibytes);
            var host = ((BigInteger)terms.HostRate * seconds) + ((BigInteger)terms.HostTransfer * mebibytes);
            var levied = (((BigInteger)terms.BaseRate * seconds) + ((BigInteger)terms.BaseTransfer * mebibytes)) * 1_000_000_000;
            Assert.Equal(host * 1_000_000_000, charge.Host);
            Assert.Equal(levied * terms.RoyaltyBps, charge.Royalty * 10_000);
            Assert.Equal(levied * terms.FeeBps, charge.Fee * 10_000);
            Assert.Equal(charge.Host + charge.Royalty + charge.Fee, charge.Total);
        });

    private static (Charge Paid, UsageCounters Last) Settle(LeaseTerms terms, uint limit, IReadOnlyList<(ulong AsOf, UsageEntry Report)> history)
    {
        var held = UsageMerge.Empty;
        var paid = Charge.Zero;
        foreach (var (asOf, report) in history)
        {
            var next = UsageMerge.Settle(LeaseState.Open, EndReason.None, limit, Origin, asOf, held, report).Counters;
            paid += UsageMerge.ChargeBetween(terms, held, next);
            held = next;
        }

        return (paid, held);
    }
}
