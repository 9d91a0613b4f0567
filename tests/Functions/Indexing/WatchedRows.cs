using Dweb.Functions.Indexing;

namespace Dweb.Functions.Tests.Indexing;

/// <summary>The index's table, whose writes of rows can be held up or fail once.</summary>
internal sealed class WatchedRows(IIndexStore rows) : IIndexStore
{
    private TaskCompletionSource? held;
    private TaskCompletionSource? reached;
    private bool failsNext;

    /// <summary>The next write waits until it is released.</summary>
    /// <returns>Ends when a write waits.</returns>
    public Task HoldNext()
    {
        (held, reached) = (new(TaskCreationOptions.RunContinuationsAsynchronously), new(TaskCreationOptions.RunContinuationsAsynchronously));
        return reached.Task;
    }

    public void Release() => held!.SetResult();

    public void FailNext() => failsNext = true;

    public async Task SaveAsync(Market market, IReadOnlyCollection<MarketKey> keys, CancellationToken cancellationToken)
    {
        if (failsNext)
        {
            failsNext = false;
            throw new IOException("The storage is away.");
        }

        if (reached?.TrySetResult() == true)
        {
            await held!.Task.WaitAsync(cancellationToken);
        }

        await rows.SaveAsync(market, keys, cancellationToken);
    }

    public Task InitialiseAsync(CancellationToken cancellationToken) => rows.InitialiseAsync(cancellationToken);

    public Task<IndexCursor?> LoadAsync(Market market, CancellationToken cancellationToken) => rows.LoadAsync(market, cancellationToken);

    public Task SaveAsync(IndexCursor cursor, CancellationToken cancellationToken) => rows.SaveAsync(cursor, cancellationToken);

    public Task ClearAsync(CancellationToken cancellationToken) => rows.ClearAsync(cancellationToken);
}
