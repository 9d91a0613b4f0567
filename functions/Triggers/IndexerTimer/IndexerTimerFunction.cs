using Dweb.Functions.Indexing;

namespace Dweb.Functions.Triggers.IndexerTimer;

/// <summary>Keeps the index from falling behind where a host lets the program sleep; while it is awake a loop of its own reads every block.</summary>
internal sealed class IndexerTimerFunction(ChainIndexer indexer) : ITimerFunction
{
    public string Name => "IndexerTimer";

    public Task RunAsync(DateTimeOffset due, CancellationToken cancellationToken) => indexer.CatchUpAsync(cancellationToken);
}
