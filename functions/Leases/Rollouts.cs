using Dweb.Core.Protocol.Http;
using Dweb.Durable;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orchestrations;
using Dweb.Functions.Orders;
using Dweb.Functions.Settings;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Leases;

/// <summary>Begins and ends rollouts: one of a service at a time, each written to its order's row before it starts.</summary>
internal sealed class Rollouts(
    OrderStore orders, Market market, IOrchestrationClient orchestrations, OrderTimeline timeline, MarketSignals signals, ControlPlaneSettings settings)
{
    /// <summary>Starts one unless it is under way, or was stopped and the channel has not moved since. Twice is once.</summary>
    public async Task BeginAsync(DueUpgrade due, CancellationToken cancellationToken)
    {
        var row = await orders.UpdateAsync(due.OrderHash, row => Begin(row, due), cancellationToken);
        if (row?.Rollouts.FirstOrDefault(r => r.Service == due.Service) is { Status: RolloutStatus.Rolling } rollout)
        {
            int patience = (int)row.Order.StartWithin;
            var input = new RolloutInput(due.OrderHash, due.Service, rollout.Image, rollout.Attempt, settings.Rollouts.MonitorSeconds, patience);
            await orchestrations.StartAsync(Definitions.RollingUpgrade, input.InstanceId, input, cancellationToken);
        }
    }

    public async Task<bool> CommitAsync(RolloutCommit commit, CancellationToken cancellationToken)
    {
        var (rollout, orderHash) = (commit.Rollout, commit.Rollout.OrderHash);
        string name = market.Images.TryGetValue(rollout.Image, out var image) ? image.Name : "its channel";
        timeline.Add(
            orderHash,
            commit.Status == RolloutStatus.Done ? "upgraded" : "upgrade-paused",
            commit.Message ?? $"every replica of service {rollout.Service} runs the image of {name} that its channel points to, {rollout.Image}");
        await orders.UpdateAsync(orderHash, row => End(row, commit), cancellationToken);
        signals.Order(orderHash).Raise();
        return true;
    }

    private static OrderRow? Begin(OrderRow row, DueUpgrade due)
    {
        var known = row.Rollouts.FirstOrDefault(r => r.Service == due.Service);
        bool isSame = known is not null && known.Image == due.Image && known.From == due.From;
        if (row.IsTerminal || known is { Status: RolloutStatus.Rolling } || (isSame && known!.Status == RolloutStatus.Paused))
        {
            return null;
        }

        return With(row, new RolloutRecord(due.Service, due.Image, due.From, (known?.Attempt ?? 0) + 1, RolloutStatus.Rolling, null));
    }

    private OrderRow? End(OrderRow row, RolloutCommit commit) =>
        row.Rollouts.FirstOrDefault(r => r.Service == commit.Rollout.Service && r.Attempt == commit.Rollout.Attempt) is { Status: RolloutStatus.Rolling } rollout
            ? With(row, rollout with { Status = commit.Status, Message = commit.Message }) with { Timeline = timeline.Merge(row.OrderHash, row.Timeline) }
            : null;

    private static OrderRow With(OrderRow row, RolloutRecord rollout) =>
        row with { Rollouts = [.. row.Rollouts.Where(r => r.Service != rollout.Service).Append(rollout).OrderBy(static r => r.Service)] };
}
