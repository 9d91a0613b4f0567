using System.Collections.Concurrent;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Functions.Coes;

/// <summary>
/// Sealing keys as agents say them with each heartbeat, to be shown to whoever deploys. They are passed on as they are: users check whose signature they
/// carry, and would have to if this control plane did too.
/// </summary>
internal sealed class SealingKeys
{
    private readonly ConcurrentDictionary<Hash32, SealingKeyDocument> said = new();

    /// <param name="key">Null from an agent that says none.</param>
    public void Take(Hash32 coe, SealingKeyDocument? key)
    {
        if (key is not null)
        {
            said[coe] = key;
        }
        else
        {
            said.TryRemove(coe, out _);
        }
    }

    public SealingKeyDocument? Find(Hash32 coe) => said.GetValueOrDefault(coe);
}
