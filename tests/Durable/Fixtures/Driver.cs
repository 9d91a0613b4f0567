using Dweb.Durable.Hub;
using Dweb.Durable.Wire;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Dweb.Durable.Tests.Fixtures;

/// <summary>Plays the host of one instance: keeps its history and asks the worker, as bytes, for one turn after the other.</summary>
internal sealed class Driver(OrchestrationRegistry registry, string name, string? input, string instanceId = "inst")
{
    private readonly OrchestratorWorker _worker = new(registry);

    public List<HistoryEvent> Past { get; } = [];

    public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public string ExecutionId { get; init; } = "0123456789abcdef0123456789abcdef";

    public string? Version { get; init; }

    public OrchestratorWorker Worker => _worker;

    /// <summary>Has another version of the code take over.</summary>
    public Driver Redeployed(OrchestrationRegistry code)
    {
        var next = new Driver(code, name, input, instanceId) { Now = Now, ExecutionId = ExecutionId, Version = Version };
        next.Past.AddRange(Past);
        return next;
    }

    public OrchestratorResponse Start(params HistoryEvent[] more) =>
        Turn([HistoryEvents.Started(Now, instanceId, name, input, ExecutionId, null, Version), .. more]);

    public OrchestratorResponse Turn(params HistoryEvent[] news)
    {
        List<HistoryEvent> fresh = [HistoryEvents.TurnStarted(Now), .. news];
        var response = Ask(fresh);
        Past.AddRange(fresh);
        Past.AddRange(response.Actions.Select(action => HistoryEvents.FromAction(Now, action)));
        Past.Add(HistoryEvents.TurnCompleted(Now));
        return response;
    }

    /// <summary>Asks for a turn without keeping anything of it.</summary>
    /// <param name="past">Events of the past to tell of, from the beginning; all where nothing is said.</param>
    public OrchestratorResponse Ask(IEnumerable<HistoryEvent> fresh, int? past = null)
    {
        var request = new OrchestratorRequest { InstanceId = instanceId };
        request.PastEvents.AddRange(Past.Take(past ?? Past.Count));
        request.NewEvents.AddRange(fresh);
        return OrchestratorResponse.Parser.ParseFrom(_worker.Execute(request.ToByteArray()));
    }

    public HistoryEvent Done(int taskId, string? json) => HistoryEvents.Activity(Now, taskId, new(json, null));

    public HistoryEvent Failed(int taskId, FailureDetails failure) => HistoryEvents.Activity(Now, taskId, new(null, failure));

    public HistoryEvent Fired(int timerId) => HistoryEvents.TimerFired(Now, new(instanceId, 0, timerId, Now));

    public HistoryEvent Raised(string name, string? json) => HistoryEvents.Raised(Now, name, json);

    public static CompleteOrchestrationAction End(OrchestratorResponse response) =>
        response.Actions.Select(action => action.CompleteOrchestration).Single(end => end is not null);

    public static Timestamp At(DateTimeOffset time) => time.ToTimestamp();
}
