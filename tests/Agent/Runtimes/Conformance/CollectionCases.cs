using Dweb.Agent.Machine;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Tests.Support;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Tests.Runtimes.Conformance;

/// <summary>What is left of a container that was removed: nothing.</summary>
public abstract class CollectionCases(RuntimeUnderTest engine) : RuntimeCases(engine)
{
    [Case]
    public async Task Nothing_is_left_on_its_network()
    {
        var network = NetworkPlan.Of(Engine.Coe, Engine.Range, 3);
        await Runtime.CreateNetworkAsync(network, Cancel);
        (_, string id) = await Engine.StartAsync(Engine.Plan("sleep", "1000") with { Network = network }, Cancel);
        Assert.NotEmpty(JoinedTo(network));
        await Runtime.RemoveAsync(id, Cancel);
        Assert.Empty(JoinedTo(network));
        await Runtime.RemoveNetworkAsync(network.Name, Cancel);
        Assert.False(Directory.Exists("/sys/class/net/" + network.Bridge));
    }

    [Case]
    public async Task Nothing_of_its_files_is_left()
    {
        (var plan, string id) = await Engine.StartAsync(Engine.Shell("echo written; sleep 1000"), Cancel);
        await Engine.UntilWrittenAsync(id, static lines => lines.Count > 0, Cancel);
        Assert.True(await Engine.MeasureLogAsync(id, Cancel) > 0);
        await Runtime.RemoveAsync(plan.Name, Cancel);
        string mounts = await File.ReadAllTextAsync(MountNamespace.OfEngine(Engine.Engine).MountInfoFile, Cancel);
        Assert.DoesNotContain(id, mounts, StringComparison.Ordinal);
    }

    [Case]
    public async Task Its_groups_in_the_kernel_are_gone()
    {
        (_, string id) = await Engine.StartAsync(Engine.Plan("sleep", "1000"), Cancel);
        int pid = (await Engine.InspectAsync(id, Cancel)).Pid;
        Assert.Contains(id, await File.ReadAllTextAsync($"/proc/{pid}/cgroup", Cancel), StringComparison.Ordinal);
        await Runtime.RemoveAsync(id, Cancel);
        Assert.Empty(Directory.EnumerateDirectories("/sys/fs/cgroup", $"*{id}*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, MaxRecursionDepth = 4 }));
    }

    [Case]
    public async Task Several_at_a_time_are_made_and_removed()
    {
        var coe = Keccak256.Hash("several " + Engine.Coe);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Engine.StartAsync(Engine.Plan("sleep", "1000") with { Coe = coe }, Cancel)));
            var found = await Runtime.ListAsync(coe, Cancel);
            Assert.Equal(4, found.Count(static container => container.Condition == ContainerCondition.Running));
            await Task.WhenAll(found.Select(container => Runtime.RemoveAsync(container.Name, Cancel)));
            Assert.Empty(await Runtime.ListAsync(coe, Cancel));
        }
        finally
        {
            await Engine.RemoveAllAsync(coe);
        }
    }

    [Case]
    public async Task Listing_beside_a_removal_shows_what_is_there()
    {
        var coe = Keccak256.Hash("beside " + Engine.Coe);
        (_, string stays) = await Engine.StartAsync(Engine.Plan("sleep", "1000") with { Coe = coe }, Cancel);
        (_, string goes) = await Engine.StartAsync(Engine.Plan("sleep", "1000") with { Coe = coe }, Cancel);
        try
        {
            var removing = Runtime.RemoveAsync(goes, Cancel);
            while (!removing.IsCompleted)
            {
                Assert.Contains(await Runtime.ListAsync(coe, Cancel), container => container.Id == stays);
            }

            await removing;
            Assert.Equal([stays], (await Runtime.ListAsync(coe, Cancel)).Select(static container => container.Id));
        }
        finally
        {
            await Engine.RemoveAllAsync(coe);
        }
    }

    private static IEnumerable<string> JoinedTo(NetworkPlan network) =>
        Directory.Exists($"/sys/class/net/{network.Bridge}/brif") ? Directory.EnumerateFileSystemEntries($"/sys/class/net/{network.Bridge}/brif") : [];
}
