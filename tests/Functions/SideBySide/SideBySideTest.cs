using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Tests.Stack;
using Order = Dweb.Core.Protocol.Messages.Order;
using UsageBatch = Dweb.Core.Protocol.Messages.UsageBatch;

namespace Dweb.Functions.Tests.SideBySide;

/// <summary>What a test of two control planes does with both, and what it reads of the chain that they share.</summary>
public abstract class SideBySideTest(TwoPlanes two)
{
    protected const string Send = "eth_sendRawTransactionSync";
    protected const string Estimate = "eth_estimateGas";

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected TwoPlanes Two { get; } = two;

    protected TestStack Stack { get; } = two.Stack;

    /// <summary>Both come to send a call of a kind before either gets through: the first one then does, the second when what is returned is ended.</summary>
    protected TaskCompletionSource Race(string method, ContractCall call)
    {
        string selector = Convert.ToHexStringLower(call.Data.AsSpan(0, 4));
        var isDone = new TaskCompletionSource();
        var reached = Two.Second.Gate.HoldUntil(method, selector, isDone.Task);
        _ = Stack.Gate.HoldUntil(method, selector, reached);
        return isDone;
    }

    protected async Task<Scene> BeginAsync(ushort replicas, ContainerSpec? spec = null, Func<Order, Order>? change = null)
    {
        await Two.BeatAsync(Stack.Market.Agents, Cancel);
        return await Scene.BeginAsync(Stack, replicas, Cancel, change, spec);
    }

    protected async Task RunAllAsync(Scene scene)
    {
        foreach (var lease in scene.Leases)
        {
            await Two.RunAsync(lease, Cancel);
        }
    }

    /// <summary>The agent of the first lease offers the second control plane the specs that only the first was told.</summary>
    protected async Task OfferSpecsAsync(Scene scene)
    {
        using var offered = await Two.At(scene.AgentOf(scene.Leases[0])).PostAsync("specs", new SpecOffer(scene.Request.Specs), DwebJson.Default.SpecOffer, Cancel);
        Assert.True(offered.IsSuccessStatusCode, await offered.Content.ReadAsStringAsync(Cancel));
    }

    /// <summary>Its agent tells both that the only lease has run for a second, and the chain has that.</summary>
    protected async Task SettleASecondAsync(Scene scene)
    {
        var lease = scene.Leases[0];
        var agent = scene.AgentOf(lease);
        var usage = agent.Usage(await AfterAsync(lease.Origin), null, new UsageEntry(LeaseHandle.Of(lease.LeaseId), 1, 100, 64, 10, 1, 1));
        foreach (var speaker in (TestAgent[])[agent, Two.At(agent)])
        {
            using var taken = await speaker.SendUsageAsync(usage, Cancel);
            Assert.True(taken.IsSuccessStatusCode, await taken.Content.ReadAsStringAsync(Cancel));
        }

        await UntilHeardAsync(async () => (await Stack.Chain.LeaseBook.SettledOfAsync(lease.LeaseId, cancellationToken: Cancel)).SecondsRun == 1);
    }

    /// <summary>Both come to it while agents are heard.</summary>
    protected async Task<IReadOnlyList<OrderView>> BothAsync(Scene scene, Func<OrderView, bool> reached, IReadOnlyList<TestAgent>? heard = null)
    {
        OrderView first;
        do
        {
            await Two.BeatAsync(heard ?? Stack.Market.Agents, Cancel);
            await Task.Delay(50, Cancel);
            first = Judged(await scene.ViewAsync(Cancel));
        }
        while (!reached(first));
        return [first, await AtSecondAsync(scene, reached, heard)];
    }

    protected async Task<OrderView> AtSecondAsync(Scene scene, Func<OrderView, bool> reached, IReadOnlyList<TestAgent>? heard = null)
    {
        while (true)
        {
            await Two.BeatAsync(heard ?? Stack.Market.Agents, Cancel);
            if (await Two.Second.FindAsync(scene.OrderHash, scene.User, Cancel) is { } view && reached(Judged(view)))
            {
                return view;
            }

            await Task.Delay(50, Cancel);
        }
    }

    protected static OrderView Judged(OrderView view)
    {
        Assert.False(view.Status is OrderStatus.Rejected or OrderStatus.Failed, view.ErrorMessage);
        return view;
    }

    protected static async Task<OrderView> ViewAsync(ControlPlane plane, Hash32 order, Dweb.Chain.Signing.PrivateKey user) =>
        await plane.GetAsync($"/api/orders/{order}", DwebJson.Default.OrderView, await plane.LoginAsync(user, Cancel), Cancel);

    protected async Task EndAsync(Dweb.Chain.Signing.PrivateKey user, OrderView view) =>
        await Stack.Chain.SendAsync(user, Stack.Chain.LeaseBook.End([.. view.Leases.Select(Scene.KeyOf)]), Cancel);

    protected async Task<ulong> AfterAsync(ulong time)
    {
        ulong now = 0;
        await UntilAsync(async () => (now = (await Stack.Chain.Client.GetHeadAsync(Cancel)).Timestamp) > time);
        return now;
    }

    protected static async Task UntilAsync(Func<Task<bool>> reached)
    {
        while (!await reached())
        {
            await Task.Delay(50, Cancel);
        }
    }

    /// <summary>The same while all agents are heard.</summary>
    protected Task UntilHeardAsync(Func<Task<bool>> reached) => UntilAsync(async () =>
    {
        await Two.BeatAsync(Stack.Market.Agents, Cancel);
        return await reached();
    });

    protected async Task<IReadOnlyList<Hash32>> OpeningsAsync(Hash32 order) =>
        [.. (await LogsAsync(LeaseBook.Events.LeaseOpened.Topic))
            .Select(static log => LeaseBook.Events.LeaseOpened.TryDecode(log, out var opened) ? opened : null)
            .OfType<LeaseBook.Events.LeaseOpened>()
            .Where(opened => opened.OrderHash == order)
            .Select(static opened => opened.LeaseId)];

    /// <summary>What the host got by each settlement that named the lease, wei.</summary>
    protected async Task<IReadOnlyList<BigInteger>> PaymentsAsync(LeaseView lease) =>
        [.. (await LogsAsync(LeaseBook.Events.UsageSettled.Topic))
            .Select(static log => LeaseBook.Events.UsageSettled.TryDecode(log, out var settled) ? settled : null)
            .OfType<LeaseBook.Events.UsageSettled>()
            .Where(settled => UsageBatch.UnpackEntries(settled.Entries).Any(entry => entry.Handle == LeaseHandle.Of(lease.LeaseId)))
            .Select(static settled => settled.Host)];

    /// <summary>By how many seconds the lease's limit was above what was prepaid after each renewal.</summary>
    protected async Task<IReadOnlyList<uint>> RenewalsAsync(LeaseView lease, uint prepaid) =>
        [.. (await LogsAsync(LeaseBook.Events.LeaseRenewed.Topic))
            .Select(static log => LeaseBook.Events.LeaseRenewed.TryDecode(log, out var renewed) ? renewed : null)
            .OfType<LeaseBook.Events.LeaseRenewed>()
            .Where(renewed => renewed.LeaseId == lease.LeaseId)
            .Select(renewed => renewed.Limit - prepaid)];

    protected async Task<int> ParkingsAsync(LeaseView lease) => (await LogsAsync(LeaseBook.Events.LeaseParked.Topic)).Count(log => log.Topics.Contains(lease.LeaseId));

    protected async Task<int> DecisionsAsync(LeaseView lease) => (await LogsAsync(LeaseBook.Events.DisputeClosed.Topic)).Count(log => log.Topics.Contains(lease.LeaseId));

    protected Task<IReadOnlyList<ChainLog>> LogsAsync(Hash32 topic) => Stack.Chain.Client.GetLogsAsync(
        new LogFilter { From = BlockTag.Number(0), Addresses = [Stack.Chain.LeaseBook.Address], Topics = [[topic]] }, Cancel);
}
