using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Disputes;
using Dweb.Functions.Tests.Stack;
using LeaseKey = Dweb.Chain.Contracts.LeaseKey;
using Verdict = Dweb.Core.Protocol.Messages.Verdict;

namespace Dweb.Functions.Tests.Disputes;

/// <summary>A user disputes a second that was settled; what becomes of it on the chain.</summary>
[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class DisputeTests(TestStack stack)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_host_whose_container_answers_gets_its_pay_and_the_users_bond()
    {
        await using var container = Answerer.Http();
        var scene = await PaidAsync(container.Url);
        var amount = await DisputeAsync(scene);

        var closed = await ClosedAsync(scene);
        Assert.Equal((0, 2 * amount), (closed.Refunded, closed.ToHost));
        Assert.Contains((await scene.ViewAsync(Cancel)).Timeline, entry => entry is { Step: "judged", Detail: { } detail } && detail.EndsWith($" serves: {container.Url} answers 200", StringComparison.Ordinal));
        await scene.EndAsync(Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_user_whose_container_does_not_answer_is_refunded_and_gets_the_bond_back()
    {
        var container = Answerer.Http();
        await container.DisposeAsync();
        var scene = await PaidAsync(container.Url);
        var amount = await DisputeAsync(scene);

        var closed = await ClosedAsync(scene);
        Assert.Equal((2 * amount, 0), (closed.Refunded, closed.ToHost));
        Assert.Contains((await scene.ViewAsync(Cancel)).Timeline, static entry => entry is { Step: "judged", Detail: { } detail } && detail.Contains(" does not serve: ", StringComparison.Ordinal));
        await scene.EndAsync(Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Without_a_port_nobody_judges_and_each_gets_their_own_back_when_the_time_is_over()
    {
        await stack.ReadyAsync();
        var scene = await PaidAsync(url: null, Market.SpecOf(stack.Market.ImageDigest) with { Ports = [] });
        var amount = await DisputeAsync(scene);

        Assert.Equal(DisputeFinding.None, await FoundAsync(scene));
        var open = await stack.Chain.LeaseBook.DisputeOfAsync(scene.Leases[0].LeaseId, cancellationToken: Cancel);
        Assert.NotEqual(0u, open.VerdictUntil);
        await stack.Chain.PassTimeAsync(TimeSpan.FromMinutes(2), Cancel);
        var closed = await ClosedAsync(scene);
        Assert.Equal((amount, amount), (closed.Refunded, closed.ToHost));
        await scene.EndAsync(Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_user_who_ended_the_lease_gets_nothing_for_the_silence_of_its_container()
    {
        var container = Answerer.Http();
        await container.DisposeAsync();
        var scene = await PaidAsync(container.Url);
        await scene.EndAsync(Cancel);
        await DisputeAsync(scene);

        Assert.Equal(DisputeFinding.None, await FoundAsync(scene));
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_verdict_that_was_signed_when_the_process_died_is_sent_by_the_next_one_and_once()
    {
        await using var container = Answerer.Http();
        var scene = await PaidAsync(container.Url);
        await stack.SetGasAsync(enough: false, Cancel);
        var amount = await DisputeAsync(scene);
        await HistoryAsync(scene, static history => history.Steps.Any(static step => step is { Name: "GiveVerdict", Outcome: "Failed" }));
        await stack.Plane.KillAsync();
        await stack.SetGasAsync(enough: true, Cancel);
        await stack.Plane.StartAsync(Cancel);

        var closed = await ClosedAsync(scene);
        Assert.Equal((0, 2 * amount), (closed.Refunded, closed.ToHost));
        Assert.Equal(DisputeFinding.Served, await FoundAsync(scene));
        Assert.Equal(1, container.Calls);
        Assert.Single(await ClosingsAsync(scene));
        await scene.EndAsync(Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_dispute_that_somebody_else_has_decided_is_left_alone()
    {
        await using var container = Answerer.Http();
        var scene = await PaidAsync(container.Url);
        await stack.SetGasAsync(enough: false, Cancel);
        var amount = await DisputeAsync(scene);
        await HistoryAsync(scene, static history => history.Steps.Any(static step => step is { Name: "GiveVerdict", Outcome: "Failed" }));
        await DecideAsync(scene, refund: true);
        await stack.SetGasAsync(enough: true, Cancel);

        Assert.Equal(DisputeFinding.Served, await FoundAsync(scene));
        Assert.Equal(2 * amount, Assert.Single(await ClosingsAsync(scene)).Refunded);
        await scene.EndAsync(Cancel);
    }

    /// <summary>An order with one replica of which a second is settled.</summary>
    /// <param name="url">Where its agent says that it answers.</param>
    private async Task<Scene> PaidAsync(string? url, ContainerSpec? spec = null)
    {
        await stack.ReadyAsync();
        var scene = await Scene.BeginAsync(stack, 1, Cancel, spec: spec);
        var lease = scene.Leases[0];
        await scene.AgentOf(lease).ReportAsync(lease.LeaseId, LeasePhase.Running, Cancel, urls: url is null ? [] : [url]);
        await scene.WaitAsync(OrderStatus.Running, Cancel);
        await UntilAsync(async () => (await stack.Chain.Client.GetHeadAsync(Cancel)).Timestamp > lease.Origin);
        await scene.ReportUsageAsync(1, Cancel);
        await UntilAsync(async () => (await stack.Chain.LeaseBook.SettledOfAsync(lease.LeaseId, cancellationToken: Cancel)).SecondsRun > 0);
        return scene;
    }

    /// <returns>Wei that were set aside, of the host as of the user.</returns>
    private async Task<BigInteger> DisputeAsync(Scene scene)
    {
        var receipt = await stack.Chain.SendAsync(scene.User, stack.Chain.LeaseBook.Dispute(KeyOf(scene), 1), Cancel);
        return receipt.Logs.Select(static log => LeaseBook.Events.DisputeOpened.TryDecode(log, out var opened) ? opened.Amount : 0).Single(static amount => amount > 0);
    }

    private async Task DecideAsync(Scene scene, bool refund)
    {
        var committee = new SchedulerCommittee(stack.Chain.Client, stack.Chain.Addresses.SchedulerCommittee);
        ulong now = (await stack.Chain.Client.GetHeadAsync(Cancel)).Timestamp;
        var verdict = new Verdict(scene.Leases[0].LeaseId, 1, refund, await committee.EpochAsync(cancellationToken: Cancel), now + 5);
        var signature = stack.SchedulerKey.SignDigest(stack.Chain.Book.Digest(verdict.StructHash()));
        await stack.Chain.SendAsync(scene.User, stack.Chain.LeaseBook.Decide(KeyOf(scene), ContractArguments.Of(verdict), [signature.ToArray()]), Cancel);
    }

    private async Task<LeaseBook.Events.DisputeClosed> ClosedAsync(Scene scene)
    {
        IReadOnlyList<LeaseBook.Events.DisputeClosed> closings = [];
        await UntilAsync(async () =>
        {
            await Task.WhenAll(stack.Market.Agents.Select(static agent => agent.BeatAsync(Cancel)));
            return (closings = await ClosingsAsync(scene)).Count > 0;
        });
        return closings[0];
    }

    private async Task<IReadOnlyList<LeaseBook.Events.DisputeClosed>> ClosingsAsync(Scene scene)
    {
        var filter = new LogFilter
        {
            From = BlockTag.Number(0),
            Addresses = [stack.Chain.Addresses.LeaseBook],
            Topics = [[LeaseBook.Events.DisputeClosed.Topic], [scene.Leases[0].LeaseId]],
        };
        return [.. (await stack.Chain.Client.GetLogsAsync(filter, Cancel))
            .Select(static log => LeaseBook.Events.DisputeClosed.TryDecode(log, out var closed) ? closed : null).OfType<LeaseBook.Events.DisputeClosed>()];
    }

    /// <summary>What the hearing found once it is over.</summary>
    private async Task<DisputeFinding> FoundAsync(Scene scene)
    {
        var history = await HistoryAsync(scene, static history => history.Orchestration.Status is "Completed" or "Failed");
        return Enum.Parse<DisputeFinding>(history.Orchestration.Output!.Trim('"'));
    }

    private async Task<OrchestrationTimelineView> HistoryAsync(Scene scene, Func<OrchestrationTimelineView, bool> reached)
    {
        string token = await stack.Plane.LoginAsync(stack.SchedulerKey, Cancel);
        string id = DisputeWatch.IdOf(new(scene.Leases[0].LeaseId, 1));
        await UntilAsync(async () => (await stack.Plane.GetAsync(
            $"/api/orchestrations?prefix={id}", DwebJson.Default.OrchestrationPageView, token, Cancel)).Items.Count > 0);
        OrchestrationTimelineView? history = null;
        await UntilAsync(async () => reached(history = await stack.Plane.GetAsync(
            $"/api/orchestrations/{id}/history", DwebJson.Default.OrchestrationTimelineView, token, Cancel)));
        return history!;
    }

    private static async Task UntilAsync(Func<Task<bool>> reached)
    {
        while (!await reached())
        {
            await Task.Delay(100, Cancel);
        }
    }

    private static LeaseKey KeyOf(Scene scene) => ContractArguments.Of(new Core.Protocol.Messages.LeaseKey(
        scene.OrderHash, scene.Leases[0].Service, scene.Leases[0].Replica, scene.Leases[0].Generation, scene.Leases[0].Coe));
}
