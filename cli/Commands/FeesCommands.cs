using System.CommandLine;
using System.Numerics;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Commands;

/// <param name="Fees">Wei of fees paid out now.</param>
/// <param name="Commons">Wei of royalties of nobody in particular, paid out now.</param>
internal sealed record FeesView(EvmAddress Treasury, BigInteger Fees, BigInteger Commons);

/// <summary>What the protocol itself earns. Anyone may send it on its way; it goes to the treasury only.</summary>
internal static class FeesCommands
{
    public static Command Create(Verbs verbs) => Verbs.Group("fees", "What the protocol earns.", Withdraw(verbs));

    private static Command Withdraw(Verbs verbs) => verbs.Verb(
        "withdraw", "Pays collected fees and the commons to the treasury.", "dweb fees withdraw --wallet alice", [], async (run, cancellationToken) =>
        {
            var view = await WithdrawAsync(run, cancellationToken);
            run.Printer.Show(view, CliJson.Default.FeesView, static v => Printer.Table(
                ["TREASURY", ">FEES DWEB", ">COMMONS DWEB"], [[v.Treasury.ToString(), Amount.FormatGrouped(v.Fees), Amount.FormatGrouped(v.Commons)]]));
        });

    private static async Task<FeesView> WithdrawAsync(Run run, CancellationToken cancellationToken)
    {
        var chain = run.Chain;
        var transactions = run.Transactions;
        await chain.RequireAsync(cancellationToken);
        var fees = await chain.Book.FeesAsync(cancellationToken: cancellationToken);
        var commons = await chain.Pool.AccountOfAsync(RoyaltyGraph.Commons, cancellationToken: cancellationToken);
        if (fees > 0)
        {
            await transactions.SendAsync(chain.Book.WithdrawFees(), $"the payment of {Amount.FormatGrouped(fees)} DWEB of fees to the treasury", cancellationToken);
        }

        if (commons > 0)
        {
            await transactions.SendAsync(
                chain.Pool.Pay(RoyaltyGraph.Commons), $"the payment of {Amount.FormatGrouped(commons)} DWEB of the commons to the treasury", cancellationToken);
        }

        return new FeesView(chain.Addresses.Treasury, fees, commons);
    }
}
