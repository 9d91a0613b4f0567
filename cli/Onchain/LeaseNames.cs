using Dweb.Chain.Contracts;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Onchain;

/// <summary>A lease with all that a call about it needs.</summary>
internal sealed record OnchainLease(Hash32 Id, LeaseKey Key, EvmAddress User, Order Order, LeaseBook.Events.LeaseOpened Opened)
{
    public IReadOnlyList<LeaseKey> Keys => [Key];
}

/// <summary>Finds leases by id or a prefix of it on the chain itself; the order they belong to is the one that was admitted.</summary>
internal sealed class LeaseNames(DwebChain chain)
{
    /// <exception cref="DwebException">None, or more than one, fits.</exception>
    public async Task<OnchainLease> ResolveAsync(string text, CancellationToken cancellationToken)
    {
        await chain.RequireAsync(cancellationToken);
        var logs = await ChainEvents.ReadAsync(
            chain.Client, [chain.Addresses.LeaseBook], [[LeaseBook.Events.LeaseOpened.Topic]], chain.Addresses.Block, null, cancellationToken);
        var all = logs.Select(static log => LeaseBook.Events.LeaseOpened.TryDecode(log, out var opened) ? opened : null).OfType<LeaseBook.Events.LeaseOpened>();
        var found = NameResolution.Resolve(text, "lease", all, static lease => lease.LeaseId, static _ => null);
        var order = await new AdmittedOrders(chain).OfAsync(found.OrderHash, cancellationToken);
        var key = new LeaseKey(found.OrderHash, found.Service, found.Replica, found.Generation, found.Coe);
        return new OnchainLease(found.LeaseId, key, order.User, order.Order, found);
    }
}
