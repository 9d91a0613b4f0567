using System.Numerics;
using Dweb.Cli.Deploying;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Messages;
using Order = Dweb.Chain.Contracts.Order;

namespace Dweb.Cli.Commands;

/// <summary>Calls that fund leases, sent as one transaction; what escrow lacks for them is deposited by it from the wallet.</summary>
internal static class LeaseFunding
{
    // A transaction takes its time: what runs out meanwhile counts as having done so.
    private const ulong SoonSeconds = 60;

    /// <returns>Wei that a second of all these leases costs.</returns>
    public static BigInteger Second(IEnumerable<LeaseAccount> leases) =>
        leases.Aggregate(BigInteger.Zero, static (sum, lease) => sum + Charge.Of(lease.Terms, seconds: 1, transferMiB: 0).Total);

    /// <param name="seconds">For each of the leases; those that are parked are resumed.</param>
    /// <param name="amount">Wei that the seconds cost.</param>
    /// <param name="what">One line to approve.</param>
    /// <returns>What was deposited, in wei, and the transaction.</returns>
    /// <exception cref="DwebException">The wallet does not hold what escrow lacks.</exception>
    public static async Task<(BigInteger Deposited, Hash32 Transaction)> SendAsync(
        Run run, Order order, IReadOnlyList<LiveLease> leases, uint seconds, BigInteger amount, string what, CancellationToken cancellationToken)
    {
        var chain = run.Chain;
        byte[][] calls = [.. leases.Select(lease => (lease.Account.State == LeaseState.Parked
            ? chain.Book.Resume(order, lease.Key, seconds)
            : chain.Book.Renew(order, lease.Key, seconds)).Data)];
        var transactions = run.Transactions;
        var user = transactions.Account.Address;
        var lacking = amount + await RentAsync(chain, leases, cancellationToken) - await chain.Book.FreeOfAsync(user, cancellationToken: cancellationToken);
        if (lacking.Sign <= 0)
        {
            var renewed = await transactions.SendAsync(chain.Book.Multicall(calls), what, cancellationToken);
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
        var receipt = await transactions.SendAsync(chain.Book.Multicall([deposit.Data, .. calls]), what: null, cancellationToken);
        return (lacking, receipt.TransactionHash);
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
}
