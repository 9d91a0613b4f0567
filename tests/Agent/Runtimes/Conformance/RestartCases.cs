using Dweb.Agent.Runtimes;
using Dweb.Agent.Tests.Support;
using Dweb.Core.Manifest;

namespace Dweb.Agent.Tests.Runtimes.Conformance;

/// <summary>What happens when a container ends, by its spec.</summary>
public abstract class RestartCases(RuntimeUnderTest engine) : RuntimeCases(engine)
{
    [Case]
    public async Task One_that_is_not_to_be_restarted_is_not()
    {
        (_, string id) = await Engine.StartAsync(With(RestartPolicy.No, "exit 1"), Cancel);
        await Engine.UntilExitedAsync(id, Cancel);
        await SomethingElseRestartsAsync();
        var found = await Engine.InspectAsync(id, Cancel);
        Assert.Equal((ContainerCondition.Exited, 0L, false), (found.Condition, found.Restarts, found.IsKeptRunning));
    }

    [Case]
    public async Task One_that_failed_is_started_again_on_failure_and_the_count_is_told()
    {
        var plan = With(RestartPolicy.OnFailure, "exit 1");
        if (await CanAsync(RuntimeCapability.Restarts, plan))
        {
            (_, string id) = await Engine.StartAsync(plan, Cancel);
            var first = await Engine.InspectAsync(id, Cancel);
            var second = await Engine.UntilAsync(id, static found => found.Restarts >= 2, Cancel);
            Assert.True(second.StartedAt > first.StartedAt);
            Assert.False(second.IsKeptRunning);
        }
    }

    [Case]
    public async Task One_that_ended_well_is_not_started_again_on_failure()
    {
        var plan = With(RestartPolicy.OnFailure, "true");
        if (await CanAsync(RuntimeCapability.Restarts, plan))
        {
            (_, string id) = await Engine.StartAsync(plan, Cancel);
            await Engine.UntilExitedAsync(id, Cancel);
            await SomethingElseRestartsAsync();
            var found = await Engine.InspectAsync(id, Cancel);
            Assert.Equal((ContainerCondition.Exited, 0L), (found.Condition, found.Restarts));
        }
    }

    [Case]
    public Task One_that_runs_unless_stopped_is_started_again_however_it_ended() => IsStartedAgainAsync(RestartPolicy.UnlessStopped);

    [Case]
    public Task One_that_runs_always_is_started_again_however_it_ended() => IsStartedAgainAsync(RestartPolicy.Always);

    [Case]
    public Task One_that_runs_unless_stopped_stays_stopped() => StaysStoppedAsync(RestartPolicy.UnlessStopped);

    [Case]
    public Task One_that_runs_always_stays_stopped_too() => StaysStoppedAsync(RestartPolicy.Always);

    [Case]
    public async Task One_that_was_stopped_between_two_starts_stays_so()
    {
        var plan = With(RestartPolicy.UnlessStopped, "sleep 0.2; exit 1");
        if (await CanAsync(RuntimeCapability.Restarts, plan))
        {
            (_, string id) = await Engine.StartAsync(plan, Cancel);
            await Engine.UntilAsync(id, static found => found.Restarts >= 2, Cancel);
            await Runtime.StopAsync(id, Cancel);
            long restarts = (await Engine.InspectAsync(id, Cancel)).Restarts;
            await SomethingElseRestartsAsync();
            var found = await Engine.InspectAsync(id, Cancel);
            Assert.Equal((ContainerCondition.Exited, restarts), (found.Condition, found.Restarts));
        }
    }

    [Case]
    public async Task One_whose_process_is_killed_from_outside_is_started_again_with_its_limits()
    {
        var plan = With(RestartPolicy.UnlessStopped, "sleep 1000");
        if (await CanAsync(RuntimeCapability.Restarts, plan))
        {
            (_, string id) = await Engine.StartAsync(plan, Cancel);
            var first = await Engine.InspectAsync(id, Cancel);
            using (var process = System.Diagnostics.Process.GetProcessById(first.Pid))
            {
                process.Kill();
            }

            var second = await Engine.UntilAsync(id, found => found.Condition == ContainerCondition.Running && found.Pid != first.Pid, Cancel);
            Assert.Equal(plan.MemoryBytes, KernelLimits.Of(second.Pid).Memory);
            Assert.Equal(1, second.Restarts);
        }
    }

    [Case]
    public async Task One_that_is_removed_while_it_restarts_is_gone()
    {
        var plan = With(RestartPolicy.UnlessStopped, "true");
        if (await CanAsync(RuntimeCapability.Restarts, plan))
        {
            (_, string id) = await Engine.StartAsync(plan, Cancel);
            await Engine.UntilAsync(id, static found => found.Restarts >= 1, Cancel);
            await Runtime.RemoveAsync(id, Cancel);
            await SomethingElseRestartsAsync();
            Assert.Null(await Runtime.InspectAsync(plan.Name, Cancel));
        }
    }

    private async Task IsStartedAgainAsync(RestartPolicy policy)
    {
        var plan = With(policy, "true");
        if (await CanAsync(RuntimeCapability.Restarts, plan))
        {
            (_, string id) = await Engine.StartAsync(plan, Cancel);
            Assert.True((await Engine.UntilAsync(id, static found => found.Restarts >= 2, Cancel)).IsKeptRunning);
        }
    }

    private async Task StaysStoppedAsync(RestartPolicy policy)
    {
        var plan = With(policy, "sleep 1000");
        if (await CanAsync(RuntimeCapability.Restarts, plan))
        {
            (_, string id) = await Engine.StartAsync(plan, Cancel);
            await Runtime.StopAsync(id, Cancel);
            await SomethingElseRestartsAsync();
            Assert.Equal(ContainerCondition.Exited, (await Engine.InspectAsync(id, Cancel)).Condition);
        }
    }

    /// <summary>As long as the engine takes to restart another one twice.</summary>
    private async Task SomethingElseRestartsAsync()
    {
        var plan = With(RestartPolicy.UnlessStopped, "true");
        if (Runtime.Lacks.HasFlag(RuntimeCapability.Restarts))
        {
            return;
        }

        (_, string id) = await Engine.StartAsync(plan, Cancel);
        await Engine.UntilAsync(id, static found => found.Restarts >= 2, Cancel);
        await Runtime.RemoveAsync(id, Cancel);
    }

    private ContainerPlan With(RestartPolicy policy, string line)
    {
        var plan = Engine.Shell(line);
        return plan with { Spec = plan.Spec with { Restart = policy } };
    }
}
