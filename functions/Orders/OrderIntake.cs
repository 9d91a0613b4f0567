using System.Diagnostics;
using System.Numerics;
using Dweb.Core.Manifest;
using Dweb.Core.Metering;
using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;
using Dweb.Functions.Stores;
using Dweb.Functions.Tracing;

namespace Dweb.Functions.Orders;

/// <summary>Takes a signed order: everything that can be known now is checked before it is stored, so that a refusal costs nobody anything.</summary>
internal sealed class OrderIntake(
    ChainContracts contracts, ChainIndexer indexer, MarketView view, RegistryManifests manifests, OrderStore orders, OrderContents contents, OrderQueue queue,
    OrderRecovery recovery, OrderTimeline timeline, OrderTraces traces)
{
    /// <param name="arrivedAtMs">When the request's first bytes came.</param>
    /// <returns>The order as stored: the same for the same order sent again.</returns>
    /// <exception cref="DwebException">Why it was refused.</exception>
    public async Task<OrderRow> SubmitAsync(SubmitOrderRequest request, long arrivedAtMs, CancellationToken cancellationToken)
    {
        var requested = Activity.Current;
        var order = OrderChecks.Read(request, contracts.Book);
        var orderHash = order.Id(contracts.Book);
        if (await orders.FindAsync(orderHash, cancellationToken) is { } known)
        {
            return await AgainAsync(known, order, request, cancellationToken);
        }

        if (await CheckAsync(orderHash, order, request, cancellationToken) is { } admitted)
        {
            return admitted;
        }

        timeline.Add(orderHash, "checked");
        traces.Remember(orderHash, requested);
        using var span = Spans.Begin("row and enqueue", orderHash);
        await contents.PutAsync(order, request, cancellationToken);
        var row = new OrderRow(
            orderHash, request.Order, request.Signature, request.Name, OrderStatus.Accepted, null, null, arrivedAtMs, null,
            [new TimelineEntry(arrivedAtMs, "received", null)]);
        if (await orders.TryInsertAsync(row, cancellationToken) is not { } stored)
        {
            return (await orders.FindAsync(orderHash, cancellationToken))!;
        }

        timeline.Add(orderHash, "stored");
        await queue.EnqueueAsync(orderHash, cancellationToken);
        timeline.Add(orderHash, "queued");
        return stored;
    }

    /// <returns>The order's row where the chain has admitted it already; else null.</returns>
    private async Task<OrderRow?> CheckAsync(Hash32 orderHash, Order order, SubmitOrderRequest request, CancellationToken cancellationToken)
    {
        using var span = Spans.Begin("intake checks", orderHash);
        var read = OrderChecks.ReadSpecs(order, request.Specs);
        SecretChecks.Require(order, read, request.Bundles ?? []);
        OrderChecks.CheckSignature(order, orderHash, request.Signature);
        return await IsAdmittedAsync(orderHash, order, read, cancellationToken) && await RecoverAsync(orderHash, cancellationToken) is { } admitted
            ? await AgainAsync(admitted, order, request, cancellationToken)
            : null;
    }

    /// <summary>A control plane that found the order on the chain gets from its user what only they have: specs, signature and name.</summary>
    private async Task<OrderRow> AgainAsync(OrderRow known, Order order, SubmitOrderRequest request, CancellationToken cancellationToken)
    {
        try
        {
            SecretChecks.Require(order, OrderChecks.ReadSpecs(order, request.Specs), request.Bundles ?? []);
        }
        catch (DwebException other) when (other.Error == Catalogue.SpecMismatch)
        {
            throw new DwebException(Catalogue.OrderConflict, $"Order {known.OrderHash} is known. {other.Message}", other.Field);
        }

        if (known.Signature != default)
        {
            return known;
        }

        OrderChecks.CheckSignature(order, known.OrderHash, request.Signature);
        await contents.PutAsync(order, request, cancellationToken);
        return (await orders.UpdateAsync(
            known.OrderHash, row => row.Signature == default ? row with { Signature = request.Signature, Name = request.Name } : null, cancellationToken))!;
    }

    /// <summary>The order came to another control plane first, and is on the chain: nothing of it is to be checked, and nothing to be opened by it twice.</summary>
    private async Task<OrderRow?> RecoverAsync(Hash32 orderHash, CancellationToken cancellationToken)
    {
        await indexer.CatchUpAsync(cancellationToken);
        return await recovery.FindAsync(orderHash, cancellationToken);
    }

    /// <returns>True where the chain has admitted it, so that neither its time nor its cost is left to be checked.</returns>
    /// <exception cref="DwebException">The chain would not admit it.</exception>
    private async Task<bool> IsAdmittedAsync(Hash32 orderHash, Order order, IReadOnlyList<ContainerSpec> read, CancellationToken cancellationToken)
    {
        var book = contracts.LeaseBook;
        var state = book.OrderOfAsync(orderHash, cancellationToken: cancellationToken);
        var free = book.FreeOfAsync(order.User, cancellationToken: cancellationToken);
        var epoch = book.EpochOfAsync(order.User, cancellationToken: cancellationToken);
        var images = Task.WhenAll(read.Select((spec, i) => CheckImageAsync(spec, $"order.services[{i}].imageDigest", cancellationToken)));
        await Task.WhenAll(state, free, epoch, images);

        if ((await state).Cancelled)
        {
            throw new DwebException(Catalogue.OrderCancelled, $"Order {orderHash} was cancelled on chain.");
        }

        if (!(await state).User.IsZero)
        {
            return true;
        }

        CheckTimes(order, await epoch);
        CheckCost(orderHash, order, read, await free, await images);
        return false;
    }

    private void CheckTimes(Order order, ulong userEpoch)
    {
        ulong now = indexer.Head.Timestamp;
        if (order.SubmitBy < now)
        {
            throw new DwebException(Catalogue.OrderExpired, $"The order was to be submitted by {order.SubmitBy}; the chain's time is {now}.", "order.submitBy");
        }

        if (order.UserEpoch < userEpoch)
        {
            throw new DwebException(Catalogue.OrderCancelled, $"The order is of epoch {order.UserEpoch}; its user is in {userEpoch}.", "order.userEpoch");
        }
    }

    private async Task<ushort> CheckImageAsync(ContainerSpec spec, string field, CancellationToken cancellationToken)
    {
        var image = await contracts.ContainerRegistry.ImageOfAsync(spec.ImageDigest, cancellationToken: cancellationToken);
        var refusal = image switch
        {
            { Minted: false } => Catalogue.ImageNotMinted,
            { Malicious: true } => Catalogue.ImageMalicious,
            { Revoked: true } => Catalogue.ImageRevoked,
            _ => null,
        };
        if (refusal is not null)
        {
            throw new DwebException(refusal, $"Image {spec.Repository}@{spec.ImageDigest}: {refusal.Title}", field);
        }

        var claim = await manifests.ReadAsync(spec.Repository, spec.ImageDigest, cancellationToken);
        if (claim.Publisher != image.Publisher || claim.ComponentsHash != image.ComponentsHash)
        {
            throw new DwebException(
                Catalogue.AnnotationMismatch,
                $"The manifest of {spec.Repository} names publisher {claim.Publisher} and components {claim.ComponentsHash}; its NFT {image.Publisher} and {image.ComponentsHash}.",
                field);
        }

        return image.RoyaltyBps;
    }

    private void CheckCost(Hash32 orderHash, Order order, IReadOnlyList<ContainerSpec> read, BigInteger free, ushort[] royalties)
    {
        if (order.MaxFeeBps < view.Snapshot().FeeBps)
        {
            throw new DwebException(Catalogue.InvalidValue, $"The fee is {view.Snapshot().FeeBps} basis points; the order allows {order.MaxFeeBps}.", "order.maxFeeBps");
        }

        for (int i = 0; i < royalties.Length; i++)
        {
            if (royalties[i] > order.MaxRoyaltyBps)
            {
                throw new DwebException(
                    Catalogue.InvalidValue, $"The royalty of service {i} is {royalties[i]} basis points; the order allows {order.MaxRoyaltyBps}.", "order.maxRoyaltyBps");
            }
        }

        var snapshot = view.Snapshot();
        var placement = Placer.Place(snapshot, view.NotLost(), PlacementRequest.ForNewOrder(orderHash, order.Services, order.Duration).ConfinedTo(ConfinedServices.Of(read)));
        if (placement.Unplaced is [var unplaced, ..])
        {
            throw new DwebException(
                Catalogue.NoCapacity, $"Service {unplaced.Slot.Service}, replica {unplaced.Slot.Replica}: {unplaced.Explain()}", $"order.services[{unplaced.Slot.Service}]");
        }

        var offers = snapshot.Coes.ToDictionary(static offer => offer.Coe);
        var needed = placement.Entries.Aggregate(BigInteger.Zero, (sum, entry) =>
        {
            var service = order.Services[entry.Service];
            var terms = Rates.Lock(offers[entry.Coe].Ask, snapshot.ReferencePrices, service.Reserved, royalties[entry.Service], snapshot.FeeBps);
            return sum + OrderCost.Fenced(terms, Math.Min(order.Prepay, order.Duration), snapshot.Grace);
        });
        if (needed > order.MaxTotal)
        {
            throw new DwebException(Catalogue.InvalidValue, $"Opening the order takes {needed} wei; its cap is {order.MaxTotal}.", "order.maxTotal");
        }

        if (needed > free)
        {
            throw new DwebException(Catalogue.InsufficientBalance, $"Opening the order takes {needed} wei; the free balance of {order.User} is {free}.", "order.user");
        }
    }
}
