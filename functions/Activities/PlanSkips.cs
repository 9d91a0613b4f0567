using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Functions.Activities;

/// <summary>What the chain passed over of a plan.</summary>
internal static class PlanSkips
{
    /// <returns>A sentence about the first entry that was passed over; null when all were opened.</returns>
    public static string? FirstIn(TransactionReceipt receipt, Core.Protocol.Messages.Plan plan) =>
        AllIn(receipt, plan).OrderBy(static skip => skip.Key).Select(static skip => skip.Value.Sentence).FirstOrDefault();

    /// <returns>Code and sentence of each entry that was passed over, by its place in the plan.</returns>
    public static IReadOnlyDictionary<int, (SkipCode Code, string Sentence)> AllIn(TransactionReceipt receipt, Core.Protocol.Messages.Plan plan)
    {
        var skips = new Dictionary<int, (SkipCode, string)>();
        foreach (var log in receipt.Logs)
        {
            if (LeaseBook.Events.EntrySkipped.TryDecode(log, out var skipped))
            {
                var (entry, code) = (plan.Entries[(int)skipped.Index], (SkipCode)skipped.Code);
                skips[(int)skipped.Index] = (code, $"{code}: service {entry.Service}, replica {entry.Replica} on COE {entry.Coe}. {SkipSentences.Of(code)}");
            }
        }

        return skips;
    }
}
