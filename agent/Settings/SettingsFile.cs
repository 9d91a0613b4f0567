using System.Net;
using System.Text.Json;
using Dweb.Agent.Isolation;
using Dweb.Agent.Runtimes;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Settings;

/// <summary>Reads a configuration file and names every wrong setting at once: its name, its value and what would be right.</summary>
internal static class SettingsFile
{
    private const long Mebibyte = 1024 * 1024;

    private static readonly string[] Known =
    [
        "controlPlane", "controlPlanes", "members", "rpcUrls", "chainId", "deploymentFile", "coe", "keystore", "passwordFile", "dataFolder", "runtime", "engine", "registry",
        "publicAddress", "usageIntervalMs", "heartbeatMs", "networkRange", "imageCacheMiB",
    ];

    /// <exception cref="SettingsException">The file cannot be read or holds wrong settings.</exception>
    public static AgentSettings Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([$"The configuration file '{path}' cannot be read: {failure.Message}"]);
        }
    }

    /// <param name="path">For messages; relative paths inside the file are resolved against its folder.</param>
    /// <exception cref="SettingsException">The text is no JSON object or holds wrong settings.</exception>
    public static AgentSettings Parse(string json, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return Read(document.RootElement, path);
        }
        catch (JsonException failure)
        {
            throw new SettingsException([$"The configuration file '{path}' is no JSON: {failure.Message}"]);
        }
    }

    private static AgentSettings Read(JsonElement root, string path)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new SettingsException([$"The configuration file '{path}' holds no JSON object."]);
        }

        var reader = new SettingsReader(root, Path.GetDirectoryName(Path.GetFullPath(path))!);
        foreach (var member in root.EnumerateObject().Where(static m => !Known.Contains(m.Name, StringComparer.Ordinal)))
        {
            reader.Unknown(member.Name, Known);
        }

        var runtime = reader.OptionalText<RuntimeKind>("runtime", $"null or one of {string.Join(", ", RuntimeKinds.Names)}", RuntimeKinds.TryParse);
        var settings = new AgentSettings(
            ControlPlanes: reader.OneOrSeveral<Uri>("controlPlane", "controlPlanes", "an http or https URL", IsHttp),
            Members: reader.OptionalList<Uri>("members", "null or a list of http or https URLs", IsHttp),
            RpcUrls: reader.List<Uri>("rpcUrls", "a list of at least one http or https URL", IsHttp),
            ChainId: (ulong)reader.Number("chainId", 1, long.MaxValue, fallback: null),
            DeploymentFile: reader.ExistingFile("deploymentFile"),
            Coe: reader.Text<Hash32>("coe", "the COE's id, 0x and 64 hexadecimal digits", Hash32.TryParse),
            Keystore: reader.ExistingFile("keystore"),
            PasswordFile: reader.ExistingFile("passwordFile"),
            DataFolder: reader.FolderPath("dataFolder"),
            Runtime: runtime,
            Engine: reader.OptionalText<Uri>("engine", "null, unix:///path or tcp://host:port", IsEngine) ?? runtime.UsualAddress(),
            Registry: reader.Text<RegistryAddress>("registry", "host or host:port, without scheme", RegistryAddress.TryParse!)!,
            PublicAddress: reader.Text<IPAddress>("publicAddress", "an IP address of this machine, not a wildcard", IsAddress)!,
            UsageInterval: TimeSpan.FromMilliseconds(reader.Number("usageIntervalMs", 500, 3_600_000, fallback: 60_000)),
            Heartbeat: reader.OptionalNumber("heartbeatMs", 200, 60_000) is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
            NetworkRange: reader.OptionalText<AddressRange>("networkRange", "null or an IPv4 network of /16 to /26, as 10.201.0.0/20", AddressRange.TryParse) ?? AddressRange.Default,
            ImageCacheBytes: reader.Number("imageCacheMiB", 0, 1 << 30, fallback: 20_480) * Mebibyte);
        return reader.Problems.Count == 0 ? settings : throw new SettingsException(reader.Problems);
    }

    private static bool IsHttp(string text, out Uri uri) => Uri.TryCreate(text, UriKind.Absolute, out uri!) && uri.Scheme is "http" or "https";

    private static bool IsAddress(string text, out IPAddress address) =>
        IPAddress.TryParse(text, out address!) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any);

    private static bool IsEngine(string text, out Uri uri) => Uri.TryCreate(text, UriKind.Absolute, out uri!) && uri.Scheme is "unix" or "tcp";
}

/// <summary>One line for each wrong setting.</summary>
internal sealed class SettingsException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
