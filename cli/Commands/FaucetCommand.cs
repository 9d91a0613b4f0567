using System.CommandLine;
using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Commands;

/// <param name="Amount">Wei of DWEB.</param>
/// <param name="Eth">Wei of the chain's own coin that was sent along.</param>
internal sealed record FundingView(string Wallet, EvmAddress Address, BigInteger Amount, BigInteger Eth, Hash32 Transaction);

/// <summary><c>wallet fund</c> and <c>token faucet</c>: the token's faucet, on the local chain only.</summary>
internal static class FaucetCommand
{
    private const ulong LocalChain = 31337;

    // Enough for thousands of transactions of a test.
    private static readonly BigInteger GasMoney = Amount.WeiPerDweb;

    /// <param name="group">Group of the verb, as <c>wallet</c>.</param>
    /// <param name="verb">The verb, as <c>fund</c>.</param>
    public static Command Create(Verbs verbs, string group, string verb)
    {
        var name = new Argument<string>("NAME") { Description = "Wallet, or an address." };
        var amount = ValueParsers.AmountArgument("How much.");
        return verbs.Verb(
            verb, "On the local chain: takes tokens from the faucet, and coin for gas from --wallet if there is none.",
            $"dweb {group} {verb} alice 1000 --wallet deployer", [name, amount], async (run, cancellationToken) =>
            {
                var target = EvmAddress.TryParse(run.Get(name), out var address) ? new EvmAccount(run.Get(name), address) : run.Home.Wallets.Find(run.Get(name));
                var view = await FundAsync(run, target, run.Get(amount), cancellationToken);
                run.Printer.Show(view, CliJson.Default.FundingView, static v => Printer.Table(
                    ["WALLET", "ADDRESS", ">DWEB", ">ETH"],
                    [[v.Wallet, v.Address.ToString(), Amount.FormatGrouped(v.Amount), Amount.FormatGrouped(v.Eth)]]));
            });
    }

    private static async Task<FundingView> FundAsync(Run run, EvmAccount target, BigInteger amount, CancellationToken cancellationToken)
    {
        if (run.Chain.Addresses.ChainId != LocalChain)
        {
            throw new DwebException(Catalogue.Forbidden, $"The faucet is on the local chain ({LocalChain}) only; this is chain {run.Chain.Addresses.ChainId}.");
        }

        var transactions = run.Transactions;
        var receipt = await transactions.SendAsync(
            run.Chain.Token.Faucet(target.Address, amount), $"{Amount.FormatGrouped(amount)} DWEB from the faucet to {target.Name} ({target.Address})", cancellationToken);
        var gas = BigInteger.Zero;
        if (await run.Chain.Client.GetBalanceAsync(target.Address, BlockTag.Latest, cancellationToken) == 0)
        {
            gas = GasMoney;
            await transactions.SendAsync(
                new ContractCall(target.Address, [], "transfer of coin") { Value = gas },
                $"{Amount.FormatGrouped(gas)} ETH for gas to {target.Name} ({target.Address})", cancellationToken);
        }

        return new FundingView(target.Name, target.Address, amount, gas, receipt.TransactionHash);
    }
}
