using System.Globalization;
using System.Net;
using Dweb.Local.Layout;
using Dweb.Local.Processes;

namespace Dweb.Local.Stack.Parts;

/// <summary>A scheduler member: the control plane's program in another role, with a key of its own. The chain node is its own setting; here there is one chain.</summary>
internal sealed class MemberPart(Repository repository, Addresses addresses, TimeSpan heartbeat)
{
    public PartPlan Plan(int member, WalletBook wallets, string deploymentFile)
    {
        var (name, endpoint) = (Role.Members[member], addresses.MemberEndpoints[member]);
        var program = repository.Binary("functions", "dweb-functions");
        return new PartPlan(
            name,
            Launch.Dotnet(program, "--role", "scheduler") with
            {
                Folder = Path.GetDirectoryName(program),
                Environment = new Dictionary<string, string>
                {
                    ["DOTNET_ENVIRONMENT"] = "Production",
                    ["ASPNETCORE_ENVIRONMENT"] = "Production",
                    ["Dweb__RpcUrl"] = addresses.Rpc,
                    ["Dweb__DeploymentFile"] = deploymentFile,
                    ["Dweb__ListenUrl"] = endpoint,
                    ["Dweb__SchedulerKeystore"] = wallets.Keystore(name),
                    ["Dweb__SchedulerPasswordFile"] = wallets.PasswordFile,
                    ["Dweb__ProbePrivateAddresses"] = "true",
                    ["Dweb__HeartbeatMs"] = heartbeat.TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
                },
            },
            stop => HttpProbe.Answers(endpoint + "/api/health", stop, HttpStatusCode.OK))
        {
            Ports = new Dictionary<string, int> { ["http"] = addresses.Members[member] },
        };
    }
}
