using Dweb.Agent.Doctor;
using Dweb.Agent.Identity;
using Dweb.Agent.Isolation;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Settings;
using Dweb.Agent.State;
using Dweb.Agent.Trust;
using Dweb.Agent.Usage;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Startup;

/// <summary>From command line to exit code.</summary>
internal static class AgentProgram
{
    private const string Help = """
        usage: dweb-agent [--doctor [--json] | --remove | --usage LEASE] --config FILE

        Runs the containers that the chain assigns to one COE. FILE is JSON; docs/operations.md lists its settings.
        With --doctor it runs nothing: it looks at this host and says what mends what is wrong.
        With --usage it shows what it has signed of a lease, from its journal.
        With --remove it takes away what it left on this host: containers, networks, volumes, firewall rules. The agent must have been stopped.
        Exit codes: 0 stopped or well, 1 cannot start or unwell, 2 wrong usage, 3 another agent took over the COE's key, 4 a part of it broke.
        """;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        if (args is ["--help"] or ["-h"])
        {
            await output.WriteLineAsync(Help);
            return ExitStatus.Done;
        }

        if (args is ["--doctor", .. ([] or ["--json"]) and var how, "--config", { Length: > 0 } looked])
        {
            return await DoctorProgram.RunAsync(looked, asJson: how.Length > 0, output, cancellationToken);
        }

        if (args is not ([.. ([] or ["--remove"] or ["--usage", _]) and var verb, "--config", { Length: > 0 } path]))
        {
            await errors.WriteLineAsync(Help);
            return ExitStatus.Usage;
        }

        try
        {
            var settings = SettingsFile.Load(path);
            return verb switch
            {
                [] => await RunAsync(settings, cancellationToken),
                [_, var lease] => Hash32.TryParse(lease, out var id) ? await JournalProgram.RunAsync(settings, id, output) : await RefuseAsync(errors, lease),
                _ => await RemovalProgram.RunAsync(settings, output, cancellationToken),
            };
        }
        catch (SettingsException wrong)
        {
            foreach (string problem in wrong.Problems)
            {
                await errors.WriteLineAsync("dweb-agent: " + problem);
            }
        }
        catch (StartupException failure)
        {
            await errors.WriteLineAsync($"dweb-agent: {failure.Error.Code}: {failure.Message.ReplaceLineEndings(" ")} {failure.Hint}");
        }

        return ExitStatus.CannotStart;
    }

    private static async Task<int> RefuseAsync(TextWriter errors, string lease)
    {
        await errors.WriteLineAsync($"dweb-agent: '{lease}' is no lease; expected its id, 0x and 64 hexadecimal digits.");
        return ExitStatus.Usage;
    }

    private static async Task<int> RunAsync(AgentSettings settings, CancellationToken cancellationToken)
    {
        var contracts = Deployment.Load(settings);
        var key = AgentKey.Open(settings);
        using var folder = DataFolder.Open(settings.DataFolder);
        using var runtime = settings.Runtime.Open(settings.Engine);
        await Preflight.CheckEngineAsync(runtime, settings, cancellationToken);
        using var rpc = new HttpClient();
        var nodes = ChainNodes.Over(rpc, settings.RpcUrls, TimeProvider.System);
        var me = await Preflight.CheckChainAsync(nodes, settings, contracts.LeaseBook, contracts.CoeRegistry, key.Address, cancellationToken);

        // Once it is known whose containers these are, and before any is taken up.
        var firewall = new Firewall(settings.Coe, settings.NetworkRange, static () => NameServers.OfThisHost());
        await Preflight.RaiseAsync(firewall, cancellationToken);
        var identity = await AgentIdentity.NextAsync(folder.IdentityFile, cancellationToken);
        var exit = new ExitStatus();
        using var host = Composition.Build(new Foundations(settings, folder, identity, key, me, runtime, nodes, contracts.LeaseBook, firewall, new KernelBandwidthLimit()), exit);
        return await HostRun.UntilEndedAsync(host, exit, cancellationToken);
    }
}
