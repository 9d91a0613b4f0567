using Dweb.Core.Protocol.Http;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.EndToEnd;

/// <summary>The process is killed where it hurts; what it had promised is still done, once.</summary>
[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class RestartTests(TestStack stack)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task An_accepted_order_survives_a_kill_before_its_leases_are_seen()
    {
        await stack.ReadyAsync();
        var scene = await Scene.SubmitAsync(stack, 2, Cancel);
        await stack.RestartAsync(Cancel);
        await scene.WaitForLeasesAsync(2, Cancel);
        Assert.Equal(2, scene.Leases.DistinctBy(static l => (l.Service, l.Replica)).Count());
        await scene.RunAllAsync(Cancel);
        Assert.Equal(OrderStatus.Running, (await scene.WaitAsync(OrderStatus.Running, Cancel)).Status);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Reports_before_and_after_a_kill_add_up_to_running()
    {
        await stack.ReadyAsync();
        var scene = await Scene.BeginAsync(stack, 2, Cancel);
        await scene.AgentOf(scene.Leases[0]).ReportAsync(scene.Leases[0].LeaseId, LeasePhase.Running, Cancel);
        await stack.RestartAsync(Cancel);
        await scene.AgentOf(scene.Leases[1]).ReportAsync(scene.Leases[1].LeaseId, LeasePhase.Running, Cancel);
        Assert.Equal(OrderStatus.Running, (await scene.WaitAsync(OrderStatus.Running, Cancel)).Status);
        Assert.Equal(2, (await scene.ViewAsync(Cancel)).Leases.Count);
    }

    /// <summary>Who asks in the first moments of a control plane is not told that there are no COEs.</summary>
    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_quote_counts_coes_that_may_still_be_heard()
    {
        await stack.ReadyAsync();
        var request = await stack.Market.SignOrderAsync(await stack.Market.CreateUserAsync(100, Cancel), Cancel);
        await stack.RestartAsync(Cancel);
        var quote = await stack.Plane.PostAsync(
            "/api/quotes", new QuoteRequest(request.Order.Services, request.Order.Duration), DwebJson.Default.QuoteRequest, DwebJson.Default.QuoteView, Cancel);
        Assert.Empty(quote.Problems);
        Assert.Single(quote.Replicas);
    }

    /// <summary>A control plane that begins takes orders for COEs that may be heard yet; when they are heard late, nothing is lost.</summary>
    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task An_order_that_nothing_but_silence_keeps_out_waits_until_coes_are_heard()
    {
        await stack.ReadyAsync();
        var user = await stack.Market.CreateUserAsync(100, Cancel);
        var request = await stack.Market.SignOrderAsync(user, Cancel);
        await stack.RestartAsync(Cancel);
        var scene = await Scene.OfAsync(stack, user, request, Cancel);
        var waiting = await scene.BeatUntilAsync([], static view => view.Status == OrderStatus.Rejected || WaitsForSilence(view), Cancel);
        Assert.Equal(OrderStatus.Accepted, waiting.Status);

        await scene.WaitForLeasesAsync(1, Cancel);
        await scene.RunAllAsync(Cancel);
        Assert.Equal(OrderStatus.Running, (await scene.WaitAsync(OrderStatus.Running, Cancel)).Status);
        await scene.EndAsync(Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Usage_that_was_accepted_before_a_kill_is_settled_after_it()
    {
        await stack.ReadyAsync();
        var scene = await Scene.BeginAsync(stack, 1, Cancel);
        await scene.ReportUsageAsync(1, Cancel);
        await stack.RestartAsync(Cancel);
        while ((await stack.Chain.LeaseBook.SettledOfAsync(scene.Leases[0].LeaseId, cancellationToken: Cancel)).Received < 1)
        {
            await Task.Delay(100, Cancel);
        }
    }

    /// <summary>It was looked at when every COE had had its time to be heard.</summary>
    private static bool WaitsForSilence(OrderView view) =>
        view.Timeline.Any(entry => entry.Step == "waiting" && entry.AtMs > view.AcceptedAtMs + (5 * TestStack.HeartbeatMs / 2));
}
