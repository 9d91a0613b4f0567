using System.CommandLine;
using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Commands;

/// <summary><c>code pull-royalty</c>: brings royalties down the graph and pays them out. Anyone may do it; only payees are paid.</summary>
internal static class PullRoyaltyCommand
{
    public static Command Create(Verbs verbs)
    {
        var all = new Option<bool>("--all") { Description = "For every payee and the commons, not only for the wallet." };
        return verbs.Verb(
            "pull-royalty", "Pays out what the wallet's releases and images have earned.", "dweb code pull-royalty --wallet carol", [all],
            async (run, cancellationToken) =>
            {
                var view = await PullAsync(run, run.Get(all), cancellationToken);
                run.Printer.Show(view, CliJson.Default.RoyaltyPullView, static v => Printer.Table(
                    ["ACCOUNT", "PAYEE", ">DWEB"],
                    [.. v.Payments.Select(static p => (string[])[p.Account.ToString()[..14], p.Payee.ToString(), Amount.FormatGrouped(p.Amount)]), ["total", "", Amount.FormatGrouped(v.Total)]]));
            });
    }

    private static async Task<RoyaltyPullView> PullAsync(Run run, bool everybody, CancellationToken cancellationToken)
    {
        var chain = run.Chain;
        var transactions = run.Transactions;
        await chain.RequireAsync(cancellationToken);
        var graph = await RoyaltyGraph.ReadAsync(chain, cancellationToken);
        var wanted = await WantedAsync(chain, graph, everybody ? null : transactions.Account.Address, cancellationToken);
        await transactions.ApproveAsync($"the transactions that pull and pay the royalties of {wanted.Count} releases and images", cancellationToken);
        int pulled = 0;
        foreach (var pull in graph.PullsTowards(wanted))
        {
            if (await chain.Pool.PendingOfAsync(pull.Node, pull.Index, cancellationToken: cancellationToken) > 0)
            {
                await transactions.SendAsync(chain.Pool.Pull(pull.Node, pull.Index), what: null, cancellationToken);
                pulled++;
            }
        }

        IEnumerable<Hash32> accounts = everybody ? [.. wanted, RoyaltyGraph.Commons] : wanted;
        var payments = await PayAsync(chain, transactions, accounts, cancellationToken);
        return new RoyaltyPullView(pulled, payments.Aggregate(BigInteger.Zero, static (sum, payment) => sum + payment.Amount), payments);
    }

    /// <summary>Pays accounts out that hold something.</summary>
    internal static async Task<IReadOnlyList<PaymentView>> PayAsync(
        DwebChain chain, WalletTransactions transactions, IEnumerable<Hash32> accounts, CancellationToken cancellationToken)
    {
        var payments = new List<PaymentView>();
        foreach (var account in accounts)
        {
            if (await chain.Pool.AccountOfAsync(account, cancellationToken: cancellationToken) == 0)
            {
                continue;
            }

            var receipt = await transactions.SendAsync(chain.Pool.Pay(account), what: null, cancellationToken);
            foreach (var log in receipt.Logs)
            {
                if (log.Address == chain.Addresses.RoyaltyPool && RoyaltyPool.Events.RoyaltyPaid.TryDecode(log, out var paid))
                {
                    payments.Add(new PaymentView(paid.Account, paid.Payee, paid.Amount, receipt.TransactionHash));
                }
            }
        }

        return payments;
    }

    private static async Task<HashSet<Hash32>> WantedAsync(DwebChain chain, RoyaltyGraph graph, EvmAddress? payee, CancellationToken cancellationToken)
    {
        var wanted = new HashSet<Hash32>();
        foreach (var node in graph.Nodes)
        {
            if (payee is null || await PayeeOfAsync(chain, node, cancellationToken) == payee)
            {
                wanted.Add(node.Id);
            }
        }

        return wanted;
    }

    private static Task<EvmAddress> PayeeOfAsync(DwebChain chain, RoyaltyNode node, CancellationToken cancellationToken) =>
        node.Registry == chain.Addresses.ContainerRegistry
            ? chain.Images.PayeeOfAsync(node.Id, cancellationToken: cancellationToken)
            : chain.Code.PayeeOfAsync(node.Id, cancellationToken: cancellationToken);
}
