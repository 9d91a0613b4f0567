using Dweb.Chain.Contracts;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Scheduling;

/// <summary>Orders under a committee of three members, of which two have to sign.</summary>
[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class CommitteeFlowTests(MembersStack members) : IClassFixture<MembersStack>
{
    private readonly TestStack stack = members.Stack;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task An_order_opens_with_all_three_and_with_any_two_of_them()
    {
        Assert.Equal(2, await new SchedulerCommittee(stack.Chain.Client, stack.Chain.Addresses.SchedulerCommittee).QuorumAsync(cancellationToken: Cancel));
        await OpensAsync();
        foreach (var member in stack.Members)
        {
            await using (await Absence.OfAsync(member))
            {
                await OpensAsync();
            }
        }
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task One_member_alone_opens_nothing_and_the_order_says_what_each_said_until_another_is_back()
    {
        await using var second = await Absence.OfAsync(stack.Members[1]);
        var first = await Absence.OfAsync(stack.Members[0]);
        var scene = await Scene.SubmitAsync(stack, 1, Cancel);
        string said = await UnsignedAsync(scene);
        Assert.StartsWith("1 of the 2 members that are needed have signed.", said, StringComparison.Ordinal);
        Assert.Contains(stack.Members[0].Address.Authority, said, StringComparison.Ordinal);
        Assert.Contains(stack.Members[1].Address.Authority, said, StringComparison.Ordinal);
        Assert.Empty((await scene.ViewAsync(Cancel)).Leases);

        await first.DisposeAsync();
        await scene.WaitForLeasesAsync(1, Cancel);
        await scene.EndAsync(Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_replica_on_a_coe_that_falls_silent_is_placed_again_with_one_member_away()
    {
        var scene = await OpenAsync();
        await using var absence = await Absence.OfAsync(stack.Members[1]);
        var lost = scene.Leases[0];
        var others = stack.Market.Agents.Where(agent => agent.Coe != lost.Coe).ToList();
        OrderView view;
        do
        {
            await Task.WhenAll(others.Select(static agent => agent.BeatAsync(Cancel)));
            await Task.Delay(100, Cancel);
            view = await scene.ViewAsync(Cancel);
        }
        while (view.Leases.Count < 2);

        Assert.Equal((LeaseState.Ending, EndReason.HostFault), (view.Leases[0].State, view.Leases[0].Reason));
        Assert.Equal((LeaseState.Open, (ushort)1), (view.Leases[1].State, view.Leases[1].Generation));
        Assert.NotEqual(lost.Coe, view.Leases[1].Coe);
        var open = view.Leases[1];
        await stack.Chain.SendAsync(
            scene.User, stack.Chain.LeaseBook.End([new(open.OrderHash, open.Service, open.Replica, open.Generation, open.Coe)]), Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_coe_that_only_the_members_hear_holds_up_no_order()
    {
        var agents = stack.Market.Agents;
        await Task.WhenAll(agents.Select(static agent => agent.BeatAsync(Cancel)));
        await stack.RestartAsync(Cancel);

        // The new control plane has heard one of them only; the members hear all, and would place the order on the best of these.
        var user = await stack.Market.CreateUserAsync(100, Cancel);
        string token = await stack.Plane.LoginAsync(user, Cancel);
        var request = await stack.Market.SignOrderAsync(user, Cancel, replicas: 2);
        await agents[0].BeatAsync(Cancel);
        await Task.WhenAll(stack.Members.SelectMany(member => agents.Select(agent => agent.BeatMemberAsync(member, Cancel))));
        var accepted = await stack.Plane.PostAsync("/api/orders", request, DwebJson.Default.SubmitOrderRequest, DwebJson.Default.OrderView, Cancel);
        OrderView view;
        do
        {
            await Task.WhenAll(stack.Members.SelectMany(member => agents.Select(agent => agent.BeatMemberAsync(member, Cancel))));
            await agents[0].BeatAsync(Cancel);
            view = await stack.Plane.GetAsync($"/api/orders/{accepted.OrderHash}", DwebJson.Default.OrderView, token, Cancel);
        }
        while (view.Leases.Count < 2);

        await stack.Chain.SendAsync(
            user, stack.Chain.LeaseBook.End([.. view.Leases.Select(static l => new Dweb.Chain.Contracts.LeaseKey(l.OrderHash, l.Service, l.Replica, l.Generation, l.Coe))]), Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_fault_is_signed_only_for_a_coe_that_the_member_does_not_hear_and_not_for_longer()
    {
        var scene = await OpenAsync();
        var (lease, agent, member) = (scene.Leases[0].LeaseId, scene.AgentOf(scene.Leases[0]), stack.Members[0]);

        // Without it, nobody places the replica elsewhere meanwhile.
        await using var absence = await Absence.OfAsync(stack.Plane);
        await agent.BeatMemberAsync(member, Cancel);
        var heard = await member.RefuseAsync(await PlanDraft.FaultAsync(stack, lease, secondsAgo: 5, Cancel), Cancel);
        Assert.Equal(("coe-heard", "fault.leaseId"), (heard.Code, heard.Field));

        Assert.Equal(member.Key, await member.SignInTheEndAsync(
            async () => await PlanDraft.FaultAsync(stack, lease, secondsAgo: 10, Cancel), stack.Chain.Book, Cancel, Catalogue.CoeHeard, Catalogue.MemberRefused));
        await RefusedAsync(await PlanDraft.FaultAsync(stack, lease, secondsAgo: 60, Cancel), "fault.deadSince");
        await RefusedAsync(Change(await PlanDraft.FaultAsync(stack, lease, 10, Cancel), static f => f with { DeadSince = f.DeadSince + 3600 }), "fault.deadSince");
        await RefusedAsync(Change(await PlanDraft.FaultAsync(stack, lease, 10, Cancel), static f => f with { LeaseId = Core.Protocol.Keccak256.Hash("other") }), "fault.leaseId");
        await RefusedAsync(Change(await PlanDraft.FaultAsync(stack, lease, 10, Cancel), static f => f with { CommitteeEpoch = f.CommitteeEpoch + 1 }), "fault.committeeEpoch");
        await RefusedAsync(Change(await PlanDraft.FaultAsync(stack, lease, 10, Cancel), static f => f with { Deadline = f.Deadline + 3600 }), "fault.deadline");
        await scene.EndAsync(Cancel);

        async Task RefusedAsync(FaultRequest request, string field)
        {
            var problem = await member.RefuseAsync(request, Cancel);
            Assert.Equal(("member-refused", field), (problem.Code, problem.Field));
        }

        static FaultRequest Change(FaultRequest request, Func<Core.Protocol.Messages.Fault, Core.Protocol.Messages.Fault> change) => request with { Fault = change(request.Fault) };
    }

    private async Task OpensAsync() => await (await OpenAsync()).EndAsync(Cancel);

    private Task<Scene> OpenAsync() => Scene.BeginAsync(stack, 1, Cancel);

    /// <summary>Waits for the order's timeline to tell that too few have signed.</summary>
    private static async Task<string> UnsignedAsync(Scene scene)
    {
        while (true)
        {
            if ((await scene.ViewAsync(Cancel)).Timeline.LastOrDefault(static entry => entry.Step == "unsigned") is { Detail: { } said })
            {
                return said;
            }

            await Task.Delay(50, Cancel);
        }
    }
}
