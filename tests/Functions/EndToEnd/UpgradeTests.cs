using Dweb.Chain.Contracts;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.EndToEnd;

/// <summary>Replicas follow the channel of their image.</summary>
[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class UpgradeTests(TestStack stack)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Replicas_follow_their_channel_one_after_the_other_while_the_old_ones_go_on()
    {
        var (scene, image) = await FollowingAsync("tests/follows", replicas: 2);
        var first = await MovedAsync(scene, replica: 0);
        Assert.Equal((image, (ushort)1), (first.Image, first.Generation));
        var view = await scene.ViewAsync(Cancel);
        var replaced = Assert.Single(view.Leases, static l => l.State != LeaseState.Open);
        Assert.Equal((LeaseState.Ending, EndReason.Upgrade, (ushort)0), (replaced.State, replaced.Reason, replaced.Replica));
        Assert.Equal(first.Origin + 20, replaced.EndedAt);
        Assert.Equal(0, Assert.Single(view.Leases, static l => l.Replica == 1).Generation);

        await scene.AgentOf(first).ReportAsync(first.LeaseId, LeasePhase.Running, Cancel);
        var second = await MovedAsync(scene, replica: 1);
        Assert.Equal(RolloutStatus.Rolling, Assert.Single((await scene.ViewAsync(Cancel)).Rollouts).Status);
        await scene.AgentOf(second).ReportAsync(second.LeaseId, LeasePhase.Running, Cancel);
        view = await scene.BeatUntilAsync(stack.Market.Agents, static v => v.Rollouts is [{ Status: RolloutStatus.Done }], Cancel);
        Assert.Equal((OrderStatus.Running, 4), (view.Status, view.Leases.Count));
        Assert.DoesNotContain(view.Timeline, static entry => entry.Step is "degraded" or "closing");
        await scene.EndOpenAsync(view, Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_new_replica_that_fails_takes_those_that_were_moved_back_to_the_signed_image_and_is_not_tried_again()
    {
        var (scene, image) = await FollowingAsync("tests/back", replicas: 3, update: new UpdateSpec(Parallelism: 2));
        var first = await MovedAsync(scene, replica: 0);
        var second = await MovedAsync(scene, replica: 1);
        await scene.AgentOf(first).ReportAsync(first.LeaseId, LeasePhase.Running, Cancel);
        await scene.AgentOf(second).ReportAsync(second.LeaseId, LeasePhase.Unhealthy, Cancel, "the page is missing");

        first = await MovedAsync(scene, replica: 0, generation: 2);
        second = await MovedAsync(scene, replica: 1, generation: 2);
        Assert.Equal(RolloutStatus.RollingBack, Assert.Single((await scene.ViewAsync(Cancel)).Rollouts).Status);
        await scene.AgentOf(first).ReportAsync(first.LeaseId, LeasePhase.Running, Cancel);
        await scene.AgentOf(second).ReportAsync(second.LeaseId, LeasePhase.Running, Cancel);
        var view = await scene.BeatUntilAsync(stack.Market.Agents, static v => v.Rollouts is [{ Status: RolloutStatus.RolledBack }], Cancel);
        Assert.Matches("replica 1 of service 0 on COE coe-[0-9] is Unhealthy .the page is missing.", view.Rollouts[0].Message!);
        var open = view.Leases.Where(static l => l.State == LeaseState.Open).ToList();
        Assert.Equal([2, 2, 0], open.Select(static l => (int)l.Generation));
        Assert.All(open, l => Assert.NotEqual(image, l.Image));
        Assert.Contains(view.Timeline, static entry => entry.Step == "upgrade-failed");

        // Nobody remembers it but the chain.
        await stack.RestartAsync(Cancel);
        var later = await FollowingAsync("tests/after", replicas: 1);
        await MovedAsync(later.Scene, replica: 0);
        Assert.Equal(view.Leases.Count, (await scene.ViewAsync(Cancel)).Leases.Count);
        await scene.EndOpenAsync(view, Cancel);
        await later.Scene.EndOpenAsync(await later.Scene.ViewAsync(Cancel), Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_new_replica_that_fails_pauses_the_rollout_where_its_user_wants_that_and_the_others_keep_their_image()
    {
        var (scene, _) = await FollowingAsync("tests/fails", replicas: 2, update: new UpdateSpec(OnFailure: FailureAction.Pause));
        var first = await MovedAsync(scene, replica: 0);
        await scene.AgentOf(first).ReportAsync(first.LeaseId, LeasePhase.Unhealthy, Cancel, "the page is missing");

        var view = await scene.BeatUntilAsync(stack.Market.Agents, static v => v.Rollouts is [{ Status: RolloutStatus.Paused }], Cancel);
        Assert.Matches("replica 0 of service 0 on COE coe-[0-9] is Unhealthy .the page is missing.", view.Rollouts[0].Message!);
        Assert.Equal(LeaseState.Open, Assert.Single(view.Leases, static l => l.Replica == 1).State);
        Assert.Equal(OrderStatus.Running, view.Status);
        await scene.EndOpenAsync(view, Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_rollout_that_a_kill_cuts_short_goes_on_and_moves_no_replica_twice()
    {
        var (scene, image) = await FollowingAsync("tests/killed", replicas: 2);
        var first = await MovedAsync(scene, replica: 0);
        await stack.RestartAsync(Cancel);

        var beat = scene.AgentOf(first);
        await scene.BeatUntilAsync(stack.Market.Agents, static _ => true, Cancel);
        await beat.ReportAsync(first.LeaseId, LeasePhase.Running, Cancel);
        var second = await MovedAsync(scene, replica: 1);
        await scene.AgentOf(second).ReportAsync(second.LeaseId, LeasePhase.Running, Cancel);
        var view = await scene.BeatUntilAsync(stack.Market.Agents, static v => v.Rollouts is [{ Status: RolloutStatus.Done }], Cancel);
        Assert.Equal([(0, 0), (0, 1), (1, 0), (1, 1)], view.Leases.Select(static l => ((int)l.Replica, (int)l.Generation)));
        Assert.All(view.Leases.Where(static l => l.State == LeaseState.Open), l => Assert.Equal(image, l.Image));
        await scene.EndOpenAsync(view, Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task An_order_whose_user_allowed_no_upgrades_keeps_its_image()
    {
        var (scene, _) = await FollowingAsync("tests/stays", replicas: 1, UpgradePolicy.None);
        var follower = await FollowingAsync("tests/stays-not", replicas: 1);
        await MovedAsync(follower.Scene, replica: 0);
        var view = await scene.ViewAsync(Cancel);
        Assert.Equal((1, 0), (view.Leases.Count, view.Rollouts.Count));
        await scene.EndOpenAsync(view, Cancel);
        await follower.Scene.EndOpenAsync(await follower.Scene.ViewAsync(Cancel), Cancel);
    }

    /// <summary>A running order whose image's channel has just been moved to another image.</summary>
    private async Task<(Scene Scene, Hash32 Image)> FollowingAsync(
        string repository, ushort replicas, UpgradePolicy policy = UpgradePolicy.Channel, UpdateSpec? update = null)
    {
        await stack.ReadyAsync();
        var signed = await stack.Market.PublishAsync(repository, mint: true, Cancel);
        var scene = await Scene.BeginAsync(
            stack, replicas, Cancel, order => order with { UpgradePolicy = (byte)policy }, Market.SpecOf(signed, repository: repository) with { Update = update });
        await scene.RunAllAsync(Cancel);
        await scene.WaitAsync(OrderStatus.Running, Cancel);
        var next = await stack.Market.PublishAsync(repository, mint: true, Cancel);
        var images = new ContainerRegistry(stack.Chain.Client, stack.Chain.Addresses.ContainerRegistry);
        await stack.Chain.SendAsync(stack.Market.Publisher, images.MoveChannel("stable", next), Cancel);
        return (scene, next);
    }

    private async Task<LeaseView> MovedAsync(Scene scene, ushort replica, ushort generation = 1)
    {
        var view = await scene.BeatUntilAsync(stack.Market.Agents, v => v.Leases.Any(l => l.Replica == replica && l.Generation == generation), Cancel);
        return view.Leases.Single(l => l.Replica == replica && l.Generation == generation);
    }
}
