using Dweb.Durable.Tests.Fixtures;

namespace Dweb.Durable.Tests.Executor;

public sealed class TimerTests
{
    [Fact]
    public void A_timer_fires_relative_to_the_time_of_the_turn()
    {
        var driver = Driving(async (context, _) =>
        {
            await context.CreateTimerAsync(TimeSpan.FromHours(2));
            return 1;
        });

        Assert.Equal(driver.Now.AddHours(2), Assert.Single(driver.Start().Actions).CreateTimer.FireAt.ToDateTimeOffset());
        Assert.Equal("1", Driver.End(driver.Turn(driver.Fired(0))).Result);
    }

    [Fact]
    public void A_timer_beyond_three_days_is_made_of_several()
    {
        var driver = Driving(async (context, _) =>
        {
            await context.CreateTimerAsync(TimeSpan.FromDays(7));
            return 1;
        });
        var begin = driver.Now;
        var response = driver.Start();
        List<double> legs = [];
        for (var id = 0; response.Actions is [{ CreateTimer: { } leg }]; id++)
        {
            driver.Now = leg.FireAt.ToDateTimeOffset();
            legs.Add((driver.Now - begin).TotalDays);
            response = driver.Turn(driver.Fired(id));
        }

        Assert.Equal([3.0, 6.0, 7.0], legs);
        Assert.Equal("1", Driver.End(response).Result);
    }

    [Fact]
    public void A_cancelled_timer_throws_and_its_firing_later_is_ignored()
    {
        var driver = Driving(async (context, n) =>
        {
            using var cancel = new CancellationTokenSource();
            var timer = context.CreateTimerAsync(TimeSpan.FromHours(1), cancel.Token);
            await context.CallAsync(Defs.Double, n);
            cancel.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => timer);
            return await context.CallAsync(Defs.Double, 5);
        });
        driver.Start();

        Assert.Equal("5", Assert.Single(driver.Turn(driver.Done(1, "2")).Actions).ScheduleTask.Input);
        Assert.Empty(driver.Turn(driver.Fired(0)).Actions);
        Assert.Equal("10", Driver.End(driver.Turn(driver.Done(2, "10"))).Result);
    }

    [Fact]
    public void Time_comes_only_from_the_start_of_a_turn_and_is_the_same_on_replay()
    {
        List<DateTimeOffset> seen = [];
        var driver = Driving(async (context, n) =>
        {
            seen.Add(context.CurrentUtc);
            await context.CallAsync(Defs.Double, n);
            seen.Add(context.CurrentUtc);
            await context.CallAsync(Defs.Double, n);
            return 0;
        });
        var first = driver.Now;
        driver.Start();
        var second = driver.Now = first.AddMinutes(1);
        driver.Turn(driver.Done(0, "0"));
        driver.Now = first.AddMinutes(2);
        seen.Clear();
        driver.Turn(driver.Done(1, "0"));

        Assert.Equal([first, second], seen);
    }

    private static Driver Driving(Func<OrchestrationContext, int, Task<int>> orchestrator) =>
        new(new OrchestrationRegistry().AddOrchestration(Defs.IntToInt("O"), orchestrator), "O", "1");
}
