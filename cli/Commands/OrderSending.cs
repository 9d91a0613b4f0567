using Dweb.Cli.Deploying;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Commands;

/// <summary>The way of an order from a Compose file to the control plane: found if it was ever sent, else shown, signed, kept and sent.</summary>
internal sealed class OrderSending(Run run)
{
    public OwnOrders Orders { get; } = OrderCommands.Own(run);

    /// <summary>The order of this salt, if one was ever sent that can still be or has been admitted.</summary>
    public async Task<OrderView?> FindAsync(Hash32 salt, CancellationToken cancellationToken)
    {
        var records = new OrderRecords(run.Home, run.Chain);
        if (await records.FindAdmittedAsync(run.Wallet.Account.Address, salt, cancellationToken) is { } admitted)
        {
            // A control plane that found the order on the chain gets back what only its user has.
            var view = await Orders.GetAsync(admitted, cancellationToken);
            return view.Name is null && records.Read(salt) is { } kept ? await SubmitAsync(kept, cancellationToken) : view;
        }

        var head = await run.Chain.Client.GetHeadAsync(cancellationToken);
        var sent = records.Read(salt);
        bool still = sent is not null && sent.Order.SubmitBy > head.Timestamp && sent.LeaseBook == run.Chain.Addresses.LeaseBook && sent.ChainId == run.Chain.Addresses.ChainId;
        return still ? await SubmitAsync(sent!, cancellationToken) : null;
    }

    /// <param name="besides">What else is approved with the order, to follow it in the same line; null for nothing.</param>
    public async Task<SubmitOrderRequest> SignAsync(ComposeSource source, Hash32 salt, string? besides, CancellationToken cancellationToken)
    {
        run.Approval.Require();
        var chain = run.Chain;
        var prepared = await PreparedOrder.MakeAsync(source, run.Wallet.Account.Address, salt, chain, run.Api, cancellationToken);
        if (!run.Printer.IsJson || !run.Approval.IsGiven)
        {
            QuoteTables.Print(QuoteCommand.View(prepared.Quoted), Printer.TableAside);
        }

        foreach (string coe in prepared.Quoted.SecretHosts.Forged)
        {
            run.Printer.Progress($"The sealing key of {coe} is not signed by its agent: no secret is sealed for it.");
        }

        prepared.RequireFunds();
        var built = prepared.Built;
        run.Approval.Ask(
            $"an order '{source.Deployment.Name}' for at most {Amount.FormatGrouped(built.Order.MaxTotal)} DWEB, {Amount.FormatGrouped(prepared.Opening)} at its opening{Readers(prepared.Quoted)}{besides}",
            run.Wallet.Account);
        var hash = built.Order.Id(chain.DomainOf(chain.Addresses.LeaseBook));
        var request = new SubmitOrderRequest(
            chain.Addresses.ChainId, chain.Addresses.LeaseBook, OrderDocument.From(built.Order),
            [.. built.Specs.Select(static spec => System.Text.Encoding.UTF8.GetString(spec.ToCanonicalJson()))], run.Wallet.Open().SignDigest(hash), source.Deployment.Name)
        {
            Bundles = prepared.Secrets.Bundles.Count > 0 ? prepared.Secrets.Bundles : null,
        };
        new OrderRecords(run.Home, chain).Write(request);
        return request;
    }

    // Who runs a COE can read what its agent can open, whether a replica runs there or not.
    private static string Readers(QuotedDeployment quoted) => quoted.Hosts.Count == 0 ? ""
        : $", with secrets that the hosts of {string.Join(", ", quoted.Hosts.Values.SelectMany(static hosts => hosts).Select(static host => host.Name).Distinct().Order(StringComparer.Ordinal))} can read";

    public Task<OrderView> SubmitAsync(SubmitOrderRequest request, CancellationToken cancellationToken) => run.Api.PostAsync(
        "/api/orders", request, DwebJson.Default.SubmitOrderRequest, DwebJson.Default.OrderView, cancellationToken);

    /// <summary>Waits until every replica runs, or it is certain that they never will.</summary>
    public Task<OrderView> WaitAsync(OrderView order, CancellationToken cancellationToken) => Orders.WaitAsync(
        order.OrderHash, OrderStatus.Running, run.Printer.Progress, cancellationToken);

    /// <summary>What is told of an order that will not run.</summary>
    public static DwebException Over(OrderView view)
    {
        var error = view.ErrorCode is { } code && Catalogue.All.TryGetValue(code, out var known) ? known : Catalogue.OrderConflict;
        return view.Status == OrderStatus.Closed
            ? new DwebException(Catalogue.OrderConflict, $"This deployment ran before and is closed (order {view.OrderHash}); --again 1 makes another order of it.")
            : new DwebException(error, $"Order {view.OrderHash} was {(view.Status == OrderStatus.Rejected ? "rejected" : "failed")}: {view.ErrorMessage ?? error.Title} --again 1 makes another order of it.");
    }
}
