using Dweb.Local.Build;
using Dweb.Local.Layout;
using Dweb.Local.Processes;

namespace Dweb.Local.Stack;

/// <summary>Puts the contracts on the chain with their own deploy script.</summary>
internal sealed class ContractDeployment(Repository repository, Tool tool)
{
    public async Task Deploy(Addresses addresses, IReadOnlyDictionary<string, string> people, string deploymentFile, CancellationToken stop)
    {
        // The script may write below the contracts' folder only.
        var draft = Path.Combine(repository.Contracts, "cache", $"deployment-{Environment.ProcessId}.json");
        Directory.CreateDirectory(Path.GetDirectoryName(draft)!);
        var launch = new Forge(repository, tool).Launch(
            "script", "script/Deploy.s.sol", "--rpc-url", addresses.Rpc, "--broadcast", "--unlocked", "--sender", people[Role.Governor], "--non-interactive");
        launch = launch with
        {
            Environment = new Dictionary<string, string>(launch.Environment)
            {
                ["DWEB_PROFILE"] = "demo",
                ["DWEB_DEPLOY_OUT"] = draft,
                ["DWEB_TREASURY"] = people[Role.Treasury],
                ["DWEB_GOVERNOR"] = people[Role.Governor],
                ["DWEB_COMMITTEE"] = people[Role.Scheduler],
            },
        };
        await tool.Require(launch, "Check the contracts with 'dweb test contracts'.", stop);
        File.Move(draft, deploymentFile, overwrite: true);
    }
}
