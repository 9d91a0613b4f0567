namespace Dweb.Core.Doctor;

/// <summary>What a check can come to.</summary>
public enum FindingState
{
    Ok,

    /// <summary>Works, but something will be missed.</summary>
    Warning,

    /// <summary>Something is wrong.</summary>
    Wrong,

    /// <summary>Not looked at, because what it needs is wrong.</summary>
    Skipped,
}

/// <summary>One check of a doctor, of a user's machine or of a host's.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="Mend">What to do about it; null where nothing is to be done.</param>
public sealed record Finding(string Check, FindingState State, string Detail, string? Mend = null)
{
    public static Finding Ok(string check, string detail) => new(check, FindingState.Ok, detail);

    public static Finding Warning(string check, string detail, string mend) => new(check, FindingState.Warning, detail, mend);

    public static Finding Wrong(string check, string detail, string mend) => new(check, FindingState.Wrong, detail, mend);

    public static Finding Skip(string check, string needed) => new(check, FindingState.Skipped, $"not looked at: it needs {needed}");

    /// <summary>For people: a line, and one more where there is something to do.</summary>
    public IEnumerable<string> ToLines()
    {
        string mark = State switch { FindingState.Ok => "ok   ", FindingState.Warning => "warn ", FindingState.Wrong => "WRONG", _ => "–    " };
        yield return $"{mark}  {Check}: {Detail}";
        if (!string.IsNullOrEmpty(Mend))
        {
            yield return $"       mend: {Mend}";
        }
    }
}
