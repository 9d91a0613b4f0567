using Dweb.Durable.Hub;
using Dweb.Durable.Tests.Fixtures;
using Dweb.Durable.Wire;
using Microsoft.Extensions.Logging;

namespace Dweb.Durable.Tests.Executor;

public sealed class LifecycleTests
{
    [Fact]
    public void Continue_as_new_carries_untaken_events_in_order_of_arrival()
    {
        var driver = Driving(async (context, n) =>
        {
            await context.CallAsync(Defs.Double, n);
            context.ContinueAsNew(n + 1);
            return 0;
        });
        driver.Start();
        driver.Turn(driver.Raised("B", "1"), driver.Raised("A", "2"));

        var end = Driver.End(driver.Turn(driver.Done(0, "0"), driver.Raised("C", "3")));
        Assert.Equal((WireStatus.ContinuedAsNew, "2"), (end.OrchestrationStatus, end.Result));
        Assert.Equal(["B", "A", "C"], end.CarryoverEvents.Select(e => e.EventRaised.Name));
    }

    [Fact]
    public void Continue_as_new_drops_events_when_told_so()
    {
        var driver = Driving(async (context, n) =>
        {
            await context.CallAsync(Defs.Double, n);
            context.ContinueAsNew(n + 1, keepEvents: false);
            return 0;
        });
        driver.Start(driver.Raised("A", "1"));

        Assert.Empty(Driver.End(driver.Turn(driver.Done(0, "0"))).CarryoverEvents);
    }

    [Fact]
    public void Continue_as_new_with_another_type_of_input_fails()
    {
        var end = Driver.End(Driving((context, _) =>
        {
            context.ContinueAsNew("text");
            return Task.FromResult(0);
        }).Start());

        Assert.Equal(typeof(ArgumentException).FullName, end.FailureDetails.ErrorType);
    }

    [Fact]
    public void Termination_ends_the_instance_whatever_it_waits_for()
    {
        var driver = Driving(async (context, _) => await context.WaitForEventAsync(Defs.Number));
        driver.Start();

        var end = Driver.End(driver.Turn(HistoryEvents.Terminated(driver.Now, "enough")));
        Assert.Equal((WireStatus.Terminated, "enough"), (end.OrchestrationStatus, end.Result));
    }

    [Fact]
    public void A_suspended_instance_buffers_all_but_resume_and_terminate()
    {
        var driver = Driving(async (context, n) => await context.CallAsync(Defs.Double, n) + await context.WaitForEventAsync(Defs.Number));
        driver.Start(HistoryEvents.Suspended(driver.Now, null));
        Assert.Empty(driver.Turn(driver.Done(0, "2"), driver.Raised("Number", "3")).Actions);

        Assert.Equal(WireStatus.Terminated, Driver.End(driver.Ask([HistoryEvents.Terminated(driver.Now, null)])).OrchestrationStatus);
        Assert.Equal("5", Driver.End(driver.Turn(HistoryEvents.Resumed(driver.Now, null))).Result);
    }

    [Fact]
    public void A_childs_default_id_varies_per_call_and_per_generation()
    {
        static HashSet<string> Ids(string executionId) =>
            [.. new Driver(Registry((context, _) => Task.WhenAll(Child(context), Child(context)).ContinueWith(_ => 0, TaskContinuationOptions.ExecuteSynchronously)), "O", "1")
            {
                ExecutionId = executionId,
            }.Start().Actions.Select(action => action.CreateSubOrchestration.InstanceId)];

        var all = Ids("1111111111111111aaaa");
        all.UnionWith(Ids("2222222222222222aaaa"));
        Assert.Equal(4, all.Count);
    }

    [Fact]
    public void A_childs_result_and_failure_reach_the_parent()
    {
        var driver = Driving(async (context, _) =>
        {
            var result = await Child(context);
            try
            {
                return await Child(context);
            }
            catch (TaskFailedException failed)
            {
                return result + failed.Failure.Message.Length;
            }
        });
        driver.Start();
        driver.Turn(HistoryEvents.ChildEnded(driver.Now, 0, new ExecutionCompletedEvent { Status = WireStatus.Completed, Result = "40" }));
        var failed = new ExecutionCompletedEvent { Status = WireStatus.Failed, FailureDetails = Failures.ToWire(new FailureDetails("E", "no")) };

        Assert.Equal("42", Driver.End(driver.Turn(HistoryEvents.ChildEnded(driver.Now, 1, failed))).Result);
    }

    [Fact]
    public void Custom_status_is_in_each_answer_and_too_long_a_one_fails()
    {
        var driver = Driving(async (context, n) =>
        {
            context.SetCustomStatus("\"first\"");
            await context.CallAsync(Defs.Double, n);
            context.SetCustomStatus(new string('x', 20_000));
            return 0;
        });

        Assert.Equal("\"first\"", driver.Start().CustomStatus);
        Assert.Equal(typeof(ArgumentException).FullName, Driver.End(driver.Turn(driver.Done(0, "0"))).FailureDetails.ErrorType);
    }

    [Fact]
    public void A_custom_status_is_taken_away_with_null_and_one_never_set_is_left_alone()
    {
        var driver = Driving(async (context, n) =>
        {
            await context.CallAsync(Defs.Double, n);
            context.SetCustomStatus("\"there\"");
            await context.CallAsync(Defs.Double, n);
            context.SetCustomStatus(null);
            return await context.CallAsync(Defs.Double, n);
        });

        Assert.Null(driver.Start().CustomStatus);
        Assert.Equal("\"there\"", driver.Turn(driver.Done(0, "0")).CustomStatus);
        Assert.Equal("", driver.Turn(driver.Done(1, "0")).CustomStatus);
    }

    [Fact]
    public void Guids_are_the_same_on_replay_and_differ_per_call()
    {
        List<Guid> seen = [];
        var driver = Driving(async (context, n) =>
        {
            seen.AddRange([context.NewGuid(), context.NewGuid()]);
            return await context.CallAsync(Defs.Double, n);
        });
        driver.Start();
        driver.Turn(driver.Done(0, "0"));

        Assert.Equal(seen[..2], seen[2..]);
        Assert.NotEqual(seen[0], seen[1]);
    }

    [Fact]
    public void A_replay_safe_logger_speaks_once()
    {
        var log = new Lines();
        var driver = Driving(async (context, n) =>
        {
            var logger = context.CreateReplaySafeLogger(log);
            logger.LogInformation("before");
            await context.CallAsync(Defs.Double, n);
            logger.LogInformation("after");
            return 0;
        });
        driver.Start();
        driver.Turn(driver.Done(0, "0"));

        Assert.Equal(["before", "after"], log.Said);
    }

    private static Task<int> Child(OrchestrationContext context) => context.CallSubOrchestrationAsync(Defs.IntToInt("Child"), 1);

    private static OrchestrationRegistry Registry(Func<OrchestrationContext, int, Task<int>> orchestrator) =>
        new OrchestrationRegistry().AddOrchestration(Defs.IntToInt("O"), orchestrator);

    private static Driver Driving(Func<OrchestrationContext, int, Task<int>> orchestrator) => new(Registry(orchestrator), "O", "1");

    private sealed class Lines : ILogger
    {
        public List<string> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Said.Add(formatter(state, exception));
    }
}
