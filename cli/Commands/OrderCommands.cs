using System.CommandLine;
using Dweb.Cli.Deploying;
using Dweb.Cli.Errors;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Commands;

/// <summary>Looking at what a wallet has running, and at what it ran; cancelling it.</summary>
internal static class OrderCommands
{
    public static IEnumerable<Command> Create(Verbs verbs) =>
    [
        Ps(verbs),
        Verbs.Group("order", "Orders of the wallet.", List(verbs), Cancel(verbs)),
        InspectCommand.Create(verbs),
        EventsCommand.Create(verbs),
        LogsCommand.Create(verbs),
        UsageCommand.Create(verbs),
        StatsCommand.Create(verbs),
        TopupCommand.Create(verbs),
        PauseCommands.Pause(verbs),
        PauseCommands.Resume(verbs),
        ScaleCommand.Create(verbs),
    ];

    private static Command Ps(Verbs verbs)
    {
        var name = new Argument<string?>("NAME") { Description = "Name of an order, or the beginning of its hash.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all", "-a") { Description = "Also leases that are closed." };
        return verbs.Verb("ps", "Lists the wallet's leases.", "dweb ps --wallet alice", [name, all], async (run, cancellationToken) =>
        {
            var own = Own(run);
            IReadOnlyList<OrderView> orders = run.Find(name) is { } text ? [await own.ResolveAsync(text, cancellationToken)] : await own.ListAsync(cancellationToken);
            var names = orders.ToDictionary(static order => order.OrderHash, OwnOrders.NameOf);
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

    private static Command Cancel(Verbs verbs)
    {
        var name = new Argument<string?>("NAME") { Description = "Name of an order, or the beginning of its hash.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "Every order that the wallet has signed so far, also those that no chain has seen." };
        return verbs.Verb(
            "cancel", "Lets no lease of an order be opened or funded any more; those that live run until their funds end. 'close' ends them now.",
            "dweb order cancel shop --wallet alice", [name, all], async (run, cancellationToken) =>
            {
                if (run.Find(name) is null == !run.Get(all))
                {
                    throw new DwebException(Catalogue.InvalidValue, "Name one order, or say --all.", "NAME");
                }

                if (run.Find(name) is not { } text)
                {
                    await Change.SendAsync(run, run.Chain.Book.RaiseEpoch(), run.Wallet.Account.Name, run.Wallet.Account.Address.ToString(), "the cancellation of every order signed so far", cancellationToken);
                    return;
                }

                var order = await Own(run).ResolveAsync(text, cancellationToken);
                string shown = OwnOrders.NameOf(order);
                if ((await run.Chain.Book.OrderOfAsync(order.OrderHash, cancellationToken: cancellationToken)).User.IsZero)
                {
                    throw new DwebException(
                        Catalogue.OrderConflict, $"The chain has not admitted order '{shown}' yet, so there is nothing to cancel; --all cancels it with every other one signed so far.");
                }

                await Change.SendAsync(
                    run, run.Chain.Book.Cancel(order.OrderHash), shown, order.OrderHash.ToString(),
                    $"the cancellation of order '{shown}' ({order.OrderHash.ToString()[..14]})", cancellationToken);
            });
    }

    internal static Argument<string> OrderArgument() => new("NAME") { Description = "Name of an order, or the beginning of its hash." };

    internal static Argument<string> LeaseArgument() => new("LEASE") { Description = "SERVICE-REPLICA, SERVICE if it has one replica, or the beginning of a lease's id; of usage and stats also an order." };

    internal static OwnOrders Own(Run run) => new(run.Api, run.Login, run.Wallet);

    internal static async Task<IReadOnlyList<LeaseView>> LeasesAsync(OwnOrders own, string text, CancellationToken cancellationToken)
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
