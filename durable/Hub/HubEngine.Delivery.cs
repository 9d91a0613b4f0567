using Azure;
using Azure.Data.Tables;
using Dweb.Durable.Storage;
using Dweb.Durable.Wire;

namespace Dweb.Durable.Hub;

internal enum DeliveryResult
{
    Delivered,
    NotFound,
    Ended,
}

/// <summary>What follows a commit: messages to other instances, and the pages of generations that are over.</summary>
internal sealed partial class HubEngine
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Completes when all is delivered; tries again until then. Ends early, without an error, only when the hub stops.</summary>
    public Task DeliverAllAsync(InstanceRow sender, IReadOnlyList<Message> messages, bool dropOldPages)
    {
        if (messages.Count == 0 && !dropOldPages)
        {
            return Task.CompletedTask;
        }
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        InFlight.Run(async () =>
        {
            try
            {
                foreach (var message in messages)
                {
                    await UntilDoneAsync(sender, () => DeliverAsync(sender, message));
                }
                if (dropOldPages)
                {
                    await UntilDoneAsync(sender, () => DropOldPagesAsync(sender));
                }
                done.SetResult();
            }
            catch (Exception brokenOff) when (Stopping.IsCancellationRequested || brokenOff is HubLeaseException)
            {
                LogDeliveryBrokenOff(Logger, brokenOff, sender.InstanceId);
                done.SetCanceled(Stopping);
            }
        });
        return done.Task;
    }

    /// <summary>Puts an event into an instance's inbox and tells the instance.</summary>
    public async Task<DeliveryResult> DeliverAsync(string target, InboxRow inbox, CancellationToken ct)
    {
        while (true)
        {
            if (Find(target) is not { } actor)
            {
                if (await FindRowAsync(target, ct) is not { } row)
                {
                    return DeliveryResult.NotFound;
                }
                if (row.Status.IsTerminal())
                {
                    return DeliveryResult.Ended;
                }
                actor = _actors.GetOrAdd(target, NewActor);
            }
            if (actor.Ended.IsCompleted)
            {
                return DeliveryResult.Ended;
            }
            var entity = await InboxRow.ToEntityAsync(Store, RowKeys.Escape(target), inbox, ct);
            await Lease.EnsureFreshAsync(ct);
            // Already there means: not yet taken in. The instance is told all the same, for whoever inserted it may have died before.
            await Store.InsertAsync(HubTable.Instances, entity, ct);
            if (actor.Post(Arrival.FromInbox(inbox)))
            {
                return DeliveryResult.Delivered;
            }
            // It has left memory meanwhile; the storage says whether the instance has ended or goes on in another actor.
            Forget(actor);
        }
    }

    private async Task UntilDoneAsync(InstanceRow sender, Func<Task> step)
    {
        for (var failures = 0; ; failures++)
        {
            Stopping.ThrowIfCancellationRequested();
            try
            {
                await step();
                return;
            }
            catch (Exception fault) when (fault is not HubLeaseException && !Stopping.IsCancellationRequested)
            {
                if (!StorageFault.IsOutage(fault))
                {
                    LogNotDelivered(Logger, fault, sender.InstanceId);
                }
                var pause = TimeSpan.FromMilliseconds(50 * Math.Pow(2, Math.Min(failures, 10)));
                await Task.Delay(pause < LongestPause ? pause : LongestPause, Time, Stopping);
            }
        }
    }

    private async Task DeliverAsync(InstanceRow sender, Message message)
    {
        switch (message)
        {
            case TellInstance tell:
                var result = await DeliverAsync(tell.Target, tell.Inbox, Aborted);
                if (result != DeliveryResult.Delivered)
                {
                    LogDropped(Logger, sender.InstanceId, tell.Target, result);
                }
                break;
            case RewindChild rewind:
                await RewindChildAsync(sender, rewind);
                break;
            case StartChild child:
                await StartChildAsync(sender, child);
                break;
            default:
                throw new InvalidOperationException($"No way to deliver a {message.GetType().Name}.");
        }
    }

    private async Task StartChildAsync(InstanceRow sender, StartChild child)
    {
        if (await StartInstanceAsync(child.ToInstance(), Aborted))
        {
            return;
        }
        var failure = Failures.ToWire(new FailureDetails(
            typeof(OrchestrationConflictException).FullName!, $"The instance id '{child.ChildId}' is taken by another orchestration.", IsNonRetriable: true));
        var refused = HistoryEvents.ChildFailed(Time.GetUtcNow(), child.Parent.TaskScheduledId, failure);
        var key = RowKeys.FromInstance(sender.InstanceId, child.ParentGeneration, $"r{child.Parent.TaskScheduledId:x8}");
        await DeliverAsync(sender.InstanceId, new InboxRow(key, child.ChildId, NextOrder(), refused), Aborted);
    }

    private async Task DropOldPagesAsync(InstanceRow row)
    {
        var current = RowKeys.GenerationPrefix(row.Generation);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {row.Partition} and RowKey ge {RowKeys.HistoryPrefix} and RowKey lt {current}");
        HashSet<int> generations = [];
        await foreach (var page in Store.QueryAsync(HubTable.Instances, filter, Aborted))
        {
            // In the order of their keys: a page whose first row is gone counts as dropped.
            generations.Add(RowKeys.ParsePage(page.RowKey).Generation);
            await Store.DeleteAsync(HubTable.Instances, row.Partition, page.RowKey, ETag.All, Aborted);
        }
        foreach (var generation in generations)
        {
            await Store.DeleteBlobsAsync($"{HistoryPages.BlobPrefix(row.Partition)}{generation:x8}/", Aborted);
        }
    }
}
