using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Dweb.Durable.Storage;

namespace Dweb.Durable.Hub;

internal enum RewindResult
{
    Rewound,
    NotFound,
    NotFailed,
    Refused,
}

/// <summary>How failed instances, and their failed children, are taken back.</summary>
internal sealed partial class HubEngine
{
    /// <summary>Brings a failed instance back into memory with a rewind in its inbox; from then on a crash does not lose it.</summary>
    public async Task<RewindResult> RewindInstanceAsync(string instanceId, InboxRow rewind, CancellationToken ct)
    {
        if (await FindRowAsync(instanceId, ct) is not { } row)
        {
            return RewindResult.NotFound;
        }
        if (row.Status != OrchestrationStatus.Failed)
        {
            return RewindResult.NotFailed;
        }
        await Lease.EnsureFreshAsync(ct);
        await Store.UpsertAsync(HubTable.Live, new TableEntity(RowKeys.LivePartition, row.Partition) { ["Id"] = instanceId }, ct);
        await Store.InsertAsync(HubTable.Instances, await InboxRow.ToEntityAsync(Store, row.Partition, rewind, ct), ct);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, Stopping);
        while (true)
        {
            var actor = _actors.GetOrAdd(instanceId, NewActor);
            if (!actor.TryPostRewind(Arrival.FromInbox(rewind), out var answer))
            {
                Forget(actor);
                continue;
            }
            var result = await answer.WaitAsync(either.Token);
            if (result == RewindResult.NotFound)
            {
                // It was purged meanwhile, and whoever gets its id is not to find this.
                await Store.DeleteAsync(HubTable.Instances, row.Partition, rewind.Key, ETag.All, ct);
            }
            return result;
        }
    }

    /// <summary>A child that failed is rewound; one that was purged, or never came to be, is started; one that has ended otherwise says its end once more.</summary>
    private async Task RewindChildAsync(InstanceRow sender, RewindChild rewind)
    {
        var childId = rewind.Child.ChildId;
        var row = await FindRowAsync(childId, Aborted);
        if (row is not null && rewind.StartKeys.Contains(row.StartKey))
        {
            if (await RewindInstanceAsync(childId, rewind.Inbox, Aborted) == RewindResult.Rewound)
            {
                return;
            }
            row = await FindRowAsync(childId, Aborted);
            if (row is not null)
            {
                await TellEndAgainAsync(sender, rewind.Child, row);
                return;
            }
        }
        await StartChildAsync(sender, rewind.Child);
    }

    private async Task TellEndAgainAsync(InstanceRow parent, StartChild child, InstanceRow row)
    {
        if (!row.Status.IsTerminal())
        {
            return;
        }
        var end = (await InstanceLoader.PagesAsync(Store, row, Aborted)).SelectMany(page => page.Events).Last(e => e.ExecutionCompleted is not null);
        var told = HistoryEvents.ChildEnded(end.Timestamp.ToDateTimeOffset(), child.Parent.TaskScheduledId, end.ExecutionCompleted);
        // Under a key of its own: the parent may have taken this end in before it was rewound.
        var action = string.Create(CultureInfo.InvariantCulture, $"{end.EventId:x8}w{parent.Generation:x8}");
        var key = RowKeys.FromInstance(child.ChildId, row.Generation, action);
        await DeliverAsync(parent.InstanceId, new InboxRow(key, child.ChildId, NextOrder(), told), Aborted);
    }
}
