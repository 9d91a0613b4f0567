using System.Text.Json;
using System.Text.Json.Serialization;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Home;

/// <summary><c>config.json</c>: where a user's control plane, chain and registry are.</summary>
/// <param name="Deployment">The deployment file's content, instead of its path.</param>
/// <param name="Wallet">Wallet to act as where none is named.</param>
/// <param name="Context">The one that is used where none is named; null for what stands beside it.</param>
internal sealed record HomeSettings(
    string? Endpoint = null, string? RpcUrl = null, string? Registry = null, string? DeploymentFile = null, JsonElement? Deployment = null, string? Wallet = null,
    string? Context = null, SortedDictionary<string, ContextSettings>? Contexts = null)
{
    /// <summary>Name of what stands in the file without a name.</summary>
    public const string Default = "default";

    /// <summary>Every context by its name.</summary>
    public IReadOnlyDictionary<string, ContextSettings> All() => new SortedDictionary<string, ContextSettings>(Contexts ?? [], StringComparer.Ordinal)
    {
        [Default] = new ContextSettings(Endpoint, RpcUrl, Registry, DeploymentFile, Deployment, Wallet),
    };

    /// <summary>The settings of one context. Nothing is taken from another: an endpoint of one chain and a node of another would not do.</summary>
    /// <param name="name">Null for the one in use.</param>
    /// <exception cref="DwebException">There is none of this name.</exception>
    public HomeSettings Select(string? name)
    {
        var context = Unique.Named(All(), name ?? Context ?? Default, static pair => pair.Key, "context").Value;
        return new HomeSettings(context.Endpoint, context.RpcUrl, context.Registry, context.DeploymentFile, context.Deployment, context.Wallet);
    }
}

/// <summary>A control plane, a chain node, the contracts and a wallet that belong together.</summary>
internal sealed record ContextSettings(
    string? Endpoint = null, string? RpcUrl = null, string? Registry = null, string? DeploymentFile = null, JsonElement? Deployment = null, string? Wallet = null);

/// <param name="ExpiresAtMs">Unix time in milliseconds.</param>
internal sealed record StoredLogin(string Token, long ExpiresAtMs);

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(HomeSettings))]
[JsonSerializable(typeof(StoredLogin))]
internal sealed partial class HomeJson : JsonSerializerContext;
