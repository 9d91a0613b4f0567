using Dweb.Core.Resources;

namespace Dweb.Core.Placement.Scoring;

/// <summary>Prefers COEs that would still have room: what is left of the resource that gets scarcest.</summary>
internal sealed class LoadScore : IPlacementScore
{
    public string Name => "load";

    public int Of(ScoreContext context, Candidate candidate)
    {
        var left = candidate.Free - context.Slot.Service.Reserved;
        int scarcest = ScoreContext.Best;
        for (int i = 0; i < ResourceVector.Count; i++)
        {
            ulong capacity = candidate.Offer.Capacity[i];
            int share = capacity == 0 ? ScoreContext.Best : (int)((UInt128)left[i] * ScoreContext.Best / capacity);
            scarcest = Math.Min(scarcest, share);
        }

        return scarcest;
    }
}
