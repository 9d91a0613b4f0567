using Dweb.Core.Protocol;
using Dweb.Functions.Indexing;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Settling;

/// <summary>What is to be settled of one COE. A batch is under one signature and is never divided; the batches of a COE may be.</summary>
internal sealed record UsageGroup(Hash32 Coe, IReadOnlyList<SignedBatch> Batches);

/// <summary>What a group's gas depends on.</summary>
/// <param name="Runs">How often the next entry is of another image than the one before.</param>
internal sealed record UsageLoad(int Batches, int Entries, int Runs, IReadOnlySet<Hash32> Images)
{
    /// <summary>Of the transaction that has only this group.</summary>
    public ulong Gas => SettlementGas.Bound(Batches, Entries, Images.Count, Runs);

    public static UsageLoad Of(UsageGroup group, Market market)
    {
        var images = new HashSet<Hash32>();
        int runs = 0;
        foreach (var batch in group.Batches)
        {
            Hash32? before = null;
            foreach (var lease in batch.Batch.Entries.Select(entry => market.FindLease(entry.Handle)).OfType<LeaseRecord>())
            {
                runs += before == lease.ImageDigest ? 0 : 1;
                before = lease.ImageDigest;
                images.Add(lease.ImageDigest);
            }
        }

        return new UsageLoad(group.Batches.Count, group.Batches.Sum(static b => b.Batch.Entries.Count), runs, images);
    }
}
