using Dweb.Chain.Contracts;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Onchain;

/// <summary>Orders that the chain has admitted, with their services, by id or a prefix of it.</summary>
internal sealed class AdmittedOrders(DwebChain chain)
{
    /// <exception cref="DwebException">None, or more than one, fits.</exception>
    public async Task<LeaseBook.Events.OrderAdmitted> ResolveAsync(string text, CancellationToken cancellationToken) =>
        NameResolution.Resolve(text, "order", await ReadAsync(null, cancellationToken), static order => order.OrderHash, static _ => null);

    /// <exception cref="DwebException">The node does not know it.</exception>
    public async Task<LeaseBook.Events.OrderAdmitted> OfAsync(Hash32 order, CancellationToken cancellationToken) =>
        (await ReadAsync(order, cancellationToken)).FirstOrDefault()
            ?? throw new DwebException(Catalogue.NotFound, $"The node does not know the admission of order {order}.");

    private async Task<IEnumerable<LeaseBook.Events.OrderAdmitted>> ReadAsync(Hash32? order, CancellationToken cancellationToken)
    {
        await chain.RequireAsync(cancellationToken);
        var logs = await ChainEvents.ReadAsync(
            chain.Client, [chain.Addresses.LeaseBook], order is { } id ? [[LeaseBook.Events.OrderAdmitted.Topic], [id]] : [[LeaseBook.Events.OrderAdmitted.Topic]],
            chain.Addresses.Block, null, cancellationToken);
        return logs
            .Select(static log => LeaseBook.Events.OrderAdmitted.TryDecode(log, out var admitted) ? admitted : null)
            .OfType<LeaseBook.Events.OrderAdmitted>();
    }
}
