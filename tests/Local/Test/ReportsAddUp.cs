using CsCheck;
using Dweb.Local.Test;

namespace Dweb.Local.Tests.Test;

public sealed class ReportsAddUp
{
    private static readonly TimeSpan Took = TimeSpan.FromSeconds(2);

    private static readonly Gen<TestOutcome> Outcomes =
        Gen.Select(Gen.Int[0, 500], Gen.Int[0, 5], (passed, failed) => new TestOutcome("p", passed, failed, 0, Took, []));

    [Fact]
    public void The_total_is_the_sum_of_the_programs() =>
        Outcomes.List[0, 12].Sample(outcomes =>
        {
            var total = new TestTotal(outcomes, EveryProgramMustRun: true);
            return total.Line == $"{outcomes.Sum(o => o.Passed)} passed, {outcomes.Sum(o => o.Failed)} failed"
                && (!total.Ok || outcomes.TrueForAll(o => o.Failed == 0 && o.Passed > 0));
        });

    [Fact]
    public void One_failure_anywhere_fails_the_run() =>
        Outcomes.List[1, 12].Sample(outcomes =>
            !new TestTotal([.. outcomes, new TestOutcome("p", 3, 1, 0, Took, ["why"])], EveryProgramMustRun: false).Ok);

    [Fact]
    public void A_program_that_ran_nothing_fails_a_full_run_and_is_named()
    {
        var total = new TestTotal([new("a", 5, 0, 0, Took, []), new("b", 0, 0, 2, Took, [])], EveryProgramMustRun: true);
        Assert.False(total.Ok);
        Assert.Equal(["b"], total.Empty);
    }

    [Fact]
    public void A_selection_may_leave_programs_out_but_not_all()
    {
        TestOutcome some = new("a", 1, 0, 0, Took, []), none = new("b", 0, 0, 0, Took, []);
        Assert.True(new TestTotal([some, none], EveryProgramMustRun: false).Ok);
        Assert.False(new TestTotal([none, none], EveryProgramMustRun: false).Ok);
        Assert.False(new TestTotal([], EveryProgramMustRun: false).Ok);
    }

    [Fact]
    public void A_ctrf_report_gives_its_counts_and_the_reason_of_each_failure()
    {
        const string Json = """
            {"results":{"summary":{"tests":4,"passed":2,"failed":1,"pending":0,"skipped":1,"other":0},
             "extra":{"suites":[{"errors":[]}]},
             "tests":[{"name":"A.ok","status":"passed"},{"name":"A.bad","status":"failed","message":"expected 1","trace":"at A"},
                      {"name":"A.ok2","status":"passed"},{"name":"A.not","status":"skipped"}]}}
            """;
        var outcome = CtrfReport.Parse("A", Json, Took);
        Assert.Equal((2, 1, 1), (outcome.Passed, outcome.Failed, outcome.Skipped));
        Assert.Equal(["A.bad: expected 1\nat A"], outcome.Failures);
    }

    [Fact]
    public void A_fixture_that_breaks_in_its_cleanup_counts_as_a_failure()
    {
        const string Json = """
            {"results":{"summary":{"tests":1,"passed":1,"failed":0,"pending":0,"skipped":0,"other":0},
             "extra":{"suites":[{"errors":[{"message":"still running"}]}]},"tests":[{"name":"A.ok","status":"passed"}]}}
            """;
        var outcome = CtrfReport.Parse("A", Json, Took);
        Assert.Equal(1, outcome.Failed);
        Assert.Contains("still running", Assert.Single(outcome.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void A_forge_report_gives_its_counts_and_the_reason_of_each_failure()
    {
        const string Json = """
            {"test/A.t.sol:ATest":{"duration":"1ms","test_results":{
               "test_Ok()":{"status":"Success","reason":null,"counterexample":null},
               "test_Skipped()":{"status":"Skipped","reason":null,"counterexample":null},
               "test_Bad()":{"status":"Failure","reason":"assertion failed","counterexample":null}}}}
            """;
        var outcome = ForgeReport.Parse(Json, Took);
        Assert.Equal((1, 1, 1), (outcome.Passed, outcome.Failed, outcome.Skipped));
        Assert.Contains("test_Bad(): assertion failed", Assert.Single(outcome.Failures), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unit", "--filter-not-trait Category=Integration --filter-not-trait Category=EndToEnd")]
    [InlineData("integration", "--filter-trait Category=Integration")]
    [InlineData("e2e", "--filter-trait Category=EndToEnd")]
    [InlineData(null, "")]
    public void A_kind_selects_by_category(string? kind, string arguments) =>
        Assert.Equal(arguments, string.Join(' ', new TestSelection(TestSelection.ParseKind(kind), Name: null, Full: false).ProgramArguments()));

    [Fact]
    public void An_unknown_kind_is_refused_by_name()
    {
        var failure = Assert.Throws<LocalException>(() => TestSelection.ParseKind("fast"));
        Assert.Contains("'fast'", failure.Message, StringComparison.Ordinal);
    }
}
