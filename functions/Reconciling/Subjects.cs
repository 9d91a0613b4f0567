using Dweb.Core.Protocol;

namespace Dweb.Functions.Reconciling;

/// <summary>Pages of ids in their order: a run that was broken off goes on after the last one, whatever has come and gone meanwhile.</summary>
internal static class Subjects
{
    /// <param name="after">An id as text; null for the first page.</param>
    public static IReadOnlyList<string> After(IEnumerable<Hash32> ids, string? after, int most)
    {
        Hash32? last = after is null ? null : Hash32.Parse(after);
        return [.. ids.Where(id => last is null || id.CompareTo(last.Value) > 0).Distinct().Order().Take(most).Select(static id => id.ToString())];
    }
}
