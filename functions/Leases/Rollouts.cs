using System.Text;
using Dweb.Core.Manifest;
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
    OrderStore orders, SpecStore specs, Market market, IOrchestrationClient orchestrations, OrderTimeline timeline, MarketSignals signals, ControlPlaneSettings settings)
{
    /// <summary>
    /// Starts one unless it is under way, or was stopped and the channel has not moved since. Twice is once. How it goes stands in the service's spec; one
    /// that is not known here, because no agent has offered it again yet, is waited for.
    /// </summary>
    public async Task BeginAsync(DueUpgrade due, CancellationToken cancellationToken)
    {
        var service = market.Orders[due.OrderHash].Order.Services[due.Service];
        if (await specs.FindAsync(service.SpecHash, cancellationToken) is not { } spec)
        {
            return;
        }

        var row = await orders.UpdateAsync(due.OrderHash, row => Begin(row, due), cancellationToken);
        if (row?.Rollouts.FirstOrDefault(r => r.Service == due.Service) is { } rollout && IsUnderWay(rollout))
        {
            var wanted = ContainerSpec.FromCanonicalJson(Encoding.UTF8.GetBytes(spec)).Update;
            var input = new RolloutInput(
                due.OrderHash, due.Service, rollout.Image, rollout.Attempt, (int)row.Order.StartWithin,
                RolloutPace.Of(wanted, service.Replicas, settings.Rollouts, toSigned: rollout.Image == service.ImageDigest), rollout.Because);
            await orchestrations.StartAsync(Definitions.RollingUpgrade, input.InstanceId, input, cancellationToken);
        }
    }

    public async Task<bool> CommitAsync(RolloutCommit commit, CancellationToken cancellationToken)
    {
        var (rollout, orderHash) = (commit.Rollout, commit.Rollout.OrderHash);
        var (step, detail) = Tell(commit);
        timeline.Add(orderHash, step, detail);
        await orders.UpdateAsync(orderHash, row => End(row, commit), cancellationToken);
        signals.Order(orderHash).Raise();
        return true;
    }

    private (string Step, string Detail) Tell(RolloutCommit commit)
    {
        var rollout = commit.Rollout;
        string name = market.Images.TryGetValue(rollout.Image, out var image) ? image.Name : "its channel";
        return commit.Status switch
        {
            RolloutStatus.RollingBack => ("upgrade-failed", $"{commit.Message}; what was moved goes back to the image that was signed"),
            RolloutStatus.RolledBack => ("rolled-back", $"{commit.Message}; what was moved to {rollout.Image} of {name} is back to the image that was signed"),
            RolloutStatus.Paused => ("upgrade-paused", commit.Message!),
            _ => ("upgraded", $"every replica of service {rollout.Service} runs the image of {name} that its channel points to, {rollout.Image}"),
        };
    }

    private static OrderRow? Begin(OrderRow row, DueUpgrade due)
    {
        var known = row.Rollouts.FirstOrDefault(r => r.Service == due.Service);
        bool isSame = known is not null && known.Image == due.Image && known.From == due.From;
        if (row.IsTerminal || IsUnderWay(known) || (isSame && known!.Status is RolloutStatus.Paused or RolloutStatus.RolledBack))
        {
            return null;
        }

        string? because = due.GoesBack ? "another replica was put back before" : null;
        var status = due.GoesBack ? RolloutStatus.RollingBack : RolloutStatus.Rolling;
        return With(row, new RolloutRecord(due.Service, due.Image, due.From, (known?.Attempt ?? 0) + 1, status, because, because));
    }

    private OrderRow? End(OrderRow row, RolloutCommit commit) =>
        row.Rollouts.FirstOrDefault(r => r.Service == commit.Rollout.Service && r.Attempt == commit.Rollout.Attempt) is { } rollout && IsUnderWay(rollout)
            ? With(row, rollout with { Status = commit.Status, Message = commit.Message }) with { Timeline = timeline.Merge(row.OrderHash, row.Timeline) }
            : null;

    private static bool IsUnderWay(RolloutRecord? rollout) => rollout?.Status is RolloutStatus.Rolling or RolloutStatus.RollingBack;

    private static OrderRow With(OrderRow row, RolloutRecord rollout) =>
        row with { Rollouts = [.. row.Rollouts.Where(r => r.Service != rollout.Service).Append(rollout).OrderBy(static r => r.Service)] };
}
