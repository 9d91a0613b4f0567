using System.Globalization;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Durable;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orchestrations;

namespace Dweb.Functions.Orders;

/// <summary>
/// Puts what happened to a lease into the inbox of its order's orchestration. The id of each event is derived from what it says, so that the same
/// news heard twice, from an agent or from the chain, arrives once.
/// </summary>
internal sealed partial class OrderNotices(IOrchestrationClient orchestrations, Market market, ILogger<OrderNotices> logger) : IChainWatcher
{
    public Task RaiseAsync(LeaseNotice notice, Hash32 orderHash, CancellationToken cancellationToken) => RaiseAsync(
        notice, orderHash,
        string.Create(CultureInfo.InvariantCulture, $"{notice.Kind}-{notice.LeaseId}-{notice.Code}{(notice.DeadSince == 0 ? "" : notice.DeadSince)}"), cancellationToken);

    /// <summary>Has the order's orchestration read chain and agents anew.</summary>
    /// <param name="run">What found that it must: the same again is heard once.</param>
    public Task RaiseReconciledAsync(Hash32 orderHash, string run, CancellationToken cancellationToken) => RaiseAsync(
        new LeaseNotice(Hash32.Zero, LeaseNoticeKind.Reconciled), orderHash, $"{LeaseNoticeKind.Reconciled}-{run}", cancellationToken);

    public async Task OnLogsAsync(IReadOnlyList<ChainLog> logs, CancellationToken cancellationToken)
    {
        foreach (var log in logs)
        {
            if (LeaseBook.Events.LeaseOpened.TryDecode(log, out var opened) && opened.Generation > 0)
            {
                await RaiseAsync(new LeaseNotice(opened.LeaseId, LeaseNoticeKind.Opened), opened.OrderHash, cancellationToken);
            }
            else if (LeaseBook.Events.LeaseEnding.TryDecode(log, out var ending) && market.FindLease(ending.LeaseId) is { } endingLease)
            {
                await RaiseAsync(Notice(endingLease, LeaseNoticeKind.Ending, (EndReason)ending.Reason), endingLease.OrderHash, cancellationToken);
            }
            else if (LeaseBook.Events.LeaseClosed.TryDecode(log, out var closed) && market.FindLease(closed.LeaseId) is { } closedLease)
            {
                await RaiseAsync(Notice(closedLease, LeaseNoticeKind.Closed, closedLease.Reason), closedLease.OrderHash, cancellationToken);
            }
        }
    }

    public async Task OnWentBackAsync(ulong block, Hash32 head, IReadOnlyList<Hash32> orders, CancellationToken cancellationToken)
    {
        foreach (var order in orders)
        {
            await RaiseAsync(new LeaseNotice(Hash32.Zero, LeaseNoticeKind.Reorganised), order, $"{LeaseNoticeKind.Reorganised}-{head}", cancellationToken);
        }
    }

    private async Task RaiseAsync(LeaseNotice notice, Hash32 orderHash, string eventId, CancellationToken cancellationToken)
    {
        try
        {
            await orchestrations.RaiseEventAsync(orderHash.ToString(), Definitions.LeaseNotice, notice, eventId, cancellationToken);
        }
        catch (Exception unheard) when (unheard is OrchestrationNotFoundException or OrchestrationEndedException)
        {
            // Nobody waits: the order is over, or the sweep has still to start its orchestration, which looks at the chain itself.
            LogUnheard(logger, notice.LeaseId, notice.Kind, unheard.Message);
        }
    }

    private LeaseNotice Notice(LeaseRecord lease, LeaseNoticeKind kind, EndReason reason) => new(
        lease.LeaseId, kind, Detail: $"Replica {lease.Replica} of service {lease.Service} on COE {market.NameOfCoe(lease.Coe)} has ended: {reason}.", Reason: reason);

    [LoggerMessage(EventId = 4001, Level = LogLevel.Debug, Message = "Lease {Lease}: nobody waits to hear that it is {Kind}: {Reason}")]
    private static partial void LogUnheard(ILogger logger, Hash32 lease, LeaseNoticeKind kind, string reason);
}
