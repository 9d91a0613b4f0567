using Dweb.Durable.Tests.Fixtures;
using Dweb.Durable.Wire;

namespace Dweb.Durable.Tests.Executor;

public sealed class EventTests
{
    [Fact]
    public void An_event_that_comes_before_its_wait_is_buffered_by_name_without_regard_to_case()
    {
        var driver = Driving(async (context, _) =>
        {
            await context.CallAsync(Defs.Double, 1);
            return await context.WaitForEventAsync(Defs.Number) * 10 + await context.WaitForEventAsync(Defs.Number);
        });
        driver.Start();
        driver.Turn(driver.Raised("NUMBER", "1"), driver.Raised("Other", "9"), driver.Raised("number", "2"));

        Assert.Equal("12", Driver.End(driver.Turn(driver.Done(0, "0"))).Result);
    }

    [Fact]
    public void Waiters_of_one_name_are_served_in_order()
    {
        var driver = Driving(async (context, _) =>
        {
            var (first, second) = (context.WaitForEventAsync(Defs.Number), context.WaitForEventAsync(Defs.Number));
            return await first * 10 + await second;
        });
        driver.Start();

        Assert.Equal("34", Driver.End(driver.Turn(driver.Raised("Number", "3"), driver.Raised("Number", "4"))).Result);
    }

    [Fact]
    public void A_wait_with_a_timeout_ends_by_the_event_and_leaves_no_wait_behind()
    {
        var driver = Driving(WithTimeout);
        Assert.Equal(driver.Now.AddMinutes(1), Assert.Single(driver.Start().Actions).CreateTimer.FireAt.ToDateTimeOffset());

        Assert.Equal("5", Driver.End(driver.Turn(driver.Raised("Number", "5"), driver.Fired(0))).Result);
    }

    [Fact]
    public void A_wait_with_a_timeout_ends_by_the_timeout_and_a_late_event_goes_to_the_next_wait()
    {
        var driver = Driving(async (context, n) => await WithTimeout(context, n) + await context.WaitForEventAsync(Defs.Number));
        driver.Start();
        Assert.Empty(driver.Turn(driver.Fired(0)).Actions);

        Assert.Equal("6", Driver.End(driver.Turn(driver.Raised("Number", "7"))).Result);
    }

    [Fact]
    public void A_buffered_event_ends_a_wait_with_a_timeout_without_a_timer()
    {
        var driver = Driving(async (context, n) =>
        {
            await context.CallAsync(Defs.Double, n);
            return await WithTimeout(context, n);
        });
        driver.Start();
        driver.Turn(driver.Raised("Number", "8"));

        var response = driver.Turn(driver.Done(0, "0"));
        Assert.Equal("8", Driver.End(response).Result);
        Assert.Single(response.Actions);
    }

    [Fact]
    public void A_cancelled_wait_takes_no_event()
    {
        var driver = Driving(async (context, _) =>
        {
            using var cancel = new CancellationTokenSource();
            var given = context.WaitForEventAsync(Defs.Number, cancel.Token);
            await context.CallAsync(Defs.Double, 1);
            cancel.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
            return await context.WaitForEventAsync(Defs.Number);
        });
        driver.Start();
        driver.Turn(driver.Done(0, "0"));

        Assert.Equal("2", Driver.End(driver.Turn(driver.Raised("Number", "2"))).Result);
    }

    [Fact]
    public void A_wait_with_a_timeout_can_be_cancelled_and_leaves_neither_wait_nor_timer()
    {
        var driver = Driving(async (context, n) =>
        {
            using var cancel = new CancellationTokenSource();
            var given = context.WaitForEventAsync(Defs.Number, TimeSpan.FromMinutes(1), cancel.Token);
            await context.CallAsync(Defs.Double, n);
            cancel.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
            return await context.WaitForEventAsync(Defs.Number);
        });
        driver.Start();
        driver.Turn(driver.Done(1, "0"));
        Assert.Empty(driver.Turn(driver.Fired(0)).Actions);

        Assert.Equal("4", Driver.End(driver.Turn(driver.Raised("Number", "4"))).Result);
    }

    [Fact]
    public void An_orchestrator_sends_events_to_others()
    {
        var driver = Driving(async (context, n) =>
        {
            context.SendEvent("other", Defs.Number, 3);
            return await context.CallAsync(Defs.Double, n);
        });

        var sent = driver.Start().Actions[0].SendEvent;
        Assert.Equal(("other", "Number", "3"), (sent.Instance.InstanceId, sent.Name, sent.Data));
        Assert.Equal(WireStatus.Completed, Driver.End(driver.Turn(driver.Done(1, "0"))).OrchestrationStatus);
    }

    private static async Task<int> WithTimeout(OrchestrationContext context, int n)
    {
        var either = await context.WaitForEventAsync(Defs.Number, TimeSpan.FromMinutes(1));
        return either.TimedOut ? -n : either.Value;
    }

    private static Driver Driving(Func<OrchestrationContext, int, Task<int>> orchestrator) =>
        new(new OrchestrationRegistry().AddOrchestration(Defs.IntToInt("O"), orchestrator), "O", "1");
}
