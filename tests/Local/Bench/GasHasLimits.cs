using Dweb.Local.Bench;
using Dweb.Local.Tests.Test.Contracts;

namespace Dweb.Local.Tests.Bench;

public sealed class GasHasLimits
{
    [Theory]
    [InlineData(100, "Within", true)]
    [InlineData(101, "Above", false)]
    public void A_figure_may_reach_its_limit_and_not_pass_it(long value, string verdict, bool ok) => Check(value, """{"open": 100}""", verdict, ok);

    [Theory]
    [InlineData(101, "AboveForAReason")]
    [InlineData(100, "Within")]
    public void A_limit_may_be_missed_for_a_reason_that_is_given(long value, string verdict) =>
        Check(value, """{"open": {"limit": 100, "floor": "an event costs 80 alone"}}""", verdict, ok: true);

    [Fact]
    public void A_figure_without_a_limit_is_there_to_compare_with() => Check(1_000_000, "{}", "NoLimit", ok: true);

    [Fact]
    public void A_limit_that_nothing_was_measured_for_fails()
    {
        var table = GasTable.Of(GasStaysWhereItWas.One("open", 1), GasLimits.Parse("limits", """{"settle": 100}"""));
        Assert.False(table.Ok);
        Assert.Contains(table.Rows, r => r is { Name: "settle", Verdict: GasVerdict.NotMeasured });
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"open": "100"}""")]
    [InlineData("""{"open": {"limit": 100}}""")]
    [InlineData("""{"open": {"limit": 100, "floor": " "}}""")]
    [InlineData("""{"open": {"floor": "because"}}""")]
    [InlineData("""{"open": 1, "open": 2}""")]
    public void A_table_with_a_mistake_is_refused(string json) => Assert.Throws<LocalException>(() => GasLimits.Parse("limits", json));

    private static void Check(long value, string limits, string verdict, bool ok)
    {
        var table = GasTable.Of(GasStaysWhereItWas.One("open", value), GasLimits.Parse("limits", limits));
        Assert.Equal(verdict, Assert.Single(table.Rows).Verdict.ToString());
        Assert.Equal(ok, table.Ok);
    }
}
