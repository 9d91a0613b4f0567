using Dweb.Chain.Rpc;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Onchain;

/// <summary>Reads logs in ranges that public nodes answer.</summary>
internal static class ChainEvents
{
    private const ulong BlocksAtOnce = 20_000;

    /// <param name="from">First block.</param>
    /// <param name="to">Last block; the head's otherwise.</param>
    /// <returns>In the order of the chain.</returns>
    public static async Task<IReadOnlyList<ChainLog>> ReadAsync(
        ChainClient chain, IReadOnlyList<EvmAddress> contracts, IReadOnlyList<IReadOnlyList<Hash32>?> topics, ulong from, ulong? to,
        CancellationToken cancellationToken)
    {
        ulong last = to ?? (await chain.GetHeadAsync(cancellationToken)).Number;
        var logs = new List<ChainLog>();
        for (ulong first = from; first <= last; first += BlocksAtOnce)
        {
            var filter = new LogFilter
            {
                From = BlockTag.Number(first),
                To = BlockTag.Number(Math.Min(last, first + BlocksAtOnce - 1)),
                Addresses = contracts,
                Topics = topics,
            };
            logs.AddRange(await chain.GetLogsAsync(filter, cancellationToken));
        }

        return logs;
    }

    /// <summary>A number as a topic.</summary>
    public static Hash32 Topic(System.Numerics.BigInteger value)
    {
        var word = new byte[32];
        value.TryWriteBytes(word.AsSpan(32 - value.GetByteCount(isUnsigned: true)), out _, isUnsigned: true, isBigEndian: true);
        return new Hash32(word);
    }

    /// <summary>A token id as a number.</summary>
    public static System.Numerics.BigInteger Number(Hash32 id) => new(id.ToArray(), isUnsigned: true, isBigEndian: true);
}
