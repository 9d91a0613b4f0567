using System.Numerics;
using CsCheck;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Core.Tests.Metering;

public sealed class MeteringTests
{
    private static readonly ResourceVector Reserved = new(Cpu: 500, Memory: 256, Storage: 1024, Bandwidth: 10, Transfer: 2);

    private static readonly PriceVector Ask = new(2_000_000_000, 1_000_000_000, 1_000_000, 5_000_000_000, 3_999_999_999);

    [Fact]
    public void Rates_are_floored_gwei_of_the_reservation()
    {
        var terms = Rates.Lock(Ask, new PriceVector(0, 0, 0, 0, 0), Reserved, royaltyBps: 300, feeBps: 100);
        // 500·2 + 256·1 + 10·5 gwei, and 1,024 MiB at 0.001 gwei, of which 0.024 are cut off.
        // Storage is 1 gwei of 1,307: three whole 4096ths.
        Assert.Equal(new LeaseTerms(1307, 1307, 3, 3, 300, 100, 2, 3), terms);
        Assert.Equal((BigInteger)1307 * 3600 * 1_000_000_000, terms.Bond);
    }

    [Fact]
    public void The_reference_price_lifts_the_base_of_royalty_and_fee_but_not_the_hosts_pay()
    {
        var terms = Rates.Lock(new PriceVector(1, 0, 0, 0, 0), Ask, Reserved, 300, 100);
        Assert.Equal((1U, 1307U, 0U, 3U), (terms.HostRate, terms.BaseRate, terms.HostTransfer, terms.BaseTransfer));
    }

    [Fact]
    public void What_does_not_fit_its_width_is_a_code()
    {
        var edge = new PriceVector((UInt128)uint.MaxValue * 1_000_000_000, 0, 0, 0, (UInt128)LeaseTerms.MaxTransferRate * 1_000_000_000);
        var one = new ResourceVector(1, 0, 0, 0, LeaseTerms.MaxAllowanceGiB);
        Assert.Equal(SkipCode.None, Rates.TryLock(edge, default, one, 0, 0, out _));
        Assert.Equal(SkipCode.RateTooWide, Rates.TryLock(edge, default, one with { Cpu = 2 }, 0, 0, out _));
        Assert.Equal(SkipCode.RateTooWide, Rates.TryLock(default, edge, one with { Cpu = 2 }, 0, 0, out _));
        Assert.Equal(SkipCode.RateTooWide, Rates.TryLock(edge with { Transfer = edge.Transfer + 1_000_000_000 }, default, one, 0, 0, out _));
        Assert.Equal(SkipCode.RateTooWide, Rates.TryLock(edge, default, one with { Transfer = one.Transfer + 1 }, 0, 0, out _));
        Assert.Throws<OverflowException>(() => Rates.Lock(edge, default, one with { Cpu = 2 }, 0, 0));
    }

    [Fact]
    public void A_worked_charge()
    {
        var charge = Charge.Of(new LeaseTerms(1000, 1200, 10, 12, 500, 100, 1, 0), seconds: 60, transferMiB: 5);
        Assert.Equal(new Charge(60_050_000_000_000, 3_603_000_000_000, 720_600_000_000), charge);
    }

    [Theory]
    [InlineData(LeaseState.Open, 50, 100, 1000, 50)]
    [InlineData(LeaseState.Open, 500, 100, 1000, 100)]
    [InlineData(LeaseState.Open, 500, 1000, 30, 30)]
    [InlineData(LeaseState.Open, 500, 1000, -5, 0)]
    [InlineData(LeaseState.Ending, 500, 100, 30, 100)]
    [InlineData(LeaseState.Ending, 50, 100, 30, 50)]
    [InlineData(LeaseState.Parked, 500, 100, 30, 100)]
    public void Seconds_are_clamped_not_refused(LeaseState state, uint reported, uint limit, int asOfAfterOrigin, uint expected) =>
        Assert.Equal(expected, Payable.Seconds(state, reported, limit, (ulong)(10_000 + asOfAfterOrigin), origin: 10_000));

    [Fact]
    public void Transfer_beyond_the_allowance_is_not_billed_and_does_not_overflow()
    {
        Assert.Equal(7UL, Payable.TransferMiB(3, 4, 1024));
        Assert.Equal(1024UL, Payable.TransferMiB(uint.MaxValue, uint.MaxValue, 1024));
    }

    [Theory]
    [InlineData(9, 20, 30, UsageCode.CounterFell)]
    [InlineData(10, 19, 30, UsageCode.CounterFell)]
    [InlineData(10, 20, 29, UsageCode.CounterFell)]
    [InlineData(10, 20, 30, UsageCode.Accepted)]
    public void A_billed_counter_must_not_fall(uint seconds, uint received, uint sent, UsageCode code)
    {
        var held = new UsageCounters(10, 5, 5, 5, 20, 30);
        Assert.Equal(code, UsageMerge.Apply(held, new UsageEntry(new(1), seconds, 9, 9, 9, received, sent)).Code);
    }

    [Fact]
    public void A_counter_that_is_only_recorded_keeps_the_larger_value()
    {
        var merged = UsageMerge.Apply(new UsageCounters(10, 5, 50, 5, 20, 30), new UsageEntry(new(1), 11, 9, 9, 4, 20, 30));
        Assert.Equal(new UsageMergeResult(UsageCode.Accepted, new UsageCounters(11, 9, 50, 5, 20, 30)), merged);
    }

    [Theory]
    [InlineData(LeaseState.None, UsageCode.UnknownLease)]
    [InlineData(LeaseState.Closed, UsageCode.LeaseClosed)]
    public void A_lease_that_is_not_there_or_closed_takes_no_report(LeaseState state, UsageCode code) =>
        Assert.Equal(code, UsageMerge.Settle(state, EndReason.None, 100, 0, 50, UsageMerge.Empty, new UsageEntry(new(1), 11, 9, 9, 4, 20, 30)).Code);

    [Fact]
    public void What_is_only_recorded_is_settled_in_whole_gibibyte_seconds_and_45_bits_of_cpu()
    {
        var settled = UsageMerge.Settle(LeaseState.Open, EndReason.None, 100, 0, 50, UsageMerge.Empty, new UsageEntry(new(1), 11, 1UL << 46, 2047, 1024, 20, 30));
        Assert.Equal(new UsageMergeResult(UsageCode.Accepted, new UsageCounters(11, (1UL << 45) - 1, 1024, 1024, 20, 30)), settled);
    }

    [Theory]
    [InlineData(LeaseState.Ending, EndReason.Moved, 20)]
    [InlineData(LeaseState.Ending, EndReason.User, 25)]
    [InlineData(LeaseState.Open, EndReason.None, 25)]
    public void Transfer_after_an_end_that_made_room_for_a_successor_is_not_billed(LeaseState state, EndReason reason, uint received)
    {
        var held = new UsageCounters(10, 0, 0, 0, 20, 30);
        Assert.Equal(received, UsageMerge.Settle(state, reason, 100, 0, 50, held, new UsageEntry(new(1), 11, 0, 0, 0, 25, 30)).Counters.Received);
    }

    [Fact]
    public void No_lease_within_the_ceiling_costs_more_than_the_order_at_its_most() =>
        Gen.Select(Gen.ULong[0, 4_000_000_000].Array[5], Gen.ULong[0, 4_000_000_000].Array[5], Gen.UShort[0, 2000], Gen.UShort[0, 500]).Sample((a, b, royalty, fee) =>
        {
            var ask = new PriceVector(a[0], a[1], a[2], a[3], a[4]);
            var reference = new PriceVector(b[0], b[1], b[2], b[3], b[4]);
            var ceiling = new PriceVector(Math.Max(a[0], b[0]), Math.Max(a[1], b[1]), Math.Max(a[2], b[2]), Math.Max(a[3], b[3]), Math.Max(a[4], b[4]));
            var service = new Service(Hash32.Zero, Hash32.Zero, 3, Reserved, ceiling, 0, 0, Hash32.Zero);
            var dearest = 3 * OrderCost.Fenced(Rates.Lock(ask, reference, Reserved, royalty, fee), 7200, grace: 900);
            Assert.True(dearest <= OrderCost.Max([service], 7200, royalty, fee, grace: 900));
        });

    [Fact]
    public void Rent_is_the_storages_share_of_the_rate_and_is_set_aside_for_the_grace()
    {
        // 1,000 of 2,000 gwei a second are storage's.
        var terms = Rates.Lock(new PriceVector(0, 0, 1_000_000_000, 100_000_000_000, 0), default, new ResourceVector(0, 0, 1000, 10, 0), 300, 100);
        Assert.Equal((2000U, (ushort)2048, 1000U), (terms.HostRate, terms.RentShare, terms.Rent));
        Assert.Equal((BigInteger)1000 * 15 * 1_000_000_000, terms.Reserve(grace: 15));
        Assert.Equal(Charge.Of(terms, 60, 0).Total + terms.Reserve(15), OrderCost.Fenced(terms, 60, grace: 15));
    }

    [Fact]
    public void A_rate_that_is_all_storage_keeps_its_share_within_twelve_bits()
    {
        var all = Rates.Lock(new PriceVector(0, 0, 1_000_000_000, 0, 0), default, new ResourceVector(0, 0, 1000, 0, 0), 0, 0);
        Assert.Equal(4095, all.RentShare);
        var less = Rates.Lock(default, default, new ResourceVector(0, 0, 1000, 0, 0), 0, 0);
        Assert.Equal(0, less.RentShare);
    }
}
