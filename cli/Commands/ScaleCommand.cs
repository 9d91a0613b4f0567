using System.CommandLine;
using Dweb.Chain.Contracts;
using Dweb.Cli.Deploying;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Commands;

internal sealed record ScaledService(string Service, int Before, int Replicas);

/// <param name="Transaction">Null when there were as many already.</param>
internal sealed record ScaleView(Hash32 OrderHash, string? Name, IReadOnlyList<ScaledService> Services, Hash32? Transaction);

/// <summary>
/// <c>scale</c>: ends the replicas with the highest numbers until as many are left. An order runs no more replicas than were signed, and one that was ended
/// does not come back: for more there is <c>update --scale</c>.
/// </summary>
internal static class ScaleCommand
{
    public static Command Create(Verbs verbs)
    {
        var name = OrderCommands.OrderArgument();
        var scales = ServiceScale.Argument();
        return verbs.Verb(
            "scale", "Ends replicas of a running deployment until as many are left, without touching the others. For more replicas, 'dweb update FILE --scale'.",
            "dweb scale shop web=1 --wallet alice", [name, scales], async (run, cancellationToken) =>
            {
                var view = await ScaleAsync(run, run.Get(name), run.Get(scales), cancellationToken);
                run.Printer.Show(view, CliJson.Default.ScaleView, static v => Printer.Table(
                    ["ORDER", "SERVICE", ">BEFORE", ">NOW"],
                    v.Services.Select(s => (string[])[v.Name ?? v.OrderHash.ToString()[..14], s.Service, $"{s.Before}", $"{s.Replicas}"])));
            });
    }

    private static async Task<ScaleView> ScaleAsync(Run run, string name, IReadOnlyList<ServiceScale> scales, CancellationToken cancellationToken)
    {
        ServiceScale.RequireOnce(scales);
        var order = await OrderCommands.Own(run).ResolveAsync(name, cancellationToken);
        await run.Chain.RequireAsync(cancellationToken);
        var live = await LiveLease.ReadAsync(run.Chain, order, cancellationToken);
        var services = new List<ScaledService>();
        var ended = new List<LeaseKey>();
        foreach (var scale in scales)
        {
            LiveLease[] replicas = [.. live.Where(lease => ServiceOf(order, lease) == scale.Service).OrderBy(static lease => lease.Key.Replica)];
            Require(order, scale, replicas.Length);
            services.Add(new ScaledService(scale.Service, replicas.Length, scale.Replicas));
            ended.AddRange(replicas.Skip(scale.Replicas).Select(static lease => lease.Key));
        }

        if (ended.Count == 0)
        {
            return new ScaleView(order.OrderHash, order.Name, services, Transaction: null);
        }

        string what = $"the end of {ended.Count} of {live.Count} leases of '{OwnOrders.NameOf(order)}'";
        var receipt = await run.Transactions.SendAsync(run.Chain.Book.End(ended), what, cancellationToken);
        return new ScaleView(order.OrderHash, order.Name, services, receipt.TransactionHash);
    }

    private static string ServiceOf(OrderView order, LiveLease lease) => order.Leases.First(l => l.Service == lease.Key.Service).ServiceName;

    private static void Require(OrderView order, ServiceScale scale, int live)
    {
        if (live == 0)
        {
            throw new DwebException(
                Catalogue.NotFound, $"'{OwnOrders.NameOf(order)}' has no live replica of a service '{scale.Service}'; it has {string.Join(", ", order.Leases.Select(static l => l.ServiceName).Distinct())}.");
        }

        if (scale.Replicas > live)
        {
            throw new DwebException(
                Catalogue.InvalidValue,
                $"{live} replicas of {scale.Service} live, and what was signed allows no other one: 'dweb update FILE --scale {scale}' signs an order for {scale.Replicas} and replaces this one.", "SERVICE=N");
        }
    }
}
