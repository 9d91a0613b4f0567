using Dweb.Local.Mutation;
using Dweb.Local.Processes;

namespace Dweb.Local.Tests.Mutation;

public sealed class SurvivorsAreJudged
{
    private const string List = """[{"file":"Small.sol","original":"parts[i] += 1;","replacement":"parts[i] += 0;","reason":"nobody reads parts"}]""";
    private static readonly Mutant Known = SmallContract.Mutants().Single(m => m.MutatedLine == "parts[i] += 0;");

    [Fact]
    public void A_reason_belongs_to_file_line_and_replacement()
    {
        var accepted = AcceptedSurvivors.Parse("list", List);
        Assert.Equal("nobody reads parts", accepted.ReasonFor(Known));
        Assert.Null(accepted.ReasonFor(Known with { File = "Other.sol" }));
        Assert.Null(accepted.ReasonFor(Known with { OriginalLine = "parts[i] += 2;" }));
        Assert.Null(accepted.ReasonFor(Known with { MutatedLine = "parts[i] -= 1;" }));
    }

    [Fact]
    public void A_reason_moves_with_its_line() =>
        Assert.NotNull(AcceptedSurvivors.Parse("list", List).ReasonFor(Known with { Line = 99, Start = 9_999 }));

    [Fact]
    public void A_reason_whose_line_is_gone_is_stale()
    {
        var accepted = AcceptedSurvivors.Parse("list", List);
        Assert.Empty(accepted.Stale([Known]));
        Assert.Single(accepted.Stale([Known with { OriginalLine = "parts[i] += 2;" }]));
    }

    [Theory]
    [InlineData("""[{"file":"a","original":"b","replacement":"c","reason":" "}]""")]
    [InlineData("""[{"file":"a","original":"b","replacement":"c"}]""")]
    [InlineData("""[{"file":"a","original":"b","replacement":"c","reason":"d","line":3}]""")]
    [InlineData("{}")]
    public void A_survivor_without_a_reason_is_refused(string json) => Assert.Throws<LocalException>(() => AcceptedSurvivors.Parse("list", json));

    [Theory]
    [InlineData(19, 1, 0, true)]
    [InlineData(19, 0, 1, true)] // a reason, and it counts as a survivor all the same
    [InlineData(38, 0, 2, true)]
    [InlineData(37, 0, 3, false)]
    [InlineData(38, 2, 1, false)]
    public void Survivors_count_whether_they_have_a_reason_or_not(int killed, int silent, int explained, bool ok) =>
        Assert.Equal(ok, Score(killed, silent, explained).Ok);

    [Theory]
    [InlineData(5, 0, 1, true)]
    [InlineData(5, 1, 0, false)]
    [InlineData(0, 0, 0, false)]
    public void In_a_small_sample_no_survivor_is_without_a_reason(int killed, int silent, int explained, bool ok) =>
        Assert.Equal(ok, Score(killed, silent, explained).Ok);

    [Fact]
    public void What_does_not_compile_is_no_part_of_the_score_and_what_never_ends_is_killed()
    {
        var score = new MutationScore([Result(Verdict.Killed), Result(Verdict.TimedOut), Result(Verdict.Stillborn), Result(Verdict.Survived)]);
        Assert.Equal((2, 1, 1, 3, 666), (score.Killed, score.TimedOut, score.Stillborn, score.Counted, score.PerMille));
    }

    [Fact]
    public void A_run_of_forge_says_what_became_of_a_mutant()
    {
        Assert.Equal(Verdict.Killed, Judge(1, Report("Success", "Failure")));
        Assert.Equal(Verdict.Survived, Judge(0, Report("Success", "Success")));
        Assert.Equal(Verdict.Stillborn, Judge(1, "Compiler run failed:\nError (2271)"));
    }

    [Theory]
    [InlineData(1, "Error: no space left on device")]
    [InlineData(0, "{}")]
    public void A_run_that_broke_is_neither_killed_nor_survived(int code, string output) => Assert.Throws<LocalException>(() => Judge(code, output));

    private static Verdict Judge(int code, string output) => MutantTrial.VerdictOf(new ToolResult(code, output, ""), Known);

    private static string Report(string first, string second) =>
        """{"a":{"test_results":{"one()":{"status":"FIRST","reason":null},"two()":{"status":"SECOND","reason":null}}}}"""
            .Replace("FIRST", first, StringComparison.Ordinal).Replace("SECOND", second, StringComparison.Ordinal);

    private static MutationScore Score(int killed, int silent, int explained) => new(
        [.. Enumerable.Repeat(Result(Verdict.Killed), killed), .. Enumerable.Repeat(Result(Verdict.Survived), silent), .. Enumerable.Repeat(Result(Verdict.Survived) with { Reason = "equal" }, explained)]);

    private static MutantResult Result(Verdict verdict) => new(Known, verdict, TimeSpan.Zero, null);
}
