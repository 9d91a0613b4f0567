using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dweb.Local.Stack;

/// <summary>The CLI's configuration file.</summary>
internal sealed record CliSettings(string Endpoint, string RpcUrl, string Registry, string DeploymentFile)
{
    public static string Text(Addresses addresses, string deploymentFile) => JsonSerializer.Serialize(
        new CliSettings(addresses.Endpoint, addresses.Rpc, addresses.RegistryUrl, deploymentFile), CliSettingsJson.Default.CliSettings);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(CliSettings))]
internal sealed partial class CliSettingsJson : JsonSerializerContext;
