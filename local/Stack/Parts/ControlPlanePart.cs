using System.Globalization;
using System.Net;
using Dweb.Local.Layout;
using Dweb.Local.Processes;

namespace Dweb.Local.Stack.Parts;

/// <summary>A control plane, alone in one process.</summary>
/// <param name="name">Of the part and of its data folder.</param>
/// <param name="gas">Wallets that send its transactions, and no other's: two senders would take each other's nonces.</param>
internal sealed class ControlPlanePart(
    Repository repository, StateFolder state, Addresses addresses, TimeSpan heartbeat, string name = ControlPlanePart.Name, IReadOnlyList<string>? gas = null)
{
    /// <summary>Of the stack's own.</summary>
    public const string Name = "functions";

    private readonly IReadOnlyList<string> gas = gas ?? [Role.FirstGas, Role.SecondGas];

    private string Program => repository.Binary("functions", "dweb-functions");

    /// <summary>Creates the key with which registry tokens are signed; the registry needs its certificate before it starts.</summary>
    public Launch CreateRegistryKey(RegistryPart registry) => Launch.Dotnet(Program, "--init-registry-key", registry.KeyFolder);

    /// <summary>Removes all that it has written.</summary>
    public Launch Wipe(StoragePart storage, RegistryPart registry, WalletBook wallets, string @operator, string deploymentFile) =>
        Launch.Dotnet(Program, "--wipe-storage") with { Environment = Plan(storage, registry, wallets, @operator, deploymentFile).Launch.Environment };

    /// <param name="operator">Address of the wallet that may look into its work.</param>
    public PartPlan Plan(StoragePart storage, RegistryPart registry, WalletBook wallets, string @operator, string deploymentFile) => new(
        name,
        Launch.Dotnet(Program) with
        {
            Folder = Path.GetDirectoryName(Program),
            Environment = new Dictionary<string, string>(Signing(wallets))
            {
                ["AzureWebJobsStorage"] = storage.ConnectionString,
                ["DOTNET_ENVIRONMENT"] = "Production",
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["Dweb__RpcUrl"] = addresses.Rpc,
                ["Dweb__DeploymentFile"] = deploymentFile,
                ["Dweb__ListenUrl"] = addresses.Endpoint,
                ["Dweb__Operators"] = @operator,
                ["Dweb__GasKeystores"] = string.Join(':', gas.Select(wallets.Keystore)),
                ["Dweb__GasPasswordFile"] = wallets.PasswordFile,
                ["Dweb__RegistryUrl"] = addresses.RegistryUrl,
                ["Dweb__RegistryService"] = RegistryPart.Service,
                ["Dweb__RegistryIssuer"] = RegistryPart.Issuer,
                ["Dweb__RegistryTokenKey"] = registry.TokenKey,
                ["Dweb__RegistryTokenCertificate"] = registry.TokenCertificate,
                ["Dweb__DataFolder"] = state.DataOf(name),
                ["Dweb__HeartbeatMs"] = heartbeat.TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
                ["Dweb__UpgradeOverlapSeconds"] = "15",
                ["Dweb__UpgradeMonitorSeconds"] = "2",
                ["Dweb__SettlementSchedule"] = "*/3 * * * * *",
                ["Dweb__ReconciliationSchedule"] = "0 */10 * * * *",
                ["Dweb__MinSettleWei"] = "0",
                ["Dweb__ProbePrivateAddresses"] = "true",
            },
        },
        stop => HttpProbe.Answers(addresses.Endpoint + "/api/health", stop, HttpStatusCode.OK))
    {
        Ports = new Dictionary<string, int> { ["http"] = addresses.ControlPlane },
    };

    /// <summary>Who signs its plans: the members, or itself.</summary>
    private Dictionary<string, string> Signing(WalletBook wallets) => addresses.IsOneMember
        ? new() { ["Dweb__SchedulerKeystore"] = wallets.Keystore(Role.Scheduler), ["Dweb__SchedulerPasswordFile"] = wallets.PasswordFile }
        : new() { ["Dweb__Members"] = string.Join(',', addresses.MemberEndpoints) };
}
