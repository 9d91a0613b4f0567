using System.CommandLine;
using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Cli.Deploying;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using LeaseKey = Dweb.Chain.Contracts.LeaseKey;

namespace Dweb.Cli.Commands;

/// <param name="Ended">Leases ended now.</param>
/// <param name="Refunded">Wei that went back to the free balance so far; the rest follows when late reports are in.</param>
/// <param name="Spent">Wei that hosts, royalties and fees got so far.</param>
/// <param name="Transaction">The last one; null when there was nothing left to end.</param>
internal sealed record CloseResult(Hash32 OrderHash, string? Name, OrderStatus Status, int Ended, BigInteger Refunded, BigInteger Spent, Hash32? Transaction);

/// <summary><c>close</c>: cancels an order and ends its leases. Safe to repeat.</summary>
internal static class CloseCommand
{
    public static Command Create(Verbs verbs)
    {
        var name = new Argument<string>("NAME") { Description = "Name of an order, or the beginning of its hash." };
        var wait = new Option<bool>("--wait") { Description = "Wait until every lease is closed and the rest refunded." };
        return verbs.Verb("close", "Ends a deployment and refunds what was not used.", "dweb close shop --wait --wallet alice", [name, wait], async (run, cancellationToken) =>
        {
            var order = await OrderCommands.Own(run).ResolveAsync(run.Get(name), cancellationToken);
            var result = await CloseAsync(run, order, run.Get(wait), approved: false, cancellationToken);
            run.Printer.Show(result, CliJson.Default.CloseResult, static r => Printer.Table(
                ["ORDER", "NAME", "STATUS", ">ENDED", ">REFUNDED DWEB", ">SPENT DWEB"],
                [[r.OrderHash.ToString()[..14], r.Name ?? "", r.Status.ToString(), $"{r.Ended}", Amount.FormatGrouped(r.Refunded), Amount.FormatGrouped(r.Spent)]]));
        });
    }

    /// <param name="wait">Whether to return only when every lease is closed.</param>
    /// <param name="approved">The user was asked already.</param>
    internal static async Task<CloseResult> CloseAsync(Run run, OrderView order, bool wait, bool approved, CancellationToken cancellationToken)
    {
        var chain = run.Chain;
        await chain.RequireAsync(cancellationToken);
        var leases = await LeasesAsync(chain, order.OrderHash, cancellationToken);
        var open = new List<LeaseKey>();
        foreach (var (lease, key) in leases)
        {
            if ((LeaseState)(await chain.Book.LeaseOfAsync(lease, cancellationToken: cancellationToken)).State is LeaseState.Open or LeaseState.Parked)
            {
                open.Add(ContractArguments.Of(key));
            }
        }

        var transaction = await EndAsync(run, order, open, approved, cancellationToken);
        if (wait && !OwnOrders.IsOver(order.Status))
        {
            order = await OrderCommands.Own(run).WaitAsync(
                order.OrderHash, OrderStatus.Closed, run.Printer.Progress, cancellationToken);
        }

        var refunded = await RefundedAsync(chain, [.. leases.Keys], cancellationToken);
        var money = await OrderMoney.ReadAsync(chain, order.OrderHash, leases.Keys, cancellationToken);
        return new CloseResult(order.OrderHash, order.Name, order.Status, open.Count, refunded, money.Spent, transaction);
    }

    /// <summary>First no lease can be opened or funded any more, then those that live end: in between nothing is lost.</summary>
    private static async Task<Hash32?> EndAsync(Run run, OrderView order, List<LeaseKey> open, bool approved, CancellationToken cancellationToken)
    {
        var chain = run.Chain;
        var calls = new List<ContractCall>();
        if (!(await chain.Book.OrderOfAsync(order.OrderHash, cancellationToken: cancellationToken)).Cancelled)
        {
            calls.Add(chain.Book.Cancel(order.OrderHash));
        }

        if (open.Count > 0)
        {
            calls.Add(chain.Book.End(open));
        }

        string? what = approved ? null : $"the end of order '{order.Name}' ({order.OrderHash.ToString()[..14]}) and its {open.Count} open leases";
        Hash32? last = null;
        foreach (var call in calls)
        {
            last = (await run.Transactions.SendAsync(call, what, cancellationToken)).TransactionHash;
            what = null;
        }

        return last;
    }

    private static async Task<IReadOnlyDictionary<Hash32, Core.Protocol.Messages.LeaseKey>> LeasesAsync(DwebChain chain, Hash32 order, CancellationToken cancellationToken)
    {
        var logs = await ChainEvents.ReadAsync(
            chain.Client, [chain.Addresses.LeaseBook], [[LeaseBook.Events.LeaseOpened.Topic], null, [order]], chain.Addresses.Block, null, cancellationToken);
        return logs
            .Select(static log => LeaseBook.Events.LeaseOpened.TryDecode(log, out var opened) ? opened : null)
            .OfType<LeaseBook.Events.LeaseOpened>()
            .ToDictionary(
                static opened => opened.LeaseId,
                static opened => new Core.Protocol.Messages.LeaseKey(opened.OrderHash, opened.Service, opened.Replica, opened.Generation, opened.Coe));
    }

    private static async Task<BigInteger> RefundedAsync(DwebChain chain, IReadOnlyList<Hash32> leases, CancellationToken cancellationToken)
    {
        if (leases.Count == 0)
        {
            return BigInteger.Zero;
        }

        var logs = await ChainEvents.ReadAsync(
            chain.Client, [chain.Addresses.LeaseBook], [[LeaseBook.Events.LeaseEnding.Topic, LeaseBook.Events.LeaseClosed.Topic], [.. leases]], chain.Addresses.Block, null,
            cancellationToken);
        return logs.Aggregate(BigInteger.Zero, static (sum, log) => sum
            + (LeaseBook.Events.LeaseEnding.TryDecode(log, out var ending) ? ending.Refunded
                : LeaseBook.Events.LeaseClosed.TryDecode(log, out var closed) ? closed.Refunded : BigInteger.Zero));
    }
}
