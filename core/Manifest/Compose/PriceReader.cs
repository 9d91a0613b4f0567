using System.Numerics;
using Dweb.Core.Protocol;

namespace Dweb.Core.Manifest.Compose;

/// <summary>
/// <c>max-price</c>: for each resource the dearest price. With the suffix wei it is in the units of an ask (wei per mCPU, MiB or Mbit/s and second;
/// per MiB of transfer). Without, it is DWEB for what people count in: a CPU, a GiB or a Mbit/s for an hour, and a GiB of transfer; rounded down.
/// </summary>
internal static class PriceReader
{
    private const int SecondsPerHour = 3600;
    private const int MilliCpuPerCpu = 1000;
    private const int MebibytesPerGibibyte = 1024;

    public static PriceLimits Read(ComposeNode? node)
    {
        if (node is null)
        {
            return PriceLimits.None;
        }

        var map = node.AsMap();
        map.Allow("cpu", "memory", "storage", "bandwidth", "transfer");
        return new PriceLimits(
            PriceOf(map.Find("cpu"), MilliCpuPerCpu * SecondsPerHour),
            PriceOf(map.Find("memory"), MebibytesPerGibibyte * SecondsPerHour),
            PriceOf(map.Find("storage"), MebibytesPerGibibyte * SecondsPerHour),
            PriceOf(map.Find("bandwidth"), SecondsPerHour),
            PriceOf(map.Find("transfer"), MebibytesPerGibibyte));
    }

    private static UInt128? PriceOf(ComposeNode? node, int unitsPerHumanUnit)
    {
        if (node is null)
        {
            return null;
        }

        var wei = MarketReader.AmountOf(node);
        bool inUnitsOfAsk = node.AsText().TrimEnd().EndsWith(Amount.WeiSuffix, StringComparison.OrdinalIgnoreCase);
        return inUnitsOfAsk ? wei : (UInt128)((BigInteger)wei / unitsPerHumanUnit);
    }
}
