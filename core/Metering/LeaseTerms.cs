using System.Numerics;

namespace Dweb.Core.Metering;

/// <summary>Rates that a lease locks when it opens. Widths are the chain's.</summary>
/// <param name="HostRate">Gwei per second for the host; at least 1.</param>
/// <param name="BaseRate">Gwei per second that royalty and fee are computed from; at least <paramref name="HostRate"/>.</param>
/// <param name="HostTransfer">Gwei per MiB.</param>
/// <param name="BaseTransfer">Gwei per MiB.</param>
/// <param name="AllowanceGiB">Data transfer that is billed at most.</param>
public sealed record LeaseTerms(
    uint HostRate, uint BaseRate, uint HostTransfer, uint BaseTransfer, ushort RoyaltyBps, ushort FeeBps, uint AllowanceGiB)
{
    public const int MebibytesPerGibibyte = 1024;

    /// <summary>The chain keeps 20 bits: a pebibyte a lease.</summary>
    public const uint MaxAllowanceGiB = (1 << 20) - 1;

    /// <summary>Seconds of host rate that a COE's stake answers for.</summary>
    public const int BondSeconds = 3600;

    public ulong AllowanceMiB => (ulong)AllowanceGiB * MebibytesPerGibibyte;

    /// <summary>Wei of the COE's stake that the lease locks.</summary>
    public BigInteger Bond => (BigInteger)HostRate * BondSeconds * Charge.WeiPerGwei;
}
