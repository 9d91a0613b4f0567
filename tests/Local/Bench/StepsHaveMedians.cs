using Dweb.Local.Bench;

namespace Dweb.Local.Tests.Bench;

public sealed class StepsHaveMedians
{
    [Fact]
    public void Steps_come_in_the_order_in_which_they_are_passed_with_their_middle_time()
    {
        var result = new BenchResult([Order(("received", 0), ("opened", 30), ("running", 200)), Order(("received", 0), ("opened", 10), ("running", 300)), Order(("received", 0), ("opened", 20), ("running", 250))]);
        Assert.Equal([("received", 0), ("opened", 20), ("running", 250)], BenchTables.StepMedians(result));
    }

    [Fact]
    public void A_step_that_one_order_did_not_pass_has_no_median()
    {
        var result = new BenchResult([Order(("received", 0), ("retried", 9)), Order(("received", 0))]);
        Assert.Equal([("received", 0)], BenchTables.StepMedians(result));
    }

    [Theory]
    [InlineData(300, 200, 150)]
    [InlineData(200, 200, 100)]
    [InlineData(1, 0, 0)]
    public void The_ratio_is_of_the_medians_in_hundredths(long order, long docker, long percent) =>
        Assert.Equal(percent, new BenchResult([new BenchPair(order, docker, new OrderTimeline([]))]).RatioPercent);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 7)]
    [InlineData(19, 19)]
    [InlineData(20, 19)]
    [InlineData(40, 38)]
    public void Ninety_five_of_a_hundred_are_no_longer_than_p95(int count, long p95) =>
        Assert.Equal(p95, BenchResult.P95(Enumerable.Range(1, count).Reverse().Select(static i => (long)i)));

    private static BenchPair Order(params (string Step, long AfterMs)[] steps) => new(steps[^1].AfterMs, 100, new OrderTimeline(steps));
}
