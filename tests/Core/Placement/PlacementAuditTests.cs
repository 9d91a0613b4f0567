using CsCheck;
using Dweb.Core.Placement;
using Dweb.Core.Protocol;

namespace Dweb.Core.Tests.Placement;

public sealed class PlacementAuditTests
{
    [Fact]
    public void What_the_scheduler_places_when_it_hears_all_is_reproduced() => Market.Cases.Sample(test =>
    {
        var placed = Placer.Place(test.Snapshot, Liveness.AllBut([]), test.Request);
        var audit = PlacementAudit.Of(test.Snapshot, Only(test.Request, placed), Opened(placed));
        Assert.True(placed.Unplaced.Count > 0 || audit.Outcome == AuditOutcome.Reproduced);
    }, iter: 1000);

    [Fact]
    public void What_the_scheduler_places_for_one_replica_is_explained_whomever_it_did_not_hear() => Market.Cases.Sample(test =>
    {
        var request = test.Request with { Slots = [.. test.Request.Slots.Take(1)] };
        var placed = Placer.Place(test.Snapshot, test.Liveness, request);
        if (placed.Entries is not [var entry])
        {
            return;
        }

        var audit = PlacementAudit.Of(test.Snapshot, request, Opened(placed));
        Assert.NotEqual(AuditOutcome.Unexplained, audit.Outcome);
        Assert.Equal(entry, Assert.Single(audit.Result.Entries));
        Assert.All(audit.Silent, coe => Assert.False(test.Liveness.IsLive(coe)));
    }, iter: 2000);

    [Fact]
    public void A_coe_that_cannot_take_the_replica_is_never_explained() => Market.Cases.Sample(test =>
    {
        var request = test.Request with { Slots = [.. test.Request.Slots.Take(1)] };
        foreach (var coe in test.Snapshot.Coes.Select(static offer => offer.Coe))
        {
            var alone = Placer.Place(test.Snapshot, Liveness.Of([coe]), request);
            if (alone.Entries.Count == 0)
            {
                var audit = PlacementAudit.Of(test.Snapshot, request, new Dictionary<ReplicaSlot, Hash32> { [request.Slots[0]] = coe });
                Assert.Equal(AuditOutcome.Unexplained, audit.Outcome);
            }
        }
    }, iter: 500);

    private static PlacementRequest Only(PlacementRequest request, PlacementResult placed) =>
        request with { Slots = [.. request.Slots.Where(slot => Opened(placed).ContainsKey(slot))] };

    private static Dictionary<ReplicaSlot, Hash32> Opened(PlacementResult placed) =>
        placed.Entries.ToDictionary(static e => new ReplicaSlot(e.Service, e.Replica, e.Generation), static e => e.Coe);
}
