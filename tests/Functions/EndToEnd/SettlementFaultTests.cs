using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Tests.Stack;
using UsageBatch = Dweb.Core.Protocol.Messages.UsageBatch;

namespace Dweb.Functions.Tests.EndToEnd;

/// <summary>What real chains and processes do to a settlement: nobody is paid twice, and nobody waits for another's fault.</summary>
[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class SettlementFaultTests(TestStack stack)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestStack.PatienceMs)]
    [InlineData("eth_estimateGas", false, null)]
    [InlineData("eth_sendRawTransactionSync", false, null)]
    [InlineData("eth_sendRawTransactionSync", true, null)]
    [InlineData("eth_getLogs", true, "eth_sendRawTransactionSync")]
    public async Task Usage_is_paid_once_wherever_its_settlement_was_killed(string at, bool reachesNode, string? after)
    {
        await stack.ReadyAsync();
        var scene = await RunningAsync(replicas: 1);
        string settle = Convert.ToHexStringLower(stack.Chain.LeaseBook.Settle([], EvmAddress.Zero).Data.AsSpan(0, 4));
        var killed = stack.Gate.StandStillAt(at, settle, reachesNode, after);
        await scene.ReportUsageAsync(1, Cancel);
        await killed;
        await stack.RestartAsync(Cancel);

        await SettledAsync(scene.Leases[0], 1);
        await scene.EndAsync(Cancel);
        Assert.Equal(OrderStatus.Closed, (await scene.WaitAsync(OrderStatus.Closed, Cancel)).Status);
        Assert.Single(await PaymentsAsync(scene.Leases[0]), static host => host > 0);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task The_same_settlement_again_pays_nothing()
    {
        await stack.ReadyAsync();
        var scene = await RunningAsync(replicas: 1);
        var lease = scene.Leases[0];
        var agent = scene.AgentOf(lease);
        ulong asOf = (await stack.Chain.Client.GetHeadAsync(Cancel)).Timestamp;
        var usage = agent.Usage(asOf, null, new UsageEntry(LeaseHandle.Of(lease.LeaseId), 1, 100, 64, 10, 1, 1));
        using var taken = await agent.SendUsageAsync(usage, Cancel);
        Assert.True(taken.IsSuccessStatusCode, await taken.Content.ReadAsStringAsync(Cancel));
        await SettledAsync(lease, 1);

        var before = await BalancesAsync(scene, lease);
        var again = stack.Chain.LeaseBook.Settle([new(lease.Coe, asOf, Convert.FromHexString(usage.Entries[2..]), usage.Signature.ToArray())], EvmAddress.Zero);
        await stack.Chain.SendAsync(scene.User, again, Cancel);
        Assert.Equal(before, await BalancesAsync(scene, lease));
        await scene.EndAsync(Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_coe_whose_usage_is_refused_is_kept_apart_with_the_reason_and_the_others_are_paid()
    {
        await stack.ReadyAsync();
        var scene = await RunningAsync(replicas: 3);
        Assert.Equal(3, scene.Leases.DistinctBy(static lease => lease.Coe).Count());
        var bad = scene.Leases[1];
        QuarantineView? held;
        using (stack.Gate.RefuseCallsWith(bad.Coe.ToString()[2..]))
        {
            await scene.ReportUsageAsync(1, Cancel);
            await SettledAsync(scene.Leases[0], 1);
            await SettledAsync(scene.Leases[2], 1);
            while ((held = (await QuarantinedAsync()).SingleOrDefault(q => q.Coe == bad.Coe)) is null)
            {
                await Task.Delay(100, Cancel);
            }
        }

        Assert.Contains("revert", held.Reason, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("coe-", held.Name, StringComparison.Ordinal);
        while (!stack.Plane.Output.Contains($"The usage of COE {held.Name} is in quarantine", StringComparison.Ordinal))
        {
            await Task.Delay(20, Cancel);
        }

        // The node takes it again: what was reported is tried once more after the pause, and released.
        await SettledAsync(bad, 1);
        while ((await QuarantinedAsync()).Any(q => q.Coe == bad.Coe))
        {
            await Task.Delay(100, Cancel);
        }

        await scene.EndAsync(Cancel);
    }

    private async Task<Scene> RunningAsync(ushort replicas)
    {
        var scene = await Scene.BeginAsync(stack, replicas, Cancel);
        await scene.RunAllAsync(Cancel);
        await scene.WaitAsync(OrderStatus.Running, Cancel);
        while ((await stack.Chain.Client.GetHeadAsync(Cancel)).Timestamp <= scene.Leases.Max(static lease => lease.Origin))
        {
            await Task.Delay(100, Cancel);
        }

        return scene;
    }

    private async Task SettledAsync(LeaseView lease, uint seconds)
    {
        while ((await stack.Chain.LeaseBook.SettledOfAsync(lease.LeaseId, cancellationToken: Cancel)).SecondsRun < seconds)
        {
            await Task.Delay(100, Cancel);
        }
    }

    private Task<IReadOnlyList<QuarantineView>> QuarantinedAsync() =>
        stack.Plane.GetAsync("/api/settlements/quarantine", DwebJson.Default.IReadOnlyListQuarantineView, null, Cancel);

    private async Task<(BigInteger, BigInteger, BigInteger, BigInteger)> BalancesAsync(Scene scene, LeaseView lease) => (
        (await stack.Chain.LeaseBook.OrderOfAsync(scene.OrderHash, cancellationToken: Cancel)).Committed,
        await stack.Chain.LeaseBook.FencedOfAsync(lease.LeaseId, cancellationToken: Cancel),
        await stack.Chain.LeaseBook.FreeOfAsync(scene.User.Address, cancellationToken: Cancel),
        (await stack.Chain.LeaseBook.SettledOfAsync(lease.LeaseId, cancellationToken: Cancel)).SecondsRun);

    /// <summary>What the host got by each settlement that named the lease, wei.</summary>
    private async Task<IReadOnlyList<BigInteger>> PaymentsAsync(LeaseView lease)
    {
        var filter = new LogFilter { From = BlockTag.Number(0), Addresses = [stack.Chain.LeaseBook.Address], Topics = [[LeaseBook.Events.UsageSettled.Topic]] };
        var logs = await stack.Chain.Client.GetLogsAsync(filter, Cancel);
        return [.. logs
            .Select(static log => LeaseBook.Events.UsageSettled.TryDecode(log, out var settled) ? settled : null)
            .OfType<LeaseBook.Events.UsageSettled>()
            .Where(settled => UsageBatch.UnpackEntries(settled.Entries).Any(entry => entry.Handle == LeaseHandle.Of(lease.LeaseId)))
            .Select(static settled => settled.Host)];
    }
}
