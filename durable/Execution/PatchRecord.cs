using Dweb.Durable.Wire;

namespace Dweb.Durable.Execution;

/// <summary>Which patches the past has recorded, by action number, and what was answered in this turn.</summary>
internal sealed class PatchRecord(IEnumerable<HistoryEvent> past)
{
    private readonly Dictionary<int, string> _recorded = past
        .Where(e => PatchMarkers.PatchOf(e) is not null)
        .ToDictionary(e => e.EventId, e => PatchMarkers.PatchOf(e)!);
    private readonly Dictionary<string, bool> _answers = new(StringComparer.Ordinal);

    /// <summary>The answer for a patch that is asked for when <paramref name="nextId"/> is the next action's number.</summary>
    /// <param name="isNew">It was not asked for before in this generation, so a positive answer takes that number.</param>
    public bool AnswerOf(string patch, int nextId, bool isReplaying, out bool isNew)
    {
        isNew = !_answers.TryGetValue(patch, out var answer);
        if (isNew)
        {
            answer = !isReplaying || (_recorded.TryGetValue(nextId, out var recorded) && string.Equals(recorded, patch, StringComparison.Ordinal));
            _answers.Add(patch, answer);
        }
        return answer;
    }
}
