using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dweb.Local.Layout;
using Dweb.Local.Processes;

namespace Dweb.Local.Stack.Parts;

/// <summary>The agent of one COE host.</summary>
internal sealed class AgentPart(Repository repository, StateFolder state, Addresses addresses, Engine engine, WalletBook wallets)
{
    private const int ChainId = 31337;
    private const int UsageIntervalMs = 2000;

    // Each agent of each stack on this machine has addresses of its own: 64 deployments, of those that no other part of this repository uses.
    private const int RangePrefix = 22;
    private const int FirstSecondOctet = 128;
    private const int RangesInOctet = 1 << (RangePrefix - 16);
    private const int RangeCount = (256 - FirstSecondOctet) * RangesInOctet;
    private const int RangesOfStack = 4;

    /// <summary>Configuration files of the agents that were ever started there.</summary>
    public static IReadOnlyList<string> Files(StateFolder state) =>
        [.. Role.Hosts.Append(Role.Idle).Select(host => FileOf(state, host)).Where(File.Exists)];

    /// <param name="host">Whose machine it plays.</param>
    /// <param name="coe">The COE that the host registered.</param>
    /// <param name="deploymentFile">Addresses of the contracts.</param>
    /// <param name="isHeard">Whether the control plane has heard from the COE.</param>
    /// <param name="beside">Addresses of other control planes that it serves beside the stack's own.</param>
    public PartPlan Plan(HostRole host, string coe, string deploymentFile, Func<CancellationToken, Task<bool>> isHeard, params IReadOnlyList<string> beside)
    {
        var name = host.Agent;
        var data = state.DataOf(name);
        Directory.CreateDirectory(data);
        var settings = new AgentSettings(
            [addresses.Endpoint, .. beside], addresses.MemberEndpoints, [addresses.Rpc], ChainId, deploymentFile, coe, wallets.Keystore(name), wallets.PasswordFile,
            data, engine.Host, host.Registry ?? addresses.RegistryName, "127.0.0.1", UsageIntervalMs, RangeOf(host));
        var file = FileOf(state, host);
        File.WriteAllText(file, JsonSerializer.Serialize(settings, AgentSettingsJson.Default.AgentSettings));
        var program = repository.Binary("agent", "dweb-agent");
        return new PartPlan(name, Launch.Dotnet(program, "--config", file) with { Folder = data }, isHeard);
    }

    private static string FileOf(StateFolder state, HostRole host) => Path.Combine(state.Root, host.Agent + ".json");

    // By a port that the stack has to itself.
    private string RangeOf(HostRole host)
    {
        var place = Role.Hosts.Append(Role.Idle).TakeWhile(other => other != host).Count();
        var number = ((addresses.Chain * RangesOfStack) + place) % RangeCount;
        return string.Create(CultureInfo.InvariantCulture, $"10.{FirstSecondOctet + (number / RangesInOctet)}.{number % RangesInOctet << (24 - RangePrefix)}.0/{RangePrefix}");
    }
}

/// <summary>An agent's configuration file.</summary>
internal sealed record AgentSettings(
    IReadOnlyList<string> ControlPlanes,
    IReadOnlyList<string> Members,
    IReadOnlyList<string> RpcUrls,
    int ChainId,
    string DeploymentFile,
    string Coe,
    string Keystore,
    string PasswordFile,
    string DataFolder,
    string Engine,
    string Registry,
    string PublicAddress,
    int UsageIntervalMs,
    string NetworkRange);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(AgentSettings))]
internal sealed partial class AgentSettingsJson : JsonSerializerContext;
