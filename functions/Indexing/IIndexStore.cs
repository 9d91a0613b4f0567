namespace Dweb.Functions.Indexing;

/// <summary>Where what was read of the chain outlives the process.</summary>
internal interface IIndexStore
{
    Task InitialiseAsync(CancellationToken cancellationToken);

    /// <returns>How far the market that was loaded reaches; null when nothing was stored.</returns>
    Task<IndexCursor?> LoadAsync(Market market, CancellationToken cancellationToken);

    /// <summary>Writes entities as the market has them; those that it has no more are deleted.</summary>
    Task SaveAsync(Market market, IReadOnlyCollection<MarketKey> keys, CancellationToken cancellationToken);

    Task SaveAsync(IndexCursor cursor, CancellationToken cancellationToken);

    /// <summary>Forgets everything: the chain that it described is not the one that is there.</summary>
    Task ClearAsync(CancellationToken cancellationToken);
}

/// <summary>Keeps nothing: every start reads the chain from the deployment on.</summary>
internal sealed class NoIndexStore : IIndexStore
{
    public Task InitialiseAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IndexCursor?> LoadAsync(Market market, CancellationToken cancellationToken) => Task.FromResult<IndexCursor?>(null);

    public Task SaveAsync(Market market, IReadOnlyCollection<MarketKey> keys, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task SaveAsync(IndexCursor cursor, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ClearAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
