using Dweb.Core.Placement;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;

namespace Dweb.Functions.Scheduling.Member;

/// <summary>Lets a member place replicas of services that may not run everywhere: the order keeps the hash of where, whoever asks brings the list.</summary>
internal static class ConfinementCheck
{
    /// <exception cref="DwebException">A list is missing, or is not the one that the user signed.</exception>
    public static PlacementRequest Apply(PlacementRequest request, PlacementEvidence evidence)
    {
        var lists = evidence.Confined ?? [];
        for (int i = 0; i < lists.Count; i++)
        {
            if (lists[i].Service >= request.Services.Count || !Confinement.IsOf(request.Services[lists[i].Service], lists[i].Coes))
            {
                throw MessageTerms.Refusal($"Its {lists[i].Coes.Count} COEs are not those that the user signed for service {lists[i].Service}.", ConfinementFields.List(i));
            }
        }

        var missing = request.Slots.FirstOrDefault(slot => !request.Services[slot.Service].PlacementHash.IsZero && lists.All(list => list.Service != slot.Service));
        return missing is null
            ? request.ConfinedTo(lists)
            : throw MessageTerms.Refusal($"Service {missing.Service} may run on some COEs only, and which these are does not come with the message.", ConfinementFields.All);
    }
}
