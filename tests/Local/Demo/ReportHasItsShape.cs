using Dweb.Local.Bench;
using Dweb.Local.Demo;
using Dweb.Local.Ledger;

namespace Dweb.Local.Tests.Demo;

public sealed class ReportHasItsShape
{
    [Fact]
    public void Amounts_are_decimal_strings_of_wei_and_times_are_milliseconds()
    {
        var bench = new BenchResult([Pair(300, 200), Pair(250, 210), Pair(280, 190)]);
        Replica[] replicas = [new("web", 0, "north", "http://127.0.0.1:5", 200, "web-0")];
        var totals = new LedgerTotals(100, 60, 20, 5, 22, Bonds: 7);

        var failures = new Failures(new Failover(5200, replicas), new MissedStart("east", 7, replicas), new Refund(5, 4, 2100, replicas));

        var json = DemoReport.Of(ok: true, bench, failures, replicas, totals, [new Paid("host-1", "COE host", 60)], [new Stake("host-1", 1000, 7, 993)], settlements: 3).ToJson();

        const string Expected =
            """
            {"ok":true,"orderToRunningMs":280,"dockerRunMs":200,"pairs":[[300,200],[250,210],[280,190]],"failoverMs":5200,
            "noShow":{"coe":"east","bond":"7"},"dispute":{"seconds":5,"refunded":"4","verdictMs":2100},
            "replicas":[{"coe":"north","url":"http://127.0.0.1:5","status":200}],
            "ledger":{"deposited":"100","bonds":"7","coeHosts":"60","royalties":"20","treasury":"5","refunded":"22","difference":"0"},
            "payees":[{"who":"host-1","why":"COE host","amount":"60"}],"stakes":[{"who":"host-1","staked":"1000","lost":"7","withdrawn":"993"}],"settlements":3}
            """;
        Assert.Equal(Expected.ReplaceLineEndings(""), json);
    }

    [Theory]
    [InlineData(new long[] { 3, 1, 2 }, 2)]
    [InlineData(new long[] { 4, 1, 2, 3 }, 2)]
    [InlineData(new long[] { 9 }, 9)]
    [InlineData(new long[] { }, 0)]
    public void The_median_is_the_middle_value(long[] values, long median) => Assert.Equal(median, BenchResult.Median(values));

    private static BenchPair Pair(long order, long docker) => new(order, docker, new OrderTimeline([]));
}
