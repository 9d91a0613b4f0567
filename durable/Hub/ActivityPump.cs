using Dweb.Durable.Wire;

namespace Dweb.Durable.Hub;

/// <summary>
/// Runs activities whose call is committed, a limited number at a time, and gives their instances what they came to. Instances take
/// turns and none has all of the places: a fan-out of thousands keeps nobody out, however long its activities take.
/// </summary>
internal sealed class ActivityPump(ActivityDispatcher dispatcher, int atATime, InFlight inFlight, TimeProvider time, CancellationToken stopping)
{
    private readonly FairQueue<InstanceActor, (int Generation, int TaskId, TaskScheduledEvent Call)> _waiting = new(atATime);

    public void Dispatch(InstanceActor instance, int generation, int taskId, TaskScheduledEvent call)
    {
        _waiting.Add(instance, (generation, taskId, call));
        Begin();
    }

    private void Begin()
    {
        // What still waits when the hub stops runs when it starts again.
        while (!stopping.IsCancellationRequested && _waiting.TryTake(out var instance, out var next))
        {
            inFlight.Run(() => RunAsync(instance, next.Generation, next.TaskId, next.Call));
        }
    }

    private async Task RunAsync(InstanceActor instance, int generation, int taskId, TaskScheduledEvent call)
    {
        try
        {
            var outcome = await OutcomeAsync(instance.InstanceId, taskId, call);
            instance.Post(Arrival.Local(generation, HistoryEvents.Activity(time.GetUtcNow(), taskId, outcome)));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }
        finally
        {
            _waiting.Done(instance);
            Begin();
        }
    }

    private async Task<ActivityOutcome> OutcomeAsync(string instanceId, int taskId, TaskScheduledEvent call)
    {
        try
        {
            return await dispatcher(call.Name, instanceId, taskId, call.Input, stopping);
        }
        catch (Exception fault) when (!stopping.IsCancellationRequested)
        {
            return new(null, FailureDetails.From(fault));
        }
    }
}
