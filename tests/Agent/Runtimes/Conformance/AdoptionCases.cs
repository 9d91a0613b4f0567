using Dweb.Agent.Runtimes;
using Dweb.Agent.Tests.Support;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Tests.Runtimes.Conformance;

/// <summary>What an agent finds that comes after another one, which died.</summary>
public abstract class AdoptionCases(RuntimeUnderTest engine) : RuntimeCases(engine)
{
    [Case]
    public async Task All_of_a_COE_are_found_whatever_they_are_at()
    {
        string made = await Runtime.CreateAsync(Engine.Plan("sleep", "1000"), Cancel);
        (_, string running) = await Engine.StartAsync(Engine.Plan("sleep", "1000"), Cancel);
        (_, string ended) = await Engine.StartAsync(Engine.Plan("true"), Cancel);
        await Engine.UntilExitedAsync(ended, Cancel);
        var found = (await Runtime.ListAsync(Engine.Coe, Cancel)).ToDictionary(static container => container.Id, static container => container.Condition, StringComparer.Ordinal);
        Assert.Equal((ContainerCondition.Created, ContainerCondition.Running, ContainerCondition.Exited), (found[made], found[running], found[ended]));
    }

    [Case]
    public async Task Those_of_another_COE_are_not_found()
    {
        var other = Keccak256.Hash(Engine.Coe.ToString());
        string id = await Runtime.CreateAsync(Engine.Plan("sleep", "1000") with { Coe = other }, Cancel);
        try
        {
            Assert.Equal([id], (await Runtime.ListAsync(other, Cancel)).Select(static container => container.Id));
            Assert.DoesNotContain(await Runtime.ListAsync(Engine.Coe, Cancel), container => container.Id == id);
        }
        finally
        {
            await Engine.RemoveAllAsync(other);
        }
    }

    [Case]
    public async Task The_next_agent_sees_the_same()
    {
        (var plan, string id) = await Engine.StartAsync(Engine.Plan("sleep", "1000"), Cancel);
        var first = await Engine.InspectAsync(id, Cancel);
        using var next = Engine.Open(Engine.Engine);
        var second = (await next.InspectAsync(plan.Name, Cancel))!;
        Assert.Equal((first.Id, first.Pid, first.StartedAt, first.Network), (second.Id, second.Pid, second.StartedAt, second.Network));
        Assert.Equal(first.Ports, second.Ports);
        Assert.Equal(first.Labels, second.Labels);
    }

    [Case]
    public async Task Containers_go_on_when_an_agent_ends()
    {
        string id;
        using (var agent = Engine.Open(Engine.Engine))
        {
            id = await agent.CreateAsync(Engine.Plan("sleep", "1000"), Cancel);
            await agent.StartAsync(id, Cancel);
        }

        Assert.Equal(ContainerCondition.Running, (await Engine.InspectAsync(id, Cancel)).Condition);
    }

    [Case]
    public async Task One_that_was_made_and_not_started_is_found_by_its_name_and_started()
    {
        var plan = Engine.Plan("sleep", "1000");
        await Runtime.CreateAsync(plan, Cancel);
        using var next = Engine.Open(Engine.Engine);
        var taken = await Assert.ThrowsAsync<RuntimeException>(() => next.CreateAsync(plan, Cancel));
        Assert.Equal(RuntimeFault.NameTaken, taken.Fault);
        var found = (await next.InspectAsync(plan.Name, Cancel))!;
        Assert.All(plan.Labels(), label => Assert.Equal(label.Value, found.Labels[label.Key]));
        await next.StartAsync(found.Id, Cancel);
        Assert.Equal(ContainerCondition.Running, (await Engine.InspectAsync(found.Id, Cancel)).Condition);
    }

    [Case]
    public async Task Health_is_told_to_the_next_agent_too()
    {
        var plan = Engine.Plan("sleep", "1000");
        plan = plan with { Spec = plan.Spec with { Health = new(["CMD", BusyboxImage.Entrypoint, "true"], 1, 1, 1, 0) } };
        if (!await CanAsync(RuntimeCapability.HealthChecks, plan))
        {
            return;
        }

        (_, string id) = await Engine.StartAsync(plan, Cancel);
        using var next = Engine.Open(Engine.Engine);
        while ((await next.InspectAsync(id, Cancel))!.Healthy != true)
        {
            await Task.Delay(50, Cancel);
        }
    }

    [Case]
    public async Task Networks_are_found_again()
    {
        using var next = Engine.Open(Engine.Engine);
        Assert.Contains(Engine.Network.Name, await next.ListNetworksAsync(Engine.Coe, Cancel));
        await next.CreateNetworkAsync(Engine.Network, Cancel);
    }
}
