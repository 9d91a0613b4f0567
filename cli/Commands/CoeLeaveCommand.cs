using Dweb.Cli.Hosting;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Commands;

/// <summary>What <c>coe leave</c> prints.</summary>
/// <param name="Gone">Nothing is left to be done; leave again otherwise.</param>
internal sealed record LeaveView(string Name, Hash32 Coe, bool Gone, IReadOnlyList<HostStep> Steps);

/// <summary><c>coe leave</c>: from a COE to a machine on which nothing of it is left. Safe to repeat.</summary>
internal static class CoeLeaveCommand
{
    public static System.CommandLine.Command Create(Verbs verbs)
    {
        var options = new LeaveOptions();
        return verbs.Verb(
            "leave", "Takes a COE of the wallet off the market and off this machine: drains it, waits for its leases or gives them back (--now), withdraws earnings and stake, stops the service "
            + "and removes settings, key and data. What is not due yet is named with its time; run it again then.",
            "dweb coe leave frankfurt-1 --wallet host1", options.All, async (run, cancellationToken) =>
            {
                var coe = await new CoeNames(run.Chain).ResolveAsync(run.Get(options.Name), run.Self, cancellationToken);
                if (coe.Host != run.Wallet.Account.Address)
                {
                    throw new DwebException(Catalogue.Forbidden, $"COE '{coe.Name}' is of {coe.Host}, not of wallet '{run.Wallet.Account.Name}'.");
                }

                var steps = await new Leaving(run, options, coe).RunAsync(cancellationToken);
                var view = new LeaveView(coe.Name, coe.Id, steps.All(static step => step.State != "left"), steps);
                run.Printer.Show(view, CliJson.Default.LeaveView, static v => HostTables.Steps(v.Steps, Printer.Table));
            });
    }
}
