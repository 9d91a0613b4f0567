using System.CommandLine;
using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Chain.Signing;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Commands;

/// <param name="Free">Wei free in escrow afterwards.</param>
internal sealed record EscrowView(string Wallet, EvmAddress Address, BigInteger Amount, BigInteger Free, Hash32? Transaction);

/// <summary>Moving tokens into the escrow that pays for leases, and out of it.</summary>
internal static class EscrowCommands
{
    private const ulong PermitSeconds = 3600;

    public static IEnumerable<Command> Create(Verbs verbs) => [Deposit(verbs), Withdraw(verbs)];

    private static Command Deposit(Verbs verbs)
    {
        var amount = ValueParsers.AmountArgument("How much.");
        return verbs.Verb(
            "deposit", "Puts tokens into escrow, by a signed permit in one transaction.", "dweb deposit 100 --wallet alice", [amount],
            async (run, cancellationToken) => Show(run, await DepositAsync(run, run.Get(amount), cancellationToken)));
    }

    private static Command Withdraw(Verbs verbs)
    {
        var amount = ValueParsers.OptionalAmountArgument("How much; all that is free otherwise.");
        return verbs.Verb(
            "withdraw", "Takes free tokens out of escrow.", "dweb withdraw 12.5 --wallet alice", [amount],
            async (run, cancellationToken) => Show(run, await WithdrawAsync(run, run.Find(amount), cancellationToken)));
    }

    private static async Task<EscrowView> DepositAsync(Run run, BigInteger amount, CancellationToken cancellationToken)
    {
        var chain = run.Chain;
        var transactions = run.Transactions;
        var user = transactions.Account.Address;
        await chain.RequireAsync(cancellationToken);
        var balance = await chain.Token.BalanceOfAsync(user, cancellationToken: cancellationToken);
        if (balance < amount)
        {
            throw new DwebException(Catalogue.WalletTooPoor, $"The wallet holds {Amount.FormatGrouped(balance)} DWEB, less than {Amount.FormatGrouped(amount)}.");
        }

        var key = await transactions.ApproveAsync($"a permit and the deposit of {Amount.FormatGrouped(amount)} DWEB into escrow", cancellationToken);
        var receipt = await transactions.SendAsync(await PermittedDepositAsync(chain, key, amount, cancellationToken), what: null, cancellationToken);
        return await ViewAsync(run, transactions.Account, amount, receipt.TransactionHash, cancellationToken);
    }

    /// <summary>A deposit that needs no allowance beforehand; signed, not sent.</summary>
    internal static async Task<ContractCall> PermittedDepositAsync(DwebChain chain, PrivateKey key, BigInteger amount, CancellationToken cancellationToken)
    {
        ulong deadline = (await chain.Client.GetHeadAsync(cancellationToken)).Timestamp + PermitSeconds;
        var nonce = await chain.Token.NoncesAsync(key.Address, cancellationToken: cancellationToken);
        var permit = new Permit(key.Address, chain.Addresses.LeaseBook, amount, nonce, deadline);
        var signature = key.SignDigest(chain.DomainOf(chain.Addresses.DwebToken).Digest(permit.StructHash()));
        return chain.Book.DepositWithPermit(key.Address, amount, deadline, signature.V, signature.R, signature.S);
    }

    private static async Task<EscrowView> WithdrawAsync(Run run, BigInteger? amount, CancellationToken cancellationToken)
    {
        var chain = run.Chain;
        var transactions = run.Transactions;
        await chain.RequireAsync(cancellationToken);
        var free = await chain.Book.FreeOfAsync(transactions.Account.Address, cancellationToken: cancellationToken);
        if (amount is null && free.IsZero)
        {
            return new EscrowView(transactions.Account.Name, transactions.Account.Address, BigInteger.Zero, BigInteger.Zero, null);
        }

        var wanted = amount ?? free;
        var receipt = await transactions.SendAsync(
            chain.Book.Withdraw(wanted), $"the withdrawal of {Amount.FormatGrouped(wanted)} DWEB from escrow", cancellationToken);
        return await ViewAsync(run, transactions.Account, wanted, receipt.TransactionHash, cancellationToken);
    }

    private static async Task<EscrowView> ViewAsync(Run run, EvmAccount account, BigInteger amount, Hash32 transaction, CancellationToken cancellationToken) => new(
        account.Name, account.Address, amount, await run.Chain.Book.FreeOfAsync(account.Address, cancellationToken: cancellationToken), transaction);

    private static void Show(Run run, EscrowView view) => run.Printer.Show(view, CliJson.Default.EscrowView, static v => Printer.Table(
        ["WALLET", ">MOVED DWEB", ">FREE IN ESCROW"], [[v.Wallet, Amount.FormatGrouped(v.Amount), Amount.FormatGrouped(v.Free)]]));
}
