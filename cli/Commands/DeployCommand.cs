using System.CommandLine;
using Dweb.Cli.Deploying;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Commands;

/// <param name="Url">The first one, if any.</param>
internal sealed record DeployedReplica(string Service, ushort Replica, string Coe, string? Url, Hash32 LeaseId);

/// <param name="AcceptedAtMs">First byte of the request, Unix time in milliseconds by the control plane's clock.</param>
/// <param name="RunningAtMs">When Running was committed, by the same clock.</param>
internal sealed record DeployResult(
    Hash32 OrderHash, string? Name, OrderStatus Status, IReadOnlyList<DeployedReplica> Replicas, long AcceptedAtMs, long? RunningAtMs, IReadOnlyList<TimelineEntry> Timeline);

/// <summary><c>deploy</c>: signs an order for a Compose file and sends it. The same file of the same wallet is the same order.</summary>
internal sealed class DeployCommand
{
    private readonly Argument<string> file = QuoteCommand.ComposeArgument();
    private readonly Option<string?> name = new("--name") { Description = "Name of the deployment, instead of the file's.", HelpName = "NAME" };
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Show the specs, the quote, the COEs and what would be signed, and sign nothing." };
    private readonly Option<bool> wait = new("--wait") { Description = "Wait until every replica runs." };
    private readonly Option<uint?> duration = QuoteCommand.DurationOption();
    private readonly Option<ServiceScale[]> scale = ServiceScale.Option();
    private readonly SecretOptions secrets = new();
    private readonly Option<uint> again = new("--again")
    {
        Description = "Another number makes another order of the same file; without it a repeated deploy answers the order that there is.", HelpName = "N",
    };

    public static Command Create(Verbs verbs)
    {
        var options = new DeployCommand();
        return verbs.Verb(
            "deploy", "Shows the quote of a Compose file, asks, signs an order and sends it. Ceilings that the file leaves open are the quoted asks and 20 %, its cap the quoted total and 20 %.",
            "dweb deploy compose.yaml --wait --wallet alice", [options.file, options.name, options.dryRun, options.wait, options.duration, options.scale, options.again, .. options.secrets.All],
            async (run, cancellationToken) =>
            {
                if (run.Get(options.dryRun))
                {
                    await options.TryAsync(run, cancellationToken);
                    return;
                }

                var view = await options.DeployAsync(run, cancellationToken);
                run.Printer.Show(Result(view), CliJson.Default.DeployResult, Print);
            });
    }

    private async Task TryAsync(Run run, CancellationToken cancellationToken)
    {
        var source = Source(run);
        var user = run.Wallet.Account.Address;
        await run.Chain.RequireAsync(cancellationToken);
        var salt = OrderSalt.Derive(user, source.Deployment.Name, source.Text, run.Get(again));
        var prepared = await PreparedOrder.MakeAsync(source, user, salt, run.Chain, run.Api, cancellationToken);
        DryRun.Show(run, prepared, await new OrderRecords(run.Home, run.Chain).FindAdmittedAsync(user, salt, cancellationToken));
    }

    private async Task<OrderView> DeployAsync(Run run, CancellationToken cancellationToken)
    {
        var source = Source(run);
        await run.Chain.RequireAsync(cancellationToken);
        var salt = OrderSalt.Derive(run.Wallet.Account.Address, source.Deployment.Name, source.Text, run.Get(again));
        var sending = new OrderSending(run);
        var view = await sending.FindAsync(salt, cancellationToken)
            ?? await sending.SubmitAsync(await sending.SignAsync(source, salt, besides: null, cancellationToken), cancellationToken);
        run.Printer.Progress($"order {view.OrderHash}: {view.Status}");
        if (run.Get(wait) && !OwnOrders.IsOver(view.Status))
        {
            view = await sending.WaitAsync(view, cancellationToken);
        }

        return OwnOrders.IsOver(view.Status) ? throw OrderSending.Over(view) : view;
    }

    private ComposeSource Source(Run run) =>
        secrets.Read(run, ComposeSource.Read(run.Get(file), run.Get(name), run.Get(duration), run.Get(scale)), run.Get(file));

    internal static DeployResult Result(OrderView view) => new(
        view.OrderHash, view.Name, view.Status,
        [.. view.Leases.Select(static lease => new DeployedReplica(lease.ServiceName, lease.Replica, lease.CoeName, lease.Urls.Count > 0 ? lease.Urls[0] : null, lease.LeaseId))],
        view.AcceptedAtMs, view.RunningAtMs, view.Timeline);

    internal static void Print(DeployResult result)
    {
        Printer.Table(["ORDER", "NAME", "STATUS", ">MS TO RUNNING"],
            [[result.OrderHash.ToString(), result.Name ?? "", result.Status.ToString(), result.RunningAtMs is { } at ? $"{at - result.AcceptedAtMs}" : ""]]);
        if (result.Replicas.Count > 0)
        {
            Printer.Table(["REPLICA", "COE", "URL"], result.Replicas.Select(static r => (string[])[$"{r.Service}-{r.Replica}", r.Coe, r.Url ?? ""]));
        }
    }
}
