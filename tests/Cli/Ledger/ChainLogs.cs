using System.Numerics;
using Dweb.Chain.Rpc;
using Dweb.Cli.Onchain;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Tests.Ledger;

/// <summary>Events of static words, as a node would give them.</summary>
internal static class ChainLogs
{
    public static ChainLog Of(Hash32 topic, IEnumerable<Hash32> indexed, IEnumerable<int> words) => new(
        EvmAddress.Zero, [topic, .. indexed], [.. words.SelectMany(static word => ChainEvents.Topic((BigInteger)word).ToArray())], 1, Hash32.Zero, Hash32.Zero, 0, Removed: false);
}
