using Dweb.Local.Test.Contracts;

namespace Dweb.Local.Tests.Test.Contracts;

public sealed class CoverageIsCounted
{
    private const string Trace = """
        TN:
        SF:node_modules/x/Ownable.sol
        DA:1,0
        end_of_record
        SF:src/B.sol
        DA:10,3
        BRDA:10,0,0,2
        BRDA:10,0,1,0
        DA:11,0
        DA:12,0
        BRDA:12,1,0,-
        end_of_record
        SF:src/A.sol
        DA:1,1
        DA:1,0
        end_of_record
        SF:test/A.t.sol
        DA:1,0
        end_of_record
        """;

    [Fact]
    public void Only_the_contracts_own_sources_count()
    {
        var coverage = LcovReport.Parse(Trace);
        Assert.Equal(["src/A.sol", "src/B.sol"], coverage.Files.Select(f => f.File));
        Assert.Equal((2, 4), (coverage.CoveredLines, coverage.Lines));
        Assert.Equal((1, 3), (coverage.CoveredBranches, coverage.Branches));
    }

    [Fact]
    public void What_no_test_reaches_is_named()
    {
        var file = LcovReport.Parse(Trace).Files[1];
        Assert.Equal([11, 12], file.Uncovered);
        Assert.Equal([10, 12], file.UncoveredBranches);
    }

    [Fact]
    public void What_one_of_two_compilations_reached_is_reached()
    {
        var coverage = LcovReport.Parse("SF:src/A.sol\nDA:1,0\nBRDA:1,0,0,-\nend_of_record\nSF:src/A.sol\nDA:1,4\nBRDA:1,0,0,4\nend_of_record\n");
        Assert.Equal((1, 1, 1, 1), (coverage.CoveredLines, coverage.Lines, coverage.CoveredBranches, coverage.Branches));
    }

    [Theory]
    [InlineData(98, 93, true)]
    [InlineData(97, 93, false)]
    [InlineData(98, 92, false)]
    [InlineData(0, 0, false)]
    public void Both_shares_have_to_be_above_what_is_wanted(int lines, int branches, bool ok) =>
        Assert.Equal(ok, new Coverage([new FileCoverage("src/A.sol", 100, Missing(100 - lines), 100, Missing(100 - branches))]).Ok);

    [Fact]
    public void A_report_without_sources_is_no_full_coverage() => Assert.False(LcovReport.Parse("").Ok);

    [Fact]
    public void Lines_are_written_as_ranges() => Assert.Equal("3-5, 9, 11-12", CoverageTables.Ranges([3, 4, 5, 9, 11, 12]));

    private static int[] Missing(int count) => [.. Enumerable.Range(1, count)];
}
