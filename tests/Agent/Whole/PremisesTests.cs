using Dweb.Agent.Isolation;
using Dweb.Agent.Machine;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Startup;
using Dweb.Agent.Tests.Support;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol.Http;

namespace Dweb.Agent.Tests.Whole;

/// <summary>What a lease has on its host beside its container, over the life of a whole agent.</summary>
[Trait("Category", "Integration")]
[Collection(World.Collection)]
public sealed class PremisesTests(World world)
{
    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_deployments_are_on_networks_of_their_own_within_their_bandwidth()
    {
        await using var coe = await world.FoundAsync(cancel);
        await using var agent = await coe.StartAsync(cancel);
        var (one, two) = (await coe.OpenAsync(coe.Web(), cancel), await coe.OpenAsync(coe.Web(), cancel));
        coe.Plane.Assign(one, two);
        var networks = new HashSet<string>(StringComparer.Ordinal);
        foreach (var lease in (AssignmentDocument[])[one, two])
        {
            await coe.UntilAsync(lease.LeaseId, LeasePhase.Running, cancel);
            var container = (await coe.ContainerAsync(lease.LeaseId, cancel))!;
            Assert.True(NetworkPlan.TryReadSlot(coe.Id, container.Network!, out _));
            networks.Add(container.Network!);
            while (!(await HostTool.RunAsync("nsenter", [$"--net=/proc/{container.Pid}/ns/net", "tc", "qdisc", "show", "dev", "eth0"], null, cancel)).Contains("rate 10Mbit", StringComparison.Ordinal))
            {
                await Task.Delay(20, cancel);
            }
        }

        Assert.Equal(2, networks.Count);
    }

    [Fact]
    public async Task What_a_lease_keeps_is_there_after_the_machine_was_restarted_and_gone_when_it_is_closed()
    {
        await using var coe = await world.FoundAsync(cancel);
        var lease = await coe.OpenAsync(Counting(coe), cancel);
        coe.Plane.Assign(lease);
        await using (await coe.StartAsync(cancel))
        {
            Assert.Equal("run\n", await ReadAsync(await coe.UntilAsync(lease.LeaseId, LeasePhase.Running, cancel)));
        }

        // As at a boot: the engine is up before the disk, and cannot start the container.
        await world.Runtime.StopAsync(ContainerNames.Of(lease.LeaseId), cancel);
        await HostTool.RunAsync("umount", [Path.Combine(coe.Volumes, lease.LeaseId.ToString())], null, cancel);
        await Assert.ThrowsAsync<RuntimeException>(() => world.Runtime.StartAsync(ContainerNames.Of(lease.LeaseId), cancel));
        coe.Plane.Reports.Clear();
        await using (await coe.StartAsync(cancel))
        {
            Assert.Equal("run\nrun\n", await ReadAsync(await coe.UntilAsync(lease.LeaseId, LeasePhase.Running, cancel)));
            await world.Chain.EndAsync(lease, coe.Id, cancel);
            coe.Plane.Assign(lease with { Stop = true });
            await coe.UntilAsync(lease.LeaseId, LeasePhase.Stopped, cancel);
            await world.Chain.FinaliseAsync(lease, coe.Id, cancel);
            while (Directory.EnumerateFileSystemEntries(coe.Volumes).Any())
            {
                await Task.Delay(50, cancel);
            }
        }
    }

    [Fact]
    public async Task What_an_agent_left_is_taken_away_and_nothing_of_anybody_elses()
    {
        await using var other = await world.FoundAsync(cancel);
        await using var neighbour = await other.StartAsync(cancel);
        var theirs = await other.OpenAsync(other.Web(), cancel);
        other.Plane.Assign(theirs);
        await other.UntilAsync(theirs.LeaseId, LeasePhase.Running, cancel);

        await using var coe = await world.FoundAsync(cancel);
        var lease = await coe.OpenAsync(Counting(coe), cancel);
        coe.Plane.Assign(lease);
        await using (await coe.StartAsync(cancel))
        {
            await coe.UntilAsync(lease.LeaseId, LeasePhase.Running, cancel);
            Assert.Equal(ExitStatus.CannotStart, await RemoveAsync(coe));
        }

        Assert.NotNull(await coe.ContainerAsync(lease.LeaseId, cancel));
        Assert.Equal(ExitStatus.Done, await RemoveAsync(coe));
        Assert.Equal(ExitStatus.Done, await RemoveAsync(coe));
        Assert.Empty(await world.Runtime.ListAsync(coe.Id, cancel));
        Assert.Empty(await world.Runtime.ListNetworksAsync(coe.Id, cancel));
        Assert.Empty(Directory.EnumerateFileSystemEntries(coe.Volumes));
        string tables = await HostTool.RunAsync("nft", ["list", "tables"], null, cancel);
        Assert.DoesNotContain(FirewallRules.TableName(coe.Id), tables, StringComparison.Ordinal);
        Assert.Contains(FirewallRules.TableName(other.Id), tables, StringComparison.Ordinal);
        Assert.Equal(ContainerCondition.Running, (await other.ContainerAsync(theirs.LeaseId, cancel))!.Condition);
    }

    [Fact]
    public async Task Bridges_of_an_engine_that_is_gone_are_taken_away_too()
    {
        await using var coe = await world.FoundAsync(cancel);
        string left = NetworkPlan.BridgePrefix(coe.Id) + "00f";
        await HostTool.RunAsync("ip", ["link", "add", "name", left, "type", "bridge"], null, cancel);
        coe.Config["engine"] = "unix:///nowhere/docker.sock";
        await File.WriteAllTextAsync(Path.Combine(coe.Home, "agent.json"), coe.Config.ToJsonString(), cancel);
        Assert.Equal(ExitStatus.CannotStart, await RemoveAsync(coe));
        Assert.False(Directory.Exists("/sys/class/net/" + left));
    }

    // Says how often it has run on this disk.
    private static ContainerSpec Counting(Coe coe) => coe.Web() with
    {
        Command = ["sh", "-c", "echo run >> /data/runs; cp /data/runs /tmp/index.html; exec httpd -f -p 8080 -h /tmp"],
        Volumes = [new VolumeSpec("/data")],
    };

    private Task<string> ReadAsync(LeaseReport running) => Served.ReadAsync(Assert.Single(running.Urls), cancel);

    private Task<int> RemoveAsync(Coe coe) => AgentProgram.RunAsync(["--remove", "--config", Path.Combine(coe.Home, "agent.json")], TextWriter.Null, TextWriter.Null, cancel);
}
