using Dweb.Durable.Wire;
using Google.Protobuf;

namespace Dweb.Durable.Extension;

/// <summary>
/// The worker as the Durable Functions extension drives it: the same bytes, with texts in envelopes where the extension would rewrite them, failures
/// of activities where it would lose them, and events that were delivered twice left out.
/// </summary>
public sealed class ExtensionWorker(OrchestratorWorker worker, ActivityWorker activities)
{
    /// <summary>Runs one work item, both ways as base64. Whatever goes wrong is in the response as Complete(FAILED).</summary>
    /// <exception cref="FormatException">No base64, or no work item.</exception>
    public async Task<string> RunTurnAsync(string base64, CancellationToken ct)
    {
        OrchestratorRequest request;
        try
        {
            request = OrchestratorRequest.Parser.ParseFrom(Convert.FromBase64String(base64));
        }
        catch (InvalidProtocolBufferException malformed)
        {
            throw new FormatException("The context is no work item of the Durable Task protocol.", malformed);
        }
        HashSet<string> seen = new(StringComparer.Ordinal);
        Unwrap(request.PastEvents, seen);
        Unwrap(request.NewEvents, seen);
        var response = OrchestratorResponse.Parser.ParseFrom(await worker.ExecuteAsync(request.ToByteArray(), ct));
        foreach (var action in response.Actions.Where(static action => action.ScheduleTask is not null))
        {
            action.ScheduleTask.Input = new Envelope(action.ScheduleTask.Input) { TaskId = action.Id }.Write();
        }
        return Convert.ToBase64String(response.ToByteArray());
    }

    /// <summary>Runs one activity.</summary>
    /// <param name="input">As the trigger carries it.</param>
    /// <returns>JSON for the trigger's return value.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; nothing is known about the activity's effect.</exception>
    public async Task<string> RunActivityAsync(string name, string instanceId, string? input, CancellationToken ct)
    {
        var envelope = Envelope.Read(input);
        var outcome = await activities.ExecuteAsync(name, instanceId, envelope?.TaskId ?? 0, envelope is null ? input : envelope.Json, ct);
        return new Envelope(outcome.ResultJson) { Failure = outcome.Failure }.Write();
    }

    private static void Unwrap(Google.Protobuf.Collections.RepeatedField<HistoryEvent> events, HashSet<string> seen)
    {
        for (var i = 0; i < events.Count; i++)
        {
            var e = events[i];
            if (e.TaskCompleted is { } completed && Envelope.Read(completed.Result) is { } result)
            {
                events[i] = result.Failure is { } failure
                    ? new HistoryEvent { EventId = e.EventId, Timestamp = e.Timestamp, TaskFailed = new() { TaskScheduledId = completed.TaskScheduledId, FailureDetails = Failures.ToWire(failure) } }
                    : new HistoryEvent { EventId = e.EventId, Timestamp = e.Timestamp, TaskCompleted = new() { TaskScheduledId = completed.TaskScheduledId, Result = result.Json } };
            }
            else if (e.EventRaised is { } raised && Envelope.Read(raised.Input) is { EventId: { } id } payload)
            {
                if (seen.Add(id))
                {
                    raised.Input = payload.Json;
                }
                else
                {
                    events.RemoveAt(i--);
                }
            }
        }
    }
}
