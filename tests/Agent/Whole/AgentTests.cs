using Dweb.Agent.Runtimes;
using Dweb.Agent.Tests.Support;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Tests.Whole;

/// <summary>The whole agent on a real chain, a real registry and a real engine, under a control plane that may lie.</summary>
[Trait("Category", "Integration")]
[Collection(World.Collection)]
public sealed class AgentTests(World world)
{
    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lease_runs_is_metered_settles_on_chain_and_goes_when_it_is_closed()
    {
        await using var coe = await world.FoundAsync(cancel);
        await using var agent = await coe.StartAsync(cancel);
        var lease = await coe.OpenAsync(coe.Web(), cancel);
        coe.Plane.Assign(lease);

        var running = await coe.UntilAsync(lease.LeaseId, LeasePhase.Running, cancel);
        Assert.Equal("hello", await Served.ReadAsync(Assert.Single(running.Urls), cancel));

        coe.Plane.AskForLog(new LogRequest("r1", lease.LeaseId, 10));
        while (!coe.Plane.Logs.ContainsKey("r1"))
        {
            await Task.Delay(20, cancel);
        }

        Assert.Null(coe.Plane.Logs["r1"].Error);
        Assert.Contains(coe.Plane.Logs["r1"].Lines, static line => line.Contains("response:200", StringComparison.Ordinal));

        var usage = await UntilUsageAsync(coe, static e => e.Seconds >= 2);
        await world.Chain.SettleAsync(coe.Id, usage, cancel);
        var settled = await world.Chain.Book.SettledOfAsync(lease.LeaseId, cancellationToken: cancel);
        Assert.True(settled.SecondsRun >= 1, $"{settled.SecondsRun} seconds were accepted.");

        await world.Chain.EndAsync(lease, coe.Id, cancel);
        coe.Plane.Assign(lease with { Stop = true });
        await coe.UntilAsync(lease.LeaseId, LeasePhase.Stopped, cancel);
        var stopped = await coe.ContainerAsync(lease.LeaseId, cancel);
        Assert.Equal(ContainerCondition.Exited, stopped!.Condition);

        await world.Chain.FinaliseAsync(lease, coe.Id, cancel);
        while (await coe.ContainerAsync(lease.LeaseId, cancel) is not null)
        {
            await Task.Delay(50, cancel);
        }
    }

    [Fact]
    public async Task A_restarted_agent_adopts_its_container_although_no_control_plane_lists_it()
    {
        await using var coe = await world.FoundAsync(cancel);
        var lease = await coe.OpenAsync(coe.Web(), cancel);
        coe.Plane.Assign(lease);
        await using (await coe.StartAsync(cancel))
        {
            await coe.UntilAsync(lease.LeaseId, LeasePhase.Running, cancel);
            await UntilUsageAsync(coe, static e => e.Seconds >= 1);
        }

        var before = await coe.ContainerAsync(lease.LeaseId, cancel);
        Assert.Equal(ContainerCondition.Running, before!.Condition);
        coe.Plane.Assign();
        uint reported = LastUsage(coe.Plane.Usage.Last()).Seconds;
        coe.Plane.Usage.Clear();
        await using (await coe.StartAsync(cancel))
        {
            await UntilUsageAsync(coe, e => e.Seconds > reported);
            Assert.Contains(coe.Plane.Heartbeats, static h => h.Incarnation == 2);
            var after = await coe.ContainerAsync(lease.LeaseId, cancel);
            Assert.Equal((before.Id, before.StartedAt), (after!.Id, after.StartedAt));
        }

        Assert.Single(await world.Runtime.ListAsync(coe.Id, cancel));
    }

    [Fact]
    public async Task A_container_without_a_record_is_adopted_by_its_labels()
    {
        await using var coe = await world.FoundAsync(cancel);
        var lease = await coe.OpenAsync(coe.Web(), cancel);
        coe.Plane.Assign(lease);
        await using (await coe.StartAsync(cancel))
        {
            await coe.UntilAsync(lease.LeaseId, LeasePhase.Running, cancel);
        }

        var before = await coe.ContainerAsync(lease.LeaseId, cancel);
        Directory.Delete(Path.Combine(coe.Home, "data", "leases"), recursive: true);
        coe.Plane.Reports.Clear();
        await using (await coe.StartAsync(cancel))
        {
            await coe.UntilAsync(lease.LeaseId, LeasePhase.Running, cancel);
            Assert.Equal(before!.StartedAt, (await coe.ContainerAsync(lease.LeaseId, cancel))!.StartedAt);
        }
    }

    [Fact]
    public async Task A_control_plane_that_says_stop_cannot_stop_what_the_chain_keeps_open()
    {
        await using var coe = await world.FoundAsync(cancel);
        await using var agent = await coe.StartAsync(cancel);
        var lease = await coe.OpenAsync(coe.Web(), cancel);
        coe.Plane.Assign(lease);
        await coe.UntilAsync(lease.LeaseId, LeasePhase.Running, cancel);
        coe.Plane.Assign(lease with { Stop = true });
        int beats = coe.Plane.Heartbeats.Count;
        while (coe.Plane.Heartbeats.Count < beats + 5)
        {
            await Task.Delay(50, cancel);
        }

        Assert.Equal(ContainerCondition.Running, (await coe.ContainerAsync(lease.LeaseId, cancel))!.Condition);
        Assert.DoesNotContain(coe.Plane.Reports, static r => r.Phase == LeasePhase.Stopped);
    }

    [Fact]
    public async Task A_lease_stops_when_its_funds_are_over_by_the_chains_time()
    {
        await using var coe = await world.FoundAsync(cancel);
        await using var agent = await coe.StartAsync(cancel);
        var lease = await coe.OpenAsync(coe.Web(), cancel, seconds: 20);
        coe.Plane.Assign(lease);
        await coe.UntilAsync(lease.LeaseId, LeasePhase.Running, cancel);
        var stopped = await coe.UntilAsync(lease.LeaseId, LeasePhase.Stopped, cancel);
        Assert.Equal(Catalogue.LeaseNotOpen.Code, stopped.Code);
        Assert.Equal(ContainerCondition.Exited, (await coe.ContainerAsync(lease.LeaseId, cancel))!.Condition);
    }

    [Fact]
    public async Task Nothing_that_a_lying_control_plane_names_is_run()
    {
        await using var coe = await world.FoundAsync(cancel);
        await using var other = await world.FoundAsync(cancel);
        await using var agent = await coe.StartAsync(cancel);
        var own = await coe.OpenAsync(coe.Web(), cancel);
        var evil = System.Text.Encoding.UTF8.GetString((coe.Web() with { Command = ["sleep", "1"] }).ToCanonicalJson());
        var foreign = await other.OpenAsync(other.Web(), cancel);
        var stolen = await coe.OpenAsync(coe.Web(world.StolenImage), cancel);
        var slot = await coe.OpenAsync(coe.Web(), cancel);
        var strange = await coe.OpenAsync(coe.Web(), cancel);
        coe.Plane.Assign(
            own with { Spec = evil }, foreign, stolen, slot with { Replica = 1 },
            strange with { Spec = strange.Spec.Replace(World.Repository, "no engine/takes: this", StringComparison.Ordinal) });

        Assert.Equal("spec-mismatch", (await coe.UntilAsync(own.LeaseId, LeasePhase.Refused, cancel)).Code);
        Assert.Equal("lease-not-assigned", (await coe.UntilAsync(foreign.LeaseId, LeasePhase.Refused, cancel)).Code);
        Assert.Equal("annotation-mismatch", (await coe.UntilAsync(stolen.LeaseId, LeasePhase.Refused, cancel)).Code);
        Assert.Equal("lease-not-assigned", (await coe.UntilAsync(slot.LeaseId, LeasePhase.Refused, cancel)).Code);
        Assert.Equal("spec-mismatch", (await coe.UntilAsync(strange.LeaseId, LeasePhase.Refused, cancel)).Code);
        Assert.Empty(await world.Runtime.ListAsync(coe.Id, cancel));

        coe.Plane.Assign(own);
        await coe.UntilAsync(own.LeaseId, LeasePhase.Running, cancel);
    }

    [Fact]
    public async Task An_agent_whose_key_another_holds_waits_and_one_that_is_superseded_stops_its_containers_and_exits_3()
    {
        await using var coe = await world.FoundAsync(cancel);
        await using var agent = await coe.StartAsync(cancel);
        var lease = await coe.OpenAsync(coe.Web(), cancel);
        coe.Plane.Refuse = Catalogue.AgentDuplicate;
        // The agent has to hear it before it is told of the lease: a poll that began earlier still brings the assignment.
        await UntilMoreHeartbeatsAsync(coe);
        coe.Plane.Assign(lease);
        await UntilMoreHeartbeatsAsync(coe);

        Assert.Null(await coe.ContainerAsync(lease.LeaseId, cancel));
        Assert.False(agent.Ended.IsCompleted);
        coe.Plane.Refuse = null;
        await coe.UntilAsync(lease.LeaseId, LeasePhase.Running, cancel);

        coe.Plane.Refuse = Catalogue.AgentSuperseded;
        Assert.Equal(3, await agent.Ended.WaitAsync(cancel));
        Assert.Equal(ContainerCondition.Exited, (await coe.ContainerAsync(lease.LeaseId, cancel))!.Condition);
    }

    /// <summary>Heartbeats follow one another, so the third has been sent by an agent that took in the answer to the first.</summary>
    private async Task UntilMoreHeartbeatsAsync(Coe coe)
    {
        int Count() => coe.Plane.Requests.Count(static request => request.EndsWith("/heartbeat", StringComparison.Ordinal));
        int before = Count();
        while (Count() < before + 3)
        {
            await Task.Delay(20, cancel);
        }
    }

    internal static UsageEntry LastUsage(UsageSubmission usage) => UsageBatch.UnpackEntries(Convert.FromHexString(usage.Entries[2..])).Single();

    private async Task<UsageSubmission> UntilUsageAsync(Coe coe, Predicate<UsageEntry> enough)
    {
        while (true)
        {
            if (coe.Plane.Usage.LastOrDefault(u => enough(LastUsage(u))) is { } usage)
            {
                return usage;
            }

            await Task.Delay(50, cancel);
        }
    }
}
