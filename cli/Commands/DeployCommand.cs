using System.CommandLine;
using Dweb.Cli.Deploying;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
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
    private readonly Option<uint> again = new("--again")
    {
        Description = "Another number makes another order of the same file; without it a repeated deploy answers the order that there is.", HelpName = "N",
    };

    public static Command Create(Verbs verbs)
    {
        var options = new DeployCommand();
        return verbs.Verb(
            "deploy", "Shows the quote of a Compose file, asks, signs an order and sends it. Ceilings that the file leaves open are the quoted asks and 20 %, its cap the quoted total and 20 %.",
            "dweb deploy compose.yaml --wait --wallet alice", [options.file, options.name, options.dryRun, options.wait, options.duration, options.again],
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
        var source = ComposeSource.Read(run.Get(file), run.Get(name), run.Get(duration));
        var user = run.Wallet.Account.Address;
        await run.Chain.RequireAsync(cancellationToken);
        var salt = OrderSalt.Derive(user, source.Deployment.Name, source.Text, run.Get(again));
        var prepared = await PreparedOrder.MakeAsync(source.Deployment, user, salt, run.Chain, run.Api, cancellationToken);
        DryRun.Show(run, prepared, await new OrderRecords(run.Home, run.Chain).FindAdmittedAsync(user, salt, cancellationToken));
    }

    private async Task<OrderView> DeployAsync(Run run, CancellationToken cancellationToken)
    {
        var source = ComposeSource.Read(run.Get(file), run.Get(name), run.Get(duration));
        var user = run.Wallet.Account.Address;
        await run.Chain.RequireAsync(cancellationToken);
        var salt = OrderSalt.Derive(user, source.Deployment.Name, source.Text, run.Get(again));
        var orders = new OwnOrders(run.Api, run.Login, run.Wallet);
        var view = await ExistingAsync(run, orders, salt, cancellationToken)
            ?? await SubmitAsync(run, await SignAsync(run, source, salt, cancellationToken), cancellationToken);
        run.Printer.Progress($"order {view.OrderHash}: {view.Status}");
        if (run.Get(wait) && !OwnOrders.IsOver(view.Status))
        {
            view = await orders.WaitAsync(
                view.OrderHash, OrderStatus.Running, now => run.Printer.Progress($"order {now.OrderHash}: {now.Status}"), cancellationToken);
        }

        return OwnOrders.IsOver(view.Status) ? throw Over(view) : view;
    }

    /// <summary>The order of this salt, if one was ever sent that can still be or has been admitted.</summary>
    private static async Task<OrderView?> ExistingAsync(Run run, OwnOrders orders, Hash32 salt, CancellationToken cancellationToken)
    {
        var records = new OrderRecords(run.Home, run.Chain);
        if (await records.FindAdmittedAsync(run.Wallet.Account.Address, salt, cancellationToken) is { } admitted)
        {
            // A control plane that found the order on the chain gets back what only its user has.
            var view = await orders.GetAsync(admitted, cancellationToken);
            return view.Name is null && records.Read(salt) is { } kept ? await SubmitAsync(run, kept, cancellationToken) : view;
        }

        var head = await run.Chain.Client.GetHeadAsync(cancellationToken);
        var sent = records.Read(salt);
        bool still = sent is not null && sent.Order.SubmitBy > head.Timestamp && sent.LeaseBook == run.Chain.Addresses.LeaseBook && sent.ChainId == run.Chain.Addresses.ChainId;
        return still ? await SubmitAsync(run, sent!, cancellationToken) : null;
    }

    private static async Task<SubmitOrderRequest> SignAsync(Run run, ComposeSource source, Hash32 salt, CancellationToken cancellationToken)
    {
        run.Approval.Require();
        var chain = run.Chain;
        var prepared = await PreparedOrder.MakeAsync(source.Deployment, run.Wallet.Account.Address, salt, chain, run.Api, cancellationToken);
        if (!run.Printer.IsJson || !run.Approval.IsGiven)
        {
            QuoteTables.Print(QuoteCommand.View(prepared.Quoted), Printer.TableAside);
        }

        prepared.RequireFunds();
        var built = prepared.Built;
        run.Approval.Ask(
            $"an order '{source.Deployment.Name}' for at most {Amount.FormatGrouped(built.Order.MaxTotal)} DWEB, {Amount.FormatGrouped(prepared.Opening)} at its opening",
            run.Wallet.Account);
        var hash = built.Order.Id(chain.DomainOf(chain.Addresses.LeaseBook));
        var request = new SubmitOrderRequest(
            chain.Addresses.ChainId, chain.Addresses.LeaseBook, OrderDocument.From(built.Order),
            [.. built.Specs.Select(static spec => System.Text.Encoding.UTF8.GetString(spec.ToCanonicalJson()))], run.Wallet.Open().SignDigest(hash), source.Deployment.Name);
        new OrderRecords(run.Home, chain).Write(request);
        return request;
    }

    private static Task<OrderView> SubmitAsync(Run run, SubmitOrderRequest request, CancellationToken cancellationToken) => run.Api.PostAsync(
        "/api/orders", request, DwebJson.Default.SubmitOrderRequest, DwebJson.Default.OrderView, cancellationToken);

    private static DwebException Over(OrderView view)
    {
        var error = view.ErrorCode is { } code && Catalogue.All.TryGetValue(code, out var known) ? known : Catalogue.OrderConflict;
        return view.Status == OrderStatus.Closed
            ? new DwebException(Catalogue.OrderConflict, $"This deployment ran before and is closed (order {view.OrderHash}); --again 1 makes another order of it.")
            : new DwebException(error, $"Order {view.OrderHash} was {(view.Status == OrderStatus.Rejected ? "rejected" : "failed")}: {view.ErrorMessage ?? error.Title} --again 1 makes another order of it.");
    }

    private static DeployResult Result(OrderView view) => new(
        view.OrderHash, view.Name, view.Status,
        [.. view.Leases.Select(static lease => new DeployedReplica(lease.ServiceName, lease.Replica, lease.CoeName, lease.Urls.Count > 0 ? lease.Urls[0] : null, lease.LeaseId))],
        view.AcceptedAtMs, view.RunningAtMs, view.Timeline);

    private static void Print(DeployResult result)
    {
        Printer.Table(["ORDER", "NAME", "STATUS", ">MS TO RUNNING"],
            [[result.OrderHash.ToString(), result.Name ?? "", result.Status.ToString(), result.RunningAtMs is { } at ? $"{at - result.AcceptedAtMs}" : ""]]);
        if (result.Replicas.Count > 0)
        {
            Printer.Table(["REPLICA", "COE", "URL"], result.Replicas.Select(static r => (string[])[$"{r.Service}-{r.Replica}", r.Coe, r.Url ?? ""]));
        }
    }
}
