using System.Globalization;
using System.Numerics;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Functions.Settings;

/// <summary>Reads settings by the names people give them in the environment; a wrong one is refused with its name, value and range.</summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private const int LargestFile = 64 * 1024;
    private const string Members = "Dweb__Members";

    /// <summary>EIP-7825: what Ethereum takes in one transaction. Gas.</summary>
    private const int LargestTransaction = 1 << 24;

    /// <summary>500 gwei.</summary>
    private static readonly BigInteger DefaultMaxFeePerGas = 500_000_000_000;

    public ControlPlaneSettings Read()
    {
        string dataFolder = Text("Dweb__DataFolder");
        int? handlerPort = Optional("FUNCTIONS_CUSTOMHANDLER_PORT") is null ? null : Number("FUNCTIONS_CUSTOMHANDLER_PORT", 0, 1, 65_535);
        return new ControlPlaneSettings
        {
            StorageConnection = Text("AzureWebJobsStorage"),
            RpcUrl = HttpUrl("Dweb__RpcUrl"),
            DeploymentFile = ExistingFile("Dweb__DeploymentFile"),
            ListenUrl = HttpUrl("Dweb__ListenUrl"),
            Members = HttpUrls(Members),
            Keystores = new KeystoreSettings(OwnMember(), GasKeystores(), ExistingFile("Dweb__GasPasswordFile")),
            Registry = ReadRegistry(dataFolder),
            DataFolder = dataFolder,
            Heartbeat = Heartbeat(),
            Rollouts = new RolloutSettings(Number("Dweb__UpgradeOverlapSeconds", 120, 0, 600), Number("Dweb__UpgradeMonitorSeconds", 10, 0, 600)),
            Fees = new FeeSettings(Wei("Dweb__MaxFeePerGasWei") ?? DefaultMaxFeePerGas, TimeSpan.FromSeconds(Number("Dweb__FeeBumpSeconds", 30, 1, 600))),
            Settlement = new SettlementSettings(
                Number("Dweb__SettlementGas", 15_000_000, 1_000_000, LargestTransaction), TimeSpan.FromSeconds(Number("Dweb__QuarantineSeconds", 900, 1, 86_400))),
            MinSettleWei = Wei("Dweb__MinSettleWei"),
            BountyTo = Address("Dweb__BountyTo"),
            Operators = Addresses("Dweb__Operators"),
            ProbePrivateAddresses = Flag("Dweb__ProbePrivateAddresses"),
            FunctionsHost = handlerPort is null ? null : FunctionsHost(),
            CustomHandlerPort = handlerPort,
        };
    }

    public MemberSettings ReadMember() => new()
    {
        RpcUrl = HttpUrl("Dweb__RpcUrl"),
        DeploymentFile = ExistingFile("Dweb__DeploymentFile"),
        ListenUrl = HttpUrl("Dweb__ListenUrl"),
        Keystore = SchedulerKeystore(),
        Heartbeat = Heartbeat(),
        ProbePrivateAddresses = Flag("Dweb__ProbePrivateAddresses"),
    };

    private TimeSpan Heartbeat() => TimeSpan.FromMilliseconds(Number("Dweb__HeartbeatMs", 10_000, 100, 600_000));

    /// <summary>Where other members sign, this process needs no key of its own.</summary>
    private KeystoreFile? OwnMember() => Optional(Members) is not null && Optional("Dweb__SchedulerKeystore") is null ? null : SchedulerKeystore();

    private KeystoreFile SchedulerKeystore() => new(ExistingFile("Dweb__SchedulerKeystore"), ExistingFile("Dweb__SchedulerPasswordFile"));

    /// <summary>Where a host does not say by a setting of ours, its own name for itself counts; on one machine it has no certificate.</summary>
    private Uri FunctionsHost()
    {
        if (Optional("Dweb__FunctionsHost") is not null)
        {
            return HttpUrl("Dweb__FunctionsHost");
        }

        string name = Text("WEBSITE_HOSTNAME");
        string host = name.Split(':')[0];
        string scheme = host == "localhost" || System.Net.IPAddress.TryParse(host, out _) ? "http" : "https";
        return Uri.TryCreate($"{scheme}://{name}", UriKind.Absolute, out var url) ? url : throw Refusal("WEBSITE_HOSTNAME", name, "a host's name, with a port if need be");
    }

    private RegistrySettings ReadRegistry(string dataFolder) => new(
        HttpUrl("Dweb__RegistryUrl"),
        Optional("Dweb__RegistryService") ?? "dweb-registry",
        Optional("Dweb__RegistryIssuer") ?? "dweb",
        Optional("Dweb__RegistryTokenKey") ?? Path.Combine(dataFolder, "registry.key.pem"),
        Optional("Dweb__RegistryTokenCertificate") ?? Path.Combine(dataFolder, "registry.cert.pem"));

    private string[] GasKeystores()
    {
        const string Name = "Dweb__GasKeystores";
        string[] files = Text(Name).Split(':', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return files.Length > 0 ? [.. files.Select(file => ExistingFile(Name, file))] : throw Refusal(Name, "", "one or more keystore files separated by ':'");
    }

    private string? Optional(string name) => configuration[name.Replace("__", ":", StringComparison.Ordinal)] is { Length: > 0 } value ? value : null;

    private string Text(string name) => Optional(name) ?? throw new DwebException(Catalogue.InvalidSetting, $"The setting {name} is missing.", name);

    private string ExistingFile(string name) => ExistingFile(name, Text(name));

    private static string ExistingFile(string name, string path) =>
        new FileInfo(path) is { Exists: true, Length: <= LargestFile } ? path : throw Refusal(name, path, "a file that exists, at most 64 KiB");

    private Uri HttpUrl(string name) => HttpUrl(name, Text(name));

    private Uri[] HttpUrls(string name) =>
        [.. (Optional(name) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(text => HttpUrl(name, text)).Distinct()];

    private static Uri HttpUrl(string name, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url! : throw Refusal(name, text, "an http or https address");

    private int Number(string name, int fallback, int least, int most)
    {
        string? text = Optional(name);
        return text is null ? fallback
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most ? value
            : throw Refusal(name, text, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));
    }

    private bool Flag(string name) => Optional(name) is { } text && (bool.TryParse(text, out bool value) ? value : throw Refusal(name, text, "'true' or 'false'"));

    private BigInteger? Wei(string name)
    {
        string? text = Optional(name);
        return text is null ? null
            : BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
            : throw Refusal(name, text, "a whole number of wei, 0 or more");
    }

    private EvmAddress Address(string name) => Optional(name) is { } text ? Address(name, text) : EvmAddress.Zero;

    private EvmAddress[] Addresses(string name) =>
        [.. (Optional(name) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(text => Address(name, text))];

    private static EvmAddress Address(string name, string text) =>
        EvmAddress.TryParse(text, out var address) ? address : throw Refusal(name, text, "an address: 0x and 40 hexadecimal digits");

    private static DwebException Refusal(string name, string value, string range) =>
        new(Catalogue.InvalidSetting, $"The setting {name} is '{value}'; it must be {range}.", name);
}
