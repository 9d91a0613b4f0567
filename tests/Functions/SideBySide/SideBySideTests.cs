using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Tests.Stack;
using UsageBatch = Dweb.Core.Protocol.Messages.UsageBatch;

namespace Dweb.Functions.Tests.SideBySide;

/// <summary>Two control planes do the same for the same orders at once: the chain lets one be first, and the other finds that out.</summary>
[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class SideBySideTests(TwoPlanes two) : IClassFixture<TwoPlanes>
{
    private const string Send = "eth_sendRawTransactionSync";
    private readonly TestStack stack = two.Stack;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

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
        var scene = await BeginAsync(replicas: 1, Market.SpecOf(stack.Market.ImageDigest, "unheard"));
        await AtSecondAsync(scene, static view => view.Leases.Count == 1);
        var agent = two.At(scene.AgentOf(scene.Leases[0]));
        var listed = (await agent.AssignmentsAsync(null, Cancel))!.Value.Document.Leases.Single(lease => lease.LeaseId == scene.Leases[0].LeaseId);
        Assert.Equal("", listed.Spec);
        using var offered = await agent.PostAsync("specs", new SpecOffer(scene.Request.Specs), DwebJson.Default.SpecOffer, Cancel);
        Assert.True(offered.IsSuccessStatusCode, await offered.Content.ReadAsStringAsync(Cancel));
        listed = (await agent.AssignmentsAsync(null, Cancel))!.Value.Document.Leases.Single(lease => lease.LeaseId == scene.Leases[0].LeaseId);
        Assert.Equal(scene.Request.Specs[0], listed.Spec);

        var named = await two.Second.Plane.PostAsync(
            "/api/orders", scene.Request with { Name = "shop" }, DwebJson.Default.SubmitOrderRequest, DwebJson.Default.OrderView, Cancel);
        Assert.Equal((scene.OrderHash, "shop", "unheard"), (named.OrderHash, named.Name, named.Leases.Single().ServiceName));
        await scene.EndAsync(Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task The_same_order_sent_to_both_at_once_is_opened_once_and_fails_at_neither()
    {
        await two.BeatAsync(stack.Market.Agents, Cancel);
        var user = await stack.Market.CreateUserAsync(100, Cancel);
        var request = await stack.Market.SignOrderAsync(user, Cancel, replicas: 2);
        var hash = request.Order.ToMessage().Id(stack.Chain.Book);
        string admit = SelectorOf(stack.Chain.LeaseBook.AdmitAndOpen(
            ContractArguments.Of(request.Order.ToMessage()), ContractArguments.Of(request.Order.ToMessage().Services), [],
            ContractArguments.Of(new Core.Protocol.Messages.Plan(hash, [], 0, 0)), [], []));
        var isOpen = new TaskCompletionSource();
        var reached = two.Second.Gate.HoldUntil(Send, admit, isOpen.Task);
        _ = stack.Gate.HoldUntil(Send, admit, reached);
        await Task.WhenAll(((ControlPlane[])[stack.Plane, two.Second.Plane]).Select(plane =>
            plane.PostAsync("/api/orders", request, DwebJson.Default.SubmitOrderRequest, DwebJson.Default.OrderView, Cancel)));
        await UntilHeardAsync(async () => (await OpeningsAsync(hash)).Count > 0);
        isOpen.SetResult();

        foreach (var plane in (ControlPlane[])[stack.Plane, two.Second.Plane])
        {
            await UntilHeardAsync(async () => (await ViewAsync(plane, hash, user)) is { Leases.Count: 2 } view && Judged(view).Status is OrderStatus.Starting);
        }

        Assert.Equal(2, (await OpeningsAsync(hash)).Count);
        await EndAsync(user, await ViewAsync(stack.Plane, hash, user));
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_failover_that_the_other_won_is_found_out_and_is_no_fault()
    {
        var scene = await BeginAsync(replicas: 1);
        await AtSecondAsync(scene, static view => view.Leases.Count == 1);
        await RunAllAsync(scene);
        await BothAsync(scene, static view => view.Status == OrderStatus.Running);
        string both = SelectorOf(stack.Chain.LeaseBook.Multicall([]));
        var isDone = new TaskCompletionSource();
        var reached = two.Second.Gate.HoldUntil(Send, both, isDone.Task);
        _ = stack.Gate.HoldUntil(Send, both, reached);

        var others = stack.Market.Agents.Where(agent => agent.Coe != scene.Leases[0].Coe).ToList();
        await UntilAsync(async () =>
        {
            await two.BeatAsync(others, Cancel);
            return (await OpeningsAsync(scene.OrderHash)).Count == 2;
        });
        isDone.SetResult();
        var successor = (await scene.ViewAsync(Cancel)).Leases.Single(static lease => lease.Generation == 1);
        await AtSecondAsync(scene, static view => view.Leases.Count == 2, others);
        await two.RunAsync(successor, Cancel);
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
        string settle = SelectorOf(stack.Chain.LeaseBook.Settle([], EvmAddress.Zero));
        var isPaid = new TaskCompletionSource();
        var reached = two.Second.Gate.HoldUntil("eth_estimateGas", settle, isPaid.Task);
        _ = stack.Gate.HoldUntil("eth_estimateGas", settle, reached);
        using (two.Second.Gate.RefuseCallsWith(settle))
        {
            await SettleASecondAsync(scene);
            isPaid.SetResult();
            await scene.EndAsync(Cancel);
            await UntilHeardAsync(async () => (await stack.Chain.LeaseBook.LeaseOfAsync(lease.LeaseId, cancellationToken: Cancel)).State == (byte)LeaseState.Closed);
        }

        await BothAsync(scene, static view => view.Status == OrderStatus.Closed);
        Assert.Single(await PaymentsAsync(lease), static host => host > 0);
        Assert.Empty(await two.Second.Plane.GetAsync("/api/settlements/quarantine", DwebJson.Default.IReadOnlyListQuarantineView, null, Cancel));
        Assert.DoesNotContain("quarantine", two.Second.Plane.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_renewal_that_the_other_won_funds_a_lease_once()
    {
        var scene = await BeginAsync(replicas: 1);
        await AtSecondAsync(scene, static view => view.Leases.Count == 1);
        await RunAllAsync(scene);
        await SettleASecondAsync(scene);
        var (lease, order) = (scene.Leases[0], scene.Request.Order.ToMessage());
        string renew = SelectorOf(stack.Chain.LeaseBook.Renew(ContractArguments.Of(order), Scene.KeyOf(lease), 0));
        var isRenewed = new TaskCompletionSource();
        var reached = two.Second.Gate.HoldUntil("eth_estimateGas", renew, isRenewed.Task);
        _ = stack.Gate.HoldUntil("eth_estimateGas", renew, reached);
        await stack.Chain.PassTimeAsync(TimeSpan.FromSeconds(order.Prepay * 2 / 3), Cancel);

        await UntilHeardAsync(async () => (await RenewalsAsync(lease, order.Prepay)).Count > 0);
        isRenewed.SetResult();
        await scene.EndAsync(Cancel);
        await BothAsync(scene, static view => view.Status == OrderStatus.Closed);
        Assert.InRange(Assert.Single(await RenewalsAsync(lease, order.Prepay)), order.Prepay / 2, order.Prepay);
    }

    private async Task<Scene> BeginAsync(ushort replicas, ContainerSpec? spec = null)
    {
        await two.BeatAsync(stack.Market.Agents, Cancel);
        return await Scene.BeginAsync(stack, replicas, Cancel, spec: spec);
    }

    private async Task RunAllAsync(Scene scene)
    {
        foreach (var lease in scene.Leases)
        {
            await two.RunAsync(lease, Cancel);
        }
    }

    /// <summary>Its agent tells both that the only lease has run for a second, and the chain has that.</summary>
    private async Task SettleASecondAsync(Scene scene)
    {
        var lease = scene.Leases[0];
        var agent = scene.AgentOf(lease);
        var usage = agent.Usage(await AfterAsync(lease.Origin), null, new UsageEntry(LeaseHandle.Of(lease.LeaseId), 1, 100, 64, 10, 1, 1));
        foreach (var speaker in (TestAgent[])[agent, two.At(agent)])
        {
            using var taken = await speaker.SendUsageAsync(usage, Cancel);
            Assert.True(taken.IsSuccessStatusCode, await taken.Content.ReadAsStringAsync(Cancel));
        }

        await UntilHeardAsync(async () => (await stack.Chain.LeaseBook.SettledOfAsync(lease.LeaseId, cancellationToken: Cancel)).SecondsRun == 1);
    }

    /// <summary>Both come to it while agents are heard.</summary>
    private async Task<IReadOnlyList<OrderView>> BothAsync(Scene scene, Func<OrderView, bool> reached, IReadOnlyList<TestAgent>? heard = null)
    {
        OrderView first;
        do
        {
            await two.BeatAsync(heard ?? stack.Market.Agents, Cancel);
            await Task.Delay(50, Cancel);
            first = Judged(await scene.ViewAsync(Cancel));
        }
        while (!reached(first));
        return [first, await AtSecondAsync(scene, reached, heard)];
    }

    private async Task<OrderView> AtSecondAsync(Scene scene, Func<OrderView, bool> reached, IReadOnlyList<TestAgent>? heard = null)
    {
        while (true)
        {
            await two.BeatAsync(heard ?? stack.Market.Agents, Cancel);
            if (await two.Second.FindAsync(scene.OrderHash, scene.User, Cancel) is { } view && reached(Judged(view)))
            {
                return view;
            }

            await Task.Delay(50, Cancel);
        }
    }

    private static OrderView Judged(OrderView view)
    {
        Assert.False(view.Status is OrderStatus.Rejected or OrderStatus.Failed, view.ErrorMessage);
        return view;
    }

    private static async Task<OrderView> ViewAsync(ControlPlane plane, Hash32 order, Dweb.Chain.Signing.PrivateKey user) =>
        await plane.GetAsync($"/api/orders/{order}", DwebJson.Default.OrderView, await plane.LoginAsync(user, Cancel), Cancel);

    private async Task EndAsync(Dweb.Chain.Signing.PrivateKey user, OrderView view) =>
        await stack.Chain.SendAsync(user, stack.Chain.LeaseBook.End([.. view.Leases.Select(Scene.KeyOf)]), Cancel);

    private async Task<ulong> AfterAsync(ulong time)
    {
        ulong now = 0;
        await UntilAsync(async () => (now = (await stack.Chain.Client.GetHeadAsync(Cancel)).Timestamp) > time);
        return now;
    }

    private static async Task UntilAsync(Func<Task<bool>> reached)
    {
        while (!await reached())
        {
            await Task.Delay(50, Cancel);
        }
    }

    /// <summary>The same while all agents are heard.</summary>
    private Task UntilHeardAsync(Func<Task<bool>> reached) => UntilAsync(async () =>
    {
        await two.BeatAsync(stack.Market.Agents, Cancel);
        return await reached();
    });

    private static string SelectorOf(ContractCall call) => Convert.ToHexStringLower(call.Data.AsSpan(0, 4));

    private async Task<IReadOnlyList<Hash32>> OpeningsAsync(Hash32 order) =>
        [.. (await LogsAsync(LeaseBook.Events.LeaseOpened.Topic))
            .Select(static log => LeaseBook.Events.LeaseOpened.TryDecode(log, out var opened) ? opened : null)
            .OfType<LeaseBook.Events.LeaseOpened>()
            .Where(opened => opened.OrderHash == order)
            .Select(static opened => opened.LeaseId)];

    /// <summary>What the host got by each settlement that named the lease, wei.</summary>
    private async Task<IReadOnlyList<BigInteger>> PaymentsAsync(LeaseView lease) =>
        [.. (await LogsAsync(LeaseBook.Events.UsageSettled.Topic))
            .Select(static log => LeaseBook.Events.UsageSettled.TryDecode(log, out var settled) ? settled : null)
            .OfType<LeaseBook.Events.UsageSettled>()
            .Where(settled => UsageBatch.UnpackEntries(settled.Entries).Any(entry => entry.Handle == LeaseHandle.Of(lease.LeaseId)))
            .Select(static settled => settled.Host)];

    /// <summary>By how many seconds the lease's limit was above what was prepaid after each renewal.</summary>
    private async Task<IReadOnlyList<uint>> RenewalsAsync(LeaseView lease, uint prepaid) =>
        [.. (await LogsAsync(LeaseBook.Events.LeaseRenewed.Topic))
            .Select(static log => LeaseBook.Events.LeaseRenewed.TryDecode(log, out var renewed) ? renewed : null)
            .OfType<LeaseBook.Events.LeaseRenewed>()
            .Where(renewed => renewed.LeaseId == lease.LeaseId)
            .Select(renewed => renewed.Limit - prepaid)];

    private Task<IReadOnlyList<ChainLog>> LogsAsync(Hash32 topic) => stack.Chain.Client.GetLogsAsync(
        new LogFilter { From = BlockTag.Number(0), Addresses = [stack.Chain.LeaseBook.Address], Topics = [[topic]] }, Cancel);
}
