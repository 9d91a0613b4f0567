using System.Text.Json;
using System.Text.Json.Serialization;
using Dweb.Local.Layout;

namespace Dweb.Local.Stack;

/// <summary>What a person needs to know to use a stack that is up.</summary>
internal sealed record StackDescription(
    string Endpoint,
    string Rpc,
    string Registry,
    string Engine,
    string Home,
    string PasswordFile,
    string DeploymentFile,
    IReadOnlyDictionary<string, string> Wallets,
    IReadOnlyDictionary<string, string> Coes)
{
    public static StackDescription Of(LocalStack stack) => new(
        stack.Addresses.Endpoint, stack.Addresses.Rpc, stack.Addresses.RegistryUrl, stack.Engine.Host, stack.Wallets.Home, stack.Wallets.PasswordFile,
        stack.DeploymentFile, stack.People, stack.Hosts.ToDictionary(h => h.Role.Coe, h => h.Coe, StringComparer.Ordinal));

    public static StackDescription? Read(StateFolder state) => File.Exists(state.Description)
        ? JsonSerializer.Deserialize(File.ReadAllText(state.Description), StackJson.Default.StackDescription)
        : null;

    public void Write(StateFolder state)
    {
        var draft = state.Description + ".draft";
        File.WriteAllText(draft, JsonSerializer.Serialize(this, StackJson.Default.StackDescription));
        File.Move(draft, state.Description, overwrite: true);
    }
}

/// <summary>What <c>dweb local status --json</c> prints.</summary>
internal sealed record StackStatus(bool Up, StackDescription? Stack, IReadOnlyList<PartStatus> Parts);

internal sealed record PartStatus(string Name, int Pid, bool Running, IReadOnlyDictionary<string, int> Ports, string Log);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(StackDescription))]
[JsonSerializable(typeof(StackStatus))]
internal sealed partial class StackJson : JsonSerializerContext;
