using System.Diagnostics;
using System.Globalization;
using Dweb.Agent.Isolation;
using Dweb.Agent.Machine;
using Dweb.Agent.Tests.Support;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol.Http;

namespace Dweb.Agent.Tests.Whole;

/// <summary>Many leases come and go on one agent, a program of its own: what it holds of its host is afterwards what it held before.</summary>
[Trait("Category", "Integration")]
[Collection(World.Collection)]
public sealed class LeakTests(World world)
{
    private const int AtATime = 10;

    // One of so many passes before anything is measured: the heap has its size after some dozens.
    private const int Warm = 10;

    // What a runtime keeps of a burst: sockets of pooled connections, pages of its heap.
    private const int MoreHandles = 20;
    private const long MoreMemory = 32L * 1024 * 1024;

    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;

    [Fact]
    public Task Fifty_leases_leave_nothing() => PassAsync(50);

    [Fact(Explicit = true)]
    public Task Five_hundred_leases_leave_nothing() => PassAsync(500);

    private async Task PassAsync(int leases)
    {
        await using var coe = await world.FoundAsync(cancel);
        coe.Config["networkRange"] = "10.63.240.0/22";
        string config = Path.Combine(coe.Home, "agent.json");
        await File.WriteAllTextAsync(config, coe.Config.ToJsonString(), cancel);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Repository.Root, "agent", "bin", "Release", "net10.0", "ready", "dweb-agent.dll"), "--config", config]);
        await using var agent = RunningProgram.Start(start);
        await PassAsync(coe, agent, Math.Max(AtATime, leases / Warm));
        var before = await Held.OfAsync(agent, coe, cancel);
        await PassAsync(coe, agent, leases);

        var after = await Held.OfAsync(agent, coe, cancel);
        Assert.InRange(after.Handles, 1, before.Handles + MoreHandles);
        Assert.InRange(after.Memory, 1, before.Memory + MoreMemory);
        Assert.Equal(before.Rules, after.Rules);
        Assert.Equal((0, 0, 0, 0), (after.Containers, after.LoopDevices, after.Volumes, after.Records));
    }

    private async Task PassAsync(Coe coe, RunningProgram agent, int leases)
    {
        for (int passed = 0; passed < leases; passed += AtATime)
        {
            await PassBatchAsync(coe, agent);
        }
    }

    private async Task PassBatchAsync(Coe coe, RunningProgram agent)
    {
        var spec = coe.Web() with { Volumes = [new VolumeSpec("/data")] };
        var batch = new List<AssignmentDocument>();
        for (int i = 0; i < AtATime; i++)
        {
            batch.Add(await coe.OpenAsync(spec, cancel));
        }

        coe.Plane.Assign(batch);
        await agent.UntilAsync(() => Task.FromResult(batch.TrueForAll(lease => coe.Plane.Reports.Any(r => r.LeaseId == lease.LeaseId && r.Phase == LeasePhase.Running))));
        foreach (var lease in batch)
        {
            await world.Chain.EndAsync(lease, coe.Id, cancel);
        }

        coe.Plane.Assign([.. batch.Select(static lease => lease with { Stop = true })]);
        await agent.UntilAsync(() => Task.FromResult(batch.TrueForAll(lease => coe.Plane.Reports.Any(r => r.LeaseId == lease.LeaseId && r.Phase == LeasePhase.Stopped))));
        foreach (var lease in batch)
        {
            await world.Chain.FinaliseAsync(lease, coe.Id, cancel);
        }

        coe.Plane.Assign();
        await agent.UntilAsync(async () => (await world.Runtime.ListAsync(coe.Id, cancel)).Count == 0 && Records(coe) == 0);
    }

    private static int Records(Coe coe) => Directory.EnumerateFiles(Path.Combine(coe.Home, "data", "leases")).Count();

    /// <param name="Memory">Bytes resident.</param>
    /// <param name="Rules">Of the agent's firewall, as the kernel lists them.</param>
    private sealed record Held(int Handles, long Memory, int Containers, string Rules, int LoopDevices, int Volumes, int Records)
    {
        public static async Task<Held> OfAsync(RunningProgram agent, Coe coe, CancellationToken cancellationToken)
        {
            // Networks are given back when no lease was launched or ended for some seconds.
            await agent.UntilAsync(async () =>
            {
                int networks = (await coe.World.Runtime.ListNetworksAsync(coe.Id, cancellationToken)).Count;
                return networks is >= DeploymentNetworks.Spares and <= 2 * DeploymentNetworks.Spares;
            });

            string proc = string.Create(CultureInfo.InvariantCulture, $"/proc/{agent.Id}");
            string resident = File.ReadLines(proc + "/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            string loops = await HostTool.RunAsync("losetup", ["--list", "--noheadings", "--output", "BACK-FILE"], null, cancellationToken);
            return new Held(
                Directory.EnumerateFileSystemEntries(proc + "/fd").Count(),
                long.Parse(resident.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024,
                (await coe.World.Runtime.ListAsync(coe.Id, cancellationToken)).Count,
                await HostTool.RunAsync("nft", ["--stateless", "list", "table", "inet", FirewallRules.TableName(coe.Id)], null, cancellationToken),
                loops.Split('\n').Count(line => line.Contains(coe.Home, StringComparison.Ordinal)),
                Directory.EnumerateFileSystemEntries(coe.Volumes).Count(),
                LeakTests.Records(coe));
        }
    }
}
