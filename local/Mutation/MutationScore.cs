namespace Dweb.Local.Mutation;

/// <summary>What became of a mutant.</summary>
internal enum Verdict
{
    /// <summary>A test failed.</summary>
    Killed,

    /// <summary>The tests did not come to an end: that is noticed too.</summary>
    TimedOut,

    /// <summary>It does not compile, so it says nothing about the tests.</summary>
    Stillborn,

    /// <summary>All tests passed.</summary>
    Survived,
}

/// <summary>A mutant, what became of it, and the reason that people gave for a survivor.</summary>
internal sealed record MutantResult(Mutant Mutant, Verdict Verdict, TimeSpan Took, string? Reason);

/// <summary>How many of the mutants that compile were noticed.</summary>
internal sealed record MutationScore(IReadOnlyList<MutantResult> Results)
{
    public const int WantedPercent = 95;

    /// <summary>From here on 5 % is a whole mutant.</summary>
    private const int FewestForAPercentage = 20;

    public int Killed => Results.Count(r => r.Verdict is Verdict.Killed or Verdict.TimedOut);

    /// <summary>Those of the killed whose tests did not come to an end.</summary>
    public int TimedOut => Results.Count(r => r.Verdict == Verdict.TimedOut);

    public int Stillborn => Results.Count(r => r.Verdict == Verdict.Stillborn);

    public IReadOnlyList<MutantResult> Survivors => [.. Results.Where(r => r.Verdict == Verdict.Survived)];

    /// <summary>Mutants that compile.</summary>
    public int Counted => Killed + Survivors.Count;

    /// <summary>In tenths of a percent, rounded down.</summary>
    public int PerMille => Counted == 0 ? 0 : Killed * 1000 / Counted;

    /// <summary>
    /// At least 95 % are killed, survivors with a reason counted as survivors. In fewer than 20 mutants one survivor is more than 5 %:
    /// there a survivor with a reason is allowed and one without is not.
    /// </summary>
    public bool Ok => Counted switch
    {
        0 => false,
        < FewestForAPercentage => Survivors.All(s => s.Reason is not null),
        _ => Killed * 100 >= WantedPercent * Counted,
    };
}
