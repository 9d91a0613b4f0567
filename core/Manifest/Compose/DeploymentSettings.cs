using Dweb.Core.Protocol.Messages;

namespace Dweb.Core.Manifest.Compose;

/// <summary><c>x-dweb</c> at the top of the file: what the whole order may last and cost.</summary>
/// <param name="Duration">Seconds.</param>
/// <param name="Prepay">Seconds; the duration where it is absent.</param>
/// <param name="MaxTotal">Wei.</param>
internal sealed record DeploymentSettings(
    string? Name, uint Duration, uint? Prepay, UInt128? MaxTotal, ushort MaxRoyaltyBps, ushort MaxFeeBps, UpgradePolicy Upgrades)
{
    private const uint DefaultDuration = 3600;

    // The chain keeps 27 bits.
    private const uint MaxDuration = (1 << 27) - 1;

    // The caps that the protocol sets itself.
    private const ushort DefaultRoyalty = 2000;
    private const ushort DefaultFee = 500;
    private const ushort All = 10_000;

    private static readonly DeploymentSettings Defaults = new(null, DefaultDuration, null, null, DefaultRoyalty, DefaultFee, UpgradePolicy.None);

    public static DeploymentSettings Read(ComposeNode? node)
    {
        if (node is null)
        {
            return Defaults;
        }

        var map = node.AsMap();
        map.Allow("name", "duration", "prepay", "max-total", "max-royalty-bps", "max-fee-bps", "upgrades");
        uint duration = (uint)(map.Find("duration")?.AsSeconds(1, MaxDuration) ?? DefaultDuration);
        return new DeploymentSettings(
            map.Find("name")?.AsText(),
            duration,
            (uint?)map.Find("prepay")?.AsSeconds(1, duration),
            map.Find("max-total") is { } total ? MarketReader.AmountOf(total) : null,
            (ushort)(map.Find("max-royalty-bps")?.AsInteger(0, All) ?? DefaultRoyalty),
            (ushort)(map.Find("max-fee-bps")?.AsInteger(0, All) ?? DefaultFee),
            map.Find("upgrades") is { } upgrades ? UpgradesOf(upgrades) : UpgradePolicy.None);
    }

    private static UpgradePolicy UpgradesOf(ComposeNode node) => node.AsText() switch
    {
        "none" => UpgradePolicy.None,
        "channel" => UpgradePolicy.Channel,
        var other => throw node.Malformed($"must be none or channel, not '{other}'"),
    };
}
