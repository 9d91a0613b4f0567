using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;
using Dweb.Functions.Reconciling;
using Dweb.Functions.Tests.Kills;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Reconciling;

/// <summary>What the control plane holds is spoilt behind its back; a reconciliation finds it, mends it and tells of it.</summary>
[Trait("Category", "Integration")]
public sealed class ReconciliationTests(ReconciledStack stack) : IClassFixture<ReconciledStack>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TestStack Stack => stack.Stack;

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_control_plane_that_holds_what_is_so_has_no_findings_and_says_what_it_compared()
    {
        await using var crew = new Crew(Stack.Market.Agents);
        var scene = await RunningAsync(2);

        var report = await stack.RunAsync(Cancel);
        Assert.Empty(report.Findings);
        Assert.Equal(0, report.Unjudged);
        int orders = await CountAsync(Stack.Chain.Addresses.LeaseBook, LeaseBook.Events.OrderAdmitted.Topic);
        int coes = await CountAsync(Stack.Chain.Addresses.CoeRegistry, CoeRegistry.Events.CoeRegistered.Topic);
        Assert.Equal((coes, orders, orders, 3), (report.Compared.Coes, report.Compared.Orders, report.Compared.OrderRows, report.Compared.Agents));
        Assert.True(report.Compared.Leases >= 2 && report.Compared.Replicas >= 2 && report.Compared.IndexRows >= orders + coes + 2);
        Assert.Equal((await Stack.Chain.Client.GetBlockAsync(BlockTag.Number(report.Block), Cancel))!.Hash, report.BlockHash);
        await scene.EndAsync(Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task What_a_start_read_from_spoilt_rows_is_read_from_the_chain_again()
    {
        await using var crew = new Crew(Stack.Market.Agents);
        var coe = (await Stack.Market.RegisterAsync("untouched", Cancel)).Coe;
        var scene = await RunningAsync(3);
        var (closed, lost, shorter) = (scene.Leases[0], scene.Leases[1], scene.Leases[2]);
        var before = await stack.ReadAsync(MarketKind.Coe, coe, IndexJson.Default.CoeRecord, Cancel);
        await stack.RestartOverAsync(
            async () =>
            {
                await stack.ChangeAsync(MarketKind.Lease, closed.LeaseId, IndexJson.Default.LeaseRecord, static lease => lease with { State = LeaseState.Closed }, Cancel);
                await stack.ChangeAsync(MarketKind.Lease, shorter.LeaseId, IndexJson.Default.LeaseRecord, static lease => lease with { Limit = lease.Limit - 1 }, Cancel);
                await stack.DeleteAsync(MarketKind.Lease, lost.LeaseId, Cancel);
                await stack.ChangeAsync(MarketKind.Coe, coe, IndexJson.Default.CoeRecord, static record => record with { Stake = record.Stake + 1 }, Cancel);
                await stack.ChangeAsync(MarketKind.Order, scene.OrderHash, IndexJson.Default.AdmittedOrder, static order => order with { Cancelled = true }, Cancel);
            },
            Cancel);

        var report = await stack.RunAsync(Cancel);
        AssertRepaired(report, FindingKind.OrderDiffers, scene.OrderHash.ToString());
        AssertRepaired(report, FindingKind.ReplicaDiffers, $"{scene.OrderHash}/{closed.Service}/{closed.Replica}");
        AssertRepaired(report, FindingKind.ReplicaDiffers, $"{scene.OrderHash}/{lost.Service}/{lost.Replica}");
        var limit = AssertRepaired(report, FindingKind.LeaseDiffers, shorter.LeaseId.ToString());
        Assert.StartsWith("limit ", limit.Expected, StringComparison.Ordinal);
        AssertRepaired(report, FindingKind.CoeDiffers, coe.ToString());

        var view = await scene.ViewAsync(Cancel);
        Assert.Equal(3, view.Leases.Count(static lease => lease.State == LeaseState.Open));
        Assert.Equal(before.Stake, (await stack.ReadAsync(MarketKind.Coe, coe, IndexJson.Default.CoeRecord, Cancel)).Stake);
        Assert.Equal(LeaseState.Open, (await stack.ReadAsync(MarketKind.Lease, closed.LeaseId, IndexJson.Default.LeaseRecord, Cancel)).State);
        Assert.False((await stack.ReadAsync(MarketKind.Order, scene.OrderHash, IndexJson.Default.AdmittedOrder, Cancel)).Cancelled);
        Assert.Empty((await stack.RunAsync(Cancel)).Findings);
        await scene.EndOpenAsync(view, Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_row_that_is_not_what_memory_holds_is_written_again()
    {
        await using var crew = new Crew(Stack.Market.Agents);
        var scene = await RunningAsync(2);
        var (spoilt, lost) = (scene.Leases[0].LeaseId, scene.Leases[1].LeaseId);
        await stack.ChangeAsync(MarketKind.Lease, spoilt, IndexJson.Default.LeaseRecord, static lease => lease with { Origin = 1 }, Cancel);
        await stack.DeleteAsync(MarketKind.Lease, lost, Cancel);

        var report = await stack.RunAsync(Cancel);
        AssertRepaired(report, FindingKind.RowDiffers, $"{MarketKind.Lease}/{spoilt}");
        AssertRepaired(report, FindingKind.RowDiffers, $"{MarketKind.Lease}/{lost}");
        Assert.NotEqual(1u, (await stack.ReadAsync(MarketKind.Lease, spoilt, IndexJson.Default.LeaseRecord, Cancel)).Origin);
        Assert.Equal(LeaseState.Open, (await stack.ReadAsync(MarketKind.Lease, lost, IndexJson.Default.LeaseRecord, Cancel)).State);
        await scene.EndAsync(Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_deleted_row_of_an_order_comes_back_and_says_how_the_order_stands()
    {
        await using var crew = new Crew(Stack.Market.Agents);
        var scene = await RunningAsync(1);
        await stack.OrderRows.DeleteEntityAsync(scene.OrderHash.ToString(), "order", Azure.ETag.All, Cancel);

        // The sweep may have brought it back by then, but not to where the order stands.
        var finding = Assert.Single((await stack.RunAsync(Cancel)).Findings, finding => finding.Id == scene.OrderHash.ToString());
        Assert.True(finding.Repaired && finding.Kind is FindingKind.OrderWithoutRow or FindingKind.OrderStatus, finding.ToString());
        Assert.Equal(OrderStatus.Running, (await scene.WaitAsync(OrderStatus.Running, Cancel)).Status);
        await scene.EndAsync(Cancel);
        Assert.Equal(OrderStatus.Closed, (await scene.WaitAsync(OrderStatus.Closed, Cancel)).Status);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_row_that_says_Running_of_an_order_whose_leases_are_over_says_Closed()
    {
        await using var crew = new Crew(Stack.Market.Agents);
        var scene = await RunningAsync(1);
        await scene.EndAsync(Cancel);
        await scene.WaitAsync(OrderStatus.Closed, Cancel);
        await stack.Orders.UpdateAsync(scene.OrderHash, static row => row with { Status = OrderStatus.Running }, Cancel);

        var finding = AssertRepaired(await stack.RunAsync(Cancel), FindingKind.OrderStatus, scene.OrderHash.ToString());
        Assert.Equal("Running", finding.Found);
        Assert.Equal(OrderStatus.Closed, (await scene.ViewAsync(Cancel)).Status);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task An_order_whose_orchestration_was_forgotten_gets_another()
    {
        await using var crew = new Crew(Stack.Market.Agents);
        var scene = await RunningAsync(1);
        string token = await Stack.Plane.LoginAsync(Stack.SchedulerKey, Cancel);
        string path = $"/api/orchestrations/{scene.OrderHash}";
        await SendAsync(ControlPlane.Post($"{path}/terminate", "{\"reason\":\"on purpose\"}"u8.ToArray()), token);
        await OrchestrationAsync(path, token, static o => o.Status == "Terminated");
        await SendAsync(new HttpRequestMessage(HttpMethod.Delete, path), token);

        AssertRepaired(await stack.RunAsync(Cancel), FindingKind.LifecycleMissing, scene.OrderHash.ToString());
        await OrchestrationAsync(path, token, static o => o.Status == "Running");
        await scene.EndAsync(Cancel);
        Assert.Equal(OrderStatus.Closed, (await scene.WaitAsync(OrderStatus.Closed, Cancel)).Status);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task What_was_found_before_a_kill_is_mended_and_told_after_it()
    {
        await using var crew = new Crew(Stack.Market.Agents);
        var scene = await RunningAsync(1);
        var lease = scene.Leases[0];
        await stack.RestartOverAsync(
            () => stack.ChangeAsync(MarketKind.Lease, lease.LeaseId, IndexJson.Default.LeaseRecord, static l => l with { State = LeaseState.Parked }, Cancel), Cancel);
        string run = await stack.BeginAsync(Cancel);
        await ComparedAsync(run);
        await Stack.RestartAsync(Cancel);

        AssertRepaired(await stack.ReportAsync(run, Cancel), FindingKind.LeaseDiffers, lease.LeaseId.ToString());
        Assert.Equal(LeaseState.Open, (await scene.ViewAsync(Cancel)).Leases[0].State);
        Assert.Empty((await stack.RunAsync(Cancel)).Findings);
        await scene.EndAsync(Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Blocks_that_are_replaced_meanwhile_are_no_finding()
    {
        await using var crew = new Crew(Stack.Market.Agents);
        var scene = await RunningAsync(1);
        var asked = Stack.Gate.StandStillAt("eth_call", scene.OrderHash.ToString()[2..], reachesNode: false);
        string run = await stack.BeginAsync(Cancel);
        await asked;
        await RollBackToBeforeAsync(scene.Leases[0]);

        var report = await stack.ReportAsync(run, Cancel);
        string[] ofTheIndex = [FindingKind.CoeDiffers, FindingKind.OrderDiffers, FindingKind.LeaseDiffers, FindingKind.ReplicaDiffers, FindingKind.RowDiffers];
        Assert.DoesNotContain(report.Findings, finding => ofTheIndex.Contains(finding.Kind) || finding.Id == scene.OrderHash.ToString());
        await scene.BeatUntilAsync([], static view => view.Leases.Any(static lease => lease.State == LeaseState.Open), Cancel);
        await scene.EndOpenAsync(await scene.ViewAsync(Cancel), Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task What_agents_name_and_do_not_name_is_compared_with_the_chain()
    {
        var scene = await Scene.BeginAsync(Stack, 1, Cancel);
        var lease = scene.Leases[0];
        var own = scene.AgentOf(lease);
        var other = Stack.Market.Agents.First(agent => agent != own);
        var invented = Keccak256.Hash("no lease");
        await own.ReportAsync(lease.LeaseId, LeasePhase.Running, Cancel);
        await Stack.Chain.PassTimeAsync(TimeSpan.FromSeconds(90), Cancel);
        await BeatAsync();
        var report = stack.RunAsync(Cancel);
        while (!report.IsCompleted)
        {
            await BeatAsync();
            await Task.Delay(200, Cancel);
        }

        AssertLeft(await report, FindingKind.LeaseUnnamed, lease.LeaseId.ToString());
        AssertLeft(await report, FindingKind.LeaseForeign, lease.LeaseId.ToString());
        AssertLeft(await report, FindingKind.LeaseUnknown, invented.ToString());
        await scene.EndAsync(Cancel);

        Task BeatAsync() => Task.WhenAll(
            own.BeatAsync(Cancel, new LeaseReport(invented, LeasePhase.Running, [], null, null)),
            other.BeatAsync(Cancel, new LeaseReport(lease.LeaseId, LeasePhase.Running, [], null, null)));
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Only_operators_may_begin_one()
    {
        using var anybody = ControlPlane.Post("/api/reconciliations", []);
        Assert.Equal(Catalogue.Unauthorised.Code, (await Stack.Plane.RefusedAsync(anybody, Cancel)).Code);
        using var stranger = ControlPlane.Post("/api/reconciliations", []);
        stranger.Headers.Authorization = new("Bearer", await Stack.Plane.LoginAsync(Stack.Market.Publisher, Cancel));
        Assert.Equal(Catalogue.Forbidden.Code, (await Stack.Plane.RefusedAsync(stranger, Cancel)).Code);
    }

    private static ReconciliationFinding AssertRepaired(ReconciliationView report, string kind, string id)
    {
        var finding = AssertFound(report, kind, id);
        Assert.True(finding.Repaired, finding.ToString());
        return finding;
    }

    private static void AssertLeft(ReconciliationView report, string kind, string id) => Assert.False(AssertFound(report, kind, id).Repaired);

    private static ReconciliationFinding AssertFound(ReconciliationView report, string kind, string id) =>
        Assert.Single(report.Findings, finding => finding.Kind == kind && finding.Id == id);

    private async Task<Scene> RunningAsync(ushort replicas)
    {
        var scene = await Scene.BeginAsync(Stack, replicas, Cancel);
        Assert.Equal(OrderStatus.Running, (await scene.WaitAsync(OrderStatus.Running, Cancel)).Status);

        // Once a later block is read, what the index has of this one is stored and stays.
        ulong head = (await Stack.Chain.Client.GetHeadAsync(Cancel)).Number;
        while ((await Stack.Plane.GetAsync("/api/health", DwebJson.Default.HealthView, null, Cancel)).Indexed <= head)
        {
            await Task.Delay(50, Cancel);
        }

        return scene;
    }

    /// <summary>Takes the chain back to before the block that opened a lease.</summary>
    private async Task RollBackToBeforeAsync(LeaseView lease)
    {
        var opened = await Stack.Chain.Client.GetLogsAsync(
            new LogFilter { From = BlockTag.Number(0), To = BlockTag.Latest, Addresses = [Stack.Chain.Addresses.LeaseBook], Topics = [[LeaseBook.Events.LeaseOpened.Topic], [lease.LeaseId]] },
            Cancel);
        ulong head = (await Stack.Chain.Client.GetHeadAsync(Cancel)).Number;
        await Stack.Chain.Client.Rpc.SendAsync(new RpcRequest("anvil_rollback", head - opened[0].BlockNumber + 1), Cancel);
    }

    /// <summary>Everything was compared, and what differed is to be looked at again: the run's timer goes.</summary>
    private async Task ComparedAsync(string run)
    {
        string token = await Stack.Plane.LoginAsync(Stack.SchedulerKey, Cancel);
        while (true)
        {
            var history = await Stack.Plane.GetAsync($"/api/orchestrations/{run}/history", DwebJson.Default.OrchestrationTimelineView, token, Cancel);
            if (history.Steps.Any(static step => step.Kind == "Timer"))
            {
                return;
            }

            await Task.Delay(50, Cancel);
        }
    }

    private async Task OrchestrationAsync(string path, string token, Func<OrchestrationView, bool> reached)
    {
        while (!reached(await Stack.Plane.GetAsync(path, DwebJson.Default.OrchestrationView, token, Cancel)))
        {
            await Task.Delay(50, Cancel);
        }
    }

    private async Task SendAsync(HttpRequestMessage request, string token)
    {
        using (request)
        {
            request.Headers.Authorization = new("Bearer", token);
            using var response = await Stack.Plane.SendAsync(request, Cancel);
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancel));
        }
    }

    private async Task<int> CountAsync(EvmAddress contract, Hash32 topic) => (await Stack.Chain.Client.GetLogsAsync(
        new LogFilter { From = BlockTag.Number(0), To = BlockTag.Latest, Addresses = [contract], Topics = [[topic]] }, Cancel)).Count;
}
