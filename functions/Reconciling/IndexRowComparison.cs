using Dweb.Core.Protocol;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Reconciling;

/// <summary>
/// Rows of the index with memory, which was compared with the chain before: after the next start it is the rows that are believed. No block is read
/// meanwhile, for its changes are in memory before they are in the rows.
/// </summary>
internal sealed class IndexRowComparison(IndexRows rows, IIndexStore store, Market market, ChainIndexer indexer) : IComparison
{
    private const int MostOfAPage = 200;
    private const int AtOnce = 16;

    public string Part => ComparisonParts.IndexRows;

    public async Task<IReadOnlyList<string>> NextAsync(string? after, CancellationToken cancellationToken)
    {
        var last = after is null ? default(MarketKey?) : Parse(after);
        foreach (string kind in MarketKind.All.SkipWhile(kind => last is { } key && kind != key.Kind))
        {
            var ids = await rows.IdsAfterAsync(kind, last?.Kind == kind ? last.Value.Id : null, MostOfAPage, cancellationToken);
            if (ids.Count > 0)
            {
                return [.. ids.Select(id => $"{kind}/{id}")];
            }
        }

        return [];
    }

    public async Task<Look> LookAsync(IReadOnlyList<string> subjects, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        foreach (string[] some in subjects.Chunk(AtOnce))
        {
            var found = await indexer.AtCursorAsync(cursor => Task.WhenAll(some.Select(subject => LookAsync(subject, cursor, cancellationToken))), cancellationToken);
            findings.AddRange(found.OfType<Finding>());
        }

        return new Look(null, ComparedCounts.None with { IndexRows = subjects.Count }, findings);
    }

    public Task RepairAsync(Finding finding, string run, CancellationToken cancellationToken) => indexer.AtCursorAsync(
        async _ =>
        {
            await store.SaveAsync(market, [Parse(finding.Subject)], cancellationToken);
            return true;
        },
        cancellationToken);

    private async Task<Finding?> LookAsync(string subject, IndexCursor cursor, CancellationToken cancellationToken)
    {
        var key = Parse(subject);

        // What a transaction of our own did is in memory, and comes into the row with its block.
        return await rows.DifferenceAsync(key, cancellationToken) is var (expected, found) && !market.Journal.IsAhead(key, cursor.Block)
            ? new Finding(Part, subject, FindingKind.RowDiffers, subject, expected, found)
            : null;
    }

    private static MarketKey Parse(string subject) => subject.Split('/') is [var kind, var id]
        ? new MarketKey(kind, Hash32.Parse(id))
        : throw new FormatException($"'{subject}' names no row of the index.");
}
