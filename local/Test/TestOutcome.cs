using System.Globalization;

namespace Dweb.Local.Test;

/// <summary>What one test program did.</summary>
/// <param name="Program">Its name.</param>
/// <param name="Passed">Tests that passed.</param>
/// <param name="Failed">Tests that failed.</param>
/// <param name="Skipped">Tests that said they cannot run here.</param>
/// <param name="Took">Wall time.</param>
/// <param name="Failures">A name and the reason for each failure.</param>
internal sealed record TestOutcome(string Program, int Passed, int Failed, int Skipped, TimeSpan Took, IReadOnlyList<string> Failures)
{
    /// <summary>What a person should know although nothing failed.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>A program that broke before it could report counts as one failure.</summary>
    public static TestOutcome Broken(string program, TimeSpan took, string reason) => new(program, 0, 1, 0, took, [reason]);
}

/// <summary>All outcomes of a run and what they add up to.</summary>
internal sealed record TestTotal(IReadOnlyList<TestOutcome> Outcomes, bool EveryProgramMustRun)
{
    public int Passed => Outcomes.Sum(o => o.Passed);

    public int Failed => Outcomes.Sum(o => o.Failed);

    /// <summary>Programs that ran nothing although they should have.</summary>
    public IReadOnlyList<string> Empty => EveryProgramMustRun
        ? [.. Outcomes.Where(o => o.Passed + o.Failed == 0).Select(o => o.Program)]
        : Passed + Failed == 0 ? [.. Outcomes.Select(o => o.Program)] : [];

    public bool Ok => Failed == 0 && Empty.Count == 0 && Passed > 0;

    /// <summary>The closing line that other programs read.</summary>
    public string Line => string.Create(CultureInfo.InvariantCulture, $"{Passed} passed, {Failed} failed");
}
