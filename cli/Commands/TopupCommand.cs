using System.CommandLine;
using System.Numerics;
using Dweb.Cli.Deploying;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Commands;

/// <param name="Seconds">That every live lease is funded for on top.</param>
/// <param name="Amount">Wei that was set aside for them.</param>
/// <param name="Deposited">Wei that came from the wallet, for them and for the rent of storage kept meanwhile; the rest was free in escrow.</param>
/// <param name="Resumed">Leases that were parked.</param>
internal sealed record TopupView(Hash32 OrderHash, string? Name, int Leases, int Resumed, uint Seconds, BigInteger Amount, BigInteger Deposited, Hash32 Transaction);

/// <summary><c>topup</c>: funds all live leases of a deployment for the same time more, from escrow first and from the wallet then, in one transaction.</summary>
internal static class TopupCommand
{
    public static Command Create(Verbs verbs)
    {
        var name = OrderCommands.OrderArgument();
        var amount = ValueParsers.AmountArgument("How much, for all its replicas together.");
        return verbs.Verb(
            "topup", "Funds a deployment for longer, and resumes what is parked. What escrow lacks is deposited from the wallet.",
            "dweb topup shop 12.5 --wallet alice", [name, amount], async (run, cancellationToken) =>
            {
                var view = await TopUpAsync(run, run.Get(name), run.Get(amount), cancellationToken);
                run.Printer.Show(view, CliJson.Default.TopupView, Print);
            });
    }

    internal static void Print(TopupView v) => Printer.Table(
        ["ORDER", ">LEASES", ">RESUMED", ">SECONDS MORE", ">SET ASIDE DWEB", ">DEPOSITED DWEB"],
        [[v.Name ?? v.OrderHash.ToString()[..14], $"{v.Leases}", $"{v.Resumed}", $"{v.Seconds}", Amount.FormatGrouped(v.Amount), Amount.FormatGrouped(v.Deposited)]]);

    private static async Task<TopupView> TopUpAsync(Run run, string name, BigInteger amount, CancellationToken cancellationToken)
    {
        var chain = run.Chain;
        var order = await OrderCommands.Own(run).ResolveAsync(name, cancellationToken);
        await chain.RequireAsync(cancellationToken);
        var live = await LiveLease.ReadAsync(chain, order, cancellationToken);
        var admitted = await new AdmittedOrders(chain).OfAsync(order.OrderHash, cancellationToken);
        var funding = Funding.Of(amount, [.. live.Select(static lease => lease.Account)], LiveLease.Left(admitted.Order, live));
        int resumed = live.Count(static lease => lease.Account.State == LeaseState.Parked);
        string what = $"{funding.Seconds} s more for {live.Count} leases of '{OwnOrders.NameOf(order)}', {Amount.FormatGrouped(funding.Amount)} DWEB";
        var (deposited, transaction) = await LeaseFunding.SendAsync(run, admitted.Order, live, funding.Seconds, funding.Amount, what, cancellationToken);
        return new TopupView(order.OrderHash, order.Name, live.Count, resumed, funding.Seconds, funding.Amount, deposited, transaction);
    }
}

/// <summary>How long an amount funds leases together.</summary>
internal sealed record Funding(uint Seconds, BigInteger Amount)
{
    /// <param name="left">Seconds of the order's duration that are left to the replica that has the fewest.</param>
    /// <exception cref="DwebException">It funds less than a second, or more than is left.</exception>
    public static Funding Of(BigInteger amount, IReadOnlyList<LeaseAccount> leases, uint left)
    {
        var second = LeaseFunding.Second(leases);
        var seconds = amount / second;
        return seconds.IsZero
            ? throw new DwebException(Catalogue.InvalidValue, $"A second of its {leases.Count} leases costs {Core.Protocol.Amount.FormatGrouped(second)} DWEB; {Core.Protocol.Amount.FormatGrouped(amount)} fund none.", "AMOUNT")
            : seconds > left
            ? throw new DwebException(
                Catalogue.InvalidValue, $"{Core.Protocol.Amount.FormatGrouped(amount)} DWEB fund {seconds} s; {left} s of the order's duration are left to fund, for {Core.Protocol.Amount.FormatGrouped(second * left)} DWEB.", "AMOUNT")
            : new Funding((uint)seconds, second * seconds);
    }
}
