using Dweb.Local.Mutation;

namespace Dweb.Local.Tests.Mutation;

public sealed class TargetsAreATable
{
    [Fact]
    public void A_target_names_its_files_and_its_tests()
    {
        using var folder = new TemporaryFolder();
        folder.File("src/lease/B.sol", "");
        folder.File("src/lease/A.sol", "");
        folder.File("src/C.sol", "");
        var plan = MutationPlan.Parse("plan", """{"sample":6,"full":150,"fuzzRuns":64,"invariantRuns":8,"targets":[{"source":"src/lease/*.sol","tests":"test/lease/*.t.sol","notTests":"test/invariant/**"}]}""");
        var target = Assert.Single(plan.Targets);
        Assert.Equal(["src/lease/A.sol", "src/lease/B.sol"], target.Files(folder.Path));
        Assert.Equal(["--match-path", "test/lease/*.t.sol", "--no-match-path", "test/invariant/**"], target.ForgeArguments());
    }

    [Fact]
    public void A_source_that_is_not_there_names_no_file()
    {
        using var folder = new TemporaryFolder();
        Assert.Empty(new MutationTarget("src/dao/Gone.sol", "test/**").Files(folder.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"sample":6,"full":150,"fuzzRuns":64,"invariantRuns":8}""")]
    [InlineData("""{"sample":6,"full":150,"fuzzRuns":64,"invariantRuns":8,"targets":[],"taget":[]}""")]
    public void A_table_with_a_mistake_is_refused(string json) => Assert.Throws<LocalException>(() => MutationPlan.Parse("plan", json));
}
