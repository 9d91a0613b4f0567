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

    private static Driver Driving(RetryPolicy policy) => new(
        new OrchestrationRegistry().AddOrchestration(Defs.IntToInt("O"), (context, n) => context.CallAsync(Defs.Flaky, n, policy)), "O", "1");
}
