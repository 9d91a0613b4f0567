using System.Globalization;
using System.Text.Json;
using Dweb.Chain.Contracts;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Orchestrations;
using Dweb.Functions.Tests.Kills;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.EndToEnd;

/// <summary>Replicas go where there is a host for them.</summary>
[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class FailoverTests(TestStack stack)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_replica_on_a_coe_that_falls_silent_ends_as_its_hosts_fault_and_opens_elsewhere_in_one_transaction()
    {
        await stack.ReadyAsync();
        var scene = await RunningAsync(replicas: 1);
        var lost = scene.Leases[0];
        var others = stack.Market.Agents.Where(agent => agent.Coe != lost.Coe).ToList();

        var view = await scene.BeatUntilAsync(others, static view => view.Leases.Count == 2, Cancel);
        var (first, second) = (view.Leases[0], view.Leases[1]);
        Assert.Equal((LeaseState.Ending, EndReason.HostFault), (first.State, first.Reason));
        Assert.Equal((LeaseState.Open, (ushort)1), (second.State, second.Generation));
        Assert.NotEqual(lost.Coe, second.Coe);
        Assert.Equal((OrderStatus.Degraded, "replica-lost"), (view.Status, view.ErrorCode));
        await AssertInOneTransactionAsync(view, first.LeaseId, second.LeaseId);

        await scene.AgentOf(second).ReportAsync(second.LeaseId, LeasePhase.Running, Cancel);
        var again = await scene.BeatUntilAsync(others, static view => view.Status == OrderStatus.Running, Cancel);
        Assert.Equal((null, view.RunningAtMs), (again.ErrorCode, again.RunningAtMs));
        Assert.Equal(CoeStanding.Vacated, await SilenceAsync(lost.Coe, view.AcceptedAtMs));
        await scene.EndOpenAsync(again, Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_replica_that_nobody_can_take_waits_with_the_reason_and_its_coe_may_come_back()
    {
        await stack.ReadyAsync();
        var scene = await RunningAsync(replicas: 1);
        var coe = scene.AgentOf(scene.Leases[0]);

        var waiting = await scene.BeatUntilAsync([], static view => view.ErrorCode == "no-capacity", Cancel);
        Assert.Equal(OrderStatus.Degraded, waiting.Status);
        Assert.Matches("None of [0-9]+ COEs can take it: .*[0-9]+ ", waiting.ErrorMessage!);
        var told = stack.Plane.GetAsync($"/api/orders/{scene.OrderHash}?waitFor=Running", DwebJson.Default.OrderView, scene.Token, Cancel);

        await coe.ReportAsync(scene.Leases[0].LeaseId, LeasePhase.Running, Cancel);
        var back = await scene.BeatUntilAsync([coe], static view => view.Status == OrderStatus.Running, Cancel);
        Assert.Equal(LeaseState.Open, Assert.Single(back.Leases).State);
        Assert.Equal(OrderStatus.Running, (await told).Status);
        Assert.Equal(CoeStanding.Heard, await SilenceAsync(coe.Coe, back.AcceptedAtMs));
        await scene.EndOpenAsync(back, Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_lease_that_its_user_moves_opens_elsewhere()
    {
        await stack.ReadyAsync();
        var scene = await RunningAsync(replicas: 1);
        var order = ContractArguments.Of(scene.Request.Order.ToMessage());
        await stack.Chain.SendAsync(scene.User, stack.Chain.LeaseBook.Move(order, [Scene.KeyOf(scene.Leases[0])]), Cancel);

        var view = await scene.BeatUntilAsync(stack.Market.Agents, static view => view.Leases.Count == 2, Cancel);
        Assert.Equal((EndReason.Moved, LeaseState.Open), (view.Leases[0].Reason, view.Leases[1].State));
        Assert.NotEqual(view.Leases[0].Coe, view.Leases[1].Coe);
        await scene.EndOpenAsync(view, Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_failover_that_a_kill_cuts_short_is_finished_once()
    {
        await stack.ReadyAsync();
        var scene = await RunningAsync(replicas: 2);
        var lost = scene.Leases[0];
        await using var others = new Crew([.. stack.Market.Agents.Where(agent => agent.Coe != lost.Coe)]);
        await scene.BeatUntilAsync([], static view => view.Status == OrderStatus.Degraded, Cancel);
        await stack.RestartAsync(Cancel);

        var view = await scene.BeatUntilAsync([], static view => view.Leases.Count >= 3, Cancel);
        Assert.Equal(3, view.Leases.Count);
        Assert.Single(view.Leases, lease => lease is { State: LeaseState.Open, Replica: var replica } && replica == lost.Replica);
        await scene.EndOpenAsync(view, Cancel);
    }

    /// <returns>How the only silence of the COE since then has ended.</returns>
    private async Task<CoeStanding> SilenceAsync(Hash32 coe, long sinceMs)
    {
        string token = await stack.Plane.LoginAsync(stack.SchedulerKey, Cancel);
        string path = string.Create(CultureInfo.InvariantCulture, $"/api/orchestrations?name=CoeHealth&prefix=coe-{coe}&createdFromMs={sinceMs}");
        while (true)
        {
            var page = await stack.Plane.GetAsync(path, DwebJson.Default.OrchestrationPageView, token, Cancel);
            if (Assert.Single(page.Items) is { Status: "Completed", Output: { } output })
            {
                return JsonSerializer.Deserialize(output, OrchestrationJson.Default.CoeStanding);
            }

            await Task.Delay(200, Cancel);
        }
    }

    private async Task<Scene> RunningAsync(ushort replicas)
    {
        var scene = await Scene.BeginAsync(stack, replicas, Cancel);
        await scene.RunAllAsync(Cancel);
        await scene.WaitAsync(OrderStatus.Running, Cancel);
        return scene;
    }

    private async Task AssertInOneTransactionAsync(OrderView view, Hash32 ended, Hash32 opened)
    {
        var sent = Assert.Single(view.Timeline, static entry => entry.Step == "reopened").Detail!;
        var receipt = await stack.Chain.Client.GetReceiptAsync(Hash32.Parse(sent), Cancel);
        Assert.Contains(receipt!.Logs, log => LeaseBook.Events.LeaseEnding.TryDecode(log, out var ending) && ending.LeaseId == ended);
        Assert.Contains(receipt.Logs, log => LeaseBook.Events.LeaseOpened.TryDecode(log, out var opening) && opening.LeaseId == opened);
    }
}
