using CsCheck;
using Dweb.Durable.Hub;
using Dweb.Durable.Tests.Fixtures;
using Dweb.Durable.Wire;

namespace Dweb.Durable.Tests.Executor;

public sealed class RandomProgramTests
{
    private static readonly OrchestrationDefinition<RandomProgram, string> Definition = new("Program", TestJson.Default.Program, TestJson.Default.String);
    private static readonly OrchestrationRegistry Registry = new OrchestrationRegistry().AddOrchestration(Definition, RandomProgram.RunAsync);

    [Fact]
    public void Any_program_in_any_interleaving_comes_to_what_it_says_and_replays_in_silence() =>
        Gen.Select(RandomProgram.Programs, Gen.Int[0, 1_000_000]).Sample((program, seed) =>
            RunToEnd(program, new Random(seed)) == $"\"{program.Interpret()}\"", iter: 400, print: sample =>
            $"{Json.Write(sample.Item1, TestJson.Default.Program)} came to {RunToEnd(sample.Item1, new Random(sample.Item2))}, not {sample.Item1.Interpret()} (chance {sample.Item2})");

    private static string RunToEnd(RandomProgram program, Random chance)
    {
        var events = program.Rest.Count(op => op.Verb == Verb.Event);
        List<HistoryEvent> carried = [];
        var input = Json.Write(program, TestJson.Default.Program);
        for (var generation = 0; ; generation++)
        {
            var driver = new Driver(Registry, "Program", input) { ExecutionId = $"{generation:x32}" };
            var end = RunGeneration(driver, chance, carried, ref events);
            if (end.OrchestrationStatus != WireStatus.ContinuedAsNew)
            {
                return end.OrchestrationStatus == WireStatus.Completed ? end.Result : $"{end}";
            }
            (carried, input) = ([.. end.CarryoverEvents], end.Result);
        }
    }

    private static CompleteOrchestrationAction RunGeneration(Driver driver, Random chance, List<HistoryEvent> carried, ref int events)
    {
        List<HistoryEvent> coming = [];
        var response = driver.Start([.. carried]);
        while (response.Actions.All(action => action.CompleteOrchestration is null))
        {
            AssertSilent(driver);
            coming.AddRange(response.Actions.Select(action => Outcome(driver, action, chance)));
            if (events > 0 && (coming.Count == 0 || chance.Next(3) == 0))
            {
                events--;
                coming.Add(driver.Raised("Number", "7"));
            }
            Assert.NotEmpty(coming);
            var batch = Take(coming, chance);
            if (chance.Next(5) == 0)
            {
                // Some arrive twice.
                batch.AddRange(batch.Where(e => e.EventRaised is null).Select(e => e.Clone()).ToArray());
            }
            foreach (var fired in batch.Where(e => e.TimerFired is not null))
            {
                driver.Now = driver.Now > fired.Timestamp.ToDateTimeOffset() ? driver.Now : fired.Timestamp.ToDateTimeOffset();
            }
            response = driver.Turn([.. batch]);
        }
        // What was not delivered before the end is still to come.
        events += coming.Count(e => e.EventRaised is not null);
        return Driver.End(response);
    }

    private static void AssertSilent(Driver driver) => Assert.Empty(driver.Ask([]).Actions);

    private static List<HistoryEvent> Take(List<HistoryEvent> coming, Random chance)
    {
        var shuffled = coming.OrderBy(_ => chance.Next()).ToList();
        var batch = shuffled.Take(chance.Next(1, shuffled.Count + 1)).ToList();
        batch.ForEach(e => coming.Remove(e));
        return batch;
    }

    private static HistoryEvent Outcome(Driver driver, OrchestratorAction action, Random chance) => action.KindCase switch
    {
        OrchestratorAction.KindOneofCase.CreateTimer => HistoryEvents.TimerFired(action.CreateTimer.FireAt.ToDateTimeOffset(), new("inst", 0, action.Id, driver.Now)),
        OrchestratorAction.KindOneofCase.CreateSubOrchestration => HistoryEvents.ChildEnded(driver.Now, action.Id, new ExecutionCompletedEvent
        {
            Status = WireStatus.Completed,
            Result = $"{2 * int.Parse(action.CreateSubOrchestration.Input, System.Globalization.CultureInfo.InvariantCulture)}",
        }),
        _ when action.ScheduleTask.Name == Defs.Double.Name =>
            driver.Done(action.Id, $"{2 * int.Parse(action.ScheduleTask.Input, System.Globalization.CultureInfo.InvariantCulture)}"),
        _ => FlakyOutcome(driver, action, chance),
    };

    /// <summary>Fails by chance, but never three times in a row: the policy allows three attempts.</summary>
    private static HistoryEvent FlakyOutcome(Driver driver, OrchestratorAction action, Random chance)
    {
        var flaky = driver.Past.Where(e => e.TaskScheduled?.Name == Defs.Flaky.Name).Select(e => e.EventId).ToHashSet();
        var failedInARow = driver.Past.Where(e => flaky.Contains(e.TaskCompleted?.TaskScheduledId ?? e.TaskFailed?.TaskScheduledId ?? -1))
            .DistinctBy(e => e.TaskCompleted?.TaskScheduledId ?? e.TaskFailed.TaskScheduledId)
            .Reverse().TakeWhile(e => e.TaskFailed is not null).Count();
        return failedInARow < 2 && chance.Next(2) == 0 ? driver.Failed(action.Id, new FailureDetails("E", "no")) : driver.Done(action.Id, "3");
    }
}
