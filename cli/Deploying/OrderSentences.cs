using Dweb.Cli.Errors;
using Dweb.Cli.Invocation;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Deploying;

/// <summary>How an order stands, in sentences with numbers.</summary>
internal static class OrderSentences
{
    /// <param name="nowMs">Unix milliseconds.</param>
    public static IReadOnlyList<string> Of(OrderView order, PlacementView placement, long nowMs) =>
        [Standing(order, placement, nowMs), .. Waiting(order, placement), .. Parked(order), .. Disputed(order), .. Rollouts(order)];

    /// <summary>One line for people who wait for the order.</summary>
    public static string Progress(OrderView order)
    {
        bool isUnopened = order.Status is OrderStatus.Accepted or OrderStatus.Opening;
        string why = isUnopened && order.Timeline is [.., { Step: "waiting", Detail: { } detail }] ? $", waiting for a COE: {detail}" : "";
        return $"order {order.OrderHash}: {order.Status}{why}";
    }

    private static string Standing(OrderView order, PlacementView placement, long nowMs)
    {
        string age = DurationText.Of((nowMs - order.AcceptedAtMs) / 1_000);
        return order.Status switch
        {
            OrderStatus.Rejected => $"The order was rejected: {order.ErrorMessage ?? order.ErrorCode}",
            OrderStatus.Failed => $"The order failed: {order.ErrorMessage ?? order.ErrorCode} What runs of it goes on; 'dweb close' ends it.",
            OrderStatus.Accepted or OrderStatus.Opening => $"It waits for its leases to be opened, for {age} now: {Count(placement.Replicas.Count, "replica")} without a lease.",
            OrderStatus.Starting => $"It waits for agents, for {age} now: {Agents(order)}",
            OrderStatus.Running => Agents(order),
            OrderStatus.Degraded => $"{order.ErrorMessage ?? "A replica does not run any more."} {Agents(order)}",
            OrderStatus.Closing => "Its leases have ended. Late reports are awaited, then the rest is refunded.",
            OrderStatus.Closed => "It is closed, and what was not used is refunded.",
            _ => $"It is {order.Status}.",
        };
    }

    private static string Agents(OrderView order)
    {
        LeaseView[] open = [.. order.Leases.Where(static lease => lease.State == LeaseState.Open)];
        LeaseView[] others = [.. open.Where(static lease => lease.Phase != LeasePhase.Running)];
        int live = order.Leases.Count(static lease => lease.State is LeaseState.Open or LeaseState.Parked);
        string running = $"{open.Length - others.Length} of {Count(live, "replica")} run{(open.Length - others.Length == 1 ? "s" : "")}";
        return others.Length == 0 ? running + "." : $"{running}; {string.Join(", ", others.Select(Phase))}.";
    }

    /// <summary>Where a replica is, and what is the matter with it.</summary>
    public static string Phase(LeaseView lease)
    {
        string phase = lease.Phase == LeasePhase.Assigned ? "not reported yet" : lease.Phase.ToString();
        return $"{OwnOrders.NameOf(lease)} on {lease.CoeName} is {phase}{(lease.Detail is null ? "" : $" ({lease.Detail})")}";
    }

    /// <summary>One sentence for all replicas of which the same is true.</summary>
    private static IEnumerable<string> Waiting(OrderView order, PlacementView placement)
    {
        if (order.Status is OrderStatus.Closing or OrderStatus.Closed)
        {
            yield break;
        }

        foreach (var group in placement.Replicas.GroupBy(static r => (r.Considered, r.Able, Removals(r))))
        {
            string names = string.Join(", ", group.Select(static r => $"{r.ServiceName}-{r.Replica}"));
            yield return group.Key switch
            {
                (0, _, _) => $"{names}: no COE is registered.",
                (var all, 0, var removed) => $"{names}: none of {Count(all, "COE")} can take it: {removed}.",
                (var all, var able, "") => $"{names}: {able} of {Count(all, "COE")} can take it now, {Chosen(group)} would.",
                var (all, able, removed) => $"{names}: {able} of {Count(all, "COE")} can take it now, {Chosen(group)} would; {removed}.",
            };
        }

        if (placement.Replicas.Count > 0 && !placement.HasHeardAll)
        {
            yield return "The control plane has only just started and gives every agent its time to be heard; it places the order then.";
        }
    }

    private static IEnumerable<string> Parked(OrderView order) => order.Leases
        .Where(static lease => lease.State == LeaseState.Parked)
        .Select(lease => $"{OwnOrders.NameOf(lease)} on {lease.CoeName} is parked: its funds ended at {SentenceValues.Time(lease.FundedUntil)}. "
            + $"'dweb resume {OwnOrders.NameOf(order)}' starts it again.");

    private static IEnumerable<string> Disputed(OrderView order) => order.Leases
        .Where(static lease => lease.DisputedUntil > 0)
        .Select(static lease => $"{OwnOrders.NameOf(lease)} on {lease.CoeName} is disputed: the scheduler members ask it whether it serves, and have until {SentenceValues.Time(lease.DisputedUntil)} for a verdict.");

    private static IEnumerable<string> Rollouts(OrderView order)
    {
        foreach (var rollout in order.Rollouts.Where(static r => r.Status != RolloutStatus.Done))
        {
            LeaseView[] open = [.. order.Leases.Where(lease => lease.State == LeaseState.Open && lease.Service == rollout.Service)];
            string name = open.Length > 0 ? open[0].ServiceName : $"service {rollout.Service}";
            string moved = $"{open.Count(lease => lease.Image == rollout.Image)} of {Count(open.Length, "replica")} of {name} run the image that its channel points to";
            yield return rollout.Status switch
            {
                RolloutStatus.Rolling => $"{moved}; the others follow.",
                RolloutStatus.RollingBack => $"{moved}; they go back to the image that was signed: {rollout.Message}.",
                RolloutStatus.RolledBack => $"{moved}; the rollout went back to the image that was signed: {rollout.Message}. It is tried again when the channel moves.",
                _ => $"{moved}; the rollout is paused: {rollout.Message}. The others keep their image until the channel moves again.",
            };
        }
    }

    private static string Removals(WaitingReplica replica) => string.Join(", ", replica.Removed.Select(static r => $"{r.Count} {r.Reason}"));

    private static string Chosen(IEnumerable<WaitingReplica> replicas) => string.Join(", ", replicas.Select(static r => r.CoeName).Distinct(StringComparer.Ordinal));

    private static string Count(int number, string thing) => number == 1 ? $"1 {thing}" : $"{number} {thing}s";
}
