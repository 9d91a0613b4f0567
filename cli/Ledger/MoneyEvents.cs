using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Cli.Onchain;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Ledger;

/// <summary>Reads money out of the contracts' logs.</summary>
internal sealed class MoneyEvents(ContractAddresses at)
{
    private readonly Dictionary<uint, Hash32> nodes = [];

    /// <param name="from">First block.</param>
    /// <param name="to">Last block.</param>
    public static async Task<IReadOnlyList<MoneyEvent>> ReadAsync(DwebChain chain, ulong from, ulong to, CancellationToken cancellationToken)
    {
        var at = chain.Addresses;

        // From the beginning: a node's number means what was told when it was defined.
        var logs = await ChainEvents.ReadAsync(chain.Client, [at.LeaseBook, at.RoyaltyPool, at.CoeRegistry], [], at.Block, to, cancellationToken);
        return [.. new MoneyEvents(at).Read(logs).Where(e => e.Block >= from)];
    }

    /// <param name="logs">In the order of the chain, from the deployment.</param>
    public IEnumerable<MoneyEvent> Read(IEnumerable<ChainLog> logs) => logs.SelectMany(
        log => log.Address == at.LeaseBook ? OfBook(log) : log.Address == at.RoyaltyPool ? OfPool(log) : OfCoes(log));

    private static IEnumerable<MoneyEvent> OfBook(ChainLog log) => OfEscrow(log).Concat(OfLease(log)).Concat(OfDispute(log));

    private static IEnumerable<MoneyEvent> OfEscrow(ChainLog log)
    {
        if (LeaseBook.Events.Deposited.TryDecode(log, out var deposited))
        {
            yield return Event(MoneyKind.Deposited, deposited.User, deposited.Amount, log);
        }
        else if (LeaseBook.Events.Withdrawn.TryDecode(log, out var withdrawn))
        {
            yield return Event(MoneyKind.Withdrawn, withdrawn.User, withdrawn.Amount, log);
        }
        else if (LeaseBook.Events.EarningsWithdrawn.TryDecode(log, out var earnings))
        {
            yield return Event(MoneyKind.EarningsWithdrawn, earnings.Payee, earnings.Amount, log);
        }
        else if (LeaseBook.Events.FeesWithdrawn.TryDecode(log, out var fees))
        {
            yield return Event(MoneyKind.FeesWithdrawn, fees.Treasury, fees.Amount, log);
        }
        else if (LeaseBook.Events.BountyPaid.TryDecode(log, out var bounty))
        {
            yield return Event(MoneyKind.BountyPaid, bounty.To, bounty.Amount, log);
        }
    }

    private static IEnumerable<MoneyEvent> OfLease(ChainLog log)
    {
        if (LeaseBook.Events.UsageSettled.TryDecode(log, out var settled))
        {
            yield return Event(MoneyKind.HostSettled, settled.Coe, settled.Host, log);
            yield return Event(MoneyKind.RoyaltySettled, settled.Coe, settled.Royalty, log);
            yield return Event(MoneyKind.FeeSettled, settled.Coe, settled.Fee, log);
        }
        else if (LeaseBook.Events.LeaseRenewed.TryDecode(log, out var renewed))
        {
            yield return Event(MoneyKind.RentPaid, renewed.LeaseId, renewed.Rent, log);
        }
        else if (LeaseBook.Events.LeaseParked.TryDecode(log, out var parked))
        {
            yield return Event(MoneyKind.LeaseRefunded, parked.LeaseId, parked.Refunded, log);
        }
        else if (LeaseBook.Events.LeaseEnding.TryDecode(log, out var ending))
        {
            yield return Event(MoneyKind.LeaseRefunded, ending.LeaseId, ending.Refunded, log);
            yield return Event(MoneyKind.RentPaid, ending.LeaseId, ending.Rent, log);
        }
        else if (LeaseBook.Events.LeaseClosed.TryDecode(log, out var closed))
        {
            yield return Event(MoneyKind.LeaseRefunded, closed.LeaseId, closed.Refunded, log);
            yield return Event(MoneyKind.BondReceived, closed.LeaseId, closed.BondToUser, log);
        }
    }

    private static IEnumerable<MoneyEvent> OfDispute(ChainLog log)
    {
        if (LeaseBook.Events.DisputeOpened.TryDecode(log, out var opened))
        {
            yield return Event(MoneyKind.DisputeSetAside, opened.Coe, opened.Amount, log);
            yield return Event(MoneyKind.DisputeBonded, opened.LeaseId, opened.Amount, log);
        }
        else if (LeaseBook.Events.DisputeClosed.TryDecode(log, out var closed))
        {
            yield return Event(MoneyKind.DisputeRefunded, closed.LeaseId, closed.Refunded, log);
            yield return Event(MoneyKind.DisputePaid, closed.Coe, closed.ToHost, log);
        }
    }

    private IEnumerable<MoneyEvent> OfPool(ChainLog log)
    {
        if (RoyaltyPool.Events.NodeDefined.TryDecode(log, out var node))
        {
            nodes[node.Index] = node.Node;
        }
        else if (RoyaltyPool.Events.RoyaltyReceived.TryDecode(log, out var received))
        {
            yield return Event(MoneyKind.RoyaltyReceived, nodes.GetValueOrDefault(received.Index), received.Amount, log);
        }
        else if (RoyaltyPool.Events.RoyaltyPulled.TryDecode(log, out var pulled))
        {
            // Index 0 is the commons, and so is the zero hash.
            yield return Event(MoneyKind.RoyaltyPulled, nodes.GetValueOrDefault(pulled.Target), pulled.Amount, log);
        }
        else if (RoyaltyPool.Events.RoyaltyPaid.TryDecode(log, out var paid))
        {
            yield return Event(MoneyKind.RoyaltyPaid, paid.Payee, paid.Amount, log);
        }
    }

    private static IEnumerable<MoneyEvent> OfCoes(ChainLog log)
    {
        if (CoeRegistry.Events.Staked.TryDecode(log, out var staked))
        {
            yield return Event(MoneyKind.Staked, staked.Coe, staked.Amount, log);
        }
        else if (CoeRegistry.Events.Slashed.TryDecode(log, out var slashed))
        {
            yield return Event(MoneyKind.Slashed, slashed.Coe, slashed.Bond, log);
        }
        else if (CoeRegistry.Events.Unbonded.TryDecode(log, out var unbonded))
        {
            yield return Event(MoneyKind.Unbonded, unbonded.Coe, unbonded.Amount, log);
        }
    }

    private static MoneyEvent Event<T>(MoneyKind kind, T account, BigInteger amount, ChainLog log)
        where T : notnull => new(kind, account.ToString()!, amount, log.TransactionHash, log.BlockNumber);
}
