using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dweb.Cli.Home;

/// <summary><c>config.json</c>: where a user's control plane, chain and registry are.</summary>
/// <param name="Deployment">The deployment file's content, instead of its path.</param>
internal sealed record HomeSettings(
    string? Endpoint = null, string? RpcUrl = null, string? Registry = null, string? DeploymentFile = null, JsonElement? Deployment = null);

/// <param name="ExpiresAtMs">Unix time in milliseconds.</param>
internal sealed record StoredLogin(string Token, long ExpiresAtMs);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(HomeSettings))]
[JsonSerializable(typeof(StoredLogin))]
internal sealed partial class HomeJson : JsonSerializerContext;
