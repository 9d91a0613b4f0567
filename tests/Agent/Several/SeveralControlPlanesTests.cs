using System.Net;
using System.Net.Sockets;
using System.Text;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Tests.Support;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Tests.Several;

/// <summary>An agent of two control planes: what runs is what either assigns, and none of them can do the other harm.</summary>
[Trait("Category", "Integration")]
public sealed class SeveralControlPlanesTests(Shore shore) : IClassFixture<Shore>
{
    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_either_assigns_runs_and_both_are_told_and_both_get_the_usage()
    {
        await using var vessel = await shore.LaunchAsync(cancel);
        vessel.A.ClockAhead = TimeSpan.FromHours(2);
        vessel.B.ClockAhead = TimeSpan.FromHours(-3);
        var (first, second) = (await vessel.OpenAsync(cancel), await vessel.OpenAsync(cancel));
        vessel.A.Assign(first);
        vessel.B.Assign(second);

        foreach (var plane in (Support.ControlPlane[])[vessel.A, vessel.B])
        {
            foreach (var lease in (AssignmentDocument[])[first, second])
            {
                await UntilAsync(() => Told(plane, lease, LeasePhase.Running));
            }

            await UntilAsync(() => plane.Heartbeats.Any(beat => beat.Leases.Count == 2));
            await UntilAsync(() => plane.Usage.Any(usage => Handles(usage).IsSupersetOf([LeaseHandle.Of(first.LeaseId), LeaseHandle.Of(second.LeaseId)])));
        }
    }

    [Fact]
    public async Task One_that_hangs_keeps_nothing_from_the_other()
    {
        using var hanging = new TcpListener(IPAddress.Loopback, 0);
        hanging.Start();
        await using var vessel = await shore.LaunchAsync(cancel, new Uri($"http://{(IPEndPoint)hanging.LocalEndpoint}"));
        var lease = await vessel.OpenAsync(cancel);
        vessel.A.Assign(lease);
        await UntilAsync(() => Told(vessel.A, lease, LeasePhase.Running));
        vessel.A.AskForLog(new LogRequest("log", lease.LeaseId, 10));
        await UntilAsync(() => vessel.A.Logs.ContainsKey("log") && vessel.A.Heartbeats.Count >= 5 && vessel.A.Usage.Count >= 3);
        Assert.Empty(vessel.B.Requests);
    }

    [Fact]
    public async Task An_agent_that_one_tells_to_go_stays_while_the_other_accepts_it_and_goes_when_both_say_so()
    {
        await using var vessel = await shore.LaunchAsync(cancel);
        var (before, after) = (await vessel.OpenAsync(cancel), await vessel.OpenAsync(cancel));
        vessel.A.Assign(before);
        await UntilAsync(() => Told(vessel.B, before, LeasePhase.Running));
        vessel.B.Refuse = Catalogue.AgentSuperseded;
        await UntilRefusedAsync(vessel.B);
        vessel.A.Assign(before, after);
        await UntilAsync(() => Told(vessel.A, after, LeasePhase.Running));
        Assert.Equal(ContainerCondition.Running, vessel.Engine.ConditionOf(before.LeaseId));

        vessel.A.Refuse = Catalogue.AgentSuperseded;
        Assert.Equal(3, await vessel.EndedAsync(cancel));
        Assert.Equal((ContainerCondition.Exited, ContainerCondition.Exited), (vessel.Engine.ConditionOf(before.LeaseId), vessel.Engine.ConditionOf(after.LeaseId)));
    }

    [Fact]
    public async Task One_that_knows_another_agent_keeps_nothing_from_starting_that_the_other_assigns()
    {
        await using var vessel = await shore.LaunchAsync(cancel);
        vessel.B.Refuse = Catalogue.AgentDuplicate;
        await UntilRefusedAsync(vessel.B);
        var lease = await vessel.OpenAsync(cancel);
        vessel.A.Assign(lease);
        await UntilAsync(() => Told(vessel.A, lease, LeasePhase.Running));

        vessel.A.Refuse = Catalogue.AgentDuplicate;
        await UntilRefusedAsync(vessel.A);
        Assert.Equal(ContainerCondition.Running, vessel.Engine.ConditionOf(lease.LeaseId));
    }

    [Fact]
    public async Task What_one_lies_about_runs_as_the_other_tells_it()
    {
        await using var vessel = await shore.LaunchAsync(cancel);
        var (early, late) = (await vessel.OpenAsync(cancel), await vessel.OpenAsync(cancel));
        vessel.A.Assign(Lie(early));
        await UntilAsync(() => Told(vessel.B, early, LeasePhase.Refused));
        vessel.B.Assign(early, late);
        vessel.A.Assign(Lie(early), Lie(late));
        await UntilAsync(() => Told(vessel.A, early, LeasePhase.Running) && Told(vessel.A, late, LeasePhase.Running));

        vessel.A.Assign(Lie(early) with { Stop = true }, Lie(late) with { Stop = true });
        await UntilMoreHeartbeatsAsync(vessel.A);
        Assert.Equal((ContainerCondition.Running, ContainerCondition.Running), (vessel.Engine.ConditionOf(early.LeaseId), vessel.Engine.ConditionOf(late.LeaseId)));
    }

    [Fact]
    public async Task What_was_changed_on_its_way_is_asked_for_once_more_and_runs()
    {
        await using var vessel = await shore.LaunchAsync(cancel);
        Func<AssignmentDocument, AssignmentDocument>[] changes =
        [
            static told => told with { LeaseId = Keccak256.Hash("another") },
            static told => told with { OrderHash = Keccak256.Hash("another") },
            static told => told with { Generation = 7 },
            static told => told with { Order = told.Order with { Salt = Keccak256.Hash("another") } },
            static told => told with { Order = told.Order with { Services = [] } },
            static told => told with { Order = told.Order with { MaxTotal = -1 } },
            static told => told with { ImageDigest = Keccak256.Hash("another") },
            static told => told with { Spec = told.Spec.Replace("1", "2", StringComparison.Ordinal) },
            static told => told with { Spec = "none" },
        ];
        List<AssignmentDocument> leases = [];
        foreach (var change in changes)
        {
            var lease = await vessel.OpenAsync(cancel);
            leases.Add(lease);
            vessel.A.ChangeOnce = told => told.LeaseId == lease.LeaseId ? change(told) : told;
            vessel.A.Assign([.. leases]);
            await UntilAsync(() => Told(vessel.A, lease, LeasePhase.Running));
        }

        vessel.A.ChangeCoeOnce = true;
        leases.Add(await vessel.OpenAsync(cancel));
        vessel.A.Assign([.. leases]);
        await UntilAsync(() => Told(vessel.A, leases[^1], LeasePhase.Running));
        Assert.DoesNotContain(vessel.A.Reports, static report => report.Phase == LeasePhase.Refused);
    }

    [Fact]
    public async Task What_one_does_not_list_runs_on_and_is_started_again_while_the_other_lists_it()
    {
        await using var vessel = await shore.LaunchAsync(cancel);
        var lease = await vessel.OpenAsync(cancel);
        vessel.A.Assign(lease);
        vessel.B.Assign(lease);
        await UntilAsync(() => Told(vessel.B, lease, LeasePhase.Running));
        vessel.A.Assign();
        await UntilMoreHeartbeatsAsync(vessel.A);
        await vessel.Engine.RemoveAsync(ContainerNames.Of(lease.LeaseId), cancel);
        await UntilAsync(() => vessel.Engine.ConditionOf(lease.LeaseId) == ContainerCondition.Running);
    }

    [Fact]
    public async Task A_spec_that_one_lacks_is_waited_for_and_offered_as_soon_as_the_other_has_brought_it()
    {
        await using var vessel = await shore.LaunchAsync(cancel);
        var lease = await vessel.OpenAsync(cancel);
        vessel.B.Assign(lease with { Spec = "" });
        await UntilAsync(() => Told(vessel.A, lease, LeasePhase.Assigned));
        Assert.Null(vessel.Engine.ConditionOf(lease.LeaseId));
        vessel.A.Assign(lease);
        await UntilAsync(() => Told(vessel.A, lease, LeasePhase.Running) && !vessel.B.Specs.IsEmpty);
        Assert.Equal(lease.Spec, Assert.Single(vessel.B.Specs));
        Assert.Empty(vessel.A.Specs);
        Assert.DoesNotContain(vessel.A.Reports, static report => report.Phase == LeasePhase.Refused);
    }

    [Fact]
    public async Task A_log_goes_to_the_one_that_asked_for_it()
    {
        await using var vessel = await shore.LaunchAsync(cancel);
        var lease = await vessel.OpenAsync(cancel);
        vessel.A.Assign(lease);
        await UntilAsync(() => Told(vessel.B, lease, LeasePhase.Running));
        vessel.B.AskForLog(new LogRequest("from-b", lease.LeaseId, 10));
        await UntilAsync(() => vessel.B.Logs.ContainsKey("from-b"));
        Assert.Null(vessel.B.Logs["from-b"].Error);
        Assert.Empty(vessel.A.Logs);
    }

    private static AssignmentDocument Lie(AssignmentDocument lease) => lease with { Spec = Encoding.UTF8.GetString(Given.Spec("evil").ToCanonicalJson()) };

    private static bool Told(Support.ControlPlane plane, AssignmentDocument lease, LeasePhase phase) =>
        plane.Reports.LastOrDefault(report => report.LeaseId == lease.LeaseId)?.Phase == phase;

    private static HashSet<LeaseHandle> Handles(UsageSubmission usage) =>
        [.. UsageBatch.UnpackEntries(Convert.FromHexString(usage.Entries[2..])).Select(static entry => entry.Handle)];

    /// <summary>Heartbeats follow one another: the second refused one was sent by an agent that took in the answer to the first.</summary>
    private async Task UntilRefusedAsync(Support.ControlPlane plane)
    {
        int Count() => plane.Requests.Count(static request => request.EndsWith("/heartbeat", StringComparison.Ordinal));
        int before = Count();
        await UntilAsync(() => Count() >= before + 3);
    }

    private async Task UntilMoreHeartbeatsAsync(Support.ControlPlane plane)
    {
        int before = plane.Heartbeats.Count;
        await UntilAsync(() => plane.Heartbeats.Count >= before + 5);
    }

    private async Task UntilAsync(Func<bool> reached)
    {
        while (!reached())
        {
            await Task.Delay(20, cancel);
        }
    }
}
