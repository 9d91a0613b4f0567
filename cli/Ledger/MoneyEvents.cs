using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Cli.Onchain;

namespace Dweb.Cli.Ledger;

/// <summary>Reads money out of the contracts' logs.</summary>
internal static class MoneyEvents
{
    /// <param name="from">First block.</param>
    /// <param name="to">Last block.</param>
    public static async Task<IReadOnlyList<MoneyEvent>> ReadAsync(DwebChain chain, ulong from, ulong to, CancellationToken cancellationToken)
    {
        var at = chain.Addresses;
        var logs = await ChainEvents.ReadAsync(chain.Client, [at.LeaseBook, at.RoyaltyPool, at.CoeRegistry], [], from, to, cancellationToken);
        return [.. logs.SelectMany(log => log.Address == at.LeaseBook ? OfBook(log) : log.Address == at.RoyaltyPool ? OfPool(log) : OfCoes(log))];
    }

    private static IEnumerable<MoneyEvent> OfBook(ChainLog log)
    {
        if (LeaseBook.Events.Deposited.TryDecode(log, out var deposited))
        {
            yield return Event(MoneyKind.Deposited, deposited.User.ToString(), deposited.Amount, log);
        }
        else if (LeaseBook.Events.Withdrawn.TryDecode(log, out var withdrawn))
        {
            yield return Event(MoneyKind.Withdrawn, withdrawn.User.ToString(), withdrawn.Amount, log);
        }
        else if (LeaseBook.Events.UsageSettled.TryDecode(log, out var settled))
        {
            yield return Event(MoneyKind.HostSettled, settled.Coe.ToString(), settled.Host, log);
            yield return Event(MoneyKind.RoyaltySettled, settled.Coe.ToString(), settled.Royalty, log);
            yield return Event(MoneyKind.FeeSettled, settled.Coe.ToString(), settled.Fee, log);
        }
        else if (LeaseBook.Events.LeaseEnding.TryDecode(log, out var ending))
        {
            yield return Event(MoneyKind.LeaseRefunded, ending.LeaseId.ToString(), ending.Refunded, log);
        }
        else if (LeaseBook.Events.LeaseClosed.TryDecode(log, out var closed))
        {
            yield return Event(MoneyKind.LeaseRefunded, closed.LeaseId.ToString(), closed.Refunded, log);
        }
        else if (LeaseBook.Events.EarningsWithdrawn.TryDecode(log, out var earnings))
        {
            yield return Event(MoneyKind.EarningsWithdrawn, earnings.Host.ToString(), earnings.Amount, log);
        }
        else if (LeaseBook.Events.FeesWithdrawn.TryDecode(log, out var fees))
        {
            yield return Event(MoneyKind.FeesWithdrawn, fees.Treasury.ToString(), fees.Amount, log);
        }
    }

    private static IEnumerable<MoneyEvent> OfPool(ChainLog log)
    {
        if (RoyaltyPool.Events.RoyaltyReceived.TryDecode(log, out var received))
        {
            yield return Event(MoneyKind.RoyaltyReceived, received.Node.ToString(), received.Amount, log);
        }
        else if (RoyaltyPool.Events.RoyaltyPulled.TryDecode(log, out var pulled))
        {
            yield return Event(MoneyKind.RoyaltyPulled, pulled.Target.ToString(), pulled.Amount, log);
        }
        else if (RoyaltyPool.Events.RoyaltyPaid.TryDecode(log, out var paid))
        {
            yield return Event(MoneyKind.RoyaltyPaid, paid.Payee.ToString(), paid.Amount, log);
        }
    }

    private static IEnumerable<MoneyEvent> OfCoes(ChainLog log)
    {
        if (CoeRegistry.Events.Staked.TryDecode(log, out var staked))
        {
            yield return Event(MoneyKind.Staked, staked.Coe.ToString(), staked.Amount, log);
        }
    }

    private static MoneyEvent Event(MoneyKind kind, string account, System.Numerics.BigInteger amount, ChainLog log) =>
        new(kind, account, amount, log.TransactionHash, log.BlockNumber);
}
