using Dweb.Core.Placement;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Orders;

/// <summary>Why replicas went where they went, for the timeline of their order.</summary>
internal static class PlacementWords
{
    // A row has room for a few lines, and a person patience for no more.
    private const int MostLines = 4;
    private const int MostNames = 8;

    /// <returns>A line for each reason, with the COEs that it is the reason for.</returns>
    public static IReadOnlyList<string> Of(IReadOnlyList<PlacementChoice> choices, Market market) =>
        [.. choices.GroupBy(static choice => choice.Explain(), StringComparer.Ordinal).Take(MostLines).Select(group => $"{Names(group, market)}: {group.Key}")];

    private static string Names(IEnumerable<PlacementChoice> choices, Market market)
    {
        List<string> names = [.. choices.Select(choice => market.NameOfCoe(choice.Coe)).Distinct(StringComparer.Ordinal)];
        return string.Join(", ", names.Take(MostNames)) + (names.Count > MostNames ? $" and {names.Count - MostNames} more" : "");
    }
}
