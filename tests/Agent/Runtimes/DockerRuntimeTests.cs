using Dweb.Agent.Runtimes;
using Dweb.Agent.Runtimes.Docker;
using Dweb.Core.Manifest;

namespace Dweb.Agent.Tests.Runtimes;

[Trait("Category", "Integration")]
public sealed class DockerRuntimeTests(DockerFixture fixture) : IClassFixture<DockerFixture>
{
    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_container_gets_its_limits_and_no_rights()
    {
        (var plan, string id) = await fixture.StartAsync(fixture.Plan("sleep", "1000"), cancel);
        var host = (await fixture.Docker.Containers.InspectContainerAsync(id, cancel)).HostConfig!;
        Assert.Equal(500_000_000, host.NanoCPUs);
        Assert.Equal(32 * 1024 * 1024, host.Memory);
        Assert.Equal(host.Memory, host.MemorySwap);
        Assert.True(host.PidsLimit > 0);
        Assert.Equal(["ALL"], host.CapDrop);
        Assert.Contains("no-new-privileges", host.SecurityOpt);
        Assert.False(host.Privileged);
        Assert.Equal("4m", host.LogConfig.Config["max-size"]);

        var found = await fixture.Runtime.InspectAsync(plan.Name, cancel);
        Assert.Equal(ContainerCondition.Running, found!.Condition);
        Assert.True(found.Pid > 0);
        Assert.True(found.Ports[8080] > 0);
        Assert.Equal(plan.LeaseId.ToString(), found.Labels["io.dweb.lease"]);
        Assert.Contains(await fixture.Runtime.ListAsync(fixture.Coe, cancel), c => c.Id == id);
    }

    [Fact]
    public async Task The_container_sees_who_it_is_and_cannot_be_told_otherwise()
    {
        (var plan, string id) = await fixture.StartAsync(fixture.Plan("env"), cancel);
        var ended = await fixture.UntilExitedAsync(id, cancel);
        var log = await fixture.Runtime.ReadLogAsync(id, 100, cancel);
        Assert.Equal((ContainerCondition.Exited, 0L), (ended.Condition, ended.ExitCode));
        Assert.Contains("GREETING=hello", log.Lines);
        Assert.Contains("DWEB_COE=alpha", log.Lines);
        Assert.Contains("DWEB_MODE=kept", log.Lines);
        Assert.Contains("DWEB_REPLICA=web-2", log.Lines);
        Assert.Contains($"DWEB_LEASE={plan.LeaseId}", log.Lines);
        Assert.DoesNotContain("DWEB_COE=forged", log.Lines);
    }

    [Fact]
    public async Task A_name_is_given_once()
    {
        (var plan, _) = await fixture.StartAsync(fixture.Plan("sleep", "1000"), cancel);
        var refusal = await Assert.ThrowsAsync<RuntimeException>(() => fixture.Runtime.CreateAsync(plan, cancel));
        Assert.Equal(RuntimeFault.NameTaken, refusal.Fault);
    }

    [Fact]
    public async Task Stopping_and_removing_twice_is_no_error()
    {
        (_, string id) = await fixture.StartAsync(fixture.Plan("sleep", "1000"), cancel);
        await fixture.Runtime.StopAsync(id, cancel);
        await fixture.Runtime.StopAsync(id, cancel);
        Assert.Equal(ContainerCondition.Exited, (await fixture.Runtime.InspectAsync(id, cancel))!.Condition);
        await fixture.Runtime.RemoveAsync(id, cancel);
        await fixture.Runtime.RemoveAsync(id, cancel);
        await fixture.Runtime.StopAsync(id, cancel);
        Assert.Null(await fixture.Runtime.InspectAsync(id, cancel));
    }

    [Fact]
    public async Task The_last_lines_of_a_log_come_in_the_order_in_which_they_were_written()
    {
        (_, string id) = await fixture.StartAsync(fixture.Plan("sh", "-c", "for i in 1 2 3; do echo out$i; echo err$i >&2; done"), cancel);
        await fixture.UntilExitedAsync(id, cancel);
        var all = await fixture.Runtime.ReadLogAsync(id, 100, cancel);
        Assert.False(all.Truncated);
        Assert.Equal(["out1", "out2", "out3"], all.Lines.Where(static l => l.StartsWith("out", StringComparison.Ordinal)));
        var tail = await fixture.Runtime.ReadLogAsync(id, 2, cancel);
        Assert.True(tail.Truncated);
        Assert.Equal(all.Lines.TakeLast(2), tail.Lines);
    }

    [Fact]
    public async Task A_container_that_needs_more_memory_than_it_has_is_ended_and_says_so()
    {
        (_, string id) = await fixture.StartAsync(fixture.Plan("sh", "-c", "x=x; while true; do x=$x$x; done"), cancel);
        var ended = await fixture.UntilExitedAsync(id, cancel);
        Assert.NotEqual(0, ended.ExitCode);
    }

    [Fact]
    public async Task A_program_that_is_not_in_the_image_is_refused_by_the_engine()
    {
        var plan = fixture.Plan();
        string id = await fixture.Runtime.CreateAsync(plan with { Spec = plan.Spec with { Entrypoint = ["/nothing"] } }, cancel);
        var refusal = await Assert.ThrowsAsync<RuntimeException>(() => fixture.Runtime.StartAsync(id, cancel));
        Assert.Equal(RuntimeFault.Refused, refusal.Fault);
        Assert.False(refusal.IsTransient);
    }

    [Fact]
    public async Task A_failing_health_check_is_seen()
    {
        var plan = fixture.Plan("sleep", "1000");
        var health = new HealthSpec(["CMD", "/bin/busybox", "false"], 1, 1, 1, 0);
        (_, string id) = await fixture.StartAsync(plan with { Spec = plan.Spec with { Health = health } }, cancel);
        ContainerSnapshot? found;
        do
        {
            await Task.Delay(100, cancel);
            found = await fixture.Runtime.InspectAsync(id, cancel);
        }
        while (found!.Healthy is null);
        Assert.False(found.Healthy);
    }

    [Fact]
    public async Task Events_name_the_container_to_which_something_happened()
    {
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var plan = fixture.Plan("true");
        (var listening, var seen) = (new TaskCompletionSource(), new TaskCompletionSource());
        var watch = Task.Run(
            async () =>
            {
                await foreach (string? name in fixture.Runtime.WatchAsync(fixture.Coe, watching.Token))
                {
                    if (name is null)
                    {
                        listening.SetResult();
                    }
                    else if (name == plan.Name)
                    {
                        seen.TrySetResult();
                    }
                }
            },
            cancel);

        // From the first word on nothing is missed, whether the engine listens already or not.
        await listening.Task.WaitAsync(cancel);
        await fixture.StartAsync(plan, cancel);
        await seen.Task.WaitAsync(cancel);
        await watching.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch);
    }

    [Fact]
    public async Task An_image_that_nobody_has_cannot_be_pulled()
    {
        string image = "127.0.0.1:1/nobody/nothing@sha256:" + new string('0', 64);
        Assert.Null(await fixture.Runtime.FindImageAsync(image, cancel));
        var failure = await Assert.ThrowsAsync<RuntimeException>(() => fixture.Runtime.PullAsync(image, new Progress<PullProgress>(), cancel));
        Assert.Equal(RuntimeFault.PullFailed, failure.Fault);
        Assert.True(failure.IsTransient);
    }

    [Fact]
    public async Task Without_an_engine_the_error_says_where_it_was_looked_for()
    {
        using var runtime = new DockerRuntime(new Uri("unix:///nowhere/docker.sock"));
        var failure = await Assert.ThrowsAsync<RuntimeException>(() => runtime.DescribeAsync(cancel));
        Assert.Equal(RuntimeFault.Unreachable, failure.Fault);
        Assert.Contains("/nowhere/docker.sock", failure.Message, StringComparison.Ordinal);
    }
}
