using System.Text;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Dweb.Functions.Hosting;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Triggers;

/// <summary>
/// Feeds one queue function when there is no Functions host: the same host.json, the same deliveries, the same poison queue. A message stays
/// invisible by renewal while it is handled, so that a process that dies gives it back soon.
/// </summary>
internal sealed partial class QueuePump(
    StorageAccount storage, FunctionFile file, IQueueFunction function, QueueSettings settings, QueueWake wake, Outages outages, TimeProvider time, ILogger<QueuePump> logger)
{
    private static readonly TimeSpan Visibility = TimeSpan.FromSeconds(30);
    private readonly QueueClient queue = storage.RawQueue(file.QueueName!);
    private readonly QueueClient poison = storage.RawQueue(PoisonNameOf(file.QueueName!));

    public static string PoisonNameOf(string queue) => queue + "-poison";

    public async Task RunAsync(CancellationToken stopping)
    {
        await queue.CreateIfNotExistsAsync(cancellationToken: stopping);
        var running = new List<Task>();
        while (!stopping.IsCancellationRequested)
        {
            running.RemoveAll(static task => task.IsCompleted);
            var messages = await ReceiveAsync(settings.BatchSize - running.Count, stopping);
            running.AddRange(messages.Select(message => HandleAsync(message, stopping)));
            if (running.Count >= settings.BatchSize)
            {
                await Task.WhenAny(running);
            }
            else if (messages.Count == 0)
            {
                await WaitAsync(stopping);
            }
        }

        await Task.WhenAll(running);
    }

    private async Task WaitAsync(CancellationToken stopping)
    {
        try
        {
            await wake.WaitAsync(file.QueueName!, settings.MaxPollingInterval, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The loop ends.
        }
    }

    private async Task<IReadOnlyList<QueueMessage>> ReceiveAsync(int most, CancellationToken stopping)
    {
        try
        {
            var messages = (await queue.ReceiveMessagesAsync(Math.Clamp(most, 1, 32), Visibility, stopping)).Value;
            outages.Answered(OutsidePart.Storage);
            return messages;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return [];
        }
        catch (Exception failure) when (failure is RequestFailedException or AggregateException)
        {
            TellQueueFailed(failure);
            return [];
        }
    }

    private async Task HandleAsync(QueueMessage message, CancellationToken stopping)
    {
        using var scope = Invocation.Begin(logger, function.Name);
        using var renewal = new MessageRenewal(queue, message, Visibility, time);
        if (TextOf(message) is not { } text)
        {
            LogNotBase64(logger, file.QueueName!, poison.Name);
            await GiveBackAsync(message, await renewal.StopAsync(), isLast: true);
            return;
        }

        try
        {
            await function.RunAsync(text, stopping);
            await queue.DeleteMessageAsync(message.MessageId, await renewal.StopAsync(), CancellationToken.None);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Not finished: it becomes visible again for the next process.
        }
#pragma warning disable CA1031 // Whatever a function throws means one thing for its message: try again, or poison.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (!outages.Explain(failure))
            {
                LogFunctionFailed(logger, failure, function.Name, message.DequeueCount);
            }

            await GiveBackAsync(message, await renewal.StopAsync(), message.DequeueCount >= settings.MaxDequeueCount);
        }
    }

    /// <summary>Null where a host with this host.json would not read it either.</summary>
    private static string? TextOf(QueueMessage message)
    {
        byte[] bytes = new byte[message.MessageText.Length];
        return Convert.TryFromBase64String(message.MessageText, bytes, out int length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    private async Task GiveBackAsync(QueueMessage message, string receipt, bool isLast)
    {
        try
        {
            if (!isLast)
            {
                await queue.UpdateMessageAsync(message.MessageId, receipt, visibilityTimeout: settings.VisibilityTimeout);
                return;
            }

            await poison.CreateIfNotExistsAsync();
            await poison.SendMessageAsync(message.MessageText);
            await queue.DeleteMessageAsync(message.MessageId, receipt);
            wake.Signal(poison.Name);
        }
        catch (RequestFailedException failure)
        {
            // It becomes visible again by itself.
            TellQueueFailed(failure);
        }
    }

    private void TellQueueFailed(Exception failure)
    {
        if (!outages.Explain(failure))
        {
            LogQueueFailed(logger, file.QueueName!, failure.Message);
        }
    }
}
