using Dweb.Durable.Tests.Fixtures;
using Dweb.Durable.Wire;

namespace Dweb.Durable.Tests.Executor;

public sealed class ActivityTests
{
    [Fact]
    public void An_activity_is_scheduled_once_and_its_result_goes_on()
    {
        var driver = Driving(async (context, n) => await context.CallAsync(Defs.Double, await context.CallAsync(Defs.Double, n)));

        var call = Assert.Single(driver.Start().Actions);
        Assert.Equal((0, "Double", "21"), (call.Id, call.ScheduleTask.Name, call.ScheduleTask.Input));
        var second = Assert.Single(driver.Turn(driver.Done(0, "42")).Actions);
        Assert.Equal((1, "42"), (second.Id, second.ScheduleTask.Input));
        var end = Driver.End(driver.Turn(driver.Done(1, "84")));
        Assert.Equal((WireStatus.Completed, "84"), (end.OrchestrationStatus, end.Result));
    }

    [Fact]
    public void Fan_out_schedules_all_and_fan_in_waits_for_all()
    {
        var driver = Driving(async (context, n) => (await Task.WhenAll(Enumerable.Range(0, n).Select(i => context.CallAsync(Defs.Double, i)))).Sum());

        Assert.Equal(Enumerable.Range(0, 21), driver.Start().Actions.Select(action => action.Id));
        Assert.Empty(driver.Turn([.. Enumerable.Range(0, 20).Reverse().Select(i => driver.Done(i, $"{i}"))]).Actions);
        Assert.Equal("210", Driver.End(driver.Turn(driver.Done(20, "20"))).Result);
    }

    [Fact]
    public void WhenAny_takes_the_completion_that_came_first_in_history()
    {
        var driver = Driving(async (context, n) =>
        {
            Task<int>[] both = [context.CallAsync(Defs.Double, n), context.CallAsync(Defs.Double, n)];
            return Array.IndexOf(both, await Task.WhenAny(both));
        });

        driver.Start();

        Assert.Equal("1", Driver.End(driver.Turn(driver.Done(1, "0"), driver.Done(0, "0"))).Result);
    }

    [Fact]
    public void A_failure_reaches_the_orchestrator_with_its_inner_failures()
    {
        var driver = Driving(async (context, n) =>
        {
            try
            {
                return await context.CallAsync(Defs.Double, n);
            }
            catch (TaskFailedException failed) when (failed.Failure.IsCausedBy<TimeoutException>())
            {
                return failed.TaskId + 7;
            }
        });
        driver.Start();

        var failure = new FailureDetails("Outer", "outer", null, new FailureDetails(typeof(TimeoutException).FullName!, "too late"));

        Assert.Equal("7", Driver.End(driver.Turn(driver.Failed(0, failure))).Result);
    }

    [Fact]
    public void An_unhandled_failure_fails_the_orchestration_and_keeps_the_chain()
    {
        var driver = Driving(async (context, n) => await context.CallAsync(Defs.Double, n));
        driver.Start();

        var end = Driver.End(driver.Turn(driver.Failed(0, new FailureDetails("Outer", "outer", null, new FailureDetails("Inner", "inner")))));

        Assert.Equal(WireStatus.Failed, end.OrchestrationStatus);
        Assert.Equal(typeof(TaskFailedException).FullName, end.FailureDetails.ErrorType);
        Assert.Equal("Outer", end.FailureDetails.InnerFailure.ErrorType);
        Assert.Equal("Inner", end.FailureDetails.InnerFailure.InnerFailure.ErrorType);
    }

    [Fact]
    public void Completions_for_unknown_ids_and_second_completions_are_ignored()
    {
        var driver = Driving(async (context, n) => await context.CallAsync(Defs.Double, n) + await context.CallAsync(Defs.Double, n));
        driver.Start();

        Assert.Equal(1, Assert.Single(driver.Turn(driver.Done(99, "5"), driver.Done(0, "1"), driver.Done(0, "100")).Actions).Id);
        Assert.Equal("3", Driver.End(driver.Turn(driver.Done(0, "100"), driver.Done(1, "2"))).Result);
    }

    [Fact]
    public void A_result_travels_as_text_so_that_decimals_and_dates_survive()
    {
        var definition = new ActivityDefinition<string, Money>("Price", TestJson.Default.String, TestJson.Default.Money);
        var registry = new OrchestrationRegistry().AddOrchestration(
            Defs.StringToString("O"), async (context, _) => $"{await context.CallAsync(definition, "x")}");
        var driver = new Driver(registry, "O", "\"\"");
        driver.Start();

        var end = Driver.End(driver.Turn(driver.Done(0, """{"Amount":0.1000000000000000000000000001,"At":"2026-01-02T03:04:05.1234567+05:30"}""")));

        Assert.Contains("0.1000000000000000000000000001", end.Result, StringComparison.Ordinal);
        Assert.Contains("05:30", end.Result.Replace("\\u002B", "+", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static Driver Driving(Func<OrchestrationContext, int, Task<int>> orchestrator) =>
        new(new OrchestrationRegistry().AddOrchestration(Defs.IntToInt("O"), orchestrator), "O", "21");
}
