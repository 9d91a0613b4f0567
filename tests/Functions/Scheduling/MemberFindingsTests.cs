using Dweb.Chain.Contracts;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Tests.Stack;
using PlanEntry = Dweb.Core.Protocol.Messages.PlanEntry;
using Upgrade = Dweb.Core.Protocol.Messages.Upgrade;
using Verdict = Dweb.Core.Protocol.Messages.Verdict;

namespace Dweb.Functions.Tests.Scheduling;

/// <summary>
/// What a member signs of upgrades and verdicts, a real one over a real chain. The control plane that opened the leases is gone, or it would move them and
/// judge by itself.
/// </summary>
[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class MemberFindingsTests(MembersStack members) : IClassFixture<MembersStack>
{
    private const string Repository = "tests/members-follow";

    private readonly TestStack stack = members.Stack;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SchedulerMember Member => stack.Members[0];

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_member_signs_the_upgrade_and_the_verdict_that_it_finds_and_refuses_each_that_was_changed_by_its_field()
    {
        var signed = await stack.Market.PublishAsync(Repository, mint: true, Cancel);
        var next = await stack.Market.PublishAsync(Repository, mint: true, Cancel);
        var following = await RunningAsync(Market.SpecOf(signed, repository: Repository), UpgradePolicy.Channel);
        var staying = await RunningAsync(Market.SpecOf(signed, repository: Repository), UpgradePolicy.None);
        await PaidAsync(staying);
        var moved = await MovedAsync();
        await stack.Plane.KillAsync();
        await UpgradesAsync(following, staying, signed, next);
        await ReturnsAsync(moved.Scene, moved.Running);
        await VerdictsAsync(staying);
    }

    private async Task UpgradesAsync(Scene following, Scene staying, Hash32 signed, Hash32 next)
    {
        await RefusedAsync(await DraftAsync(following, next), "upgrade.imageDigest");
        var images = new ContainerRegistry(stack.Chain.Client, stack.Chain.Addresses.ContainerRegistry);
        await stack.Chain.SendAsync(stack.Market.Publisher, images.MoveChannel("stable", next), Cancel);

        Assert.Equal(Member.Key, await Member.SignAsync(await DraftAsync(following, next), stack.Chain.Book, Cancel));
        await RefusedAsync(await DraftAsync(following, signed), "upgrade.imageDigest");
        await RefusedAsync(await DraftAsync(staying, next), "upgrade.orderHash");
        await LieAsync(static u => u with { OrderHash = Keccak256.Hash("other") }, "plan.orderHash");
        await LieAsync(static u => u with { Entries = [] }, "plan.entries");
        await LieAsync(Entry(static e => e with { Service = 1 }), "plan.entries[0].service");
        await LieAsync(Entry(static e => e with { Replica = 1 }), "plan.entries[0].replica");
        await LieAsync(Entry(static e => e with { Generation = 2 }), "plan.entries[0].generation");
        await LieAsync(Entry(static e => e with { Coe = Keccak256.Hash("other") }), "plan.entries[0].coe");
        await LieAsync(Entry(static e => e with { MaxHostRate = e.MaxHostRate + 1 }), "plan.entries[0].maxHostRate");
        await LieAsync(static u => u with { Overlap = 601 }, "upgrade.overlap");
        await LieAsync(static u => u with { CommitteeEpoch = u.CommitteeEpoch + 1 }, "upgrade.committeeEpoch");
        await LieAsync(static u => u with { Deadline = u.Deadline + 3_600 }, "upgrade.deadline");

        async Task LieAsync(Func<Upgrade, Upgrade> change, string field)
        {
            var honest = await DraftAsync(following, next);
            await RefusedAsync(honest with { Upgrade = change(honest.Upgrade) }, field);
        }

        static Func<Upgrade, Upgrade> Entry(Func<PlanEntry, PlanEntry> change) => upgrade => upgrade with { Entries = [change(upgrade.Entries[0])] };
    }

    /// <summary>One whose only replica the control plane has moved to its channel's image.</summary>
    private async Task<(Scene Scene, LeaseView Running)> MovedAsync()
    {
        const string Other = "tests/members-return";
        var signed = await stack.Market.PublishAsync(Other, mint: true, Cancel);
        var scene = await RunningAsync(Market.SpecOf(signed, repository: Other), UpgradePolicy.Channel);
        var next = await stack.Market.PublishAsync(Other, mint: true, Cancel);
        var images = new ContainerRegistry(stack.Chain.Client, stack.Chain.Addresses.ContainerRegistry);
        await stack.Chain.SendAsync(stack.Market.Publisher, images.MoveChannel("stable", next), Cancel);
        var view = await scene.BeatUntilAsync(stack.Market.Agents, static view => view.Leases.Count == 2, Cancel);
        return (scene, view.Leases.Single(static lease => lease.Generation == 1));
    }

    private async Task ReturnsAsync(Scene scene, LeaseView running)
    {
        var agent = stack.Market.Agents.Single(agent => agent.Coe == running.Coe);
        var signed = scene.Request.Order.Services[0].ImageDigest;

        await RefusedAsync(await ReturnAsync(LeasePhase.Running), "upgrade.imageDigest");
        Assert.Equal(Member.Key, await Member.SignAsync(await ReturnAsync(LeasePhase.Unhealthy), stack.Chain.Book, Cancel));

        async Task<UpgradeRequest> ReturnAsync(LeasePhase phase)
        {
            await Task.WhenAll(stack.Market.Agents.Select(other => other.BeatMemberAsync(Member, Cancel)));
            await agent.BeatMemberAsync(Member, Cancel, new LeaseReport(running.LeaseId, phase, [], null, null));
            return await PlanDraft.UpgradeAsync(stack, scene.Request, signed, Cancel, generation: 2);
        }
    }

    private async Task VerdictsAsync(Scene scene)
    {
        var lease = scene.Leases[0];
        string spec = scene.Request.Specs[0];
        await stack.Chain.SendAsync(scene.User, stack.Chain.LeaseBook.Dispute(Scene.KeyOf(lease), 1), Cancel);

        await using (var container = Answerer.Http())
        {
            await TellAsync(scene, container.Url);
            Assert.Equal(Member.Key, await Member.SignAsync(await VerdictAsync(refund: false), stack.Chain.Book, Cancel));
            await RefusedAsync(await VerdictAsync(refund: true), "verdict.refund");
            await LieAsync(static v => v with { LeaseId = Keccak256.Hash("other") }, "verdict.leaseId");
            await LieAsync(static v => v with { DisputedSeconds = 2 }, "verdict.disputedSeconds");
            await LieAsync(static v => v with { CommitteeEpoch = v.CommitteeEpoch + 1 }, "verdict.committeeEpoch");
            await LieAsync(static v => v with { Deadline = v.Deadline + 3_600 }, "verdict.deadline");
            await RefusedAsync((await VerdictAsync(refund: false)) with { Spec = spec.Replace("8080", "8081", StringComparison.Ordinal) }, "spec");
        }

        // Nobody listens there any more.
        await TellAsync(scene, "http://127.0.0.1:1");
        await RefusedAsync(await VerdictAsync(refund: false), "verdict.refund");
        Assert.Equal(Member.Key, await Member.SignAsync(await VerdictAsync(refund: true), stack.Chain.Book, Cancel));

        Task<VerdictRequest> VerdictAsync(bool refund) => PlanDraft.VerdictAsync(stack, lease.LeaseId, spec, refund, Cancel);

        async Task LieAsync(Func<Verdict, Verdict> change, string field)
        {
            var honest = await VerdictAsync(refund: false);
            await RefusedAsync(honest with { Verdict = change(honest.Verdict) }, field);
        }
    }

    private async Task<UpgradeRequest> DraftAsync(Scene scene, Hash32 image)
    {
        await Task.WhenAll(stack.Market.Agents.Select(agent => agent.BeatMemberAsync(Member, Cancel)));
        return await PlanDraft.UpgradeAsync(stack, scene.Request, image, Cancel);
    }

    private Task TellAsync(Scene scene, string url) =>
        scene.AgentOf(scene.Leases[0]).BeatMemberAsync(Member, Cancel, new LeaseReport(scene.Leases[0].LeaseId, LeasePhase.Running, [url], null, null));

    private async Task RefusedAsync(CommitteeRequest request, string field)
    {
        var problem = await Member.RefuseAsync(request, Cancel);
        Assert.Equal(("member-refused", field), (problem.Code, problem.Field));
    }

    private async Task<Scene> RunningAsync(Core.Manifest.ContainerSpec spec, UpgradePolicy policy)
    {
        var scene = await Scene.BeginAsync(stack, 1, Cancel, order => order with { UpgradePolicy = (byte)policy }, spec);
        await scene.RunAllAsync(Cancel);
        await scene.WaitAsync(OrderStatus.Running, Cancel);
        return scene;
    }

    private async Task PaidAsync(Scene scene)
    {
        var lease = scene.Leases[0];
        while ((await stack.Chain.Client.GetHeadAsync(Cancel)).Timestamp <= lease.Origin)
        {
            await Task.Delay(100, Cancel);
        }

        await scene.ReportUsageAsync(1, Cancel);
        while ((await stack.Chain.LeaseBook.SettledOfAsync(lease.LeaseId, cancellationToken: Cancel)).SecondsRun == 0)
        {
            await Task.Delay(100, Cancel);
        }
    }
}
