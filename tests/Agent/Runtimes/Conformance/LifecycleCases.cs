using Dweb.Agent.Runtimes;
using Dweb.Agent.Tests.Support;

namespace Dweb.Agent.Tests.Runtimes.Conformance;

/// <summary>Made, started, stopped, started again, removed; each also twice.</summary>
public abstract class LifecycleCases(RuntimeUnderTest engine) : RuntimeCases(engine)
{
    [Case]
    public async Task It_says_what_it_is_and_what_the_documents_say_it_lacks()
    {
        string described = await Runtime.DescribeAsync(Cancel);
        Assert.Matches($@"^{Engine.Name} \d+\.\d+", described);
        Assert.Equal(Engine.Documented, Runtime.Lacks);
    }

    [Case]
    public async Task Its_clock_is_told() =>
        Assert.InRange(await Runtime.ReadTimeAsync(Cancel), TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1), TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1));

    [Case]
    public async Task Where_nobody_listens_the_error_says_where_it_was_looked_for()
    {
        using var runtime = Engine.Open(new Uri("unix:///nowhere/engine.sock"));
        var failure = await Assert.ThrowsAsync<RuntimeException>(() => runtime.DescribeAsync(Cancel));
        Assert.Equal(RuntimeFault.Unreachable, failure.Fault);
        Assert.True(failure.IsTransient);
        Assert.Contains("/nowhere/engine.sock", failure.Message, StringComparison.Ordinal);
    }

    [Case]
    public async Task A_container_that_was_made_does_not_run_yet()
    {
        var plan = Engine.Plan("sleep", "1000");
        var found = await Engine.InspectAsync(await Runtime.CreateAsync(plan, Cancel), Cancel);
        Assert.Equal((ContainerCondition.Created, 0, (DateTimeOffset?)null, (DateTimeOffset?)null), (found.Condition, found.Pid, found.StartedAt, found.FinishedAt));
        Assert.Equal(plan.Name, found.Name);
    }

    [Case]
    public async Task One_that_was_started_runs_as_a_process_of_this_machine()
    {
        (var plan, string id) = await Engine.StartAsync(Engine.Plan("sleep", "1000"), Cancel);
        var found = await Engine.InspectAsync(plan.Name, Cancel);
        Assert.Equal((id, ContainerCondition.Running), (found.Id, found.Condition));
        Assert.Contains("sleep", await File.ReadAllTextAsync($"/proc/{found.Pid}/cmdline", Cancel), StringComparison.Ordinal);
        Assert.InRange(found.StartedAt!.Value, await Runtime.ReadTimeAsync(Cancel) - TimeSpan.FromMinutes(1), await Runtime.ReadTimeAsync(Cancel));
    }

    [Case]
    public async Task Starting_it_twice_is_no_error_and_one_run()
    {
        (_, string id) = await Engine.StartAsync(Engine.Plan("sleep", "1000"), Cancel);
        var first = await Engine.InspectAsync(id, Cancel);
        await Runtime.StartAsync(id, Cancel);
        var second = await Engine.InspectAsync(id, Cancel);
        Assert.Equal((first.Pid, first.StartedAt), (second.Pid, second.StartedAt));
    }

    [Case]
    public async Task Starting_one_that_is_not_there_says_so()
    {
        var failure = await Assert.ThrowsAsync<RuntimeException>(() => Runtime.StartAsync(Engine.Plan().Name, Cancel));
        Assert.Equal(RuntimeFault.ContainerMissing, failure.Fault);
    }

    [Case]
    public async Task One_that_is_not_there_is_found_as_nothing() => Assert.Null(await Runtime.InspectAsync(Engine.Plan().Name, Cancel));

    [Case]
    public async Task A_name_is_given_once()
    {
        (var plan, _) = await Engine.StartAsync(Engine.Plan("sleep", "1000"), Cancel);
        var refusal = await Assert.ThrowsAsync<RuntimeException>(() => Runtime.CreateAsync(plan, Cancel));
        Assert.Equal(RuntimeFault.NameTaken, refusal.Fault);
        Assert.False(refusal.IsTransient);
    }

    [Case]
    public async Task Of_two_that_make_one_at_the_same_time_one_is_told_that_the_name_is_taken()
    {
        var plan = Engine.Plan("sleep", "1000");
        var both = await Task.WhenAll(TryAsync(plan), TryAsync(plan));
        Assert.Equal([null, RuntimeFault.NameTaken], both.Order());
    }

    [Case]
    public async Task A_name_is_free_again_after_removal()
    {
        (var plan, string id) = await Engine.StartAsync(Engine.Plan("sleep", "1000"), Cancel);
        await Runtime.RemoveAsync(id, Cancel);
        Assert.NotEqual(id, await Runtime.CreateAsync(plan, Cancel));
    }

    [Case]
    public async Task One_that_ended_says_when_and_how()
    {
        (_, string id) = await Engine.StartAsync(Engine.Shell("exit 7"), Cancel);
        var ended = await Engine.UntilExitedAsync(id, Cancel);
        Assert.Equal((7L, 0, false), (ended.ExitCode, ended.Pid, ended.OutOfMemory));
        Assert.True(ended.FinishedAt >= ended.StartedAt, $"{ended.StartedAt} to {ended.FinishedAt}");
    }

    [Case]
    public async Task One_that_is_stopped_is_asked_first()
    {
        var plan = Engine.Shell("trap 'echo asked; exit 3' TERM; echo ready; while true; do sleep 0.1; done");
        (_, string id) = await Engine.StartAsync(plan with { Spec = plan.Spec with { StopGraceSeconds = 30 } }, Cancel);
        await Engine.UntilWrittenAsync(id, static lines => lines.Contains("ready"), Cancel);
        await Runtime.StopAsync(id, Cancel);
        var ended = await Engine.InspectAsync(id, Cancel);
        Assert.Equal((ContainerCondition.Exited, 3L), (ended.Condition, ended.ExitCode));
        Assert.Contains("asked", (await Runtime.ReadLogAsync(id, 10, Cancel)).Lines);
    }

    [Case]
    public async Task One_that_does_not_listen_is_killed_after_its_grace()
    {
        (_, string id) = await Engine.StartAsync(Engine.Shell("trap '' TERM; echo ready; while true; do sleep 0.1; done"), Cancel);
        await Engine.UntilWrittenAsync(id, static lines => lines.Contains("ready"), Cancel);
        await Runtime.StopAsync(id, Cancel);
        var ended = await Engine.InspectAsync(id, Cancel);
        Assert.Equal((ContainerCondition.Exited, 137L), (ended.Condition, ended.ExitCode));
    }

    [Case]
    public async Task Stopping_and_removing_twice_is_no_error()
    {
        (var plan, string id) = await Engine.StartAsync(Engine.Plan("sleep", "1000"), Cancel);
        await Runtime.StopAsync(id, Cancel);
        await Runtime.StopAsync(id, Cancel);
        Assert.Equal(ContainerCondition.Exited, (await Engine.InspectAsync(id, Cancel)).Condition);
        await Runtime.RemoveAsync(id, Cancel);
        await Runtime.RemoveAsync(id, Cancel);
        await Runtime.RemoveAsync(plan.Name, Cancel);
        await Runtime.StopAsync(id, Cancel);
        Assert.Null(await Runtime.InspectAsync(id, Cancel));
    }

    [Case]
    public async Task One_that_was_never_started_is_removed_too()
    {
        string id = await Runtime.CreateAsync(Engine.Plan("sleep", "1000"), Cancel);
        await Runtime.RemoveAsync(id, Cancel);
        Assert.Null(await Runtime.InspectAsync(id, Cancel));
    }

    [Case]
    public async Task One_that_runs_is_removed_with_its_process()
    {
        (_, string id) = await Engine.StartAsync(Engine.Plan("sleep", "1000"), Cancel);
        int pid = (await Engine.InspectAsync(id, Cancel)).Pid;
        await Runtime.RemoveAsync(id, Cancel);
        Assert.False(Directory.Exists($"/proc/{pid}") && File.ReadAllText($"/proc/{pid}/cmdline").Contains("sleep\0" + "1000", StringComparison.Ordinal));
    }

    [Case]
    public async Task One_that_was_stopped_is_started_again_as_the_same_one()
    {
        (_, string id) = await Engine.StartAsync(Engine.Shell("ls /tmp; touch /tmp/mark; echo run; sleep 1000"), Cancel);
        await Engine.UntilWrittenAsync(id, static lines => lines.Contains("run"), Cancel);
        var first = await Engine.InspectAsync(id, Cancel);
        await Runtime.StopAsync(id, Cancel);
        await Runtime.StartAsync(id, Cancel);

        // What is temporary was forgotten in between.
        Assert.Equal(["run", "run"], await Engine.UntilWrittenAsync(id, static lines => lines.Count > 1, Cancel));
        var second = await Engine.InspectAsync(id, Cancel);
        Assert.Equal(ContainerCondition.Running, second.Condition);
        Assert.True(second.StartedAt > first.StartedAt);
        Assert.NotEqual(first.Pid, second.Pid);
    }

    [Case]
    public async Task A_program_that_is_not_in_the_image_is_refused()
    {
        var plan = Engine.Plan();
        string id = await Runtime.CreateAsync(plan with { Spec = plan.Spec with { Entrypoint = ["/nothing"] } }, Cancel);
        var refusal = await Assert.ThrowsAsync<RuntimeException>(() => Runtime.StartAsync(id, Cancel));
        Assert.Equal(RuntimeFault.Refused, refusal.Fault);
        Assert.False(refusal.IsTransient);
        Assert.NotEqual(ContainerCondition.Running, (await Engine.InspectAsync(id, Cancel)).Condition);
    }

    private async Task<RuntimeFault?> TryAsync(ContainerPlan plan)
    {
        try
        {
            await Runtime.CreateAsync(plan, Cancel);
            return null;
        }
        catch (RuntimeException refusal)
        {
            return refusal.Fault;
        }
    }
}
