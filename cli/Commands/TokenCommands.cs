using System.CommandLine;
using System.Numerics;
using Dweb.Chain.Rpc;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Commands;

/// <param name="Total">Wei there are; no more can be made.</param>
/// <param name="Escrowed">Wei that the lease book holds.</param>
/// <param name="Staked">Wei that the registry of COEs holds.</param>
/// <param name="Royalties">Wei that the royalty pool holds.</param>
internal sealed record SupplyView(EvmAddress Token, BigInteger Total, BigInteger Escrowed, BigInteger Staked, BigInteger Royalties);

/// <summary>The token itself: DWEB in wallets.</summary>
internal static class TokenCommands
{
    public static Command Create(Verbs verbs) => Verbs.Group(
        "token", "The token that everything is paid in.", Balance(verbs), Send(verbs), Delegate(verbs), Supply(verbs), FaucetCommand.Create(verbs, "token", "faucet"));

    private static Command Balance(Verbs verbs)
    {
        var who = new Argument<string?>("WALLET|ADDRESS") { Description = "Whose; --wallet's otherwise.", Arity = ArgumentArity.ZeroOrOne };
        return verbs.Verb("balance", "Shows what a wallet or an address holds.", "dweb token balance alice", [who], async (run, cancellationToken) =>
        {
            var account = run.Find(who) is { } text ? Account(run, text) : run.Wallet.Account;
            var chain = run.Chain;
            await chain.RequireAsync(cancellationToken);
            var view = new BalanceView(
                account.Name, account.Address,
                await chain.Client.GetBalanceAsync(account.Address, BlockTag.Latest, cancellationToken),
                await chain.Token.BalanceOfAsync(account.Address, cancellationToken: cancellationToken),
                await chain.Book.FreeOfAsync(account.Address, cancellationToken: cancellationToken));
            run.Printer.Show(view, CliJson.Default.BalanceView, static v => Printer.Table(
                ["ADDRESS", ">DWEB", ">FREE IN ESCROW", ">ETH"],
                [[v.Address.ToString(), Amount.FormatGrouped(v.Token), Amount.FormatGrouped(v.Free), Amount.FormatGrouped(v.Eth)]]));
        });
    }

    private static Command Send(Verbs verbs)
    {
        var to = new Argument<string>("TO") { Description = "A wallet of this machine, or an address." };
        var amount = ValueParsers.AmountArgument("How much.");
        return verbs.Verb("send", "Sends tokens of the wallet.", "dweb token send bob 12.5 --wallet alice", [to, amount], async (run, cancellationToken) =>
        {
            var account = Account(run, run.Get(to));
            var wei = run.Get(amount);
            await Change.SendAsync(
                run, run.Chain.Token.Transfer(account.Address, wei), account.Name, account.Address.ToString(),
                $"the transfer of {Amount.FormatGrouped(wei)} DWEB to {account.Name} ({account.Address})", cancellationToken);
        });
    }

    private static Command Delegate(Verbs verbs)
    {
        var to = new Argument<string>("TO") { Description = "A wallet of this machine, or an address; the wallet itself to vote with its own." };
        return verbs.Verb(
            "delegate", "Lets an account vote with the wallet's tokens, those that still come included.", "dweb token delegate bob --wallet alice", [to], async (run, cancellationToken) =>
            {
                var account = Account(run, run.Get(to));
                await Change.SendAsync(
                    run, run.Chain.Token.Delegate(account.Address), account.Name, account.Address.ToString(),
                    $"the delegation of all votes to {account.Name} ({account.Address})", cancellationToken);
            });
    }

    private static Command Supply(Verbs verbs) => verbs.Verb("supply", "Shows how much there is, and what the contracts hold of it.", "dweb token supply", [], async (run, cancellationToken) =>
    {
        var chain = run.Chain;
        await chain.RequireAsync(cancellationToken);
        Task<BigInteger> HeldAsync(EvmAddress contract) => chain.Token.BalanceOfAsync(contract, cancellationToken: cancellationToken);
        var view = new SupplyView(
            chain.Addresses.DwebToken, await chain.Token.TotalSupplyAsync(cancellationToken: cancellationToken), await HeldAsync(chain.Addresses.LeaseBook),
            await HeldAsync(chain.Addresses.CoeRegistry), await HeldAsync(chain.Addresses.RoyaltyPool));
        run.Printer.Show(view, CliJson.Default.SupplyView, static v => Printer.Table(
            ["TOKEN", ">TOTAL DWEB", ">IN ESCROW", ">STAKED", ">ROYALTIES"],
            [
                [
                    v.Token.ToString(), Amount.FormatGrouped(v.Total), Amount.FormatGrouped(v.Escrowed), Amount.FormatGrouped(v.Staked),
                    Amount.FormatGrouped(v.Royalties),
                ],
            ]));
    });

    /// <exception cref="Core.Protocol.Errors.DwebException">Neither an address nor a wallet of this machine.</exception>
    internal static EvmAccount Account(Run run, string text) =>
        EvmAddress.TryParse(text, out var address) ? new EvmAccount(text, address) : run.Home.Wallets.Find(text);
}
