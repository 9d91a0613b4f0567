using Dweb.Durable.Wire;

namespace Dweb.Durable.Hub;

/// <summary>Runs activities whose call is committed, a limited number at a time, and gives their instances what they came to.</summary>
#pragma warning disable CA1001 // Activities that ignore their cancellation may still give their slot back after the hub is gone; it holds no handle.
internal sealed class ActivityPump(ActivityDispatcher dispatcher, int atATime, InFlight inFlight, TimeProvider time, CancellationToken stopping)
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _slots = new(atATime, atATime);

    public void Dispatch(InstanceActor instance, int generation, int taskId, TaskScheduledEvent call) =>
        inFlight.Run(() => RunAsync(instance, generation, taskId, call));

    private async Task RunAsync(InstanceActor instance, int generation, int taskId, TaskScheduledEvent call)
    {
        try
        {
            await _slots.WaitAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            // It runs again when the hub starts again.
            return;
        }
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
            _slots.Release();
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
