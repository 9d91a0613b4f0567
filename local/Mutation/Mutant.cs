namespace Dweb.Local.Mutation;

/// <summary>What kind of mistake a mutant imitates.</summary>
internal enum MutationOperator
{
    /// <summary><c>&lt;</c> for <c>&lt;=</c>, <c>==</c> for <c>!=</c> and the like.</summary>
    Comparison,

    /// <summary><c>+</c> for <c>-</c>, <c>*</c> for <c>/</c>, also in assignments.</summary>
    Arithmetic,

    /// <summary>A number that is one too high, 0 for 1, true for false.</summary>
    Constant,

    /// <summary><c>&amp;&amp;</c> for <c>||</c>, or a condition that is negated.</summary>
    Boolean,

    /// <summary>An assignment, a call or an event that is missing.</summary>
    Statement,

    /// <summary>A check that is missing: a require, an <c>if</c> that only reverts, a modifier.</summary>
    Require,
}

/// <summary>One change of a source file.</summary>
/// <param name="File">Path in the contracts' folder.</param>
/// <param name="Operator">The kind of change.</param>
/// <param name="Start">Offset in bytes of what is replaced.</param>
/// <param name="Length">Bytes that are replaced.</param>
/// <param name="Replacement">What stands there instead.</param>
/// <param name="Line">The line on which the change begins, from 1.</param>
/// <param name="OriginalLine">That line as it reads, without the spaces around it.</param>
/// <param name="MutatedLine">That line as it reads in the mutant.</param>
internal sealed record Mutant(
    string File, MutationOperator Operator, int Start, int Length, string Replacement, int Line, string OriginalLine, string MutatedLine)
{
    /// <summary>The whole file with the change in it.</summary>
    public byte[] Apply(ReadOnlySpan<byte> source) =>
        [.. source[..Start], .. System.Text.Encoding.UTF8.GetBytes(Replacement), .. source[(Start + Length)..]];
}
