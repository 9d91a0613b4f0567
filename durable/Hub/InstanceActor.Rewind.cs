using System.Diagnostics.CodeAnalysis;
using Azure.Data.Tables;
using Dweb.Durable.Storage;

namespace Dweb.Durable.Hub;

/// <summary>
/// How a failed instance is taken back. The worker says what is left of the history; the commit is that of a new generation, with which
/// another actor begins: whoever waited for this one's end has seen it.
/// </summary>
internal sealed partial class InstanceActor
{
    private readonly Dictionary<string, TaskCompletionSource<RewindResult>> _rewinds = new(StringComparer.Ordinal);

    private bool _isRewinding;

    /// <summary>False when this has left memory; otherwise <paramref name="answer"/> completes when the rewind is committed or refused.</summary>
    public bool TryPostRewind(Arrival rewind, [NotNullWhen(true)] out Task<RewindResult>? answer)
    {
        lock (_gate)
        {
            answer = null;
            if (Post(rewind))
            {
                if (!_rewinds.TryGetValue(rewind.Key, out var source))
                {
                    source = new(TaskCreationOptions.RunContinuationsAsynchronously);
                    _rewinds.Add(rewind.Key, source);
                }
                answer = source.Task;
            }
            return answer is not null;
        }
    }

    private Arrival? PendingRewind()
    {
        lock (_gate)
        {
            return _mailbox.Rewind;
        }
    }

    /// <summary>True when the instance goes on in another actor.</summary>
    private async Task<bool> RewindAsync(InstanceHistory history, Arrival rewind)
    {
        await _delivery;
        var now = engine.Time.GetUtcNow();
        var page = WorkItem.Open([rewind], now);
        var response = history.Row.Status == OrchestrationStatus.Failed && !history.HasConsumed(rewind.InboxKey!)
            ? await engine.AskWorkerAsync(WorkItem.Request(history, page), mayRewind: true)
            : new();
        if (response.Actions is not [{ RewindOrchestration.NewHistory: { Count: > 2 } kept }] || kept[^1].ExecutionRewound is null)
        {
            LogNotRewound(engine.Logger, InstanceId);
            await engine.Store.DeleteAsync(HubTable.Instances, history.Row.Partition, rewind.InboxKey!, Azure.ETag.All, engine.Aborted);
            lock (_gate)
            {
                _mailbox.Remove([rewind]);
            }
            AnswerRewinds(RewindResult.Refused, [rewind]);
            return false;
        }
        // An end that was being finished may have taken the entry away again.
        var live = new TableEntity(RowKeys.LivePartition, history.Row.Partition) { ["Id"] = InstanceId };
        await engine.Store.UpsertAsync(HubTable.Live, live, engine.Aborted);
        var next = WorkItem.Rewind(history, rewind, kept, now);
        var transaction = new HubTransaction(history.Row.Partition).Merge(next.Row.ChangesSince(history.Row), history.Row.ETag);
        await HistoryPages.WriteAsync(engine.Store, transaction, next.Row.Generation, 0, next.Seed, engine.Aborted);
        await HistoryPages.WriteAsync(engine.Store, transaction, next.Row.Generation, 1, next.Page, engine.Aborted);
        Arrival[] ends;
        lock (_gate)
        {
            // They are from before the rewind, and each child that is open after it is asked once more.
            ends = _mailbox.ChildEnds();
        }
        _isRewinding = true;
        await SubmitAsync(transaction, [rewind, .. ends]);
        GoOnInAnother();
        return true;
    }

    private void GoOnInAnother()
    {
        Close(RewindResult.Rewound);
        engine.Resume(InstanceId);
    }

    private void AnswerRewinds(RewindResult result, IEnumerable<Arrival>? only = null)
    {
        lock (_gate)
        {
            foreach (var key in only?.Select(arrival => arrival.Key).ToArray() ?? [.. _rewinds.Keys])
            {
                if (_rewinds.Remove(key, out var answer))
                {
                    answer.SetResult(result);
                }
            }
        }
    }
}
