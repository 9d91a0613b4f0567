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
    public async Task RaiseAsync(LeaseRecord lease, LeaseNoticeKind kind, string? code, string? detail, CancellationToken cancellationToken)
    {
        try
        {
            await orchestrations.RaiseEventAsync(
                lease.OrderHash.ToString(),
                Definitions.LeaseNotice,
                new LeaseNotice(lease.LeaseId, kind, code, detail),
                $"{kind}-{lease.LeaseId}-{code}",
                cancellationToken);
        }
        catch (Exception unheard) when (unheard is OrchestrationNotFoundException or OrchestrationEndedException)
        {
            // Nobody waits: the order is over, or the sweep has still to start its orchestration, which looks at the chain itself.
            LogUnheard(logger, lease.LeaseId, kind, unheard.Message);
        }
    }

    public async Task OnLogsAsync(IReadOnlyList<ChainLog> logs, CancellationToken cancellationToken)
    {
        foreach (var log in logs)
        {
            if (LeaseBook.Events.LeaseEnding.TryDecode(log, out var ending) && market.FindLease(ending.LeaseId) is { } endingLease)
            {
                await RaiseAsync(endingLease, LeaseNoticeKind.Ending, null, ((EndReason)ending.Reason).ToString(), cancellationToken);
            }
            else if (LeaseBook.Events.LeaseClosed.TryDecode(log, out var closed) && market.FindLease(closed.LeaseId) is { } closedLease)
            {
                await RaiseAsync(closedLease, LeaseNoticeKind.Closed, null, null, cancellationToken);
            }
        }
    }

    [LoggerMessage(EventId = 4001, Level = LogLevel.Debug, Message = "Lease {Lease}: nobody waits to hear that it is {Kind}: {Reason}")]
    private static partial void LogUnheard(ILogger logger, Hash32 lease, LeaseNoticeKind kind, string reason);
}
