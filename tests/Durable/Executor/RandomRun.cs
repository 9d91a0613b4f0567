using System.Globalization;
using Dweb.Durable.Hub;
using Dweb.Durable.Tests.Fixtures;
using Dweb.Durable.Wire;
using Microsoft.Extensions.Logging;

namespace Dweb.Durable.Tests.Executor;

/// <summary>
/// One run of a program in an interleaving made by chance: what is asked for comes back in any order and in any company, some of it twice, at once or
/// later, and the instance is suspended and resumed on the way. At each turn and for each beginning of its history it is replayed.
/// </summary>
internal sealed class RandomRun(RandomProgram program, Random chance) : ILogger
{
    private readonly List<HistoryEvent> _coming = [];
    private readonly List<HistoryEvent> _delivered = [];
    private int _eventsToRaise = program.Rest.Count(op => op.Verb == Verb.Event);
    private int _raised;
    private bool _isSuspended;

    /// <summary>Lines that the orchestrator logged.</summary>
    public int Lines { get; private set; }

    /// <summary>Calls of the activity that the worker asked for.</summary>
    public int Calls { get; private set; }

    public string ToEnd()
    {
        var registry = new OrchestrationRegistry().AddOrchestration(
            new OrchestrationDefinition<RandomProgram, string>("Program", TestJson.Default.Program, TestJson.Default.String), (context, input) => RandomProgram.RunAsync(context, input, this));
        List<HistoryEvent> carried = [];
        var input = Json.Write(program, TestJson.Default.Program);
        for (var generation = 0; ; generation++)
        {
            var driver = new Driver(registry, "Program", input) { ExecutionId = $"{generation:x32}" };
            var end = GenerationToEnd(driver, carried);
            Calls += driver.Past.Count(e => e.TaskScheduled?.Name == Defs.Double.Name);
            AssertBeginningsSilent(driver, end);
            if (end.OrchestrationStatus != WireStatus.ContinuedAsNew)
            {
                return end.OrchestrationStatus == WireStatus.Completed ? end.Result : $"{end}";
            }
            (carried, input) = ([.. end.CarryoverEvents], end.Result);
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines++;

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    private CompleteOrchestrationAction GenerationToEnd(Driver driver, List<HistoryEvent> carried)
    {
        _coming.Clear();
        _delivered.Clear();
        _isSuspended = false;
        var response = driver.Start([.. carried]);
        while (response.Actions.All(action => action.CompleteOrchestration is null))
        {
            _coming.AddRange(response.Actions.Select(action => Outcome(driver, action)));
            var batch = NextBatch(driver);
            foreach (var fired in batch.Where(e => e.TimerFired is not null))
            {
                driver.Now = driver.Now > fired.Timestamp.ToDateTimeOffset() ? driver.Now : fired.Timestamp.ToDateTimeOffset();
            }
            var begun = BeginningOfTurn(driver, batch);
            response = driver.Turn([.. batch]);
            Assert.Equal(begun, response.Actions.Take(begun.Length));
        }
        return Driver.End(response);
    }

    private List<HistoryEvent> NextBatch(Driver driver)
    {
        if (_eventsToRaise > 0 && (_coming.Count == 0 || chance.Next(3) == 0))
        {
            // Its number is that of its delivery.
            _eventsToRaise--;
            _raised++;
            return Accompanied(driver, [driver.Raised("Number", $"{_raised}"), .. Take(chance.Next(0, _coming.Count + 1))]);
        }
        Assert.True(_coming.Count > 0 || _isSuspended, "The orchestrator waits for something that nobody was asked for.");
        return Accompanied(driver, Take(chance.Next(_isSuspended ? 0 : 1, _coming.Count + 1)));
    }

    private List<HistoryEvent> Take(int count)
    {
        var batch = _coming.OrderBy(_ => chance.Next()).Take(count).ToList();
        batch.ForEach(e => _coming.Remove(e));
        return batch;
    }

    /// <summary>Mixes in what has come before, what comes twice, and a suspension or the end of one.</summary>
    private List<HistoryEvent> Accompanied(Driver driver, List<HistoryEvent> batch)
    {
        var completions = batch.Where(e => e.EventRaised is null).ToArray();
        if (chance.Next(5) == 0)
        {
            foreach (var twice in completions)
            {
                Insert(batch, twice.Clone());
            }
        }
        if (_delivered.Count > 0 && chance.Next(5) == 0)
        {
            Insert(batch, _delivered[chance.Next(_delivered.Count)].Clone());
        }
        _delivered.AddRange(completions);
        if (_isSuspended && (_coming.Count == 0 || chance.Next(2) == 0))
        {
            Insert(batch, HistoryEvents.Resumed(driver.Now, null));
            _isSuspended = false;
        }
        else if (chance.Next(8) == 0)
        {
            // Also one that is suspended already.
            Insert(batch, HistoryEvents.Suspended(driver.Now, null));
            _isSuspended = true;
        }
        return batch;
    }

    private void Insert(List<HistoryEvent> batch, HistoryEvent e) => batch.Insert(chance.Next(batch.Count + 1), e);

    /// <summary>What a turn asks for that is told of some of its events only, which must be the beginning of what it asks for when told of all.</summary>
    private OrchestratorAction[] BeginningOfTurn(Driver driver, List<HistoryEvent> batch)
    {
        var lines = Lines;
        var begun = driver.Ask([HistoryEvents.TurnStarted(driver.Now), .. batch.Take(chance.Next(batch.Count + 1))]);
        Lines = lines;
        return [.. begun.Actions.Where(action => action.CompleteOrchestration is null)];
    }

    private void AssertBeginningsSilent(Driver driver, CompleteOrchestrationAction end)
    {
        var lines = Lines;
        for (var past = 1; past < driver.Past.Count; past++)
        {
            if (driver.Past[past - 1].OrchestratorCompleted is not null)
            {
                Assert.Empty(driver.Ask([], past).Actions);
            }
        }
        Assert.Equal(end, Assert.Single(driver.Ask([]).Actions).CompleteOrchestration);
        Assert.Equal(lines, Lines);
    }

    private HistoryEvent Outcome(Driver driver, OrchestratorAction action) => action.KindCase switch
    {
        OrchestratorAction.KindOneofCase.CreateTimer => HistoryEvents.TimerFired(action.CreateTimer.FireAt.ToDateTimeOffset(), new("inst", 0, action.Id, action.CreateTimer.FireAt.ToDateTimeOffset())),
        OrchestratorAction.KindOneofCase.CreateSubOrchestration => HistoryEvents.ChildEnded(driver.Now, action.Id, new ExecutionCompletedEvent
        {
            Status = WireStatus.Completed,
            Result = Doubled(action.CreateSubOrchestration.Input),
        }),
        _ when action.ScheduleTask.Name == Defs.Double.Name => driver.Done(action.Id, Doubled(action.ScheduleTask.Input)),
        _ => FlakyOutcome(driver, action),
    };

    /// <summary>Fails by chance, but never three times in a row: the policy allows three attempts.</summary>
    private HistoryEvent FlakyOutcome(Driver driver, OrchestratorAction action)
    {
        var flaky = driver.Past.Where(e => e.TaskScheduled?.Name == Defs.Flaky.Name).Select(e => e.EventId).ToHashSet();
        var failedInARow = driver.Past.Where(e => flaky.Contains(e.TaskCompleted?.TaskScheduledId ?? e.TaskFailed?.TaskScheduledId ?? -1))
            .DistinctBy(e => e.TaskCompleted?.TaskScheduledId ?? e.TaskFailed.TaskScheduledId)
            .Reverse().TakeWhile(e => e.TaskFailed is not null).Count();
        return failedInARow < 2 && chance.Next(2) == 0 ? driver.Failed(action.Id, new FailureDetails("E", "no")) : driver.Done(action.Id, "3");
    }

    private static string Doubled(string input) => $"{2 * int.Parse(input, CultureInfo.InvariantCulture)}";
}
