using Dweb.Durable.Tests.Fixtures;
using Dweb.Durable.Wire;
using Microsoft.Extensions.Logging;

// Orchestrators here do what they must not.
#pragma warning disable DWD003, DWD004
namespace Dweb.Durable.Tests.Executor;

public sealed class FaultTests
{
    [Fact]
    public void Another_call_than_the_one_in_history_is_named_with_both_and_the_event()
    {
        var calls = new Queue<ActivityDefinition<int, int>>([Defs.Double, Defs.Flaky]);
        var driver = Driving((context, n) => context.CallAsync(calls.Dequeue(), n));
        driver.Start();

        AssertFailed(driver.Turn(driver.Done(0, "1")), typeof(NonDeterminismException),
            "Instance inst replayed CallActivity Flaky at event 0 where history has CallActivity Double.");
    }

    [Fact]
    public void A_call_that_is_missing_on_replay_is_named()
    {
        var first = true;
        var driver = Driving(async (context, n) =>
        {
            if (first)
            {
                first = false;
                await context.CallAsync(Defs.Double, n);
            }
            return await context.WaitForEventAsync(Defs.Number);
        });
        driver.Start();

        AssertFailed(driver.Turn(driver.Done(0, "1")), typeof(NonDeterminismException),
            "Instance inst replayed nothing at event 0 where history has CallActivity Double.");
    }

    [Fact]
    public void A_call_that_history_does_not_have_is_named()
    {
        var first = true;
        var driver = Driving(async (context, n) =>
        {
            if (!first)
            {
                await context.CallAsync(Defs.Double, n);
            }
            first = false;
            return await context.WaitForEventAsync(Defs.Number);
        });
        driver.Start();

        AssertFailed(driver.Turn(driver.Raised("Number", "1")), typeof(NonDeterminismException),
            "Instance inst replayed CallActivity Double at event 0 where history has nothing.");
    }

    [Fact]
    public void Awaiting_a_foreign_task_fails_the_orchestration()
    {
        var never = new TaskCompletionSource<int>();
        AssertFailed(Driving((_, _) => never.Task).Start(), typeof(ForeignTaskException), "not from its context");
    }

    [Fact]
    public void A_continuation_from_another_thread_is_not_run()
    {
        var ran = false;
        using var turnOver = new ManualResetEventSlim();
        var driver = Driving(async (context, n) =>
        {
            await Task.Run(() => turnOver.Wait(TestContext.Current.CancellationToken));
            ran = true;
            return await context.CallAsync(Defs.Double, n);
        });

        AssertFailed(driver.Start(), typeof(ForeignTaskException), "not from its context");
        turnOver.Set();
        Assert.False(ran);
    }

    [Fact]
    public async Task Using_the_context_from_another_thread_fails_there_and_here()
    {
        OrchestrationContext? kept = null;
        var driver = Driving(async (context, n) =>
        {
            kept = context;
            var stray = Task.Run(() => context.CallAsync(Defs.Double, n));
            ((IAsyncResult)stray).AsyncWaitHandle.WaitOne();
            return await context.WaitForEventAsync(Defs.Number);
        });

        AssertFailed(driver.Start(), typeof(ForeignTaskException), "was called from outside the orchestrator's turn");
        await Assert.ThrowsAsync<ForeignTaskException>(() => kept!.CallAsync(Defs.Double, 1));
    }

    [Fact]
    public void Code_started_on_another_thread_is_named_even_when_the_orchestrator_does_not_await_it()
    {
        using var ran = new ManualResetEventSlim();
        var driver = Driving(async (context, n) =>
        {
            new Thread(ran.Set).Start();
            ran.Wait(TestContext.Current.CancellationToken);
            return await context.CallAsync(Defs.Double, n);
        });

        AssertFailed(driver.Start(), typeof(ForeignTaskException), "instance inst: it ran code on another thread");
    }

    [Fact]
    public async Task What_comes_to_light_after_the_turn_fails_the_instances_next_turn_and_no_other_instance()
    {
        using var turnOver = new ManualResetEventSlim();
        Task? stray = null;
        var registry = new OrchestrationRegistry().AddOrchestration(Defs.IntToInt("O"), async (context, n) =>
        {
            stray ??= Task.Run(async () =>
            {
                turnOver.Wait();
                await Task.Yield();
            });
            await Task.WhenAny(stray, context.CallAsync(Defs.Double, n));
            return n;
        });
        var driver = new Driver(registry, "O", "1");
        var first = driver.Start();
        turnOver.Set();
        await stray!;

        if (first.Actions.Any(action => action.CompleteOrchestration is not null))
        {
            AssertFailed(first, typeof(ForeignTaskException), "ran code on another thread");
            return;
        }
        AssertFailed(driver.Turn(driver.Done(0, "1")), typeof(ForeignTaskException), "Instance inst went on after its turn had ended");
    }

    [Fact]
    public void A_logger_may_work_on_threads_of_its_own()
    {
        var driver = Driving(async (context, n) =>
        {
            context.CreateReplaySafeLogger(new LoggerWithThread()).LogInformation("said");
            return await context.CallAsync(Defs.Double, n);
        });

        Assert.NotNull(Assert.Single(driver.Start().Actions).ScheduleTask);
    }

    [Fact]
    public void An_end_that_history_does_not_have_is_named()
    {
        var first = true;
        var driver = Driving(async (context, n) =>
        {
            await context.CallAsync(Defs.Double, n);
            if (first)
            {
                await context.WaitForEventAsync(Defs.Number);
            }
            return n;
        });
        driver.Start();
        driver.Turn(driver.Done(0, "1"));
        first = false;

        AssertFailed(driver.Turn(driver.Raised("Number", "1")), typeof(NonDeterminismException),
            "Instance inst replayed its end at event 1 where history goes on.");
    }

    [Fact]
    public void An_await_that_does_not_capture_the_context_still_goes_on_in_the_turn()
    {
        var driver = Driving(async (context, n) =>
            await context.CallAsync(Defs.Double, await context.CallAsync(Defs.Double, n).ConfigureAwait(false)).ConfigureAwait(false));
        driver.Start();

        Assert.Equal("4", Assert.Single(driver.Turn(driver.Done(0, "4")).Actions).ScheduleTask.Input);
    }

    [Fact]
    public void An_unknown_orchestration_fails_with_its_name()
    {
        var response = new Driver(new OrchestrationRegistry(), "Nobody", null).Start();
        AssertFailed(response, typeof(KeyNotFoundException), "'Nobody'");
    }

    [Fact]
    public void Input_that_is_no_json_fails_the_orchestration()
    {
        var registry = new OrchestrationRegistry().AddOrchestration(Defs.IntToInt("O"), (_, n) => Task.FromResult(n));
        AssertFailed(new Driver(registry, "O", "{").Start(), typeof(System.Text.Json.JsonException), "JSON");
    }

    [Fact]
    public void Bytes_that_are_no_request_become_a_failure_in_the_answer()
    {
        var answer = new OrchestratorWorker(new OrchestrationRegistry()).Execute(new byte[] { 0xFF, 0xFF, 0xFF });
        Assert.Equal(WireStatus.Failed, Driver.End(OrchestratorResponse.Parser.ParseFrom(answer)).OrchestrationStatus);
    }

    [Fact]
    public void A_name_can_be_registered_only_once()
    {
        var registry = new OrchestrationRegistry().AddActivity(Defs.Double, (_, n, _) => Task.FromResult(2 * n));
        Assert.Throws<ArgumentException>(() => registry.AddActivity(Defs.Double, (_, n, _) => Task.FromResult(n)));
    }

    private sealed class LoggerWithThread : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var worker = new Thread(() => formatter(state, exception));
            worker.Start();
            worker.Join();
        }
    }

    private static void AssertFailed(OrchestratorResponse response, Type error, string message)
    {
        var end = Driver.End(response);
        Assert.Equal((WireStatus.Failed, error.FullName), (end.OrchestrationStatus, end.FailureDetails.ErrorType));
        Assert.Contains(message, end.FailureDetails.ErrorMessage, StringComparison.Ordinal);
        Assert.Single(response.Actions);
    }

    private static Driver Driving(Func<OrchestrationContext, int, Task<int>> orchestrator) =>
        new(new OrchestrationRegistry().AddOrchestration(Defs.IntToInt("O"), orchestrator), "O", "1");
}
