using System.CommandLine;
using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Cli.Deploying;
using Dweb.Cli.Errors;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Commands;

/// <param name="Leases">That were parked now.</param>
/// <param name="Refunded">Wei that went back to the free balance.</param>
/// <param name="KeptUntil">Unix seconds until which the storage of all is kept; who has not resumed by then loses it.</param>
/// <param name="Transaction">Null when everything was parked already.</param>
internal sealed record PauseView(Hash32 OrderHash, string? Name, int Leases, BigInteger Refunded, ulong KeptUntil, Hash32? Transaction);

/// <summary><c>pause</c> and <c>resume</c>: a deployment whose containers stop and whose storage stays, and which goes on where it was.</summary>
internal static class PauseCommands
{
    public static Command Pause(Verbs verbs)
    {
        var name = OrderCommands.OrderArgument();
        return verbs.Verb(
            "pause", "Stops the containers of a deployment, keeps their storage, and refunds what was funded. The storage is kept for the grace period, and its rent paid.",
            "dweb pause shop --wallet alice", [name], async (run, cancellationToken) =>
            {
                var view = await PauseAsync(run, run.Get(name), cancellationToken);
                run.Printer.Show(view, CliJson.Default.PauseView, static v => Printer.Table(
                    ["ORDER", ">PARKED", ">REFUNDED DWEB", "STORAGE KEPT UNTIL"],
                    [[v.Name ?? v.OrderHash.ToString()[..14], $"{v.Leases}", Amount.FormatGrouped(v.Refunded), SentenceValues.Time(v.KeptUntil)]]));
            });
    }

    public static Command Resume(Verbs verbs)
    {
        var name = OrderCommands.OrderArgument();
        var time = DurationText.Option("--for", "How long to fund it, as 30m, 12h or 7d, instead of what the order prepays.");
        return verbs.Verb(
            "resume", "Starts what is parked of a deployment again, on the COEs that have its storage. What escrow lacks is deposited from the wallet.",
            "dweb resume shop --wallet alice", [name, time], async (run, cancellationToken) =>
            {
                var view = await ResumeAsync(run, run.Get(name), run.Get(time), cancellationToken);
                run.Printer.Show(view, CliJson.Default.TopupView, TopupCommand.Print);
            });
    }

    private static async Task<PauseView> PauseAsync(Run run, string name, CancellationToken cancellationToken)
    {
        var (order, live) = await LiveAsync(run, name, cancellationToken);
        LiveLease[] open = [.. live.Where(static lease => lease.Account.State == LeaseState.Open)];
        var refunded = BigInteger.Zero;
        Hash32? transaction = null;
        if (open.Length > 0)
        {
            var call = run.Chain.Book.Multicall([.. open.Select(lease => run.Chain.Book.Park(lease.Key).Data)]);
            var receipt = await run.Transactions.SendAsync(call, $"the pause of {open.Length} leases of '{OwnOrders.NameOf(order)}'", cancellationToken);
            refunded = receipt.Logs.Aggregate(
                BigInteger.Zero, static (sum, log) => sum + (LeaseBook.Events.LeaseParked.TryDecode(log, out var parked) ? parked.Refunded : BigInteger.Zero));
            transaction = receipt.TransactionHash;
            live = await LiveLease.ReadAsync(run.Chain, order, cancellationToken);
        }

        uint grace = (await run.Chain.Book.ParamsAsync(cancellationToken: cancellationToken)).Grace;
        return new PauseView(
            order.OrderHash, order.Name, open.Length, refunded, live.Min(static lease => lease.Account.Origin + lease.Account.Limit) + grace, transaction);
    }

    private static async Task<TopupView> ResumeAsync(Run run, string name, TimeSpan? time, CancellationToken cancellationToken)
    {
        var (order, live) = await LiveAsync(run, name, cancellationToken);
        LiveLease[] parked = [.. live.Where(static lease => lease.Account.State == LeaseState.Parked)];
        if (parked.Length == 0)
        {
            throw new DwebException(Catalogue.LeaseNotOpen, $"Nothing of '{OwnOrders.NameOf(order)}' is parked; 'dweb topup' funds what runs.");
        }

        var admitted = await new AdmittedOrders(run.Chain).OfAsync(order.OrderHash, cancellationToken);
        uint seconds = Seconds(time, admitted.Order.Prepay, LiveLease.Left(admitted.Order, parked));
        var amount = LeaseFunding.Second(parked.Select(static lease => lease.Account)) * seconds;
        string what = $"the resumption of {parked.Length} leases of '{OwnOrders.NameOf(order)}' for {seconds} s, {Amount.FormatGrouped(amount)} DWEB";
        var (deposited, transaction) = await LeaseFunding.SendAsync(run, admitted.Order, parked, seconds, amount, what, cancellationToken);
        return new TopupView(order.OrderHash, order.Name, parked.Length, parked.Length, seconds, amount, deposited, transaction);
    }

    /// <param name="left">Seconds of the order's duration that nothing has funded yet.</param>
    /// <exception cref="DwebException">None is left, or more is asked for.</exception>
    internal static uint Seconds(TimeSpan? asked, uint prepay, uint left) => asked switch
    {
        _ when left == 0 => throw new DwebException(Catalogue.InvalidValue, "The whole duration of the order has been funded: 'dweb update' makes a new one."),
        { TotalSeconds: var seconds } when seconds > left => throw new DwebException(Catalogue.InvalidValue, $"{left} s of the order's duration are left to fund; {seconds} s were asked for.", "--for"),
        { TotalSeconds: < 1 } => throw new DwebException(Catalogue.InvalidValue, "It is resumed for a second at least.", "--for"),
        { TotalSeconds: var seconds } => (uint)seconds,
        null => Math.Min(prepay, left),
    };

    private static async Task<(Core.Protocol.Http.OrderView Order, IReadOnlyList<LiveLease> Live)> LiveAsync(Run run, string name, CancellationToken cancellationToken)
    {
        var order = await OrderCommands.Own(run).ResolveAsync(name, cancellationToken);
        await run.Chain.RequireAsync(cancellationToken);
        return (order, await LiveLease.ReadAsync(run.Chain, order, cancellationToken));
    }
}
