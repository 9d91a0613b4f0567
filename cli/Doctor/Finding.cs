namespace Dweb.Cli.Doctor;

/// <summary>What a check can come to.</summary>
internal enum FindingState
{
    Ok,

    /// <summary>Works, but something will be missed.</summary>
    Warning,

    /// <summary>Something is wrong.</summary>
    Wrong,

    /// <summary>Not looked at, because what it needs is wrong.</summary>
    Skipped,
}

/// <param name="Check">What was looked at.</param>
/// <param name="Mend">What to do about it; null where nothing is to be done.</param>
internal sealed record Finding(string Check, FindingState State, string Detail, string? Mend = null)
{
    public static Finding Ok(string check, string detail) => new(check, FindingState.Ok, detail);

    public static Finding Warning(string check, string detail, string mend) => new(check, FindingState.Warning, detail, mend);

    public static Finding Wrong(string check, string detail, string mend) => new(check, FindingState.Wrong, detail, mend);
}
