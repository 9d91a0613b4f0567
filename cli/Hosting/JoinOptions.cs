using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Numerics;
using Dweb.Cli.Commands;
using Dweb.Cli.Invocation;

namespace Dweb.Cli.Hosting;

/// <summary>What a host may say about its machine instead of what is found out.</summary>
internal sealed class JoinOptions
{
    public Argument<string> Name { get; } = new("NAME") { Description = "Name of the COE; the host's own choice." };

    public Option<byte> Region { get; } = new("--region")
    {
        Description = "Where the machine is: " + string.Join(", ", Core.Resources.Region.All) + ".",
        HelpName = "REGION",
        Required = true,
        CustomParser = ValueParsers.One<byte>(Core.Resources.Region.TryParse, "a region"),
    };

    public Option<Uri?> BandwidthPeer { get; } = new("--bandwidth-peer")
    {
        Description = BandwidthProbe.Method, HelpName = "URL", CustomParser = ValueParsers.One<Uri>(TryHttp, "an http address"),
    };

    public Option<int> Share { get; } = Percent("--share", CapacityProposal.UsualShare, "How much of CPU, memory, free storage and measured bandwidth is offered, in percent.");

    /// <summary>In the order of the resources.</summary>
    public IReadOnlyList<Option<ulong?>> Capacity { get; } =
    [
        Amount("--cpu", "mCPU", ""), Amount("--memory", "MiB", ""), Amount("--storage", "MiB", ""), Amount("--bandwidth", "Mbit/s", "; nothing is measured then"),
        Amount("--transfer", "GiB of data transfer for all leases together", ", instead of a tenth of what the line carries in 30 days"),
    ];

    public Option<IReadOnlyList<BigInteger?>?> Ask { get; } = new("--ask")
    {
        Description = "Prices in wei per unit and second, of transfer per MiB, instead of those proposed; what is not named stays as proposed.",
        HelpName = "cpu=N,memory=N,…",
        CustomParser = ValueParsers.One<IReadOnlyList<BigInteger?>>(AskText.TryParseSome, "a list of prices as cpu=100,memory=50,storage=1,bandwidth=20,transfer=1000, in wei"),
    };

    public Option<int> Percentile { get; } = Percent("--percentile", MarketAsks.UsualPercentile, "Of the prices of COEs of the region (of all, where the region has fewer than three) to ask.");

    public Option<BigInteger?> Stake { get; } = new("--stake")
    {
        Description = "DWEB put up as a bond for leases, instead of what a sold-out machine takes, or the least that the registry takes if that is more.",
        HelpName = "AMOUNT",
        CustomParser = static result => ValueParsers.One<BigInteger>(Core.Protocol.Amount.TryParse, "an amount; write DWEB as 12.5, or wei as 1000wei")(result),
    };

    public Option<string?> Url { get; } = new("--url") { Description = "Where the COE says it can be reached, instead of http and the public address.", HelpName = "URL" };

    public Option<string?> KeyFile { get; } = new("--key-file") { Description = "Where there is no wallet --wallet yet: file with its key, 64 hexadecimal digits.", HelpName = "FILE" };

    public Option<string?> Keystore { get; } = new("--keystore") { Description = "Where there is no wallet --wallet yet: keystore (version 3) with its key.", HelpName = "FILE" };

    public Option<string?> KeystorePassword { get; } = new("--keystore-password-file")
    {
        Description = "File whose first line opens the keystore; the new wallet's password is tried otherwise.", HelpName = "FILE",
    };

    public Option<bool> Light { get; } = WalletCommands.LightOption();

    public Option<string[]> StorageFolder { get; } = new("--storage-folder")
    {
        Description = "Where containers keep data; may be repeated, the fullest disk counts. The data folder and the engine's own otherwise.", HelpName = "DIR",
    };

    public Option<Uri[]> ControlPlane { get; } = Addresses("--control-plane", "Control plane that the agent serves; may be repeated. The context's otherwise.");

    public Option<Uri[]> Member { get; } = Addresses("--member", "Address of a scheduler member; repeated for all of them.");

    public Option<Uri[]> Node { get; } = Addresses("--node", "Chain node of the agent, the first to be asked first; may be repeated. The context's otherwise.");

    public Option<HostRuntime?> Runtime { get; } = new("--runtime")
    {
        Description = "What runs the containers: docker, if nothing is said, or podman.",
        HelpName = "docker|podman",
        CustomParser = static result => ValueParsers.One<HostRuntime>(HostRuntime.TryParse, "docker or podman")(result),
    };

    public Option<string?> Engine { get; } = new("--engine") { Description = "Where it listens, instead of where its package has it listen.", HelpName = "unix:///…|tcp://…" };

    public Option<string?> PublicAddress { get; } = new("--public-address") { Description = "IP address of this machine on which containers' ports are published; the one that the control plane is reached from otherwise.", HelpName = "IP" };

    public Option<IPNetwork?> NetworkRange { get; } = new("--network-range")
    {
        Description = $"Addresses of containers, {FreeRange.Form}; a part of 10.0.0.0/8 that no interface and no route of this machine has otherwise.", HelpName = "CIDR",
        CustomParser = static result => ValueParsers.One<IPNetwork>(FreeRange.TryParse, FreeRange.Form)(result),
    };

    public Option<bool> Rewrite { get; } = new("--rewrite") { Description = "Also where there are other settings for the agent." };

    public Option<bool> DryRun { get; } = new("--dry-run") { Description = "Only shows what would be done." };

    public HostOptions Host { get; } = new();

    public IReadOnlyList<Symbol> All =>
    [
        Name, Region, BandwidthPeer, Share, .. Capacity, Ask, Percentile, Stake, Url, KeyFile, Keystore, KeystorePassword, Light, StorageFolder, ControlPlane, Member, Node, Runtime, Engine,
        PublicAddress, NetworkRange, Rewrite, DryRun, .. Host.All,
    ];

    internal static bool TryHttp(string text, [MaybeNullWhen(false)] out Uri address) => Uri.TryCreate(text, UriKind.Absolute, out address) && address.Scheme is "http" or "https";

    private static Option<ulong?> Amount(string name, string unit, string more) => new(name) { Description = $"Offered, in {unit}{more}.", HelpName = "N" };

    private static Option<int> Percent(string name, int usual, string description) => new(name)
    {
        Description = description, HelpName = "PERCENT", DefaultValueFactory = _ => usual, CustomParser = ValueParsers.One<int>(TryPercent, "a whole number from 1 to 100"),
    };

    private static bool TryPercent(string text, out int percent) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out percent) && percent is >= 1 and <= 100;

    /// <summary>May be repeated.</summary>
    private static Option<Uri[]> Addresses(string name, string description) => new(name)
    {
        Description = description, HelpName = "URL", CustomParser = ValueParsers.Many<Uri>(TryHttp, "an http address"),
    };
}
