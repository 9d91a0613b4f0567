using System.CommandLine;
using System.Numerics;
using Dweb.Chain.Keystores;
using Dweb.Chain.Rpc;
using Dweb.Chain.Signing;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Commands;

internal sealed record WalletView(string Name, EvmAddress Address);

/// <param name="Eth">Wei of the chain's own coin.</param>
/// <param name="Token">Wei of DWEB in the wallet.</param>
/// <param name="Free">Wei of DWEB in escrow that no lease holds.</param>
internal sealed record BalanceView(string Wallet, EvmAddress Address, BigInteger Eth, BigInteger Token, BigInteger Free);

internal static class WalletCommands
{
    public static Command Create(Verbs verbs) => Verbs.Group(
        "wallet", "Keys of this machine, each under a password.", New(verbs), WalletImport.Create(verbs), List(verbs), Balance(verbs), FaucetCommand.Create(verbs, "wallet", "fund"));

    private static Command New(Verbs verbs)
    {
        var name = new Argument<string>("NAME") { Description = "Lower-case letters, digits, '-' and '_'." };
        var light = LightOption();
        return verbs.Verb("new", "Makes a new key.", "dweb wallet new alice", [name, light], (run, _) =>
        {
            Add(run, run.Get(name), static () => PrivateKey.Create(), run.Get(light));
            return Task.CompletedTask;
        });
    }

    private static Command List(Verbs verbs) => verbs.Verb("ls", "Lists the wallets of this machine.", "dweb wallet ls", [], (run, _) =>
    {
        IReadOnlyList<WalletView> wallets = [.. run.Home.Wallets.List().Select(static wallet => new WalletView(wallet.Name, wallet.Address))];
        run.Printer.Show(wallets, CliJson.Default.IReadOnlyListWalletView, static all =>
            Printer.Table(["NAME", "ADDRESS"], all.Select(static wallet => (string[])[wallet.Name, wallet.Address.ToString()])));
        return Task.CompletedTask;
    });

    private static Command Balance(Verbs verbs)
    {
        var name = new Argument<string?>("NAME") { Description = "Wallet; --wallet's otherwise.", Arity = ArgumentArity.ZeroOrOne };
        return verbs.Verb("balance", "Shows what a wallet holds.", "dweb wallet balance alice", [name], async (run, cancellationToken) =>
        {
            var account = run.Find(name) is { } named ? run.Home.Wallets.Find(named) : run.Wallet.Account;
            await run.Chain.RequireAsync(cancellationToken);
            var balance = new BalanceView(
                account.Name, account.Address,
                await run.Chain.Client.GetBalanceAsync(account.Address, BlockTag.Latest, cancellationToken),
                await run.Chain.Token.BalanceOfAsync(account.Address, cancellationToken: cancellationToken),
                await run.Chain.Book.FreeOfAsync(account.Address, cancellationToken: cancellationToken));
            run.Printer.Show(balance, CliJson.Default.BalanceView, static b => Printer.Table(
                ["WALLET", "ADDRESS", ">ETH", ">DWEB", ">FREE IN ESCROW"],
                [[b.Wallet, b.Address.ToString(), Amount.FormatGrouped(b.Eth), Amount.FormatGrouped(b.Token), Amount.FormatGrouped(b.Free)]]));
        });
    }

    internal static Option<bool> LightOption() => new("--light")
    {
        Description = "Weak protection against guessing (scrypt n = 4,096 instead of 262,144): for keys of test chains.",
    };

    /// <exception cref="Core.Protocol.Errors.DwebException">The name is malformed or taken, or there is no password.</exception>
    internal static EvmAccount Store(Run run, string name, Func<PrivateKey> key, bool light)
    {
        run.Home.Wallets.RequireFree(name);
        var secret = key();
        return run.Home.Wallets.Add(name, secret, run.Passwords.ForNew(name), light ? KeystoreStrength.Light : KeystoreStrength.Standard);
    }

    internal static void Add(Run run, string name, Func<PrivateKey> key, bool light)
    {
        var account = Store(run, name, key, light);
        run.Printer.Show(new WalletView(account.Name, account.Address), CliJson.Default.WalletView, static wallet =>
            Printer.Table(["NAME", "ADDRESS"], [[wallet.Name, wallet.Address.ToString()]]));
    }
}
