using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Usage;

/// <summary>Signs counters as the lease book reads them.</summary>
/// <param name="leaseBook">Domain of the signature.</param>
internal sealed class UsageSigner(Hash32 coe, TypedDataDomain leaseBook, ISigner key)
{
    /// <summary>As few batches as hold all entries, in their order.</summary>
    /// <param name="asOf">Timestamp of a block that the agent has read.</param>
    public IEnumerable<UsageSubmission> SignAll(ulong asOf, IReadOnlyList<UsageEntry> entries) =>
        entries.Chunk(UsageBatch.MostEntries).Select(some => Sign(asOf, some));

    private UsageSubmission Sign(ulong asOf, IReadOnlyList<UsageEntry> entries)
    {
        var batch = new UsageBatch(coe, asOf, entries);
        return new UsageSubmission(asOf, "0x" + Convert.ToHexStringLower(batch.PackEntries()), key.Sign(leaseBook.Digest(batch.StructHash())));
    }
}
