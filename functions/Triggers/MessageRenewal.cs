using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace Dweb.Functions.Triggers;

/// <summary>Keeps a message invisible while it is handled. Each renewal gives it a new receipt.</summary>
internal sealed class MessageRenewal : IDisposable
{
    private readonly CancellationTokenSource done = new();
    private readonly Task<string> loop;

    public MessageRenewal(QueueClient queue, QueueMessage message, TimeSpan visibility, TimeProvider time) =>
        loop = RenewAsync(queue, message.MessageId, message.PopReceipt, visibility, time);

    /// <returns>The newest receipt.</returns>
    public async Task<string> StopAsync()
    {
        await done.CancelAsync();
        return await loop;
    }

    public void Dispose()
    {
        done.Cancel();
        done.Dispose();
    }

    private async Task<string> RenewAsync(QueueClient queue, string id, string receipt, TimeSpan visibility, TimeProvider time)
    {
        var stop = done.Token;
        try
        {
            while (true)
            {
                await Task.Delay(visibility / 3, time, stop);
                receipt = (await queue.UpdateMessageAsync(id, receipt, visibilityTimeout: visibility, cancellationToken: CancellationToken.None)).Value.PopReceipt;
            }
        }
        catch (OperationCanceledException)
        {
            return receipt;
        }
        catch (RequestFailedException)
        {
            // The message is no longer ours; deleting it with this receipt will say so.
            return receipt;
        }
    }
}
