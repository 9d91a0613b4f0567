using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Functions.Scheduling;

/// <summary>
/// What members who would not sign said of COEs: that they hear one which this process does not, or the other way round. A plan for what they hear has
/// their signatures; a COE that talks to some and not to others holds up nobody.
/// </summary>
internal sealed class HearingCorrections
{
    private readonly Dictionary<Hash32, bool> told = [];

    public bool IsHeard(Hash32 coe, bool heardHere) => told.GetValueOrDefault(coe, heardHere);

    /// <summary>Takes in what was said about a plan.</summary>
    /// <returns>False when there was nothing new in it.</returns>
    public bool Learn(QuorumMissedException missed, Plan plan, PlacementEvidence evidence)
    {
        bool learnt = false;
        foreach (var (_, refusal) in missed.Refusals)
        {
            if (refusal.Error == Catalogue.CoeHeard)
            {
                learnt |= Learn(refusal, evidence.Silent, PlanFields.Silent, isHeard: true);
            }
            else if (refusal.Error == Catalogue.CoeSilent)
            {
                learnt |= Learn(refusal, [.. plan.Entries.Select(static entry => entry.Coe)], PlanFields.Coe, isHeard: false);
            }
        }

        return learnt;
    }

    private bool Learn(DwebException refusal, IReadOnlyList<Hash32> coes, Func<int, string> field, bool isHeard)
    {
        for (int i = 0; i < coes.Count; i++)
        {
            if (refusal.Field == field(i))
            {
                told[coes[i]] = isHeard;
                return true;
            }
        }

        return false;
    }
}
