namespace Dweb.Durable;

/// <summary>Tells attempts at the same call from calls that merely look alike.</summary>
internal static class TimelineAttempts
{
    /// <summary>Numbers attempts: one follows a failed call of the same kind, name and input that had ended before it began.</summary>
    /// <param name="steps">In the order in which they were asked for.</param>
    public static IReadOnlyList<TimelineStep> Number(IEnumerable<TimelineStep> steps)
    {
        List<TimelineStep> numbered = [];
        Dictionary<(StepKind, string, string?), TimelineStep> last = [];
        foreach (var step in steps)
        {
            var call = (step.Kind, step.Name, step.Input);
            var isRepeated = last.TryGetValue(call, out var before) && before.Outcome == StepOutcome.Failed && before.To <= step.From;
            last[call] = isRepeated ? step with { Attempt = before!.Attempt + 1 } : step;
            numbered.Add(last[call]);
        }
        return numbered;
    }
}
