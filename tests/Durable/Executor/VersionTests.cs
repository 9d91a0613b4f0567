using Dweb.Durable.Tests.Fixtures;

namespace Dweb.Durable.Tests.Executor;

public sealed class VersionTests
{
    [Fact]
    public void An_instance_sees_the_version_it_was_started_with_and_children_get_the_version_of_their_definition()
    {
        var driver = new Driver(Code(async (context, n) =>
        {
            context.SetCustomStatus($"\"{context.Version}\"");
            return await context.CallSubOrchestrationAsync(Defs.IntToInt("Child") with { Version = "2.1" }, n);
        }), "O", "1")
        { Version = "1.0" };

        var response = driver.Start();

        Assert.Equal("\"1.0\"", response.CustomStatus);
        Assert.Equal("2.1", Assert.Single(response.Actions).CreateSubOrchestration.Version);
    }

    [Theory]
    [InlineData(null, "1.0")]
    [InlineData("2.0", "2.0")]
    public void Continue_as_new_keeps_the_version_or_takes_a_new_one(string? asked, string expected)
    {
        var driver = new Driver(Code((context, n) =>
        {
            context.ContinueAsNew(n, newVersion: asked);
            return Task.FromResult(0);
        }), "O", "1")
        { Version = "1.0" };

        Assert.Equal(expected, Driver.End(driver.Start()).NewVersion);
    }

    [Fact]
    public void A_new_instance_takes_the_patch_and_its_history_says_so()
    {
        var driver = new Driver(Code(Patched), "O", "1");

        var actions = driver.Start().Actions;
        Assert.Equal(["dweb-patch:double-twice", ""], actions.Select(action => action.SendEvent?.Name ?? ""));
        Assert.Equal("inst", actions[0].SendEvent.Instance.InstanceId);
        Assert.Equal("2", Assert.Single(driver.Turn(driver.Done(1, "2")).Actions).ScheduleTask.Input);
        Assert.Equal("4", Driver.End(driver.Turn(driver.Done(2, "4"))).Result);
    }

    [Fact]
    public void An_instance_that_had_passed_the_place_before_the_patch_goes_on_without_it()
    {
        var old = new Driver(Code((context, n) => context.CallAsync(Defs.Double, n)), "O", "1");
        old.Start();
        var driver = old.Redeployed(Code(Patched));

        Assert.Equal("2", Driver.End(driver.Turn(driver.Done(0, "2"))).Result);
    }

    [Fact]
    public void An_old_instance_that_comes_to_the_place_later_takes_the_patch()
    {
        var old = new Driver(Code(async (context, n) => await context.CallAsync(Defs.Double, await context.CallAsync(Defs.Double, n))), "O", "1");
        old.Start();
        var driver = old.Redeployed(Code(async (context, n) =>
        {
            var first = await context.CallAsync(Defs.Double, n);
            return context.IsPatched("skip") ? first : await context.CallAsync(Defs.Double, first);
        }));

        Assert.Equal("2", Driver.End(driver.Turn(driver.Done(0, "2"))).Result);
    }

    [Fact]
    public void The_first_answer_holds_for_the_generation_and_is_recorded_once()
    {
        var old = new Driver(Code(Twice(ask: false)), "O", "1");
        old.Start();
        var driver = old.Redeployed(Code(Twice(ask: true)));
        Assert.Equal("\"False False\"", driver.Turn(driver.Done(0, "0")).CustomStatus);

        driver = new Driver(Code(Twice(ask: true)), "O", "1");
        Assert.Single(driver.Start().Actions, action => action.SendEvent is not null);
        Assert.Equal("\"True True\"", driver.Turn(driver.Done(1, "0")).CustomStatus);
    }

    [Fact]
    public void The_mark_that_comes_back_as_an_event_is_nobodys_and_is_not_carried_over()
    {
        var driver = new Driver(Code(async (context, n) =>
        {
            context.IsPatched("p");
            await context.CallAsync(Defs.Double, n);
            context.ContinueAsNew(n);
            return 0;
        }), "O", "1");
        driver.Start(driver.Raised("DWEB-PATCH:p", null));

        Assert.Empty(Driver.End(driver.Turn(driver.Done(1, "0"), driver.Raised("dweb-patch:p", null))).CarryoverEvents);
    }

    [Fact]
    public void A_patch_taken_out_of_the_code_while_history_has_it_is_named()
    {
        var old = new Driver(Code(Patched), "O", "1");
        old.Start();
        var driver = old.Redeployed(Code((context, n) => context.CallAsync(Defs.Double, n)));

        Assert.Equal("Instance inst replayed CallActivity Double at event 0 where history has IsPatched double-twice.",
            Driver.End(driver.Turn(driver.Done(1, "2"))).FailureDetails.ErrorMessage);
    }

    private static async Task<int> Patched(OrchestrationContext context, int n)
    {
        if (context.IsPatched("double-twice"))
        {
            n = await context.CallAsync(Defs.Double, n);
        }
        return await context.CallAsync(Defs.Double, n);
    }

    private static Func<OrchestrationContext, int, Task<int>> Twice(bool ask) => async (context, n) =>
    {
        var first = ask && context.IsPatched("p");
        await context.CallAsync(Defs.Double, n);
        var second = ask && context.IsPatched("p");
        context.SetCustomStatus($"\"{first} {second}\"");
        return await context.WaitForEventAsync(Defs.Number);
    };

    private static OrchestrationRegistry Code(Func<OrchestrationContext, int, Task<int>> orchestrator) =>
        new OrchestrationRegistry().AddOrchestration(Defs.IntToInt("O"), orchestrator);
}
