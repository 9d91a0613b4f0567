using System.Numerics;

namespace Dweb.Core.Placement.Scoring;

/// <summary>One view of how well a COE suits a replica, as a whole number: every machine must compute the same.</summary>
internal interface IPlacementScore
{
    /// <summary>Stable, lower case with dashes.</summary>
    string Name { get; }

    /// <returns>0 to <see cref="ScoreContext.Best"/>; more is better.</returns>
    int Of(ScoreContext context, Candidate candidate);
}

/// <param name="LowestCost">Wei; of the candidates that are left.</param>
/// <param name="ReplicasByRegion">Replicas of the order that run or were placed, by region.</param>
internal sealed record ScoreContext(SlotContext Slot, BigInteger LowestCost, IReadOnlyDictionary<byte, int> ReplicasByRegion)
{
    public const int Best = 1000;
}
