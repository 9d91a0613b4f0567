using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Functions.Activities;

/// <summary>What the chain passed over of a plan.</summary>
internal static class PlanSkips
{
    /// <returns>A sentence about the first entry that was passed over; null when all were opened.</returns>
    public static string? FirstIn(TransactionReceipt receipt, Core.Protocol.Messages.Plan plan)
    {
        foreach (var log in receipt.Logs)
        {
            if (LeaseBook.Events.EntrySkipped.TryDecode(log, out var skipped))
            {
                var entry = plan.Entries[(int)skipped.Index];
                return $"{(SkipCode)skipped.Code}: service {entry.Service}, replica {entry.Replica} on COE {entry.Coe}. {SkipSentences.Of((SkipCode)skipped.Code)}";
            }
        }

        return null;
    }
}
