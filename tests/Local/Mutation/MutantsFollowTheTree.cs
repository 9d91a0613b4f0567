using System.Text;
using Dweb.Local.Mutation;

namespace Dweb.Local.Tests.Mutation;

public sealed class MutantsFollowTheTree
{
    private readonly IReadOnlyList<Mutant> _mutants = SmallContract.Mutants();

    [Theory]
    [InlineData("Comparison", "if (amount > MOST) revert TooMuch(amount);", "if (amount >= MOST) revert TooMuch(amount);")]
    [InlineData("Comparison", "for (uint256 i = 0; i < parts.length; ++i) {", "for (uint256 i = 0; i <= parts.length; ++i) {")]
    [InlineData("Comparison", "emit Moved(amount == 0 ? 0x10 : total);", "emit Moved(amount != 0 ? 0x10 : total);")]
    [InlineData("Arithmetic", "total = (total + amount) /* not + */ * 2 days;", "total = (total - amount) /* not + */ * 2 days;")]
    [InlineData("Arithmetic", "total = (total + amount) /* not + */ * 2 days;", "total = (total + amount) /* not + */ / 2 days;")]
    [InlineData("Arithmetic", "parts[i] += 1;", "parts[i] -= 1;")]
    [InlineData("Constant", "total = (total + amount) /* not + */ * 2 days;", "total = (total + amount) /* not + */ * 3 days;")]
    [InlineData("Constant", "uint256 public constant MOST = 1_000;", "uint256 public constant MOST = 1001;")]
    [InlineData("Constant", "parts[i] += 1;", "parts[i] += 0;")]
    [InlineData("Constant", "for (uint256 i = 0; i < parts.length; ++i) {", "for (uint256 i = 1; i < parts.length; ++i) {")]
    [InlineData("Constant", "emit Moved(amount == 0 ? 0x10 : total);", "emit Moved(amount == 0 ? (0x10 + 1) : total);")]
    [InlineData("Boolean", "require(ok && amount > 0, \"not ok\");", "require(ok || amount > 0, \"not ok\");")]
    [InlineData("Boolean", "require(ok && amount > 0, \"not ok\");", "require(!(ok && amount > 0), \"not ok\");")]
    [InlineData("Boolean", "if (amount > MOST) revert TooMuch(amount);", "if (!(amount > MOST)) revert TooMuch(amount);")]
    [InlineData("Boolean", "emit Moved(amount == 0 ? 0x10 : total);", "emit Moved(!(amount == 0) ? 0x10 : total);")]
    [InlineData("Statement", "parts[i] += 1;", "{}")]
    [InlineData("Statement", "total = (total + amount) /* not + */ * 2 days;", "{}")]
    [InlineData("Statement", "emit Moved(amount == 0 ? 0x10 : total);", "{}")]
    [InlineData("Require", "require(ok && amount > 0, \"not ok\");", "{}")]
    [InlineData("Require", "if (amount > MOST) revert TooMuch(amount);", "{}")]
    [InlineData("Require", "function move(uint256 amount, bool ok) external always {", "function move(uint256 amount, bool ok) external  {")]
    public void Each_kind_of_mistake_is_made_where_it_can_be(string kind, string original, string mutated) =>
        Assert.Single(_mutants, m => m.Operator.ToString() == kind && m.OriginalLine == original && m.MutatedLine == mutated);

    [Theory]
    [InlineData("keccak256")] // A type string is no code.
    [InlineData("uint64[5]")] // The length belongs to the type.
    [InlineData("in a comment")]
    [InlineData("pragma")]
    public void What_is_no_code_stays(string part) => Assert.DoesNotContain(_mutants, m => m.OriginalLine.Contains(part, StringComparison.Ordinal));

    [Fact]
    public void How_a_loop_goes_on_is_no_statement_to_leave_out() =>
        Assert.DoesNotContain(_mutants, m => m.Operator == MutationOperator.Statement && m.OriginalLine.StartsWith("for", StringComparison.Ordinal));

    [Fact]
    public void A_mutant_differs_from_the_source_in_its_range_only()
    {
        var source = SmallContract.Source;
        foreach (var mutant in _mutants)
        {
            var mutated = mutant.Apply(source);
            Assert.Equal(source[..mutant.Start], mutated[..mutant.Start]);
            Assert.Equal(source[(mutant.Start + mutant.Length)..], mutated[(mutant.Start + Encoding.UTF8.GetByteCount(mutant.Replacement))..]);
            Assert.NotEqual(source, mutated);
        }
    }

    [Fact]
    public void A_mutant_names_the_line_on_which_it_begins()
    {
        var lines = Encoding.UTF8.GetString(SmallContract.Source).Split('\n');
        Assert.All(_mutants, m => Assert.Equal(lines[m.Line - 1].Trim(), m.OriginalLine));
    }

    [Fact]
    public void No_mutant_comes_twice() => Assert.Equal(_mutants.Count, _mutants.DistinctBy(m => (m.Start, m.Length, m.Replacement)).Count());
}
