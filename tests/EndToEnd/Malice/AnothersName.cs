using System.Text;
using System.Text.Json;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.EndToEnd.Tests.Stack;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests.Malice;

/// <summary>An agent of one COE speaks for another, or of another's leases; and a second agent speaks for the same one. Nobody hears them.</summary>
[Trait("Category", "EndToEnd")]
[Collection(RealStack.Collection)]
public sealed class AnothersName(RealStack stack)
{
    private static readonly string[] Doors = ["heartbeat", "reports", "usage", "specs", "logs/0123456789abcdef"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_said_of_a_lease_counts_only_from_its_own_agent()
    {
        await stack.ComeToRestAsync(Stop);
        await using var one = await HandHeldCoe.FoundAsync(stack, Stop);
        await using var other = await HandHeldCoe.FoundAsync(stack, Stop);
        var lease = await HandHeldLease.OpenAsync(stack, Stop);
        var (owner, thief) = lease.Opened.Coe == one.Id ? (one, other) : (other, one);
        await owner.ReportRunningAsync(lease.Id, Stop);
        string login = await stack.Api.LoginAsync(stack.Chain.KeyOf(Role.User), Stop);
        await UntilRunningAsync(lease, login);
        var before = await Snapshot.TakeAsync(stack, Stop);

        foreach (string door in Doors)
        {
            await UnauthorisedAsync(Api.Signed(owner.Path(door), thief.Report(lease.Id, LeasePhase.Refused), thief.Key));
        }

        await UnauthorisedAsync(Api.Signed(HttpMethod.Get, owner.Path("assignments"), "", thief.Key));

        // In its own name it may say what it likes: of a lease that is another's it is passed over.
        await thief.TakenAsync("reports", thief.Report(lease.Id, LeasePhase.Refused, "digest-mismatch"), Stop);
        await thief.TakenAsync("reports", thief.Report(lease.Id, LeasePhase.Exited), Stop);
        Assert.DoesNotContain((await thief.AssignmentsAsync(Stop)).Leases, given => given.LeaseId == lease.Id);

        // A second agent with the owner's own key, which its holder would notice: as long as the first one is heard it is not let in.
        string second = JsonSerializer.Serialize(new HeartbeatRequest("second", 99, 1, "test", []), DwebJson.Default.HeartbeatRequest);
        string its = JsonSerializer.Serialize(
            new ReportRequest("second", 99, [new LeaseReport(lease.Id, LeasePhase.Refused, [], "digest-mismatch", null)]), DwebJson.Default.ReportRequest);
        Assert.Equal("agent-duplicate", (await stack.Api.RefusedAsync(Api.Signed(owner.Path("heartbeat"), second, owner.Key), Stop)).Code);
        Assert.Equal("agent-duplicate", (await stack.Api.RefusedAsync(Api.Signed(owner.Path("reports"), its, owner.Key), Stop)).Code);

        var view = await ViewAsync(lease, login);
        Assert.Equal((OrderStatus.Running, LeasePhase.Running), (view.Status, view.Leases.Single().Phase));
        await before.AssertUnchangedAsync(stack, "another's word", Stop);
        await lease.CloseAsync(Stop);
    }

    [Fact]
    public async Task A_log_is_answered_and_a_spec_is_kept_only_where_they_belong()
    {
        await stack.ComeToRestAsync(Stop);
        await using var one = await HandHeldCoe.FoundAsync(stack, Stop);
        await using var other = await HandHeldCoe.FoundAsync(stack, Stop);
        var lease = await HandHeldLease.OpenAsync(stack, Stop);
        var (owner, thief) = lease.Opened.Coe == one.Id ? (one, other) : (other, one);
        await owner.ReportRunningAsync(lease.Id, Stop);
        string login = await stack.Api.LoginAsync(stack.Chain.KeyOf(Role.User), Stop);

        var page = stack.Api.TakenAsync(Api.Get($"/api/leases/{lease.Id}/logs?tail=1", login), DwebJson.Default.LogPage, Stop);
        var asked = await Deadline.UntilAsync("the log is asked for", async stop => (await owner.AssignmentsAsync(stop)).LogRequests is [var first, ..] ? first : null, Stop);
        var forged = await stack.Api.RefusedAsync(Api.Signed(thief.Path("logs/" + asked.RequestId), Lines("forged"), thief.Key), Stop);
        Assert.Equal("not-found", forged.Code);
        await owner.TakenAsync("logs/" + asked.RequestId, Lines("its own"), Stop);
        Assert.Equal(["its own"], (await page).Lines);

        var signed = (await owner.AssignmentsAsync(Stop)).Leases.Single(given => given.LeaseId == lease.Id);
        string changed = signed.Spec.Replace("8080", "8081", StringComparison.Ordinal);
        Assert.NotEqual(signed.Spec, changed);
        foreach (var coe in (HandHeldCoe[])[owner, thief])
        {
            await coe.TakenAsync("specs", JsonSerializer.Serialize(new SpecOffer([changed]), DwebJson.Default.SpecOffer), Stop);
        }

        Assert.Equal(signed, (await owner.AssignmentsAsync(Stop)).Leases.Single(given => given.LeaseId == lease.Id));
        Assert.Equal(signed.Order.Services[0].SpecHash, Keccak256.Hash(Encoding.UTF8.GetBytes(signed.Spec)));
        await lease.CloseAsync(Stop);
    }

    private static string Lines(string line) => JsonSerializer.Serialize(new LogAnswer([line], Truncated: false, Error: null), DwebJson.Default.LogAnswer);

    private async Task UnauthorisedAsync(HttpRequestMessage request)
    {
        var problem = await stack.Api.RefusedAsync(request, Stop);
        Assert.Equal(("unauthorised", 401), (problem.Code, problem.Status));
    }

    private Task UntilRunningAsync(HandHeldLease lease, string login) =>
        Deadline.UntilAsync("the order runs", async _ => (await ViewAsync(lease, login)).Status == OrderStatus.Running, Stop);

    private Task<OrderView> ViewAsync(HandHeldLease lease, string login) =>
        stack.Api.TakenAsync(Api.Get($"/api/orders/{lease.Order}", login), DwebJson.Default.OrderView, Stop);
}
