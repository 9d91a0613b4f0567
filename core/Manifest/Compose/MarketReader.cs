using System.Globalization;
using System.Numerics;
using Dweb.Core.Protocol;
using Dweb.Core.Resources;

namespace Dweb.Core.Manifest.Compose;

/// <param name="Storage">MiB.</param>
/// <param name="Bandwidth">Mbit/s.</param>
/// <param name="Transfer">GiB for a whole lease.</param>
/// <param name="MinStake">Wei.</param>
internal sealed record MarketTerms(ulong Storage, ulong Bandwidth, ulong Transfer, ulong RegionMask, PriceLimits MaxPrice, UInt128 MinStake);

/// <summary><c>x-dweb</c> of a service: the resources that Compose has no words for, and the market it may be placed on.</summary>
internal static class MarketReader
{
    private const ulong MaxStorage = 1UL << 30;
    private const ulong MaxBandwidth = 1_000_000;
    private const ulong MaxTransfer = Metering.LeaseTerms.MaxAllowanceGiB;

    private static readonly MarketTerms Defaults = new(Storage: 1024, Bandwidth: 10, Transfer: 1, RegionMask: 0, PriceLimits.None, MinStake: 0);

    public static MarketTerms Read(ComposeNode? node)
    {
        if (node is null)
        {
            return Defaults;
        }

        var map = node.AsMap();
        map.Allow("storage", "bandwidth", "transfer", "region", "regions", "max-price", "min-stake");
        if (map.Find("region") is not null && map.Find("regions") is { } both)
        {
            throw both.Malformed("stands beside 'region'; give one of them");
        }

        return new MarketTerms(
            map.Find("storage") is { } storage ? SizeText.ReadMebibytes(storage, 0, MaxStorage) : Defaults.Storage,
            map.Find("bandwidth") is { } bandwidth ? BandwidthOf(bandwidth) : Defaults.Bandwidth,
            map.Find("transfer") is { } transfer ? SizeText.ReadGibibytes(transfer, 0, MaxTransfer) : Defaults.Transfer,
            RegionsOf(map.Find("region") ?? map.Find("regions")),
            PriceReader.Read(map.Find("max-price")),
            map.Find("min-stake") is { } stake ? AmountOf(stake) : Defaults.MinStake);
    }

    /// <summary>DWEB, or wei with the suffix.</summary>
    public static UInt128 AmountOf(ComposeNode node) => Amount.TryParse(node.AsText(), out var wei) && wei <= (BigInteger)UInt128.MaxValue
        ? (UInt128)wei
        : throw node.Malformed("must be an amount of DWEB, as 12.5, or of wei, as 1000wei");

    // Mbit/s as a number, or with the unit spelled out.
    private static ulong BandwidthOf(ComposeNode node)
    {
        string text = node.AsText().ToLowerInvariant();
        ulong factor = text.EndsWith("gbit", StringComparison.Ordinal) ? 1000UL : 1UL;
        string number = text.EndsWith("gbit", StringComparison.Ordinal) || text.EndsWith("mbit", StringComparison.Ordinal) ? text[..^4].TrimEnd() : text;
        return ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) && value <= MaxBandwidth / factor
            ? value * factor
            : throw node.Malformed($"must be whole Mbit/s up to {MaxBandwidth}, as 10, 10mbit or 1gbit");
    }

    private static ulong RegionsOf(ComposeNode? node)
    {
        if (node is null)
        {
            return 0;
        }

        IReadOnlyList<ComposeNode> items = node.IsList ? node.AsList() : [node];
        return items.Count == 0
            ? throw node.Malformed("must name at least one region; leave it out to allow all")
            : Region.MaskOf([.. items.Select(static item => Region.TryParse(item.AsText(), out byte region)
                ? region
                : throw item.Malformed($"names no region with '{item.AsText()}'; there are {string.Join(", ", Region.All)}"))]);
    }
}
