using System.Numerics;

namespace Dweb.Core.Metering;

/// <summary>Rates that a lease locks when it opens. Widths are the chain's.</summary>
/// <param name="HostRate">Gwei per second for the host; at least 1.</param>
/// <param name="BaseRate">Gwei per second that royalty and fee are computed from; at least <paramref name="HostRate"/>.</param>
/// <param name="HostTransfer">Gwei per MiB, below 2^26.</param>
/// <param name="BaseTransfer">Gwei per MiB, below 2^26.</param>
/// <param name="AllowanceGiB">Data transfer that is billed at most; below 2^20.</param>
/// <param name="RentShare">Storage's part of <paramref name="HostRate"/> in 4096ths, rounded down; below 2^12.</param>
public sealed record LeaseTerms(
    uint HostRate, uint BaseRate, uint HostTransfer, uint BaseTransfer, ushort RoyaltyBps, ushort FeeBps, uint AllowanceGiB, ushort RentShare)
{
    public const int MebibytesPerGibibyte = 1024;

    /// <summary>The chain keeps 20 bits: a pebibyte a lease.</summary>
    public const uint MaxAllowanceGiB = (1 << 20) - 1;

    /// <summary>The chain keeps 26 bits of the price of transfer: 0.067 DWEB a MiB.</summary>
    public const uint MaxTransferRate = (1 << 26) - 1;

    /// <summary>What the rent share is a part of.</summary>
    public const int WholeShare = 4096;

    /// <summary>Seconds of host rate that a COE's stake answers for.</summary>
    public const int BondSeconds = 3600;

    public ulong AllowanceMiB => (ulong)AllowanceGiB * MebibytesPerGibibyte;

    /// <summary>Gwei per second that keeping the lease's storage costs while nothing runs.</summary>
    public uint Rent => (uint)((ulong)HostRate * RentShare / WholeShare);

    /// <summary>Wei that the chain sets aside so that storage can be kept for so long after the funds ran out.</summary>
    /// <param name="grace">Seconds, the lease book's.</param>
    public BigInteger Reserve(uint grace) => (BigInteger)Rent * grace * Charge.WeiPerGwei;

    /// <summary>Wei of the COE's stake that the lease locks.</summary>
    public BigInteger Bond => (BigInteger)HostRate * BondSeconds * Charge.WeiPerGwei;
}
