using Dweb.Agent.Machine;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Tests.Support;

namespace Dweb.Agent.Tests.Runtimes.Conformance;

/// <summary>Networks of deployments, which the agent names, numbers and knows again.</summary>
public abstract class NetworkCases(RuntimeUnderTest engine) : RuntimeCases(engine)
{
    private const string Server = "httpd -f -p 8080 -h /www";

    [Case]
    public async Task Making_one_twice_makes_one()
    {
        var plan = NetworkPlan.Of(Engine.Coe, Engine.Range, 5);
        await Runtime.CreateNetworkAsync(plan, Cancel);
        await Runtime.CreateNetworkAsync(plan, Cancel);
        Assert.Single(await Runtime.ListNetworksAsync(Engine.Coe, Cancel), plan.Name);
    }

    [Case]
    public async Task Removing_one_twice_is_no_error()
    {
        var plan = NetworkPlan.Of(Engine.Coe, Engine.Range, 6);
        await Runtime.CreateNetworkAsync(plan, Cancel);
        await Runtime.RemoveNetworkAsync(plan.Name, Cancel);
        await Runtime.RemoveNetworkAsync(plan.Name, Cancel);
        Assert.DoesNotContain(plan.Name, await Runtime.ListNetworksAsync(Engine.Coe, Cancel));
    }

    [Case]
    public async Task Those_of_another_COE_are_not_listed()
    {
        var other = Core.Protocol.Keccak256.Hash(Engine.Coe.ToString());
        await Runtime.CreateNetworkAsync(NetworkPlan.Of(other, Engine.Range, 7), Cancel);
        try
        {
            Assert.Single(await Runtime.ListNetworksAsync(other, Cancel));
            Assert.Contains(Engine.Network.Name, await Runtime.ListNetworksAsync(Engine.Coe, Cancel));
            Assert.DoesNotContain(NetworkPlan.Of(other, Engine.Range, 7).Name, await Runtime.ListNetworksAsync(Engine.Coe, Cancel));
        }
        finally
        {
            await Engine.RemoveAllAsync(other);
        }
    }

    [Case]
    public async Task A_container_is_on_the_network_that_it_was_planned_for_and_has_an_address_of_it()
    {
        (_, string id) = await Engine.StartAsync(Engine.Plan("sleep", "1000"), Cancel);
        var found = await Engine.InspectAsync(id, Cancel);
        Assert.Equal(Engine.Network.Name, found.Network);
        var address = await RuntimeUnderTest.AddressOfAsync(found, Cancel);
        Assert.True(Engine.Network.Subnet.Contains(address), address.ToString());
        Assert.NotEqual(Engine.Network.Gateway, address);
    }

    [Case]
    public async Task It_has_one_way_out_and_that_is_the_planned_gateway()
    {
        var written = await Engine.RunAsync(Engine.Shell("ls /sys/class/net; ip route | grep default"), Cancel);
        Assert.Equal(["eth0", "lo"], written.Take(written.Count - 1).Order(StringComparer.Ordinal));
        Assert.Contains($"via {Engine.Network.Gateway} ", written[^1] + " ", StringComparison.Ordinal);
    }

    [Case]
    public async Task The_host_s_side_is_the_bridge_by_which_the_firewall_knows_it()
    {
        (_, string id) = await Engine.StartAsync(Engine.Plan("sleep", "1000"), Cancel);
        Assert.True((await Engine.InspectAsync(id, Cancel)).Pid > 0);
        string shown = await HostTool.RunAsync("ip", ["-4", "-o", "address", "show", "dev", Engine.Network.Bridge], null, Cancel);
        Assert.Contains($"inet {Engine.Network.Gateway}/{Engine.Network.Subnet.PrefixLength} ", shown, StringComparison.Ordinal);
    }

    [Case]
    public async Task Two_on_one_network_reach_each_other()
    {
        (_, string id) = await Engine.StartAsync(Engine.Shell(Server), Cancel);
        var address = await RuntimeUnderTest.AddressOfAsync(await Engine.InspectAsync(id, Cancel), Cancel);
        Assert.Equal(["hello"], await Engine.RunAsync(Engine.Shell($"until wget -q -O - http://{address}:8080/; do sleep 0.05; done"), Cancel));
    }

    [Case]
    public async Task Two_on_one_network_have_two_addresses()
    {
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Engine.StartAsync(Engine.Plan("sleep", "1000"), Cancel)));
        var addresses = await Task.WhenAll(both.Select(async one => await RuntimeUnderTest.AddressOfAsync(await Engine.InspectAsync(one.Id, Cancel), Cancel)));
        Assert.NotEqual(addresses[0], addresses[1]);
    }

    [Case]
    public async Task One_on_which_a_container_is_stays()
    {
        var plan = NetworkPlan.Of(Engine.Coe, Engine.Range, 8);
        await Runtime.CreateNetworkAsync(plan, Cancel);
        (_, string id) = await Engine.StartAsync(Engine.Plan("sleep", "1000") with { Network = plan }, Cancel);
        var refusal = await Assert.ThrowsAsync<RuntimeException>(() => Runtime.RemoveNetworkAsync(plan.Name, Cancel));
        Assert.False(refusal.IsTransient);
        Assert.Contains(plan.Name, await Runtime.ListNetworksAsync(Engine.Coe, Cancel));
        await Runtime.RemoveAsync(id, Cancel);
        await Runtime.RemoveNetworkAsync(plan.Name, Cancel);
        Assert.DoesNotContain(plan.Name, await Runtime.ListNetworksAsync(Engine.Coe, Cancel));
    }

    [Case]
    public async Task A_container_of_a_network_that_is_not_there_does_not_run()
    {
        var plan = Engine.Plan("sleep", "1000") with { Network = NetworkPlan.Of(Engine.Coe, Engine.Range, 9) };
        var refusal = await Assert.ThrowsAsync<RuntimeException>(() => Engine.StartAsync(plan, Cancel));
        Assert.NotEqual(RuntimeFault.Unreachable, refusal.Fault);
        Assert.NotEqual(ContainerCondition.Running, (await Runtime.InspectAsync(plan.Name, Cancel))?.Condition);
    }
}
