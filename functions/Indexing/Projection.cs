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

    /// <summary>Channels that moved, by the id of their record: to be read from the chain.</summary>
    public Dictionary<Hash32, (EvmAddress Publisher, string Name)> Channels { get; } = [];

    public HashSet<Hash32> Repositories { get; } = [];

    public HashSet<Hash32> Releases { get; } = [];

    public HashSet<Hash32> Orders { get; } = [];

    public HashSet<Hash32> Leases { get; } = [];

    /// <summary>The protocol DAO changed something, or may have: to be read from the chain.</summary>
    public bool Governed { get; set; }

    /// <summary>Leases whose settled counters or limit moved: to be read from the chain.</summary>
    public HashSet<Hash32> Settled { get; } = [];

    /// <summary>All entities to be stored.</summary>
    public IReadOnlyList<MarketKey> Keys =>
    [
        .. Coes.Select(static id => new MarketKey(MarketKind.Coe, id)),
        .. Images.Select(static id => new MarketKey(MarketKind.Image, id)),
        .. Channels.Keys.Select(static id => new MarketKey(MarketKind.Channel, id)),
        .. Repositories.Select(static id => new MarketKey(MarketKind.Repository, id)),
        .. Releases.Select(static id => new MarketKey(MarketKind.Release, id)),
        .. Orders.Select(static id => new MarketKey(MarketKind.Order, id)),
        .. Leases.Select(static id => new MarketKey(MarketKind.Lease, id)),
    ];
}

/// <summary>Chain logs to records. Applying a log twice gives the same records, so that a crash between rows and cursor costs nothing.</summary>
internal sealed class Projection(ChainContracts contracts, Market market)
{
    // Of all events of the COE registry only these do not name a COE first.
    private static readonly HashSet<Hash32> BookTopics = [CoeRegistry.Events.BookProposed.Topic, CoeRegistry.Events.BookAuthorised.Topic];

    private readonly Lock gate = new();

    /// <param name="block">The newest block of the logs.</param>
    public void Apply(IReadOnlyList<ChainLog> logs, Changes changes, ulong block)
    {
        lock (gate)
        {
            market.Journal.Block = block;
            ApplyInTurn(logs, changes);
        }
    }

    /// <summary>Takes the counters and the limit that the chain holds of a lease.</summary>
    public void Put(Hash32 leaseId, uint limit, UsageCounters settled)
    {
        lock (gate)
        {
            market.Put(market.FindLease(leaseId)! with { Limit = limit, Settled = settled });
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
                // The record itself is read whole, because deltas cannot be applied twice.
                if (!BookTopics.Contains(log.Topics[0]) && log.Topics.Count > 1 && log.Topics[0] != CoeRegistry.Events.OwnershipTransferred.Topic)
                {
                    changes.Coes.Add(log.Topics[1]);
                }
            }
            else if (log.Address == contracts.CoeOsRegistry.Address)
            {
                ApplyCoeOsRegistry(log, changes);
            }
            else if (log.Address == contracts.ProtocolSettings.Address || log.Address == contracts.SchedulerCommittee.Address)
            {
                changes.Governed = true;
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
        if (LeaseBook.Events.UsageSettled.TryDecode(log, out var settled))
        {
            ApplySettled(settled, changes);
        }
        else if (!ApplyOrder(log, changes) && !ApplyFunding(log, changes))
        {
            ApplyLease(log, changes);
        }
    }

    private bool ApplyOrder(ChainLog log, Changes changes)
    {
        if (LeaseBook.Events.OrderAdmitted.TryDecode(log, out var admitted))
        {
            market.Orders[admitted.OrderHash] = new AdmittedOrder(admitted.OrderHash, ContractMessages.OrderOf(admitted), log.BlockNumber, false);
            changes.Orders.Add(admitted.OrderHash);
        }
        else if (LeaseBook.Events.OrderCancelled.TryDecode(log, out var cancelled))
        {
            Cancel(market.Orders.Values.Where(order => order.OrderHash == cancelled.OrderHash), changes);
        }
        else if (LeaseBook.Events.EpochRaised.TryDecode(log, out var raised))
        {
            Cancel(market.Orders.Values.Where(order => order.Order.User == raised.User && order.Order.UserEpoch < raised.Epoch), changes);
        }
        else
        {
            return false;
        }

        return true;
    }

    private void Cancel(IEnumerable<AdmittedOrder> orders, Changes changes)
    {
        foreach (var order in orders.ToList())
        {
            market.Orders[order.OrderHash] = order with { Cancelled = true };
            changes.Orders.Add(order.OrderHash);
        }
    }

    private bool ApplyFunding(ChainLog log, Changes changes)
    {
        if (LeaseBook.Events.LeaseRenewed.TryDecode(log, out var renewed))
        {
            Change(renewed.LeaseId, lease => lease with { Origin = renewed.Origin, Limit = renewed.Limit }, changes);
        }
        else if (LeaseBook.Events.LeaseParked.TryDecode(log, out var parked))
        {
            Change(parked.LeaseId, lease => lease with { State = LeaseState.Parked, Limit = parked.Limit }, changes);
        }
        else if (LeaseBook.Events.LeaseResumed.TryDecode(log, out var resumed))
        {
            Change(resumed.LeaseId, static lease => lease with { State = LeaseState.Open }, changes);
        }
        else
        {
            return false;
        }

        return true;
    }

    private void ApplyLease(ChainLog log, Changes changes)
    {
        if (LeaseBook.Events.LeaseOpened.TryDecode(log, out var opened))
        {
            ApplyOpened(opened, changes);
        }
        else if (LeaseBook.Events.ReplicaPutBack.TryDecode(log, out var back))
        {
            var replaced = FindPlace(back.OrderHash, back.Service, back.Replica, back.Generation - 1);
            if (replaced is not null && FindPlace(back.OrderHash, back.Service, back.Replica, back.Generation) is { } lease)
            {
                Put(changes, lease with { PutBackFrom = replaced.ImageDigest });
            }
        }
        else if (LeaseBook.Events.LeaseEnding.TryDecode(log, out var ending) && market.FindLease(ending.LeaseId) is not null)
        {
            // A fault may lie before its end; what can still be reported is the chain's to say.
            changes.Settled.Add(ending.LeaseId);
            Change(ending.LeaseId, lease => lease with { State = LeaseState.Ending, Reason = (EndReason)ending.Reason, EndedAt = ending.EndedAt }, changes);
        }
        else if (LeaseBook.Events.LeaseClosed.TryDecode(log, out var closed))
        {
            Change(closed.LeaseId, static lease => lease with { State = LeaseState.Closed }, changes);
        }
        else if (LeaseBook.Events.FaultAnswered.TryDecode(log, out var answered))
        {
            Change(answered.LeaseId, static lease => lease with { FaultAnswered = true }, changes);
        }
        else if (LeaseBook.Events.DisputeOpened.TryDecode(log, out var disputed))
        {
            Change(disputed.LeaseId, lease => lease with { DisputedUntil = disputed.VerdictUntil }, changes);
        }
        else if (LeaseBook.Events.DisputeClosed.TryDecode(log, out var settled))
        {
            Change(settled.LeaseId, static lease => lease with { DisputedUntil = 0 }, changes);
        }
    }

    private void ApplyOpened(LeaseBook.Events.LeaseOpened opened, Changes changes)
    {
        var known = market.FindLease(opened.LeaseId);
        var before = FindPlace(opened.OrderHash, opened.Service, opened.Replica, opened.Generation - 1);

        // A failover keeps a replica back that was put back; an upgrade does not.
        bool staysBack = before is { PutBackFrom.IsZero: false } && before.ImageDigest == opened.ImageDigest;
        Put(changes, new LeaseRecord(
            opened.LeaseId, opened.OrderHash, opened.Coe, opened.Service, opened.Replica, opened.Generation, opened.ImageDigest, opened.Origin, opened.Limit,
            ContractResults.Of(opened.Terms), LeaseState.Open, EndReason.None, 0, known?.Settled ?? UsageMerge.Empty)
        {
            PutBackFrom = known?.PutBackFrom ?? (staysBack ? before!.PutBackFrom : default),
        });
    }

    private LeaseRecord? FindPlace(Hash32 orderHash, ushort service, ushort replica, int generation) =>
        market.LeasesOfOrder(orderHash).LastOrDefault(lease => lease.Service == service && lease.Replica == replica && lease.Generation == generation);

    private void Change(Hash32 leaseId, Func<LeaseRecord, LeaseRecord> change, Changes changes)
    {
        if (market.FindLease(leaseId) is { } lease)
        {
            Put(changes, change(lease));
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

    private void ApplyCoeOsRegistry(ChainLog log, Changes changes)
    {
        if (CoeOsRegistry.Events.OsImageRevoked.TryDecode(log, out var revoked))
        {
            changes.Coes.UnionWith(market.Coes.Values.Where(coe => coe.OsImage == revoked.OsImage).Select(static coe => coe.Coe));
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
        else if (ContainerRegistry.Events.ChannelMoved.TryDecode(log, out var moved) && moved.Channel == ChannelRecord.Stable)
        {
            changes.Channels[ChannelRecord.IdOf(moved.Publisher, moved.Name)] = (moved.Publisher, moved.Name);
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
