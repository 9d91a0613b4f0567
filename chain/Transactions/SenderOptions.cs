using System.Numerics;

namespace Dweb.Chain.Transactions;

public sealed record SenderOptions
{
    /// <summary>Wei per gas for the block's producer; asked from the node when null.</summary>
    public BigInteger? MaxPriorityFeePerGas { get; init; }

    /// <summary>Never pay more than this, wei per gas, not even to get a stuck transaction through; no bound when null.</summary>
    public BigInteger? MaxFeePerGas { get; init; }

    /// <summary>How long a call that waits for the receipt may hang before the receipt is polled for by hash.</summary>
    public TimeSpan SyncTimeout { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>A transaction without a receipt for this long is looked after: sent again, or the gap before it filled.</summary>
    public TimeSpan CareInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A transaction that is next in turn and without a receipt for this long is replaced by one that pays more, and so again.</summary>
    public TimeSpan BumpAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After this long without a receipt the sender gives up waiting.</summary>
    public TimeSpan ConfirmationTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Missing nonces that are filled with empty transactions before giving up.</summary>
    public int MaxGapToFill { get; init; } = 16;
}
