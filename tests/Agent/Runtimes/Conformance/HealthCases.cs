using Dweb.Agent.Runtimes;
using Dweb.Agent.Tests.Support;
using Dweb.Core.Manifest;

namespace Dweb.Agent.Tests.Runtimes.Conformance;

/// <summary>Health checks as a spec has them.</summary>
public abstract class HealthCases(RuntimeUnderTest engine) : RuntimeCases(engine)
{
    // Each check says so where the container's own log is.
    private const string Tell = "echo checked > /proc/1/fd/1; ";

    [Case]
    public async Task A_check_that_fails_is_seen()
    {
        var plan = With(Engine.Plan("sleep", "1000"), Check("false"));
        if (await CanAsync(RuntimeCapability.HealthChecks, plan))
        {
            Assert.False(await VerdictAsync(plan));
        }
    }

    [Case]
    public async Task A_check_that_passes_is_seen()
    {
        var plan = With(Engine.Plan("sleep", "1000"), Check("true"));
        if (await CanAsync(RuntimeCapability.HealthChecks, plan))
        {
            Assert.True(await VerdictAsync(plan));
        }
    }

    [Case]
    public async Task Before_the_first_check_nothing_is_known()
    {
        var plan = With(Engine.Plan("sleep", "1000"), Check("true") with { IntervalSeconds = 600 });
        if (await CanAsync(RuntimeCapability.HealthChecks, plan))
        {
            (_, string id) = await Engine.StartAsync(plan, Cancel);
            Assert.Null((await Engine.InspectAsync(id, Cancel)).Healthy);
        }
    }

    [Case]
    public async Task Without_a_check_nothing_is_known()
    {
        (_, string id) = await Engine.StartAsync(Engine.Plan("sleep", "1000"), Cancel);
        Assert.Null((await Engine.InspectAsync(id, Cancel)).Healthy);
    }

    [Case]
    public async Task Where_the_spec_wants_none_there_is_none_whatever_the_engine_lacks()
    {
        (_, string id) = await Engine.StartAsync(With(Engine.Plan("sleep", "1000"), HealthSpec.Disabled), Cancel);
        Assert.Null((await Engine.InspectAsync(id, Cancel)).Healthy);
    }

    [Case]
    public async Task The_words_of_a_check_arrive_as_they_were_signed()
    {
        var plan = With(Engine.Plan("sleep", "1000"), Check("test", "a b $HOME 'c'", "=", "a b $HOME 'c'"));
        if (await CanAsync(RuntimeCapability.HealthChecks, plan))
        {
            Assert.True(await VerdictAsync(plan));
        }
    }

    [Case]
    public async Task As_many_checks_as_the_spec_says_fail_before_it_is_unhealthy()
    {
        var plan = With(Engine.Plan("sleep", "1000"), Check("sh", "-c", Tell + "false") with { Retries = 3 });
        if (await CanAsync(RuntimeCapability.HealthChecks, plan))
        {
            (_, string id) = await Engine.StartAsync(plan, Cancel);
            await Engine.UntilAsync(id, static found => found.Healthy == false, Cancel);
            Assert.True((await Runtime.ReadLogAsync(id, 100, Cancel)).Lines.Count >= 3);
        }
    }

    [Case]
    public async Task While_it_starts_a_check_may_fail()
    {
        var plan = With(Engine.Plan("sleep", "1000"), Check("sh", "-c", Tell + "false") with { StartPeriodSeconds = 600 });
        if (await CanAsync(RuntimeCapability.HealthChecks, plan))
        {
            (_, string id) = await Engine.StartAsync(plan, Cancel);

            // As an agent does: where it makes the checks itself they begin with the first look.
            await Engine.InspectAsync(id, Cancel);
            await Engine.UntilWrittenAsync(id, static lines => lines.Count >= 3, Cancel);
            Assert.Null((await Engine.InspectAsync(id, Cancel)).Healthy);
        }
    }

    [Case]
    public async Task One_that_passes_again_is_healthy_again()
    {
        var plan = With(Engine.Shell("sleep 3; touch /tmp/well; sleep 1000"), Check("test", "-e", "/tmp/well"));
        if (await CanAsync(RuntimeCapability.HealthChecks, plan))
        {
            (_, string id) = await Engine.StartAsync(plan, Cancel);
            await Engine.UntilAsync(id, static found => found.Healthy == false, Cancel);
            await Engine.UntilAsync(id, static found => found.Healthy == true, Cancel);
        }
    }

    [Case]
    public async Task A_check_that_does_not_end_has_failed()
    {
        // Far longer than it may take. It ends by itself, since Docker, seldom and under load, does not end it and answers nothing of the container meanwhile.
        var plan = With(Engine.Plan("sleep", "1000"), Check("sleep", "10"));
        if (await CanAsync(RuntimeCapability.HealthChecks, plan))
        {
            Assert.False(await VerdictAsync(plan));
        }
    }

    [Case]
    public async Task What_was_known_of_one_run_is_not_known_of_the_next()
    {
        var plan = With(Engine.Plan("sleep", "1000"), Check("true") with { IntervalSeconds = 2 });
        if (await CanAsync(RuntimeCapability.HealthChecks, plan))
        {
            (_, string id) = await Engine.StartAsync(plan, Cancel);
            await Engine.UntilAsync(id, static found => found.Healthy == true, Cancel);
            await Runtime.StopAsync(id, Cancel);
            await Runtime.StartAsync(id, Cancel);
            Assert.Null((await Engine.InspectAsync(id, Cancel)).Healthy);
            await Engine.UntilAsync(id, static found => found.Healthy == true, Cancel);
        }
    }

    private static HealthSpec Check(params string[] command) => new(["CMD", BusyboxImage.Entrypoint, .. command], 1, 1, 1, 0);

    private static ContainerPlan With(ContainerPlan plan, HealthSpec health) => plan with { Spec = plan.Spec with { Health = health } };

    private async Task<bool> VerdictAsync(ContainerPlan plan)
    {
        (_, string id) = await Engine.StartAsync(plan, Cancel);
        return (await Engine.UntilAsync(id, static found => found.Healthy is not null, Cancel)).Healthy!.Value;
    }
}
