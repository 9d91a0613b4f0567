using Dweb.Core.Placement.Scoring;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Core.Placement;

/// <summary>
/// The scheduler: chain state and liveness in, placements out; no clock, no randomness, no I/O. For each replica: filters remove who cannot take
/// it, spreading keeps those with the fewest replicas of the order, scores rank the rest, a hash decides between equals. Replicas that fewest COEs
/// can take choose first, so that a choosy one does not find its only COE taken by one that could go anywhere.
/// </summary>
public static class Placer
{
    /// <exception cref="ArgumentException">A slot names no service of the order, or the snapshot lists a COE twice.</exception>
    public static PlacementResult Place(MarketSnapshot snapshot, Liveness liveness, PlacementRequest request, PlacementPolicy? policy = null)
    {
        Check(snapshot, request);
        var scores = (policy ?? PlacementPolicy.Default).Scores;
        var candidates = snapshot.Coes.OrderBy(static offer => offer.Coe).Select(offer => new Candidate(offer, snapshot, request)).ToList();
        var entries = new List<PlanEntry>();
        var choices = new List<PlacementChoice>();
        var unplaced = new List<UnplacedReplica>();
        var leftOut = new SortedSet<Hash32>();
        foreach (var context in ChoosiestFirst(snapshot, liveness, request, candidates))
        {
            var feasibility = Feasibility.Of(context, candidates);
            leftOut.UnionWith(feasibility.Silent.Select(static candidate => candidate.Offer.Coe));
            if (feasibility.Candidates.Count == 0)
            {
                unplaced.Add(new UnplacedReplica(context.Slot, candidates.Count, feasibility.Removed));
                continue;
            }

            var chosen = Choose(context, Spreading.Narrow(context.Slot.Service, feasibility.Candidates), scores, RegionsOf(candidates));
            var cheapest = feasibility.Candidates.Prepend(chosen).MinBy(candidate => candidate.PriceOf(context.Slot.Service).Cost)!;
            choices.Add(new PlacementChoice(
                context.Slot, chosen.Offer.Coe, cheapest.Offer.Coe, candidates.Count, feasibility.Candidates.Count, feasibility.Removed));
            chosen.Take(context.Slot.Service, context.Service.Reserved);
            var terms = chosen.PriceOf(context.Slot.Service).Terms!;
            entries.Add(new PlanEntry(context.Slot.Service, context.Slot.Replica, context.Slot.Generation, chosen.Offer.Coe, terms.HostRate));
        }

        return new PlacementResult(
            snapshot.Block,
            snapshot.Timestamp,
            [.. entries.OrderBy(static entry => entry.Service).ThenBy(static entry => entry.Replica)],
            [.. unplaced.OrderBy(static replica => replica.Slot.Service).ThenBy(static replica => replica.Slot.Replica)],
            [.. leftOut])
        {
            Choices = [.. choices.OrderBy(static choice => choice.Slot.Service).ThenBy(static choice => choice.Slot.Replica)],
        };
    }

    private static List<SlotContext> ChoosiestFirst(
        MarketSnapshot snapshot, Liveness liveness, PlacementRequest request, IReadOnlyList<Candidate> candidates)
    {
        var contexts = request.Slots.Select(slot => new SlotContext(snapshot, liveness, request, slot)).ToList();
        var choice = contexts.DistinctBy(static context => context.Slot.Service)
            .ToDictionary(static context => context.Slot.Service, context => Feasibility.Of(context, candidates).Candidates.Count);
        return
        [
            .. contexts.OrderBy(context => choice[context.Slot.Service]).ThenBy(static context => context.Slot.Service)
                .ThenBy(static context => context.Slot.Replica),
        ];
    }

    private static Candidate Choose(
        SlotContext slot, List<Candidate> candidates, IReadOnlyList<WeightedScore> scores, IReadOnlyDictionary<byte, int> regions)
    {
        var context = new ScoreContext(slot, candidates.Min(candidate => candidate.PriceOf(slot.Slot.Service).Cost), regions);
        var ranked = candidates.Select(candidate => (candidate, score: scores.Sum(s => (long)s.Weight * s.Score.Of(context, candidate)))).ToList();
        long best = ranked.Max(static pair => pair.score);
        var equals = ranked.Where(pair => pair.score == best).Select(static pair => pair.candidate).ToList();
        return equals.Count == 1 ? equals[0] : equals.MinBy(candidate => TieBreak.Of(slot, candidate))!;
    }

    private static Dictionary<byte, int> RegionsOf(IEnumerable<Candidate> candidates) => candidates
        .GroupBy(static candidate => candidate.Offer.Region)
        .ToDictionary(static group => group.Key, static group => group.Sum(static candidate => candidate.ReplicasOfOrder));

    private static void Check(MarketSnapshot snapshot, PlacementRequest request)
    {
        if (request.Slots.Any(slot => slot.Service >= request.Services.Count) || request.Running.Any(replica => replica.Service >= request.Services.Count))
        {
            throw new ArgumentException("A replica names no service of the order.", nameof(request));
        }

        if (snapshot.Coes.DistinctBy(static offer => offer.Coe).Count() != snapshot.Coes.Count)
        {
            throw new ArgumentException("The snapshot lists a COE twice.", nameof(snapshot));
        }
    }
}
