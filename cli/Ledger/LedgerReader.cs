using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Cli.Onchain;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Ledger;

/// <summary>Closes the books from the chain alone: events in between, holdings before and after.</summary>
internal sealed class LedgerReader(DwebChain chain)
{
    /// <param name="from">First block; the deployment's otherwise.</param>
    /// <param name="to">Last block; the head's otherwise.</param>
    public async Task<LedgerReport> ReadAsync(ulong? from, ulong? to, CancellationToken cancellationToken)
    {
        await chain.RequireAsync(cancellationToken);
        ulong first = Math.Max(from ?? 0, chain.Addresses.Block);
        ulong last = to ?? (await chain.Client.GetHeadAsync(cancellationToken)).Number;
        var events = await MoneyEvents.ReadAsync(chain, first, last, cancellationToken);
        var accounts = await AccountsAsync(last, cancellationToken);
        var before = first <= chain.Addresses.Block ? Holdings.None : await HoldingsAsync(accounts, BlockTag.Number(first - 1), cancellationToken);
        var after = await HoldingsAsync(accounts, BlockTag.Number(last), cancellationToken);
        return LedgerReport.Of(events, before, after, await BalancesAsync(accounts, BlockTag.Number(last), cancellationToken));
    }

    /// <summary>Everybody who ever had money in the contracts, from the logs since deployment.</summary>
    private async Task<Accounts> AccountsAsync(ulong to, CancellationToken cancellationToken)
    {
        var accounts = new Accounts([], [], [], [], []);
        var at = chain.Addresses;
        var logs = await ChainEvents.ReadAsync(chain.Client, [at.LeaseBook, at.RoyaltyPool, at.CoeRegistry], [], at.Block, to, cancellationToken);
        foreach (var log in logs)
        {
            if (LeaseBook.Events.Deposited.TryDecode(log, out var deposited))
            {
                accounts.Users.Add(deposited.User);
            }
            else if (CoeRegistry.Events.CoeRegistered.TryDecode(log, out var registered))
            {
                accounts.Coes.Add(registered.Coe);
                accounts.Hosts.Add(registered.Host);
            }
            else if (LeaseBook.Events.LeaseOpened.TryDecode(log, out var opened))
            {
                accounts.Leases.Add(opened.LeaseId);
            }
            else if (LeaseBook.Events.BountyPaid.TryDecode(log, out var bounty))
            {
                accounts.Users.Add(bounty.To);
            }
            else if (LeaseBook.Events.EarningsWithdrawn.TryDecode(log, out var earnings) && !accounts.Hosts.Contains(earnings.Payee))
            {
                accounts.Payees.Add(earnings.Payee);
            }
            else if (RoyaltyPool.Events.RoyaltyPaid.TryDecode(log, out var paid))
            {
                accounts.Payees.Add(paid.Payee);
            }
        }

        return accounts;
    }

    private async Task<Holdings> HoldingsAsync(Accounts accounts, BlockTag at, CancellationToken cancellationToken)
    {
        var free = BigInteger.Zero;
        foreach (var user in accounts.Users)
        {
            free += await chain.Book.FreeOfAsync(user, at, cancellationToken);
        }

        var fenced = BigInteger.Zero;
        foreach (var lease in accounts.Leases)
        {
            fenced += await chain.Book.FencedOfAsync(lease, at, cancellationToken);
        }

        var (earned, disputed) = (BigInteger.Zero, BigInteger.Zero);
        foreach (var coe in accounts.Coes)
        {
            var of = await chain.Book.EarnedOfAsync(coe, at, cancellationToken);
            earned += of.Matured + of.Maturing;

            // The pay that was set aside, and a bond of the same amount.
            disputed += 2 * of.Disputed;
        }

        var contracts = chain.Addresses;
        return new Holdings(
            await chain.Token.BalanceOfAsync(contracts.LeaseBook, at, cancellationToken),
            await chain.Token.BalanceOfAsync(contracts.RoyaltyPool, at, cancellationToken),
            await chain.Token.BalanceOfAsync(contracts.CoeRegistry, at, cancellationToken),
            free, fenced, earned, disputed, await chain.Book.FeesAsync(at, cancellationToken));
    }

    private async Task<IReadOnlyList<LedgerBalance>> BalancesAsync(Accounts accounts, BlockTag at, CancellationToken cancellationToken)
    {
        var contracts = chain.Addresses;
        List<(EvmAddress Account, string Role)> roles =
        [
            (contracts.LeaseBook, nameof(LeaseBook)), (contracts.RoyaltyPool, nameof(RoyaltyPool)), (contracts.CoeRegistry, nameof(CoeRegistry)),
            (contracts.Treasury, "treasury"),
            .. accounts.Users.Select(static user => (user, "user")),
            .. accounts.Hosts.Select(static host => (host, "host")),
            .. accounts.Payees.Where(payee => payee != contracts.Treasury).Select(static payee => (payee, "payee")),
        ];
        var balances = new List<LedgerBalance>();
        foreach (var (account, role) in roles)
        {
            balances.Add(new LedgerBalance(account, role, await chain.Token.BalanceOfAsync(account, at, cancellationToken)));
        }

        return balances;
    }

    private sealed record Accounts(
        SortedSet<EvmAddress> Users, SortedSet<EvmAddress> Hosts, SortedSet<EvmAddress> Payees, SortedSet<Hash32> Coes, SortedSet<Hash32> Leases);
}
