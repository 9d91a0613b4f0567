using System.CommandLine;
using System.Numerics;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Commands;

/// <summary>A COE's stake: what bonds of leases are locked from.</summary>
internal static class CoeStakeCommands
{
    public static IEnumerable<Command> Create(Verbs verbs) => [Stake(verbs), Unbond(verbs), Withdraw(verbs)];

    /// <summary>Lets the registry of COEs take so much of the wallet, where it may not yet.</summary>
    /// <param name="what">One line of what it is for: approved here, so that the call that follows need not ask again; null when it was approved before.</param>
    /// <exception cref="DwebException">The wallet holds less.</exception>
    internal static async Task ApproveAsync(Run run, WalletTransactions transactions, BigInteger amount, string? what, CancellationToken cancellationToken)
    {
        var chain = run.Chain;
        var host = transactions.Account.Address;
        var balance = await chain.Token.BalanceOfAsync(host, cancellationToken: cancellationToken);
        if (balance < amount)
        {
            throw new DwebException(Catalogue.WalletTooPoor, $"The wallet holds {Amount.FormatGrouped(balance)} DWEB, less than the stake of {Amount.FormatGrouped(amount)}.");
        }

        if (what is not null)
        {
            await transactions.ApproveAsync(what, cancellationToken);
        }

        if (await chain.Token.AllowanceAsync(host, chain.Addresses.CoeRegistry, cancellationToken: cancellationToken) < amount)
        {
            await transactions.SendAsync(chain.Token.Approve(chain.Addresses.CoeRegistry, amount), what: null, cancellationToken);
        }
    }

    private static Command Stake(Verbs verbs)
    {
        var name = CoeChange.CoeArgument();
        var amount = ValueParsers.AmountArgument("How much more.");
        return verbs.Verb("stake", "Adds to a COE's stake; anyone may.", "dweb coe stake frankfurt-1 500 --wallet host1", [name, amount], async (run, cancellationToken) =>
        {
            var wei = run.Get(amount);
            var coe = await new CoeNames(run.Chain).ResolveAsync(run.Get(name), run.Self, cancellationToken);
            string what = $"{Amount.FormatGrouped(wei)} DWEB more of stake for COE '{coe.Name}'";
            await ApproveAsync(run, run.Transactions, wei, what, cancellationToken);
            var receipt = await run.Transactions.SendAsync(run.Chain.Coes.AddStake(coe.Id, wei), what: null, cancellationToken);
            Change.Show(run, new ChangeView(coe.Name, coe.Id.ToString(), what, receipt.TransactionHash, receipt.BlockNumber));
        });
    }

    private static Command Unbond(Verbs verbs)
    {
        var name = CoeChange.CoeArgument();
        var amount = ValueParsers.AmountArgument("How much of what no bond locks.");
        return verbs.Verb(
            "unbond", "Takes from a COE's stake; payable after the time of unbonding.", "dweb coe unbond frankfurt-1 500 --wallet host1", [name, amount],
            (run, cancellationToken) => CoeChange.SendAsync(
                run, run.Get(name), (coes, coe) => coes.Unbond(coe.Id, run.Get(amount)), $"the unbonding of {Amount.FormatGrouped(run.Get(amount))} DWEB of", cancellationToken));
    }

    private static Command Withdraw(Verbs verbs)
    {
        var name = CoeChange.CoeArgument();
        return verbs.Verb(
            "withdraw-unbonded", "Pays out to the host what a COE has unbonded.", "dweb coe withdraw-unbonded frankfurt-1 --wallet host1", [name],
            (run, cancellationToken) => CoeChange.SendAsync(run, run.Get(name), (coes, coe) => coes.WithdrawUnbonded(coe.Id), "the payment of what was unbonded of", cancellationToken));
    }
}
