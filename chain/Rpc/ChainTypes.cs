using System.Numerics;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Rpc;

/// <summary>The header fields that the system reads.</summary>
/// <param name="Timestamp">Seconds since 1970, as contracts see <c>block.timestamp</c>.</param>
/// <param name="BaseFee">Wei per gas; zero on chains without EIP-1559.</param>
public sealed record BlockHead(ulong Number, Hash32 Hash, Hash32 ParentHash, ulong Timestamp, BigInteger BaseFee)
{
    /// <summary>Gas that fits into the block.</summary>
    public ulong GasLimit { get; init; }
}

/// <summary>An event as the chain stores it.</summary>
/// <param name="Removed">True when a reorganisation took the log off the chain.</param>
public sealed record ChainLog(
    EvmAddress Address,
    IReadOnlyList<Hash32> Topics,
    byte[] Data,
    ulong BlockNumber,
    Hash32 BlockHash,
    Hash32 TransactionHash,
    uint LogIndex,
    bool Removed);

/// <summary>The outcome of a transaction that is in a block.</summary>
/// <param name="EffectiveGasPrice">Wei per gas that was paid.</param>
/// <param name="ContractAddress">The contract that the transaction created, if it did.</param>
public sealed record TransactionReceipt(
    Hash32 TransactionHash,
    bool Succeeded,
    ulong BlockNumber,
    Hash32 BlockHash,
    EvmAddress From,
    EvmAddress? To,
    EvmAddress? ContractAddress,
    ulong GasUsed,
    BigInteger EffectiveGasPrice,
    IReadOnlyList<ChainLog> Logs);

/// <summary>Which logs to read. A null topic position matches anything, a list matches any of its hashes.</summary>
public sealed record LogFilter
{
    /// <summary>First block, inclusive.</summary>
    public BlockTag From { get; init; } = BlockTag.Latest;

    /// <summary>Last block, inclusive.</summary>
    public BlockTag To { get; init; } = BlockTag.Latest;

    /// <summary>Exactly one block by its hash, instead of a range.</summary>
    public Hash32? BlockHash { get; init; }

    /// <summary>Contracts; empty means every contract.</summary>
    public IReadOnlyList<EvmAddress> Addresses { get; init; } = [];

    public IReadOnlyList<IReadOnlyList<Hash32>?> Topics { get; init; } = [];
}
