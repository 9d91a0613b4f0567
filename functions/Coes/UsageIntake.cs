using Dweb.Chain.Signing;
using Dweb.Core.Metering;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Coes;

/// <summary>Checks a usage batch as the chain will, before it is stored: a refusal names the entry and the chain's own code.</summary>
internal sealed class UsageIntake(Market market, ChainContracts contracts, ChainIndexer indexer, UsageBook book)
{
    /// <exception cref="DwebException">The batch, or one entry of it, would be passed over by the chain.</exception>
    public async Task TakeAsync(CoeRecord coe, UsageSubmission submission, CancellationToken cancellationToken)
    {
        var batch = new UsageBatch(coe.Coe, submission.AsOf, Unpack(submission.Entries));
        var digest = contracts.Book.Digest(batch.StructHash());
        if (Secp256k1.Recover(digest, submission.Signature) != coe.Agent)
        {
            throw Refusal(UsageCode.BadSignature, $"The batch is not signed by the agent key {coe.Agent} of this COE.", "signature");
        }

        if (batch.AsOf > indexer.Head.Timestamp)
        {
            // The agent may have read a block that this process has not.
            await indexer.CatchUpAsync(cancellationToken);
        }

        if (batch.AsOf > indexer.Head.Timestamp)
        {
            throw Refusal(UsageCode.FromTheFuture, $"The batch is as of {batch.AsOf}, ahead of the chain's time {indexer.Head.Timestamp}.", "asOf");
        }

        for (int i = 0; i < batch.Entries.Count; i++)
        {
            CheckEntry(coe, batch.Entries[i], $"entries[{i}]");
        }

        await book.AddAsync(new SignedBatch(batch, submission.Signature), cancellationToken);
    }

    private void CheckEntry(CoeRecord coe, UsageEntry entry, string field)
    {
        if (market.FindLease(entry.Handle) is not { } lease)
        {
            throw Refusal(UsageCode.UnknownLease, $"No lease has the handle {entry.Handle}.", field);
        }

        if (lease.Coe != coe.Coe)
        {
            throw Refusal(UsageCode.ForeignLease, $"Lease {lease.LeaseId} belongs to COE {lease.Coe}.", field);
        }

        if (lease.State == LeaseState.Closed)
        {
            throw Refusal(UsageCode.LeaseClosed, $"Lease {lease.LeaseId} is closed.", field);
        }

        // What was accepted before, here or on chain: billed counters never fall.
        var held = book.Find(entry.Handle) is { } reported ? UsageMerge.Apply(lease.Settled, reported.Entry).Counters : lease.Settled;
        if (UsageMerge.Apply(held, entry).Code == UsageCode.CounterFell)
        {
            throw Refusal(
                UsageCode.CounterFell,
                $"Lease {lease.LeaseId} had {held.Seconds} s, {held.Received} and {held.Sent} MiB; the batch says {entry.Seconds} s, {entry.Received} and {entry.Sent} MiB.",
                field);
        }
    }

    private static IReadOnlyList<UsageEntry> Unpack(string entries)
    {
        byte[] bytes;
        try
        {
            bytes = entries.StartsWith("0x", StringComparison.Ordinal) ? Convert.FromHexString(entries.AsSpan(2)) : throw new FormatException("no 0x");
        }
        catch (FormatException malformed)
        {
            throw new DwebException(Catalogue.InvalidValue, "The entries are no hexadecimal digits after 0x.", "entries", malformed);
        }

        if (bytes.Length == 0 || bytes.Length % UsageEntry.Size != 0 || bytes.Length > UsageBatch.MostEntries * UsageEntry.Size)
        {
            throw Refusal(UsageCode.BadLength, $"{bytes.Length} bytes are not 1 to {UsageBatch.MostEntries} entries of {UsageEntry.Size} bytes.", "entries");
        }

        return UsageBatch.UnpackEntries(bytes);
    }

    private static DwebException Refusal(UsageCode code, string message, string field) => new(Catalogue.UsageRejected, $"{code}: {message}", field);
}
