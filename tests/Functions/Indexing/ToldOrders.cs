using Dweb.Chain.Rpc;
using Dweb.Core.Protocol;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Tests.Indexing;

/// <summary>Hears which orders were in blocks that were replaced, and may fail to once.</summary>
internal sealed class ToldOrders : IChainWatcher
{
    private bool failsNext;

    public IReadOnlyList<Hash32> Last { get; private set; } = [];

    public void FailNext() => failsNext = true;

    public Task OnLogsAsync(IReadOnlyList<ChainLog> logs, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task OnWentBackAsync(ulong block, Hash32 head, IReadOnlyList<Hash32> orders, CancellationToken cancellationToken)
    {
        if (failsNext)
        {
            failsNext = false;
            throw new IOException("The storage is away.");
        }

        Last = orders;
        return Task.CompletedTask;
    }
}
