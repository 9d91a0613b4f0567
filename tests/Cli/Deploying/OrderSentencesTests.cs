using Dweb.Cli.Deploying;
using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Tests.Deploying;

public sealed class OrderSentencesTests
{
    private static readonly FilterCount[] Removed = [new("region", "of another region", 2), new("rate-ceiling", "above your price ceiling", 3)];

    [Fact]
    public void A_waiting_order_says_which_filter_passed_over_how_many() => Assert.Equal(
        ["It waits for its leases to be opened, for 95 s now: 2 replicas without a lease.", "web-0, web-1: none of 5 COEs can take it: 2 of another region, 3 above your price ceiling."],
        Of(OrderStatus.Accepted, [Waits(0, 0, null, Removed), Waits(1, 0, null, Removed)]));

    [Fact]
    public void A_replica_that_could_go_somewhere_says_where() => Assert.Equal(
        ["web-0: 3 of 5 COEs can take it now, north would; 2 of another region.", "The control plane has only just started and gives every agent its time to be heard; it places the order then."],
        Of(OrderStatus.Accepted, [Waits(0, 3, "north", Removed[..1])], heardAll: false).Skip(1));

    [Fact]
    public void An_order_that_was_rejected_says_why_then_and_what_is_true_now() => Assert.Equal(
        ["The order was rejected: None of 5 COEs can take it.", "web-0: no COE is registered."],
        Of(OrderStatus.Rejected, [new WaitingReplica("web", 0, 0, 0, 0, null, [])]));

    [Fact]
    public void A_starting_order_names_the_agents_it_waits_for() => Assert.Equal(
        ["It waits for agents, for 95 s now: 1 of 3 replicas runs; web-1 on north is Pulling (40 %), web-2 on north is not reported yet."],
        Of(OrderStatus.Starting, [], leases: [Lease(0, LeasePhase.Running), Lease(1, LeasePhase.Pulling, "40 %"), Lease(2, LeasePhase.Assigned)]));

    [Fact]
    public void A_parked_lease_says_since_when_and_how_it_goes_on() => Assert.Equal(
        ["1 of 2 replicas runs.", "web-0 on north is parked: its funds ended at 1970-01-01 00:01:40Z. 'dweb resume shop' starts it again."],
        Of(OrderStatus.Running, [], leases: [Lease(0, LeasePhase.Stopped) with { State = LeaseState.Parked }, Lease(1, LeasePhase.Running)]));

    [Fact]
    public void A_disputed_lease_says_until_when_it_may_be_judged() => Assert.Equal(
        ["1 of 1 replica runs.", "web-0 on north is disputed: the scheduler members ask it whether it serves, and have until 1970-01-01 00:01:50Z for a verdict."],
        Of(OrderStatus.Running, [], leases: [Lease(0, LeasePhase.Running) with { DisputedUntil = 110 }]));

    [Fact]
    public void A_rollout_that_went_back_says_why_and_until_when() => Assert.Equal(
        "0 of 1 replica of web run the image that its channel points to; the rollout went back to the image that was signed: it exited. It is tried again when the channel moves.",
        OrderSentences.Of(
            new OrderView(Hash32.Zero, "shop", EvmAddress.Zero, OrderStatus.Running, null, null, 5_000, null, 0, [Lease(0, LeasePhase.Running)], [])
            {
                Rollouts = [new RolloutView(0, Keccak256.Hash("next"), RolloutStatus.RolledBack, "it exited")],
            },
            new PlacementView(Hash32.Zero, 1, true, []), nowMs: 100_500)[^1]);

    [Fact]
    public void Of_an_order_that_is_closed_no_replica_waits() => Assert.Single(Of(OrderStatus.Closed, [Waits(0, 0, null, Removed)]));

    [Theory]
    [InlineData(OrderStatus.Accepted, "waiting", "Accepted, waiting for a COE: None of 3 COEs can take it.")]
    [InlineData(OrderStatus.Accepted, "started", "Accepted")]
    [InlineData(OrderStatus.Starting, "waiting", "Starting")]
    public void Who_waits_for_an_order_is_told_what_it_waits_for(OrderStatus status, string step, string told)
    {
        var order = new OrderView(
            Hash32.Zero, "shop", EvmAddress.Zero, status, null, null, 5_000, null, 0, [], [new TimelineEntry(1, "queued", null), new TimelineEntry(2, step, "None of 3 COEs can take it.")]);
        Assert.Equal($"order {Hash32.Zero}: {told}", OrderSentences.Progress(order));
    }

    private static IReadOnlyList<string> Of(OrderStatus status, IReadOnlyList<WaitingReplica> waiting, bool heardAll = true, IReadOnlyList<LeaseView>? leases = null) => OrderSentences.Of(
        new OrderView(Hash32.Zero, "shop", EvmAddress.Zero, status, "no-capacity", "None of 5 COEs can take it.", 5_000, null, 0, leases ?? [], []),
        new PlacementView(Hash32.Zero, 1, heardAll, waiting), nowMs: 100_500);

    private static WaitingReplica Waits(ushort replica, int able, string? coe, IReadOnlyList<FilterCount> removed) => new("web", 0, replica, 5, able, coe, removed);

    private static LeaseView Lease(ushort replica, LeasePhase phase, string? detail = null) => new(
        Hash32.Zero, Hash32.Zero, "web", 0, replica, 0, Hash32.Zero, "north", LeaseState.Open, EndReason.None, phase, detail, [], 0, 100, 0);
}
