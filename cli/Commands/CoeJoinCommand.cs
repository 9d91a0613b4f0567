using System.CommandLine;
using Dweb.Cli.Hosting;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Commands;

/// <summary><c>coe join</c>: from a machine to a COE that is paid. Safe to repeat.</summary>
internal static class CoeJoinCommand
{
    public static Command Create(Verbs verbs)
    {
        var options = new JoinOptions();
        return verbs.Verb(
            "join", "Plugs this machine in: looks at it, proposes prices, makes the agent's key, registers a COE with a stake, writes the agent's settings and starts its service. "
            + "Cut off halfway, it goes on from there when it is run again.",
            "dweb coe join frankfurt-1 --region eu-central --bandwidth-peer https://speed.example.org/100MB --wallet host1", options.All, async (run, cancellationToken) =>
            {
                var plan = await new JoinProposal(run, options).MakeAsync(cancellationToken);
                if (run.Get(options.DryRun))
                {
                    run.Printer.Show(plan.View([]), CliJson.Default.JoinView, static view => Print(view, Printer.Table));
                    return;
                }

                if (!run.Printer.IsJson)
                {
                    Print(plan.View([]), Printer.TableAside);
                }

                var steps = await new Joining(run, options, plan).RunAsync(cancellationToken);
                var agent = new AgentSecret(options.Host.Files(run)).Find();
                var done = plan with { Terms = plan.Terms with { Agent = agent?.Address ?? EvmAddress.Zero } };
                run.Printer.Show(done.View(steps), CliJson.Default.JoinView, static view => HostTables.Steps(view.Steps, Printer.Table));
            });
    }

    private static void Print(JoinView view, Action<IReadOnlyList<string>, IEnumerable<IReadOnlyList<string>>> table)
    {
        table(["COE", "ID", "HOST", "REGION", "URL"], [[view.Name, view.Coe.ToString()[..14], $"{view.Wallet} ({view.Host})", view.Region, view.Url]]);
        var machine = view.Machine;
        string[] found =
        [
            machine is null ? "" : $"{machine.Cpu}", machine is null ? "" : $"{machine.Memory}", machine is null ? "" : $"{machine.Storage} free", view.Line is { } line ? $"{line.Slower}" : "", "",
        ];
        table(
            ["RESOURCE", ">FOUND", ">OFFERED", ">ASK IN WEI"],
            CoeCommands.Resources.Select((resource, i) => (string[])[resource, found[i], $"{view.Capacity[i]}", $"{view.Asks[i]}"]));
        if (view.Line is { } measured)
        {
            table(
                ["LINE, MEASURED AGAINST", ">DOWN MBIT/S", ">BYTES", ">UP MBIT/S", ">BYTES"],
                [[measured.Peer, $"{measured.Down}", $"{measured.DownBytes}", measured.Up is { } up ? $"{up}" : $"not measured: {measured.NoUp}", $"{measured.UpBytes}"]]);
        }

        table(
            ["ASKS", ">STAKE DWEB", ">DWEB IN 30 DAYS AT MOST", "CONTROL PLANES", "CONTAINERS' ADDRESSES"],
            [[view.AsksFrom, Amount.FormatGrouped(view.Stake), Amount.FormatGrouped(view.MostPerMonth), string.Join(' ', view.Settings.ControlPlanes), view.Settings.NetworkRange ?? "as the agent has them"]]);
        if (view.Notes.Count > 0)
        {
            table(["NOTE"], view.Notes.Select(static note => (string[])[note]));
        }
    }
}
