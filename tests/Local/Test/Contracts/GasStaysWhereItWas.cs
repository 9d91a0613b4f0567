using CsCheck;
using Dweb.Local.Test.Contracts;

namespace Dweb.Local.Tests.Test.Contracts;

public sealed class GasStaysWhereItWas
{
    private const string Report = """
        {"test/gas/A.t.sol:ATest":{"test_results":{
           "test_a()":{"status":"Success","gas_snapshots":{"book":{"open":"185000","settle":"12000"}}},
           "test_b()":{"status":"Success","gas_snapshots":{"pool":{"pull":"42000"}}},
           "test_c()":{"status":"Success","gas_snapshots":{}}}}}
        """;

    [Fact]
    public void Figures_come_from_every_test_by_group_and_name() =>
        Assert.Equal([("book", "open", 185_000L), ("book", "settle", 12_000L), ("pool", "pull", 42_000L)], GasValues.FromForge(Report).All);

    [Fact]
    public void One_name_with_two_figures_is_refused()
    {
        var failure = Assert.Throws<LocalException>(() => GasValues.FromForge(Report.Replace("\"pool\":{\"pull\"", "\"book\":{\"open\"", StringComparison.Ordinal)));
        Assert.Contains("'open'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_written_is_read_again_and_groups_that_are_gone_leave_no_file()
    {
        using var folder = new TemporaryFolder();
        folder.File("old.json", """{"gone": 1}""");
        var measured = GasValues.FromForge(Report);
        measured.Write(folder.Path);
        Assert.Equal(measured.All, GasValues.Read(folder.Path).All);
        Assert.False(File.Exists(Path.Combine(folder.Path, "old.json")));
    }

    [Theory]
    [InlineData(10_000, 10_500, 0, 0)]
    [InlineData(10_000, 10_501, 1, 0)]
    [InlineData(10_000, 10_000, 0, 0)]
    [InlineData(10_000, 9_999, 0, 1)]
    [InlineData(10_000, 1, 0, 1)]
    public void A_rise_of_more_than_5_percent_fails_and_a_fall_is_told(long before, long now, int failures, int notices)
    {
        var comparison = GasComparison.Of(One("a", before), One("a", now));
        Assert.Equal((failures, notices), (comparison.Failures.Count, comparison.Notices.Count));
    }

    [Fact]
    public void The_same_figures_are_silent() =>
        Gen.Long[0, 30_000_000].Sample(value =>
        {
            var comparison = GasComparison.Of(One("a", value), One("a", value));
            return comparison.Failures.Count == 0 && comparison.Notices.Count == 0;
        });

    [Fact]
    public void A_figure_that_is_new_or_missing_fails()
    {
        var comparison = GasComparison.Of(One("before", 1), One("after", 1));
        Assert.Contains(comparison.Failures, f => f.Contains("'before'", StringComparison.Ordinal));
        Assert.Contains(comparison.Failures, f => f.Contains("'after'", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_snapshot_nothing_passes() => Assert.NotEmpty(GasComparison.Of(GasValues.Read("/nowhere"), One("a", 1)).Failures);

    internal static GasValues One(string name, long value) =>
        new(new Dictionary<string, IReadOnlyDictionary<string, long>> { ["book"] = new Dictionary<string, long> { [name] = value } });
}
