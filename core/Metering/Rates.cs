using System.Numerics;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Core.Metering;

/// <summary>How an ask becomes the rates of a lease. Every division floors; what does not fit its width is a code, never a wrap.</summary>
public static class Rates
{
    /// <returns><see cref="SkipCode.None"/> with the terms, or <see cref="SkipCode.RateTooWide"/> without.</returns>
    public static SkipCode TryLock(
        PriceVector ask, PriceVector reference, ResourceVector reserved, ushort royaltyBps, ushort feeBps, out LeaseTerms? terms)
    {
        terms = null;
        var host = BigInteger.Max(ask.PerSecond(reserved) / Charge.WeiPerGwei, BigInteger.One);
        var floor = reference.PerSecond(reserved) / Charge.WeiPerGwei;
        var hostTransfer = (BigInteger)ask.Transfer / Charge.WeiPerGwei;
        var floorTransfer = (BigInteger)reference.Transfer / Charge.WeiPerGwei;
        var rate = BigInteger.Max(host, floor);
        var transfer = BigInteger.Max(hostTransfer, floorTransfer);
        if (rate > uint.MaxValue || transfer > LeaseTerms.MaxTransferRate || reserved.Transfer > LeaseTerms.MaxAllowanceGiB)
        {
            return SkipCode.RateTooWide;
        }

        var storage = (BigInteger)ask.Storage * reserved.Storage / Charge.WeiPerGwei;
        var rentShare = BigInteger.Min(LeaseTerms.WholeShare - 1, storage * LeaseTerms.WholeShare / host);
        terms = new LeaseTerms(
            (uint)host, (uint)rate, (uint)hostTransfer, (uint)transfer, royaltyBps, feeBps, (uint)reserved.Transfer, (ushort)rentShare);
        return SkipCode.None;
    }

    /// <exception cref="OverflowException">A rate does not fit its width, or the allowance 20 bits of GiB.</exception>
    public static LeaseTerms Lock(PriceVector ask, PriceVector reference, ResourceVector reserved, ushort royaltyBps, ushort feeBps) =>
        TryLock(ask, reference, reserved, royaltyBps, feeBps, out var terms) == SkipCode.None
            ? terms!
            : throw new OverflowException("A rate does not fit 32 bits of gwei, the price of transfer 26, or the allowance 20 bits of GiB.");
}
