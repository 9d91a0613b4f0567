using Dweb.Core.Protocol;

namespace Dweb.Core.Placement.Scoring;

/// <summary>Decides between equals without favouring anybody over many orders: the lowest hash of order, replica and COE.</summary>
internal static class TieBreak
{
    public static Hash32 Of(SlotContext context, Candidate candidate) => new StructHasher()
        .Word(context.Request.OrderHash).Word(context.Slot.Service).Word(context.Slot.Replica).Word(candidate.Offer.Coe)
        .Hash();
}
