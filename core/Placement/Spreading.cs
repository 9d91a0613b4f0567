namespace Dweb.Core.Placement;

/// <summary>Replicas of an order go to COEs that have none of it while there are such; then to those with the fewest.</summary>
internal static class Spreading
{
    public static List<Candidate> Narrow(ushort service, IReadOnlyList<Candidate> candidates)
    {
        int ofOrder = candidates.Min(static candidate => candidate.ReplicasOfOrder);
        var fewest = candidates.Where(candidate => candidate.ReplicasOfOrder == ofOrder).ToList();
        int ofService = fewest.Min(candidate => candidate.ReplicasOf(service));
        return [.. fewest.Where(candidate => candidate.ReplicasOf(service) == ofService)];
    }
}
