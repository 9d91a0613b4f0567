using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;


namespace Dweb.Functions.Indexing;

/// <summary>What a run of logs changed: entities to store again, and leases whose state moved.</summary>
internal sealed class Changes
{
    public HashSet<Hash32> Coes { get; } = [];

    public HashSet<Hash32> Images { get; } = [];

    public HashSet<Hash32> Repositories { get; } = [];

    public HashSet<Hash32> Releases { get; } = [];

    public HashSet<Hash32> Orders { get; } = [];

    public HashSet<Hash32> Leases { get; } = [];

    /// <summary>Leases whose settled counters moved: to be read from the chain.</summary>
    public HashSet<Hash32> Settled { get; } = [];
}

/// <summary>Chain logs to records. Applying a log twice gives the same records, so that a crash between rows and cursor costs nothing.</summary>
internal sealed class Projection(ChainContracts contracts, Market market)
{
    private static readonly HashSet<Hash32> CoeTopics =
    [
        CoeRegistry.Events.CoeRegistered.Topic, CoeRegistry.Events.CapacitySet.Topic, CoeRegistry.Events.AskSet.Topic, CoeRegistry.Events.EndpointSet.Topic,
        CoeRegistry.Events.Staked.Topic, CoeRegistry.Events.Assigned.Topic, CoeRegistry.Events.Released.Topic,
    ];

    private readonly Lock gate = new();

    public void Apply(IReadOnlyList<ChainLog> logs, Changes changes)
    {
        lock (gate)
        {
            ApplyInTurn(logs, changes);
        }
    }

    /// <summary>Takes the counters that the chain holds of a lease.</summary>
    public void Put(Hash32 leaseId, UsageCounters settled)
    {
        lock (gate)
        {
            market.Put(market.FindLease(leaseId)! with { Settled = settled });
        }
    }

    private void ApplyInTurn(IReadOnlyList<ChainLog> logs, Changes changes)
    {
        foreach (var log in logs)
        {
            if (log.Address == contracts.LeaseBook.Address)
            {
                ApplyLeaseBook(log, changes);
            }
            else if (log.Address == contracts.CoeRegistry.Address)
            {
                // All of these name their COE first; the record itself is read whole, because deltas cannot be applied twice.
                if (CoeTopics.Contains(log.Topics[0]))
                {
                    changes.Coes.Add(log.Topics[1]);
                }
            }
            else if (log.Address == contracts.ContainerRegistry.Address)
            {
                ApplyContainerRegistry(log, changes);
            }
            else if (log.Address == contracts.CodeRegistry.Address)
            {
                ApplyCodeRegistry(log, changes);
            }
        }
    }

    private void ApplyLeaseBook(ChainLog log, Changes changes)
    {
        if (LeaseBook.Events.LeaseOpened.TryDecode(log, out var opened))
        {
            var terms = new LeaseTerms(
                opened.Terms.HostRate, opened.Terms.BaseRate, opened.Terms.HostTransfer, opened.Terms.BaseTransfer,
                opened.Terms.RoyaltyBps, opened.Terms.FeeBps, opened.Terms.AllowanceGiB);
            Put(changes, new LeaseRecord(
                opened.LeaseId, opened.OrderHash, opened.Coe, opened.Service, opened.Replica, opened.Generation, opened.Origin, opened.Limit, terms,
                LeaseState.Open, EndReason.None, 0, market.FindLease(opened.LeaseId)?.Settled ?? UsageMerge.Empty));
        }
        else if (LeaseBook.Events.LeaseEnding.TryDecode(log, out var ending) && market.FindLease(ending.LeaseId) is { } endingLease)
        {
            Put(changes, endingLease with { State = LeaseState.Ending, Reason = (EndReason)ending.Reason, EndedAt = ending.EndedAt });
        }
        else if (LeaseBook.Events.LeaseClosed.TryDecode(log, out var closed) && market.FindLease(closed.LeaseId) is { } closedLease)
        {
            Put(changes, closedLease with { State = LeaseState.Closed });
        }
        else if (LeaseBook.Events.OrderAdmitted.TryDecode(log, out var admitted))
        {
            market.Orders[admitted.OrderHash] = new AdmittedOrder(admitted.OrderHash, ContractMessages.OrderOf(admitted), log.BlockNumber, false);
            changes.Orders.Add(admitted.OrderHash);
        }
        else if (LeaseBook.Events.OrderCancelled.TryDecode(log, out var cancelled) && market.Orders.TryGetValue(cancelled.OrderHash, out var order))
        {
            market.Orders[cancelled.OrderHash] = order with { Cancelled = true };
            changes.Orders.Add(cancelled.OrderHash);
        }
        else if (LeaseBook.Events.UsageSettled.TryDecode(log, out var settled))
        {
            ApplySettled(settled, changes);
        }
    }

    private void ApplySettled(LeaseBook.Events.UsageSettled settled, Changes changes)
    {
        var entries = Core.Protocol.Messages.UsageBatch.UnpackEntries(settled.Entries);
        if (settled.Codes.Length != entries.Count)
        {
            return;
        }

        for (int i = 0; i < entries.Count; i++)
        {
            if ((UsageCode)settled.Codes[i] == UsageCode.Accepted && market.FindLease(entries[i].Handle) is { } lease)
            {
                // The chain clamps by the state of the moment, so what it holds is read from it, not computed again.
                changes.Settled.Add(lease.LeaseId);
            }
        }
    }

    private void ApplyContainerRegistry(ChainLog log, Changes changes)
    {
        if (ContainerRegistry.Events.ImageMinted.TryDecode(log, out var minted))
        {
            market.Images[minted.ManifestDigest] = new ImageRecord(
                minted.ManifestDigest, minted.Name, minted.Publisher, minted.RoyaltyBps, minted.ComponentsHash, minted.Node);
            changes.Images.Add(minted.ManifestDigest);
        }
    }

    private void ApplyCodeRegistry(ChainLog log, Changes changes)
    {
        if (CodeRegistry.Events.RepositoryCreated.TryDecode(log, out var created))
        {
            var id = ContractMessages.TokenHash(created.Repository);
            market.Repositories[id] = new RepositoryRecord(id, created.Name, created.Owner, created.Payee);
            changes.Repositories.Add(id);
        }
        else if (CodeRegistry.Events.ReleasePublished.TryDecode(log, out var published))
        {
            market.Releases[published.ReleaseId] = new ReleaseRecord(
                published.ReleaseId, ContractMessages.TokenHash(published.Repository), published.Version, published.SourceDigest, published.Uri,
                published.License, published.Signer);
            changes.Releases.Add(published.ReleaseId);
        }
    }

    private void Put(Changes changes, LeaseRecord lease)
    {
        market.Put(lease);
        changes.Leases.Add(lease.LeaseId);
    }
}
