using Dweb.Core.Protocol.Http;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orchestrations;
using Dweb.Functions.Orders;
using Dweb.Functions.Stores;
using Dweb.Functions.Tracing;

namespace Dweb.Functions.Activities;

/// <summary>Writes an order's new status. A commit that was made before, or that came too late, changes nothing.</summary>
internal sealed class CommitOrder(OrderStore orders, OrderTimeline timeline, OrderTraces traces, MarketSignals signals, TimeProvider time)
{
    public async Task<bool> RunAsync(OrderCommit commit, CancellationToken cancellationToken)
    {
        using var span = traces.Begin($"commit {commit.Status}", commit.OrderHash);
        timeline.Add(commit.OrderHash, commit.Status.ToString().ToLowerInvariant(), commit.Message);
        var row = await orders.UpdateAsync(commit.OrderHash, row => Apply(row, commit), cancellationToken);
        if (row is { Status: OrderStatus.Running, RunningAtMs: null })
        {
            // The time of the commit is known only when it is made.
            long committed = time.GetUtcNow().ToUnixTimeMilliseconds();
            row = await orders.UpdateAsync(
                commit.OrderHash, r => r is { Status: OrderStatus.Running, RunningAtMs: null } ? r with { RunningAtMs = committed } : null, cancellationToken);
        }

        timeline.Forget(commit.OrderHash);
        traces.Forget(commit.OrderHash);
        signals.Order(commit.OrderHash).Raise();
        return row?.Status == commit.Status;
    }

    private OrderRow? Apply(OrderRow row, OrderCommit commit) => row.MayBecome(commit.Status)
        ? row with
        {
            Status = commit.Status,
            ErrorCode = commit.Code ?? (commit.Status == OrderStatus.Running ? null : row.ErrorCode),
            ErrorMessage = commit.Message ?? (commit.Status == OrderStatus.Running ? null : row.ErrorMessage),
            Timeline = timeline.Merge(row.OrderHash, row.Timeline),
        }
        : null;
}
