using System.CommandLine;
using System.Globalization;
using Dweb.Cli.Deploying;
using Dweb.Cli.Errors;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Commands;

/// <summary>Looking at what a wallet has running, and at what it ran.</summary>
internal static class OrderCommands
{
    public static IEnumerable<Command> Create(Verbs verbs) =>
    [
        Ps(verbs),
        Verbs.Group("order", "Orders of the wallet.", List(verbs)),
        Logs(verbs),
        Usage(verbs),
    ];

    private static Command Ps(Verbs verbs)
    {
        var name = new Argument<string?>("NAME") { Description = "Name of an order, or the beginning of its hash.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all", "-a") { Description = "Also leases that are closed." };
        return verbs.Verb("ps", "Lists the wallet's leases.", "dweb ps --wallet alice", [name, all], async (run, cancellationToken) =>
        {
            var own = Own(run);
            IReadOnlyList<OrderView> orders = run.Find(name) is { } text ? [await own.ResolveAsync(text, cancellationToken)] : await own.ListAsync(cancellationToken);
            var names = orders.ToDictionary(static order => order.OrderHash, static order => order.Name ?? order.OrderHash.ToString()[..14]);
            IReadOnlyList<LeaseView> leases = [.. orders.SelectMany(static order => order.Leases).Where(lease => run.Get(all) || lease.State != LeaseState.Closed)];
            run.Printer.Show(leases, DwebJson.Default.IReadOnlyListLeaseView, shown => Printer.Table(
                ["ORDER", "REPLICA", "COE", "STATE", "PHASE", "LEASE", "URL"],
                shown.Select(lease => (string[])
                    [
                        names[lease.OrderHash], OwnOrders.NameOf(lease), lease.CoeName, lease.State.ToString(), Phase(lease), lease.LeaseId.ToString()[..14],
                        string.Join(' ', lease.Urls),
                    ])));
        });
    }

    private static Command List(Verbs verbs) => verbs.Verb("ls", "Lists the wallet's orders.", "dweb order ls --wallet alice", [], async (run, cancellationToken) =>
    {
        var orders = await Own(run).ListAsync(cancellationToken);
        run.Printer.Show(orders, DwebJson.Default.IReadOnlyListOrderView, static all => Printer.Table(
            ["NAME", "ORDER", "STATUS", ">LEASES", ">AT MOST DWEB", "ACCEPTED"],
            all.Select(static order => (string[])
                [
                    order.Name ?? "", order.OrderHash.ToString(), order.ErrorCode is null ? order.Status.ToString() : $"{order.Status} ({order.ErrorCode})",
                    $"{order.Leases.Count}", Amount.FormatGrouped(order.MaxTotal), SentenceValues.TimeOfMs(order.AcceptedAtMs),
                ])));
    });

    private static Command Logs(Verbs verbs)
    {
        var lease = LeaseArgument();
        var order = new Option<string?>("--order") { Description = "Order that the service belongs to.", HelpName = "NAME" };
        var tail = new Option<int>("--tail") { Description = "Lines from the end.", HelpName = "N", DefaultValueFactory = static _ => 100 };
        return verbs.Verb("logs", "Shows the last lines that a container wrote.", "dweb logs web-0 --tail 20 --wallet alice", [lease, order, tail], async (run, cancellationToken) =>
        {
            var own = Own(run);
            var found = await own.ResolveLeaseAsync(run.Get(lease), run.Get(order), cancellationToken);
            string path = string.Create(CultureInfo.InvariantCulture, $"/api/leases/{found.LeaseId}/logs?tail={run.Get(tail)}");
            var page = await own.GetAsync(path, DwebJson.Default.LogPage, cancellationToken);
            run.Printer.Show(page, DwebJson.Default.LogPage, static shown =>
            {
                foreach (string line in shown.Lines)
                {
                    Console.Out.WriteLine(line);
                }
            });
        });
    }

    private static Command Usage(Verbs verbs)
    {
        var what = LeaseArgument();
        return verbs.Verb("usage", "Shows what leases have used, as reported and as settled.", "dweb usage shop --wallet alice", [what], async (run, cancellationToken) =>
        {
            var own = Own(run);
            var leases = await LeasesAsync(own, run.Get(what), cancellationToken);
            var usage = new List<LeaseUsageView>();
            foreach (var lease in leases)
            {
                usage.Add(await own.GetAsync($"/api/leases/{lease.LeaseId}/usage", DwebJson.Default.LeaseUsageView, cancellationToken));
            }

            run.Printer.Show(usage, CliJson.Default.IReadOnlyListLeaseUsageView, shown => Printer.Table(
                ["REPLICA", "LEASE", ">SECONDS", ">SETTLED", ">CPU mCPU·s", ">MEMORY MiB·s", ">STORAGE MiB·s", ">IN MiB", ">OUT MiB"],
                shown.Zip(leases, static (view, lease) => (string[])
                    [
                        OwnOrders.NameOf(lease), view.LeaseId.ToString()[..14], $"{view.Reported.Seconds}", $"{view.Settled.Seconds}", $"{view.Reported.Cpu}",
                        $"{view.Reported.Memory}", $"{view.Reported.Storage}", $"{view.Reported.Received}", $"{view.Reported.Sent}",
                    ])));
        });
    }

    private static Argument<string> LeaseArgument() => new("LEASE") { Description = "SERVICE-REPLICA, SERVICE if it has one replica, or the beginning of a lease's id; of usage also an order." };

    private static OwnOrders Own(Run run) => new(run.Api, run.Login, run.Wallet);

    private static async Task<IReadOnlyList<LeaseView>> LeasesAsync(OwnOrders own, string text, CancellationToken cancellationToken)
    {
        try
        {
            return (await own.ResolveAsync(text, cancellationToken)).Leases;
        }
        catch (DwebException none) when (none.Error == Catalogue.NotFound)
        {
            return [await own.ResolveLeaseAsync(text, null, cancellationToken)];
        }
    }

    private static string Phase(LeaseView lease) => lease.Detail is null ? lease.Phase.ToString() : $"{lease.Phase}: {lease.Detail}";
}
