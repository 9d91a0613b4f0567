using Dweb.Chain.Contracts;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.SideBySide;

/// <summary>Two control planes do the same for the same orders at once: the chain lets one be first, and the other finds that out.</summary>
[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class SideBySideTests(TwoPlanes two) : SideBySideTest(two), IClassFixture<TwoPlanes>
{
    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task An_order_that_the_other_took_gets_a_row_and_a_lifecycle_once_the_chain_has_it()
    {
        var scene = await BeginAsync(replicas: 2);
        var found = await AtSecondAsync(scene, static view => view.Leases.Count == 2);
        Assert.Equal((scene.User.Address, null), (found.User, found.Name));
        Assert.Equal(scene.Leases.Select(static lease => lease.LeaseId).Order(), found.Leases.Select(static lease => lease.LeaseId).Order());
        Assert.Contains(found.Timeline, static entry => entry.Step == "recovered from the chain");
        await RunAllAsync(scene);
        await BothAsync(scene, static view => view.Status == OrderStatus.Running);

        await scene.EndAsync(Cancel);
        await BothAsync(scene, static view => view.Status == OrderStatus.Closed);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Specs_and_names_that_the_other_was_told_come_from_agents_and_users()
    {
        var scene = await BeginAsync(replicas: 1, Market.SpecOf(Stack.Market.ImageDigest, "unheard"));
        await AtSecondAsync(scene, static view => view.Leases.Count == 1);
        var agent = Two.At(scene.AgentOf(scene.Leases[0]));
        var listed = (await agent.AssignmentsAsync(null, Cancel))!.Value.Document.Leases.Single(lease => lease.LeaseId == scene.Leases[0].LeaseId);
        Assert.Equal("", listed.Spec);
        await OfferSpecsAsync(scene);
        listed = (await agent.AssignmentsAsync(null, Cancel))!.Value.Document.Leases.Single(lease => lease.LeaseId == scene.Leases[0].LeaseId);
        Assert.Equal(scene.Request.Specs[0], listed.Spec);

        var named = await Two.Second.Plane.PostAsync(
            "/api/orders", scene.Request with { Name = "shop" }, DwebJson.Default.SubmitOrderRequest, DwebJson.Default.OrderView, Cancel);
        Assert.Equal((scene.OrderHash, "shop", "unheard"), (named.OrderHash, named.Name, named.Leases.Single().ServiceName));
        await scene.EndAsync(Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task The_same_order_sent_to_both_at_once_is_opened_once_and_fails_at_neither()
    {
        await Two.BeatAsync(Stack.Market.Agents, Cancel);
        var user = await Stack.Market.CreateUserAsync(100, Cancel);
        var request = await Stack.Market.SignOrderAsync(user, Cancel, replicas: 2);
        var hash = request.Order.ToMessage().Id(Stack.Chain.Book);
        var isOpen = Race(Send, Stack.Chain.LeaseBook.AdmitAndOpen(
            ContractArguments.Of(request.Order.ToMessage()), ContractArguments.Of(request.Order.ToMessage().Services), [],
            ContractArguments.Of(new Core.Protocol.Messages.Plan(hash, [], 0, 0)), [], []));
        await Task.WhenAll(((ControlPlane[])[Stack.Plane, Two.Second.Plane]).Select(plane =>
            plane.PostAsync("/api/orders", request, DwebJson.Default.SubmitOrderRequest, DwebJson.Default.OrderView, Cancel)));
        await UntilHeardAsync(async () => (await OpeningsAsync(hash)).Count > 0);
        isOpen.SetResult();

        foreach (var plane in (ControlPlane[])[Stack.Plane, Two.Second.Plane])
        {
            await UntilHeardAsync(async () => (await ViewAsync(plane, hash, user)) is { Leases.Count: 2 } view && Judged(view).Status is OrderStatus.Starting);
        }

        Assert.Equal(2, (await OpeningsAsync(hash)).Count);
        await EndAsync(user, await ViewAsync(Stack.Plane, hash, user));
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_failover_that_the_other_won_is_found_out_and_is_no_fault()
    {
        var scene = await BeginAsync(replicas: 1);
        await AtSecondAsync(scene, static view => view.Leases.Count == 1);
        await RunAllAsync(scene);
        await BothAsync(scene, static view => view.Status == OrderStatus.Running);
        var isDone = Race(Send, Stack.Chain.LeaseBook.Multicall([]));
        var others = Stack.Market.Agents.Where(agent => agent.Coe != scene.Leases[0].Coe).ToList();
        await UntilAsync(async () =>
        {
            await Two.BeatAsync(others, Cancel);
            return (await OpeningsAsync(scene.OrderHash)).Count == 2;
        });
        isDone.SetResult();
        var successor = (await scene.ViewAsync(Cancel)).Leases.Single(static lease => lease.Generation == 1);
        await AtSecondAsync(scene, static view => view.Leases.Count == 2, others);
        await Two.RunAsync(successor, Cancel);
        var views = await BothAsync(scene, static view => view.Status == OrderStatus.Running, others);
        Assert.All(views, static view => Assert.Equal((2, null), (view.Leases.Count, view.ErrorCode)));
        Assert.Single(views, static view => view.Timeline.Any(static entry => entry.Step == "reopened"));
        Assert.Single(views, static view => view.Timeline.Any(static entry => entry.Step == "overtaken"));
        Assert.Equal(2, (await OpeningsAsync(scene.OrderHash)).Count);
        await scene.EndOpenAsync(views[0], Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_settlement_that_the_other_won_is_paid_once_and_nobody_is_in_quarantine()
    {
        var scene = await BeginAsync(replicas: 1);
        await AtSecondAsync(scene, static view => view.Leases.Count == 1);
        await RunAllAsync(scene);
        var lease = scene.Leases[0];
        var settle = Stack.Chain.LeaseBook.Settle([], EvmAddress.Zero);
        var isPaid = Race(Estimate, settle);
        using (Two.Second.Gate.RefuseCallsWith(Convert.ToHexStringLower(settle.Data.AsSpan(0, 4))))
        {
            await SettleASecondAsync(scene);
            isPaid.SetResult();
            await scene.EndAsync(Cancel);
            await UntilHeardAsync(async () => (await Stack.Chain.LeaseBook.LeaseOfAsync(lease.LeaseId, cancellationToken: Cancel)).State == (byte)LeaseState.Closed);
        }

        await BothAsync(scene, static view => view.Status == OrderStatus.Closed);
        Assert.Single(await PaymentsAsync(lease), static host => host > 0);
        Assert.Empty(await Two.Second.Plane.GetAsync("/api/settlements/quarantine", DwebJson.Default.IReadOnlyListQuarantineView, null, Cancel));
        Assert.DoesNotContain("quarantine", Two.Second.Plane.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_renewal_that_the_other_won_funds_a_lease_once()
    {
        var scene = await BeginAsync(replicas: 1);
        await AtSecondAsync(scene, static view => view.Leases.Count == 1);
        await RunAllAsync(scene);
        await SettleASecondAsync(scene);
        var (lease, order) = (scene.Leases[0], scene.Request.Order.ToMessage());
        var isRenewed = Race(Estimate, Stack.Chain.LeaseBook.Renew(ContractArguments.Of(order), Scene.KeyOf(lease), 0));
        await Stack.Chain.PassTimeAsync(TimeSpan.FromSeconds(order.Prepay * 2 / 3), Cancel);

        await UntilHeardAsync(async () => (await RenewalsAsync(lease, order.Prepay)).Count > 0);
        isRenewed.SetResult();
        await scene.EndAsync(Cancel);
        await BothAsync(scene, static view => view.Status == OrderStatus.Closed);
        Assert.InRange(Assert.Single(await RenewalsAsync(lease, order.Prepay)), order.Prepay / 2, order.Prepay);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_lease_without_funds_is_parked_once_and_both_know_it()
    {
        var scene = await BeginAsync(replicas: 1);
        await AtSecondAsync(scene, static view => view.Leases.Count == 1);
        await RunAllAsync(scene);
        await SettleASecondAsync(scene);
        var (lease, book) = (scene.Leases[0], Stack.Chain.LeaseBook);
        await Stack.Chain.SendAsync(scene.User, book.Withdraw(await book.FreeOfAsync(scene.User.Address, cancellationToken: Cancel)), Cancel);
        var isParked = Race(Estimate, book.Park(Scene.KeyOf(lease)));
        await Stack.Chain.PassTimeAsync(TimeSpan.FromSeconds(scene.Request.Order.Prepay + 4), Cancel);

        await UntilHeardAsync(async () => (await ParkingsAsync(lease)) > 0);
        isParked.SetResult();
        var views = await BothAsync(scene, static view => view.Leases[0].State == LeaseState.Parked);
        Assert.All(views, static view => Assert.Null(view.ErrorCode));
        await scene.EndAsync(Cancel);
        await BothAsync(scene, static view => view.Status == OrderStatus.Closed);
        Assert.Equal(1, await ParkingsAsync(lease));
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_replica_follows_its_channel_once_and_the_rollout_is_done_at_both()
    {
        const string Repository = "tests/side-by-side";
        var signed = await Stack.Market.PublishAsync(Repository, mint: true, Cancel);
        var scene = await BeginAsync(replicas: 1, Market.SpecOf(signed, repository: Repository), static order => order with { UpgradePolicy = (byte)UpgradePolicy.Channel });
        await AtSecondAsync(scene, static view => view.Leases.Count == 1);
        await OfferSpecsAsync(scene);
        await RunAllAsync(scene);
        await BothAsync(scene, static view => view.Status == OrderStatus.Running);
        var next = await Stack.Market.PublishAsync(Repository, mint: true, Cancel);
        var order = scene.Request.Order.ToMessage();
        var isMoved = Race(Send, Stack.Chain.LeaseBook.Upgrade(
            ContractArguments.Of(order), ContractArguments.Of(order.Services), ContractArguments.Of(new Core.Protocol.Messages.Upgrade(scene.OrderHash, next, [], 0, 0, 0)), [], [], []));
        var images = new ContainerRegistry(Stack.Chain.Client, Stack.Chain.Addresses.ContainerRegistry);
        await Stack.Chain.SendAsync(Stack.Market.Publisher, images.MoveChannel("stable", next), Cancel);

        await UntilHeardAsync(async () => (await OpeningsAsync(scene.OrderHash)).Count == 2);
        isMoved.SetResult();
        var views = await BothAsync(scene, static view => view.Leases.Count == 2);
        await Two.RunAsync(views[0].Leases.Single(static lease => lease.Generation == 1), Cancel);
        views = await BothAsync(scene, static view => view.Rollouts is [{ Status: RolloutStatus.Done }]);
        Assert.All(views, static view => Assert.Equal((OrderStatus.Running, 2), (view.Status, view.Leases.Count)));
        Assert.Equal(2, (await OpeningsAsync(scene.OrderHash)).Count);
        await scene.EndOpenAsync(views[0], Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_dispute_that_both_judge_is_decided_once()
    {
        await using var container = Answerer.Http();
        var scene = await BeginAsync(replicas: 1);
        await AtSecondAsync(scene, static view => view.Leases.Count == 1);
        await OfferSpecsAsync(scene);
        var serving = new LeaseReport(scene.Leases[0].LeaseId, LeasePhase.Running, [container.Url], null, null);
        await Two.ReportAsync(scene.Leases[0], serving, Cancel);
        await SettleASecondAsync(scene);
        var key = Scene.KeyOf(scene.Leases[0]);
        var isDecided = Race(Estimate, Stack.Chain.LeaseBook.Decide(key, ContractArguments.Of(new Core.Protocol.Messages.Verdict(serving.LeaseId, 1, false, 0, 0)), []));
        await Stack.Chain.SendAsync(scene.User, Stack.Chain.LeaseBook.Dispute(key, 1), Cancel);

        await UntilServedAsync(async () => (await DecisionsAsync(scene.Leases[0])) > 0);
        isDecided.SetResult();
        foreach (var view in await BothAsync(scene, static view => view.Timeline.Any(static entry => entry.Step == "judged")))
        {
            Assert.Null(view.ErrorCode);
        }

        await scene.EndAsync(Cancel);
        await BothAsync(scene, static view => view.Status == OrderStatus.Closed);
        Assert.Equal(1, await DecisionsAsync(scene.Leases[0]));

        // Members judge by what agents say of their containers in each heartbeat.
        Task UntilServedAsync(Func<Task<bool>> reached) => UntilAsync(async () =>
        {
            await Task.WhenAll(Stack.Market.Agents.Select(agent => agent.Coe == scene.Leases[0].Coe ? agent.BeatAsync(Cancel, serving) : agent.BeatAsync(Cancel)));
            await Task.WhenAll(Stack.Market.Agents.Select(agent => Two.At(agent).BeatAsync(Cancel)));
            return await reached();
        });
    }
}
