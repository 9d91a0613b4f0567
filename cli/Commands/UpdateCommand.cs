using System.CommandLine;
using Dweb.Cli.Deploying;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Commands;

/// <param name="Deployed">What runs now.</param>
/// <param name="Replaced">The orders of the same name that ran before it, and were closed for it.</param>
internal sealed record UpdateResult(DeployResult Deployed, IReadOnlyList<CloseResult> Replaced);

/// <summary>
/// <c>update</c>: what is signed is never changed, so a deployment is updated by another order of its name. The old one is closed once every replica of
/// the new one runs and is healthy; if that does not come to pass, the new one is closed and the old one has noticed nothing. Safe to repeat at any time.
/// </summary>
internal sealed class UpdateCommand
{
    private static readonly TimeSpan UsualTimeout = TimeSpan.FromMinutes(5);
    private readonly Argument<string> file = QuoteCommand.ComposeArgument();
    private readonly Option<string?> name = new("--name") { Description = "Name of the deployment, instead of the file's.", HelpName = "NAME" };
    private readonly Option<uint?> duration = QuoteCommand.DurationOption();
    private readonly Option<ServiceScale[]> scale = ServiceScale.Option();
    private readonly SecretOptions secrets = new();
    private readonly Option<TimeSpan?> timeout = DurationText.Option("--timeout", "How long the new replicas may take until all run and are healthy; 5m unless said.");

    public static Command Create(Verbs verbs)
    {
        var options = new UpdateCommand();
        return verbs.Verb(
            "update", "Replaces a deployment by what its changed Compose file says: starts the new one beside it, ends the old one when the new one runs, and goes back if it never does. What its containers wrote is not carried over.",
            "dweb update compose.yaml --scale web=5 --wallet alice", [options.file, options.name, options.duration, options.scale, options.timeout, .. options.secrets.All],
            async (run, cancellationToken) =>
            {
                var result = await options.UpdateAsync(run, cancellationToken);
                run.Printer.Show(result, CliJson.Default.UpdateResult, Print);
            });
    }

    private async Task<UpdateResult> UpdateAsync(Run run, CancellationToken cancellationToken)
    {
        var source = secrets.Read(run, ComposeSource.Read(run.Get(file), run.Get(name), run.Get(duration), run.Get(scale)), run.Get(file));
        await run.Chain.RequireAsync(cancellationToken);
        var sending = new OrderSending(run);
        OrderView[] living = [.. (await sending.Orders.ListAsync(cancellationToken)).Where(order => order.Name == source.Deployment.Name && !IsGone(order.Status))];
        var (salt, found) = await NextAsync(sending, run.Wallet.Account.Address, source, cancellationToken);
        OrderView[] old = [.. living.Where(order => order.OrderHash != found?.OrderHash)];
        if (living.Length == 0)
        {
            throw new DwebException(Catalogue.NotFound, $"Nothing named '{source.Deployment.Name}' runs; 'dweb deploy' starts it.");
        }

        if (old.Length == 0)
        {
            // It is what runs already; how it stands is not this command's to judge, let alone to end.
            return new UpdateResult(DeployCommand.Result(found!), []);
        }

        var patience = run.Get(timeout) ?? UsualTimeout;
        var order = found ?? await sending.SubmitAsync(await sending.SignAsync(source, salt, Besides(old, patience), cancellationToken), cancellationToken);

        // Approved with the order's signature; of one that was signed earlier, each end is asked for.
        Task<CloseResult> CloseAsync(OrderView one) => CloseCommand.CloseAsync(run, one, wait: false, approved: found is null, cancellationToken);
        order = await LookAfterAsync(sending, order, patience, cancellationToken);
        if (order.Status != OrderStatus.Running)
        {
            if (order.Status != OrderStatus.Rejected)
            {
                await CloseAsync(order);
            }

            throw new DwebException(Catalogue.UpdateFailed, $"{Why(order, patience)} Nothing of it is left; {Names(old)} runs on as before.");
        }

        var replaced = new List<CloseResult>();
        foreach (var one in old)
        {
            replaced.Add(await CloseAsync(one));
        }

        return new UpdateResult(DeployCommand.Result(order), replaced);
    }

    /// <summary>The newest order of this very content, unless it is over: what ran before and was replaced may come back, as another order.</summary>
    private static async Task<(Hash32 Salt, OrderView? Found)> NextAsync(OrderSending sending, EvmAddress user, ComposeSource source, CancellationToken cancellationToken)
    {
        for (uint again = 0; ; again++)
        {
            var salt = OrderSalt.Derive(user, source.Deployment.Name, source.Text, again);
            var found = await sending.FindAsync(salt, cancellationToken);
            if (found is null || !IsGone(found.Status))
            {
                return (salt, found);
            }
        }
    }

    /// <returns>The order once it runs, never will, or has had its time.</returns>
    private static async Task<OrderView> LookAfterAsync(OrderSending sending, OrderView order, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            return await sending.WaitAsync(order, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return await sending.Orders.GetAsync(order.OrderHash, cancellationToken);
        }
    }

    private static string Why(OrderView order, TimeSpan patience)
    {
        string[] replicas = [.. order.Leases.Where(static lease => lease.Phase != LeasePhase.Running).Select(OrderSentences.Phase)];
        return order.ErrorMessage is { } message ? $"The new order {order.OrderHash.ToString()[..14]} is {order.Status}: {message}"
            : $"The new order {order.OrderHash.ToString()[..14]} is {order.Status} after {DurationText.Of((long)patience.TotalSeconds)}{(replicas.Length > 0 ? ": " + string.Join(", ", replicas) : "")}.";
    }

    private static string Besides(IReadOnlyList<OrderView> old, TimeSpan patience) =>
        $"; then the end of {Names(old)} once it runs, or of the new one if it does not within {DurationText.Of((long)patience.TotalSeconds)}";

    private static string Names(IReadOnlyList<OrderView> orders) => "order " + string.Join(" and order ", orders.Select(static order => order.OrderHash.ToString()[..14]));

    // What failed may still have replicas that run.
    private static bool IsGone(OrderStatus status) => status is OrderStatus.Closed or OrderStatus.Closing or OrderStatus.Rejected;

    private static void Print(UpdateResult result)
    {
        DeployCommand.Print(result.Deployed);
        Printer.Table(
            ["REPLACED", ">ENDED", ">REFUNDED DWEB", ">SPENT DWEB"],
            result.Replaced.Select(static r => (string[])[r.OrderHash.ToString(), $"{r.Ended}", Amount.FormatGrouped(r.Refunded), Amount.FormatGrouped(r.Spent)]));
    }
}
