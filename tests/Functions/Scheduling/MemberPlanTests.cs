using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Tests.Orders;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Scheduling;

/// <summary>What a member signs, a real one over a real chain: the plan that it would have made, and no other.</summary>
[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class MemberPlanTests(MembersStack members) : IClassFixture<MembersStack>
{
    private static readonly Dictionary<string, (Func<PlanRequest, PlanRequest> Change, ErrorCode Code, string Field)> Lies = new(StringComparer.Ordinal)
    {
        ["another order"] = (With(static plan => plan with { OrderHash = Keccak256.Hash("other") }), Catalogue.MemberRefused, "plan.orderHash"),
        ["a service that the order does not have"] = (Entry(static entry => entry with { Service = 1 }), Catalogue.MemberRefused, "plan.entries[0].service"),
        ["a replica that the order does not have"] = (Entry(static entry => entry with { Replica = 9 }), Catalogue.MemberRefused, "plan.entries[0].replica"),
        ["another generation"] = (Entry(static entry => entry with { Generation = 1 }), Catalogue.MemberRefused, "plan.entries[0].generation"),
        ["a COE that is not on the chain"] = (Entry(static entry => entry with { Coe = Keccak256.Hash("other") }), Catalogue.MemberRefused, "plan.entries[0].coe"),
        ["a higher rate"] = (Entry(static entry => entry with { MaxHostRate = entry.MaxHostRate + 1 }), Catalogue.MemberRefused, "plan.entries[0].maxHostRate"),
        ["a lower rate"] = (Entry(static entry => entry with { MaxHostRate = entry.MaxHostRate - 1 }), Catalogue.MemberRefused, "plan.entries[0].maxHostRate"),
        ["a replica twice"] = (With(static plan => plan with { Entries = [plan.Entries[0], plan.Entries[0]] }), Catalogue.MemberRefused, "plan.entries"),
        ["replicas in another order"] = (With(static plan => plan with { Entries = [.. plan.Entries.Reverse()] }), Catalogue.MemberRefused, "plan.entries"),
        ["no entry"] = (With(static plan => plan with { Entries = [] }), Catalogue.MemberRefused, "plan.entries"),
        ["another epoch of the committee"] = (With(static plan => plan with { CommitteeEpoch = plan.CommitteeEpoch + 1 }), Catalogue.MemberRefused, "plan.committeeEpoch"),
        ["a deadline that has passed"] = (With(static plan => plan with { Deadline = plan.Deadline - 3600 }), Catalogue.MemberRefused, "plan.deadline"),
        ["a deadline too far ahead"] = (With(static plan => plan with { Deadline = plan.Deadline + 1 }), Catalogue.MemberRefused, "plan.deadline"),
        ["a block long past"] = (Evidence(static evidence => evidence with { Block = 1 }), Catalogue.MemberRefused, "evidence.block"),
        ["a block that its node does not have"] = (Evidence(static evidence => evidence with { Block = evidence.Block + 10_000 }), Catalogue.MemberBehind, "evidence.block"),
        ["an order that is not the one it names"] = (Evidence(static evidence => evidence with
        {
            Order = evidence.Order! with { Order = evidence.Order.Order with { MaxTotal = evidence.Order.Order.MaxTotal + 1 } },
        }), Catalogue.MemberRefused, "plan.orderHash"),
        ["an order that its user did not sign"] = (Evidence(static evidence => evidence with
        {
            Order = evidence.Order! with { Signature = PrivateKey.Create().SignDigest(Keccak256.Hash("other")) },
        }), Catalogue.SignatureMismatch, "signature"),
        ["no order at all"] = (Evidence(static evidence => evidence with { Order = null }), Catalogue.MemberRefused, "plan.orderHash"),
    };

    private readonly TestStack stack = members.Stack;

    public static TheoryData<string> Names => [.. Lies.Keys];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_plan_that_the_member_would_have_made_is_signed_with_its_own_key()
    {
        var request = await DraftAsync();
        foreach (var member in stack.Members)
        {
            Assert.Equal(member.Key, await member.SignAsync(request, stack.Chain.Book, Cancel));
        }
    }

    [Theory(Timeout = TestStack.PatienceMs)]
    [MemberData(nameof(Names))]
    public async Task A_plan_of_which_anything_was_changed_is_refused_with_the_field_that_was(string lie)
    {
        var (change, code, field) = Lies[lie];
        var problem = await stack.Members[0].RefuseAsync(change(await DraftAsync()), Cancel);
        Assert.Equal((code.Code, field), (problem.Code, problem.Field));
        Assert.False(string.IsNullOrWhiteSpace(problem.Detail));
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_replica_that_is_sent_to_another_coe_than_the_rules_lead_to_is_refused()
    {
        var request = await DraftAsync();
        var elsewhere = stack.Market.Agents.First(agent => request.Plan.Entries.All(entry => entry.Coe != agent.Coe)).Coe;
        var problem = await stack.Members[0].RefuseAsync(Entry(entry => entry with { Coe = elsewhere })(request), Cancel);
        Assert.Equal(("member-refused", "plan.entries[0].coe"), (problem.Code, problem.Field));
        Assert.Contains("would go to coe-", problem.Detail!, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Replicas_with_secrets_are_placed_by_the_list_that_the_user_signed_and_by_no_other()
    {
        await BeatAsync();
        var chosen = stack.Market.Agents[1];
        var submitted = await SecretOrders.SignAsync(stack, PrivateKey.Create(), SecretOrders.Seal(chosen), Cancel, replicas: 2);
        var request = await PlanDraft.OfAsync(stack, submitted, Cancel);
        Assert.All(request.Plan.Entries, entry => Assert.Equal(chosen.Coe, entry.Coe));
        Assert.Equal(stack.Members[0].Key, await stack.Members[0].SignAsync(request, stack.Chain.Book, Cancel));

        var elsewhere = stack.Market.Agents[0].Coe;
        foreach (var (lie, field) in new[]
        {
            (Evidence(static evidence => evidence with { Confined = null })(request), "evidence.confined"),
            (Evidence(evidence => evidence with { Confined = [new ServiceCoes(0, [elsewhere])] })(request), "evidence.confined[0]"),
            (Entry(entry => entry with { Coe = elsewhere })(request), "plan.entries[0].coe"),
        })
        {
            var problem = await stack.Members[0].RefuseAsync(lie, Cancel);
            Assert.Equal(("member-refused", field), (problem.Code, problem.Field));
        }
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Silence_that_the_control_plane_invents_is_refused()
    {
        await BeatAsync();
        var submitted = await SubmittedAsync();
        var honest = await PlanDraft.OfAsync(stack, submitted, Cancel);
        var invented = await PlanDraft.OfAsync(stack, submitted, Cancel, honest.Plan.Entries[0].Coe);
        Assert.Equal([honest.Plan.Entries[0].Coe], invented.Evidence.Silent);
        var problem = await stack.Members[0].RefuseAsync(invented, Cancel);
        Assert.Equal(("coe-heard", "evidence.silent[0]"), (problem.Code, problem.Field));
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_member_that_has_just_started_knows_of_nobodys_silence_and_later_does()
    {
        var member = stack.Members[2];
        await member.KillAsync();
        await member.StartAsync(Cancel);
        var submitted = await SubmittedAsync();
        var silent = (await PlanDraft.OfAsync(stack, submitted, Cancel)).Plan.Entries[0].Coe;
        var problem = await member.RefuseAsync(await PlanDraft.OfAsync(stack, submitted, Cancel, silent), Cancel);
        Assert.Equal(("member-refused", "evidence.silent[0]"), (problem.Code, problem.Field));

        // The other two are heard meanwhile, or a plan on them would be refused.
        var signer = await member.SignInTheEndAsync(async () =>
        {
            await Task.WhenAll(stack.Market.Agents.Where(agent => agent.Coe != silent).Select(agent => agent.BeatMemberAsync(member, Cancel)));
            return await PlanDraft.OfAsync(stack, submitted, Cancel, silent);
        }, stack.Chain.Book, Cancel, Catalogue.MemberRefused);
        Assert.Equal(member.Key, signer);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_block_that_the_members_node_does_not_have_yet_is_waited_for()
    {
        var request = await DraftAsync();
        var next = request with { Evidence = request.Evidence with { Block = request.Evidence.Block + 1 } };
        Assert.Equal(stack.Members[0].Key, await stack.Members[0].SignAsync(next, stack.Chain.Book, Cancel));
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task An_order_whose_user_has_cancelled_all_of_its_epoch_is_refused()
    {
        var user = await stack.Market.CreateUserAsync(0, Cancel);
        var submitted = await stack.Market.SignOrderAsync(user, Cancel);
        await stack.Chain.SendAsync(user, stack.Chain.LeaseBook.RaiseEpoch(), Cancel);
        var problem = await stack.Members[0].RefuseAsync(await PlanDraft.OfAsync(stack, submitted, Cancel), Cancel);
        Assert.Equal(("order-cancelled", "plan.orderHash"), (problem.Code, problem.Field));
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_heartbeat_that_an_agent_signed_for_another_is_not_taken()
    {
        var agent = stack.Market.Agents[0];
        foreach (string path in (string[])["heartbeat", $"heartbeat?to={stack.Members[1].Address.Authority}"])
        {
            using var request = agent.Request(path, new HeartbeatRequest(agent.AgentId, 9, 1, "test", []), DwebJson.Default.HeartbeatRequest);
            using var response = await stack.Members[0].SendAsync(request, Cancel);
            Assert.Equal(System.Net.HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_member_has_no_other_routes_than_its_own()
    {
        foreach (string path in (string[])["/api/orders", "/api/coes", "/api/orchestrations", "/AdmitAndOpen", "/registry/token"])
        {
            using var response = await stack.Members[0].SendAsync(new HttpRequestMessage(HttpMethod.Get, path), Cancel);
            Assert.Equal(System.Net.HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    private async Task<PlanRequest> DraftAsync()
    {
        await BeatAsync();
        return await PlanDraft.OfAsync(stack, await SubmittedAsync(), Cancel);
    }

    private Task BeatAsync() => Task.WhenAll(stack.Market.Agents.Select(static agent => agent.BeatAsync(Cancel)));

    private async Task<SubmitOrderRequest> SubmittedAsync() => await stack.Market.SignOrderAsync(PrivateKey.Create(), Cancel, replicas: 2);

    private static Func<PlanRequest, PlanRequest> With(Func<Plan, Plan> change) => request => request with { Plan = change(request.Plan) };

    private static Func<PlanRequest, PlanRequest> Entry(Func<PlanEntry, PlanEntry> change) => With(plan => plan with { Entries = [change(plan.Entries[0]), .. plan.Entries.Skip(1)] });

    private static Func<PlanRequest, PlanRequest> Evidence(Func<PlacementEvidence, PlacementEvidence> change) =>
        request => request with { Evidence = change(request.Evidence) };
}
