using Dweb.Durable.Hub;
using Dweb.Durable.Tests.Fixtures;
using Dweb.Durable.Wire;

namespace Dweb.Durable.Tests.Executor;

public sealed class RetryTests
{
    private static readonly FailureDetails Failure = new("Some.Error", "no");

    [Fact]
    public void Attempts_are_apart_by_growing_durable_timers_and_then_fail()
    {
        var driver = Driving(new RetryPolicy(4, TimeSpan.FromSeconds(2)) { BackoffCoefficient = 3, MaxInterval = TimeSpan.FromSeconds(10) });
        driver.Start();
        List<double> waits = [];
        var id = 0;
        for (var attempt = 1; attempt < 4; attempt++)
        {
            var timer = Assert.Single(driver.Turn(driver.Failed(id++, Failure)).Actions);
            waits.Add((timer.CreateTimer.FireAt.ToDateTimeOffset() - driver.Now).TotalSeconds);
            driver.Now = timer.CreateTimer.FireAt.ToDateTimeOffset();
            Assert.Equal("Flaky", Assert.Single(driver.Turn(driver.Fired(id++)).Actions).ScheduleTask.Name);
        }

        Assert.Equal([2.0, 6.0, 10.0], waits);
        Assert.Equal(WireStatus.Failed, Driver.End(driver.Turn(driver.Failed(id, Failure))).OrchestrationStatus);
    }

    [Fact]
    public void A_later_attempt_that_succeeds_gives_its_result()
    {
        var driver = Driving(new RetryPolicy(2, TimeSpan.FromSeconds(1)));
        driver.Start();
        driver.Turn(driver.Failed(0, Failure));
        driver.Turn(driver.Fired(1));

        Assert.Equal("9", Driver.End(driver.Turn(driver.Done(2, "9"))).Result);
    }

    [Fact]
    public void A_handler_that_refuses_the_failure_ends_the_attempts()
    {
        var driver = Driving(new RetryPolicy(5, TimeSpan.FromSeconds(1)) { Handle = failure => failure.ErrorType != "Some.Error" });
        driver.Start();

        Assert.Equal(WireStatus.Failed, Driver.End(driver.Turn(driver.Failed(0, Failure))).OrchestrationStatus);
    }

    [Fact]
    public void A_failure_that_cannot_be_retried_ends_the_attempts()
    {
        var driver = Driving(new RetryPolicy(5, TimeSpan.FromSeconds(1)));
        driver.Start();

        Assert.Equal(WireStatus.Failed, Driver.End(driver.Turn(driver.Failed(0, Failure with { IsNonRetriable = true }))).OrchestrationStatus);
    }

    [Fact]
    public void No_attempt_begins_after_the_timeout_of_all()
    {
        var driver = Driving(new RetryPolicy(100, TimeSpan.FromSeconds(20)) { Timeout = TimeSpan.FromSeconds(50) });
        driver.Start();
        var response = driver.Turn(driver.Failed(0, Failure));
        var attempts = 1;
        for (var id = 1; response.Actions is [{ CreateTimer: { } wait }]; attempts++)
        {
            driver.Now = wait.FireAt.ToDateTimeOffset();
            driver.Turn(driver.Fired(id++));
            response = driver.Turn(driver.Failed(id++, Failure));
        }

        Assert.Equal(3, attempts);
        Assert.Equal(WireStatus.Failed, Driver.End(response).OrchestrationStatus);
    }

    [Fact]
    public void A_handler_chooses_by_the_type_of_a_failure_deep_inside()
    {
        var driver = Driving(new RetryPolicy(5, TimeSpan.FromSeconds(1)) { Handle = failure => failure.IsCausedBy<TimeoutException>() });
        driver.Start();
        var late = new FailureDetails("Outer", "outer", null, new FailureDetails(typeof(TimeoutException).FullName!, "late"));

        Assert.NotNull(Assert.Single(driver.Turn(driver.Failed(0, late)).Actions).CreateTimer);
        driver.Turn(driver.Fired(1));
        Assert.Equal(WireStatus.Failed, Driver.End(driver.Turn(driver.Failed(2, Failure))).OrchestrationStatus);
    }

    [Fact]
    public void What_a_handler_throws_fails_the_orchestration_with_its_own_words()
    {
        var driver = Driving(new RetryPolicy(5, TimeSpan.FromSeconds(1)) { Handle = _ => throw new FormatException("handler") });
        driver.Start();

        Assert.Equal("handler", Driver.End(driver.Turn(driver.Failed(0, Failure))).FailureDetails.ErrorMessage);
    }

    [Fact]
    public void A_sub_orchestration_is_tried_again_under_an_id_of_its_own()
    {
        var driver = new Driver(new OrchestrationRegistry().AddOrchestration(Defs.IntToInt("O"), (context, n) =>
            context.CallSubOrchestrationAsync(Defs.IntToInt("Child"), n, "child", new RetryPolicy(2, TimeSpan.FromSeconds(1)))), "O", "1");

        Assert.Equal("child", Assert.Single(driver.Start().Actions).CreateSubOrchestration.InstanceId);
        driver.Turn(HistoryEvents.ChildFailed(driver.Now, 0, Failures.ToWire(Failure)));
        Assert.Equal("child:2", Assert.Single(driver.Turn(driver.Fired(1)).Actions).CreateSubOrchestration.InstanceId);
        var done = new ExecutionCompletedEvent { Status = WireStatus.Completed, Result = "3" };
        Assert.Equal("3", Driver.End(driver.Turn(HistoryEvents.ChildEnded(driver.Now, 2, done))).Result);
    }

    [Fact]
    public void A_policy_outside_its_range_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(0, TimeSpan.FromSeconds(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(1, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(1, TimeSpan.FromSeconds(1)) { BackoffCoefficient = 0.5 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(1, TimeSpan.FromSeconds(1)) { MaxInterval = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(1, TimeSpan.FromSeconds(1)) { Timeout = TimeSpan.Zero });
    }

    private static Driver Driving(RetryPolicy policy) => new(
        new OrchestrationRegistry().AddOrchestration(Defs.IntToInt("O"), (context, n) => context.CallAsync(Defs.Flaky, n, policy)), "O", "1");
}
