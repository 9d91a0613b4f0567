using Azure.Storage.Queues;
using Dweb.Core.Protocol;
using Dweb.Functions.Triggers;

namespace Dweb.Functions.Stores;

/// <summary>Hands accepted orders over to the queue function. The message is the order's hash; everything else is in the row.</summary>
internal sealed class OrderQueue(StorageAccount storage, QueueWake wake)
{
    public const string Name = StorageAccount.Prefix + "-orders";
    private readonly QueueClient queue = storage.Queue(Name);

    public Task InitialiseAsync(CancellationToken cancellationToken) => queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);

    public async Task EnqueueAsync(Hash32 orderHash, CancellationToken cancellationToken)
    {
        await queue.SendMessageAsync(orderHash.ToString(), cancellationToken);
        wake.Signal(Name);
    }
}
