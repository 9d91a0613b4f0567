using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Reconciling;

/// <summary>An order as the index has it; without the order itself where only its leases are left.</summary>
internal sealed record HeldOrder(Hash32 OrderHash, AdmittedOrder? Order, IReadOnlyList<LeaseRecord> Leases);

/// <summary>Everything that the lease book is asked about one order; the answers come when the batch is sent.</summary>
/// <param name="Epoch">Of the order's user; null where the user is not known.</param>
internal sealed record OrderQuestions(
    HeldOrder Held, Task<LeaseBook.OrderOfResult> Order, Task<ulong>? Epoch, IReadOnlyList<(LeaseRecord Held, Task<Lease> OnChain, Task<BigInteger> Fenced)> Leases,
    IReadOnlyList<(ushort Service, ushort Replica, Task<LeaseBook.ReplicaOfResult> OnChain)> Replicas)
{
    public static OrderQuestions Ask(HeldOrder held, ViewsAtBlock views, CancellationToken cancellationToken)
    {
        var (book, at) = (views.LeaseBook, views.At);
        return new OrderQuestions(
            held,
            book.OrderOfAsync(held.OrderHash, at, cancellationToken),
            held.Order is { } order ? book.EpochOfAsync(order.Order.User, at, cancellationToken) : null,
            [.. held.Leases.Where(static lease => lease.State != LeaseState.Closed).Select(lease =>
                (lease, book.LeaseOfAsync(lease.LeaseId, at, cancellationToken), book.FencedOfAsync(lease.LeaseId, at, cancellationToken)))],
            [.. Places(held).Select(place => (place.Service, place.Replica, book.ReplicaOfAsync(held.OrderHash, place.Service, place.Replica, at, cancellationToken)))]);
    }

    private static IEnumerable<(ushort Service, ushort Replica)> Places(HeldOrder held) => held.Order is { } order
        ? order.Order.Services.SelectMany(static (service, i) => Enumerable.Range(0, service.Replicas).Select(replica => ((ushort)i, (ushort)replica)))
        : [];
}
