using System.Collections.Concurrent;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Functions.Coes;

/// <summary>Which leases each agent named in its last heartbeat, whatever the index knows of them. In memory: the next heartbeat says it again.</summary>
internal sealed class NamedLeases
{
    private readonly ConcurrentDictionary<Hash32, IReadOnlySet<Hash32>> named = new();

    public void Take(Hash32 coe, IReadOnlyList<LeaseReport> reports) => named[coe] = reports.Select(static report => report.LeaseId).ToHashSet();

    /// <returns>Null before the first heartbeat to this process.</returns>
    public IReadOnlySet<Hash32>? Find(Hash32 coe) => named.GetValueOrDefault(coe);
}
