using System.Globalization;
using Dweb.Local.Build;
using Dweb.Local.Layout;
using Dweb.Local.Processes;

namespace Dweb.Local.Stack;

/// <summary>Puts the contracts on the chain with their own deploy script.</summary>
internal sealed class ContractDeployment(Repository repository, Tool tool)
{
    public async Task Deploy(Addresses addresses, IReadOnlyDictionary<string, string> people, WalletBook wallets, string deploymentFile, CancellationToken stop)
    {
        var draft = deploymentFile + ".draft";
        IReadOnlyList<string> committee = addresses.IsOneMember ? [Role.Scheduler] : Role.Members;

        // One transaction after the other: sent together they may reach the node in another order, and it waits for the one that it misses.
        var launch = new Forge(repository, tool).Launch(
            "script", "script/Deploy.s.sol", "--rpc-url", addresses.Rpc, "--broadcast", "--slow", "--non-interactive",
            "--keystore", wallets.Keystore(Role.Governor), "--password-file", wallets.PasswordFile, "--sender", people[Role.Governor]);
        launch = launch with
        {
            Environment = new Dictionary<string, string>(launch.Environment)
            {
                ["DWEB_PROFILE"] = "demo",
                ["DWEB_DEPLOY_OUT"] = draft,
                ["DWEB_TREASURY"] = people[Role.Treasury],
                ["DWEB_GOVERNOR"] = people[Role.Governor],
                ["DWEB_GUARDIAN"] = people[Role.Governor],
                ["DWEB_HOLDER"] = people[Role.Governor],
                ["DWEB_COMMITTEE"] = string.Join(',', committee.Select(member => people[member])),

                // More than half: of three members one may be away, or lie.
                ["DWEB_QUORUM"] = ((committee.Count / 2) + 1).ToString(CultureInfo.InvariantCulture),
            },
        };
        await tool.Require(launch, "Check the contracts with 'dweb test contracts'.", stop);

        // The script writes before it sends: the file counts only now.
        File.Move(draft, deploymentFile, overwrite: true);
    }
}
