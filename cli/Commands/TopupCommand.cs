using System.CommandLine;
using System.Numerics;
using Dweb.Chain.Contracts;
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
    // A transaction takes its time: what runs out meanwhile counts as having done so.
    private const ulong SoonSeconds = 60;

    public static Command Create(Verbs verbs)
    {
        var name = OrderCommands.OrderArgument();
        var amount = ValueParsers.AmountArgument("How much, for all its replicas together.");
        return verbs.Verb(
            "topup", "Funds a deployment for longer, and resumes what is parked. What escrow lacks is deposited from the wallet.",
            "dweb topup shop 12.5 --wallet alice", [name, amount], async (run, cancellationToken) =>
            {
                var view = await TopUpAsync(run, run.Get(name), run.Get(amount), cancellationToken);
                run.Printer.Show(view, CliJson.Default.TopupView, static v => Printer.Table(
                    ["ORDER", ">LEASES", ">RESUMED", ">SECONDS MORE", ">SET ASIDE DWEB", ">DEPOSITED DWEB"],
                    [[v.Name ?? v.OrderHash.ToString()[..14], $"{v.Leases}", $"{v.Resumed}", $"{v.Seconds}", Amount.FormatGrouped(v.Amount), Amount.FormatGrouped(v.Deposited)]]));
            });
    }

    private static async Task<TopupView> TopUpAsync(Run run, string name, BigInteger amount, CancellationToken cancellationToken)
    {
        var chain = run.Chain;
        var order = await OrderCommands.Own(run).ResolveAsync(name, cancellationToken);
        await chain.RequireAsync(cancellationToken);
        var live = await LiveLease.ReadAsync(chain, order, cancellationToken);
        var admitted = await new AdmittedOrders(chain).OfAsync(order.OrderHash, cancellationToken);
        var funding = Funding.Of(amount, [.. live.Select(static lease => lease.Account)], live.Min(lease => admitted.Order.Duration - Math.Min(admitted.Order.Duration, lease.CommittedSeconds)));
        ContractCall[] calls = [.. live.Select(lease => lease.Account.State == LeaseState.Parked
            ? chain.Book.Resume(admitted.Order, lease.Key, funding.Seconds)
            : chain.Book.Renew(admitted.Order, lease.Key, funding.Seconds))];
        int resumed = live.Count(static lease => lease.Account.State == LeaseState.Parked);
        string what = $"{funding.Seconds} s more for {live.Count} leases of '{order.Name ?? order.OrderHash.ToString()[..14]}', {Amount.FormatGrouped(funding.Amount)} DWEB";
        var rent = await RentAsync(chain, live, cancellationToken);
        var (deposited, transaction) = await SendAsync(run, calls, funding.Amount + rent, what, cancellationToken);
        return new TopupView(order.OrderHash, order.Name, live.Count, resumed, funding.Seconds, funding.Amount, deposited, transaction);
    }

    /// <summary>
    /// What leases without funds take beside their seconds, at most: the rent of the storage that was kept meanwhile is paid out of what is held
    /// for it, which is filled up again. How much that is depends on the block; what is not taken stays free in escrow.
    /// </summary>
    private static async Task<BigInteger> RentAsync(DwebChain chain, IReadOnlyList<LiveLease> live, CancellationToken cancellationToken)
    {
        ulong soon = (await chain.Client.GetHeadAsync(cancellationToken)).Timestamp + SoonSeconds;
        uint grace = (await chain.Book.ParamsAsync(cancellationToken: cancellationToken)).Grace;
        return live.Where(lease => lease.Account.State == LeaseState.Parked || lease.Account.Origin + lease.Account.Limit < soon)
            .Aggregate(BigInteger.Zero, (sum, lease) => sum + lease.Account.Terms.Reserve(grace));
    }

    private static async Task<(BigInteger Deposited, Hash32 Transaction)> SendAsync(
        Run run, IReadOnlyList<ContractCall> calls, BigInteger amount, string what, CancellationToken cancellationToken)
    {
        var chain = run.Chain;
        var transactions = run.Transactions;
        var user = transactions.Account.Address;
        var lacking = amount - await chain.Book.FreeOfAsync(user, cancellationToken: cancellationToken);
        if (lacking.Sign <= 0)
        {
            var renewed = await transactions.SendAsync(chain.Book.Multicall([.. calls.Select(static call => call.Data)]), what, cancellationToken);
            return (BigInteger.Zero, renewed.TransactionHash);
        }

        var held = await chain.Token.BalanceOfAsync(user, cancellationToken: cancellationToken);
        if (held < lacking)
        {
            throw new DwebException(
                Catalogue.WalletTooPoor, $"It takes {Amount.FormatGrouped(lacking)} DWEB more than is free in escrow; the wallet holds {Amount.FormatGrouped(held)}.");
        }

        var key = await transactions.ApproveAsync($"{what}, and a permit to deposit {Amount.FormatGrouped(lacking)} of it", cancellationToken);
        var deposit = await EscrowCommands.PermittedDepositAsync(chain, key, lacking, cancellationToken);
        var receipt = await transactions.SendAsync(chain.Book.Multicall([deposit.Data, .. calls.Select(static call => call.Data)]), what: null, cancellationToken);
        return (lacking, receipt.TransactionHash);
    }
}

/// <summary>How long an amount funds leases together.</summary>
internal sealed record Funding(uint Seconds, BigInteger Amount)
{
    /// <param name="left">Seconds of the order's duration that are left to the replica that has the fewest.</param>
    /// <exception cref="DwebException">It funds less than a second, or more than is left.</exception>
    public static Funding Of(BigInteger amount, IReadOnlyList<LeaseAccount> leases, uint left)
    {
        var second = leases.Aggregate(BigInteger.Zero, static (sum, lease) => sum + Charge.Of(lease.Terms, seconds: 1, transferMiB: 0).Total);
        var seconds = amount / second;
        return seconds.IsZero
            ? throw new DwebException(Catalogue.InvalidValue, $"A second of its {leases.Count} leases costs {Core.Protocol.Amount.FormatGrouped(second)} DWEB; {Core.Protocol.Amount.FormatGrouped(amount)} fund none.", "AMOUNT")
            : seconds > left
            ? throw new DwebException(
                Catalogue.InvalidValue, $"{Core.Protocol.Amount.FormatGrouped(amount)} DWEB fund {seconds} s; {left} s of the order's duration are left to fund, for {Core.Protocol.Amount.FormatGrouped(second * left)} DWEB.", "AMOUNT")
            : new Funding((uint)seconds, second * seconds);
    }
}
