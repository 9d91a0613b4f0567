using Dweb.Durable.Storage;
using Dweb.Durable.Wire;

namespace Dweb.Durable.Hub;

/// <summary>How a work item becomes history: a turn of the worker, its commit, and what is under way from then on.</summary>
internal sealed partial class InstanceActor
{
    private async Task StepAsync(InstanceHistory history, List<Arrival> batch)
    {
        var accepted = batch.FindAll(arrival => (arrival.InboxKey is null || !history.HasConsumed(arrival.InboxKey)) && history.Expects(arrival));
        if (accepted.Count > 0 || history.Seed is not null || history.IsJustRewound)
        {
            var now = engine.Time.GetUtcNow();
            var page = WorkItem.Open(accepted, now, history.IsJustRewound);
            var response = await engine.AskWorkerAsync(WorkItem.Request(history, page));
            var step = WorkItem.Close(history, page, response, now);
            await _delivery;
            var etag = await CommitAsync(history, step, batch);
            TakeIn(history, step with { Row = step.Row with { ETag = etag } });
        }
        else if (batch.Exists(arrival => arrival.InboxKey is not null))
        {
            await _delivery;
            var unchanged = history.Row with { OutboundPage = -1, OutboundGeneration = 0 };
            var transaction = new HubTransaction(history.Row.Partition).Merge(unchanged.ChangesSince(history.Row), history.Row.ETag);
            history.Row = unchanged with { ETag = await SubmitAsync(transaction, batch) };
        }
        lock (_gate)
        {
            _mailbox.Remove(batch);
        }
        // What is dropped for an instance that runs has been done already.
        AnswerRewinds(RewindResult.Rewound, batch);
    }

    private async Task<Azure.ETag> CommitAsync(InstanceHistory history, Step step, List<Arrival> batch)
    {
        var transaction = new HubTransaction(history.Row.Partition).Merge(step.Row.ChangesSince(history.Row), history.Row.ETag);
        // A page that a new generation follows is kept only for what it says to others.
        if (step.NextSeed is null || step.HasOutbound)
        {
            await HistoryPages.WriteAsync(engine.Store, transaction, history.Row.Generation, history.Row.NextPage, step.Page, engine.Aborted);
        }
        if (step.NextSeed is { } seed)
        {
            await HistoryPages.WriteAsync(engine.Store, transaction, step.Row.Generation, 0, seed, engine.Aborted);
        }
        return await SubmitAsync(transaction, batch);
    }

    private async Task<Azure.ETag> SubmitAsync(HubTransaction transaction, List<Arrival> batch)
    {
        foreach (var arrival in batch)
        {
            if (arrival.InboxKey is { } key)
            {
                transaction.Delete(key, Azure.ETag.All);
            }
        }
        await engine.Lease.EnsureFreshAsync(engine.Aborted);
        return (await engine.Store.SubmitAsync(transaction, engine.Aborted))[0];
    }

    private void TakeIn(InstanceHistory history, Step step)
    {
        var generation = history.Row.Generation;
        history.Apply(step.Page);
        var messages = step.HasOutbound ? Outbound.Of(history, generation, step.Page) : [];
        history.Row = step.Row;
        foreach (var e in step.Page.Events)
        {
            if ((e.TaskCompleted?.TaskScheduledId ?? e.TaskFailed?.TaskScheduledId) is { } done)
            {
                _dispatched.Remove((generation, done));
            }
            else if (e.TaskScheduled is { } call)
            {
                Dispatch(generation, e.EventId, call);
            }
            else if (e.TimerCreated is { } timer && step.NextSeed is null)
            {
                engine.Timers.Add(new(InstanceId, generation, e.EventId, timer.FireAt.ToDateTimeOffset()));
            }
        }
        if (step.NextSeed is { } seed)
        {
            _history = new InstanceHistory(step.Row, seed);
            _dispatched.Clear();
        }
        if (messages.Count > 0 || step.NextSeed is not null)
        {
            _delivery = engine.DeliverAllAsync(step.Row, messages, dropOldPages: step.NextSeed is not null);
        }
        if (step.Row.Status.IsTerminal())
        {
            _ended.TrySetResult();
        }
    }

    private void Dispatch(int generation, int taskId, TaskScheduledEvent call)
    {
        if (_dispatched.Add((generation, taskId)))
        {
            engine.Activities.Dispatch(this, generation, taskId, call);
        }
    }
}
