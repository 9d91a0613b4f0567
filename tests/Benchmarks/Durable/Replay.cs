using System.Diagnostics;
using System.Globalization;
using Dweb.Durable;
using Dweb.Durable.Hub;
using Dweb.Durable.Wire;
using Google.Protobuf;

namespace Dweb.Benchmarks.Durable;

/// <summary>How long the worker takes for a work item of an instance with a long past: the bytes of the request in, those of the answer out.</summary>
internal static class Replay
{
    private const int Rounds = 15;

    /// <param name="events">In the history, to the nearest that whole calls make.</param>
    /// <returns>The median of 15.</returns>
    public static TimeSpan Measure(int events)
    {
        var worker = new OrchestratorWorker(Workload.Registry());
        var request = Request(events);
        List<TimeSpan> took = [];
        for (var round = -2; round < Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            var answer = OrchestratorResponse.Parser.ParseFrom(worker.Execute(request));
            var elapsed = clock.Elapsed;
            if (answer.Actions is not [{ ScheduleTask: not null }])
            {
                throw new InvalidOperationException($"The replay came to something else: {answer}");
            }

            if (round >= 0)
            {
                took.Add(elapsed);
            }
        }

        took.Sort();
        return took[Rounds / 2];
    }

    private static byte[] Request(int events)
    {
        var now = DateTimeOffset.UnixEpoch;
        var request = new OrchestratorRequest { InstanceId = "long" };
        var input = int.MaxValue.ToString(CultureInfo.InvariantCulture);
        request.PastEvents.AddRange([HistoryEvents.TurnStarted(now), HistoryEvents.Started(now, "long", Workload.Long.Name, input, "0123456789abcdef0123456789abcdef", null, null)]);
        var id = 0;
        // Each call is a turn's start, its completion, and the call after it.
        request.PastEvents.Add(Scheduled(now, id));
        while (request.PastEvents.Count + 3 <= events)
        {
            now = now.AddSeconds(1);
            request.PastEvents.AddRange([HistoryEvents.TurnStarted(now), HistoryEvents.Activity(now, id++, new("1", null)), Scheduled(now, id)]);
        }

        request.NewEvents.AddRange([HistoryEvents.TurnStarted(now), HistoryEvents.Activity(now, id, new("1", null))]);
        return request.ToByteArray();
    }

    private static HistoryEvent Scheduled(DateTimeOffset now, int id) =>
        HistoryEvents.FromAction(now, new OrchestratorAction { Id = id, ScheduleTask = new ScheduleTaskAction { Name = "Increment", Input = "1" } });
}
