using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Dweb.Chain.Contracts;
using Dweb.Cli.Home;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Hosting;

/// <summary>An agent's configuration file as a host's first one is written; docs/operations.md has every setting.</summary>
/// <param name="NetworkRange">Null: the agent's own choice, as where it was set up before ranges were proposed.</param>
internal sealed record AgentSettings(
    IReadOnlyList<string> ControlPlanes, IReadOnlyList<string> Members, IReadOnlyList<string> RpcUrls, ulong ChainId, string DeploymentFile, string Coe, string Keystore,
    string PasswordFile, string DataFolder, string Runtime, string Engine, string Registry, string PublicAddress, string? NetworkRange);

/// <summary>Writes the agent's configuration, or holds what is there against it: what a host has changed by hand stays.</summary>
internal sealed class AgentConfiguration(HostFiles files)
{
    private const string RuntimeSetting = "runtime";

    private static readonly JsonDocumentOptions AsTheAgentReads = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <returns>The id of the COE that the settings name; null where there are none.</returns>
    /// <exception cref="DwebException">The file cannot be read.</exception>
    public Hash32? Coe() => Read()?["coe"] is JsonValue value && value.TryGetValue(out string? text) && Hash32.TryParse(text, out var coe) ? coe : null;

    /// <returns>Whether there are settings, and the addresses of containers that they name.</returns>
    /// <exception cref="DwebException">The file cannot be read.</exception>
    public (bool IsThere, string? Range) NetworkRange() =>
        Read() is { } found ? (true, found["networkRange"] is JsonValue value && value.TryGetValue(out string? text) ? text : null) : (false, null);

    /// <param name="deployment">The deployment file's content.</param>
    /// <param name="rewrite">Whether what differs is replaced.</param>
    /// <exception cref="DwebException">The settings are of another COE.</exception>
    public HostStep Write(AgentSettings wanted, string deployment, bool rewrite)
    {
        var existing = Read();
        if (existing is not null && Coe() is { } other && other.ToString() != wanted.Coe)
        {
            throw new DwebException(
                Catalogue.InvalidSetting, $"{files.Settings} is of COE {other}: a folder holds the settings of one COE. --config-folder names another.", "--config-folder");
        }

        var differing = Differences(existing, wanted, deployment);
        if (existing is not null && differing.Count == 0)
        {
            return HostStep.Found("settings", files.Settings);
        }

        if (existing is not null && !rewrite)
        {
            return HostStep.Found("settings", $"{files.Settings} stays as it is; {string.Join(", ", differing)} would be written otherwise now, as --rewrite does");
        }

        PrivateFile.Write(files.Deployment, deployment, replace: true);
        PrivateFile.Write(files.Settings, JsonSerializer.Serialize(wanted, AgentSettingsJson.Readable) + "\n", replace: true);
        return HostStep.Done("settings", files.Settings);
    }

    private List<string> Differences(JsonObject? existing, AgentSettings wanted, string deployment)
    {
        var differing = JsonSerializer.SerializeToNode(wanted, AgentSettingsJson.Default.AgentSettings)!.AsObject()
            .Where(setting => !JsonNode.DeepEquals(setting.Value, existing?[setting.Key] ?? Meant(setting.Key))).Select(static setting => setting.Key).ToList();
        if (!IsSameDeployment(deployment))
        {
            differing.Add(Path.GetFileName(files.Deployment));
        }

        return differing;
    }

    // What an agent takes where the setting is not there, as in files of before there was a choice.
    private static JsonValue? Meant(string setting) => setting == RuntimeSetting ? JsonValue.Create(HostRuntime.Docker.Name) : null;

    private bool IsSameDeployment(string wanted)
    {
        try
        {
            return File.Exists(files.Deployment) && DeploymentFile.Load(files.Deployment) == DeploymentFile.Parse(System.Text.Encoding.UTF8.GetBytes(wanted));
        }
        catch (FormatException)
        {
            // What is no deployment file is not the same one.
            return false;
        }
    }

    private JsonObject? Read()
    {
        if (!File.Exists(files.Settings))
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(File.ReadAllText(files.Settings), nodeOptions: null, AsTheAgentReads)?.AsObject();
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new DwebException(Catalogue.InvalidSetting, $"{files.Settings} is no JSON object: {fault.Message}", inner: fault);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(AgentSettings))]
internal sealed partial class AgentSettingsJson : JsonSerializerContext
{
    /// <summary>For people who edit it: no letter of a path is written as a number.</summary>
    public static System.Text.Json.Serialization.Metadata.JsonTypeInfo<AgentSettings> Readable { get; } = new AgentSettingsJson(
        new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).AgentSettings;
}
