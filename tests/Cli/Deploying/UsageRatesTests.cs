using Dweb.Cli.Commands;
using Dweb.Cli.Deploying;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Tests.Deploying;

public sealed class UsageRatesTests
{
    private static readonly UsageCounters Then = new(100, 10_000, 6_400, 0, 10, 20);

    [Fact]
    public void Rates_are_averages_between_the_two_newest_reports() => Assert.Equal(
        new UsageRates(10, 120, 64, 5, 204, 0),
        UsageRates.Of(Report(60, new UsageCounters(110, 11_200, 7_040, 50, 12, 20), new UsageSample(50, Then))));

    [Fact]
    public void Without_two_reports_there_is_no_rate()
    {
        Assert.Null(UsageRates.Of(Report(60, Then, null)));
        Assert.Null(UsageRates.Of(Report(60, Then, new UsageSample(60, Then))));
        Assert.Null(UsageRates.Of(Report(60, Then with { Cpu = 1 }, new UsageSample(50, Then))));
        Assert.Equal(("– of 250", "never", "3 min ago"), (StatsCommand.Of(null, 250), StatsCommand.Ago(null), StatsCommand.Ago(200)));
    }

    [Fact]
    public void An_amount_funds_all_leases_equally_long_to_the_last_whole_second()
    {
        var lease = new LeaseAccount(LeaseState.Open, EndReason.None, 0, 0, 0, new LeaseTerms(1_000, 1_000, 0, 0, 500, 100, 0, 0), UsageMerge.Empty);

        // 1,000 gwei for the host, 50 for the code, 10 for the protocol.
        var funding = Funding.Of(Amount.Parse("0.0000211"), [lease, lease], left: 600);
        Assert.Equal((9u, Amount.Parse("0.00001908")), (funding.Seconds, funding.Amount));
        Assert.Contains("costs 0.00000212 DWEB", Assert.Throws<DwebException>(() => Funding.Of(1, [lease, lease], 600)).Message, StringComparison.Ordinal);
        Assert.Contains("5 s of the order's duration are left", Assert.Throws<DwebException>(() => Funding.Of(Amount.Parse("0.0000211"), [lease, lease], 5)).Message, StringComparison.Ordinal);
    }

    private static LeaseUsageView Report(ulong asOf, UsageCounters counters, UsageSample? before) => new(Hash32.Zero, asOf, counters, UsageMerge.Empty, before);
}
