using Messages = Dweb.Core.Protocol.Messages;

namespace Dweb.Chain.Contracts;

/// <summary>The protocol's messages as the contracts take them.</summary>
public static class ContractArguments
{
    public static Order Of(Messages.Order order) => new(
        order.User, order.ServicesHash(), order.MaxTotal, order.Duration, order.Prepay, order.SubmitBy, order.StartWithin, order.MaxRoyaltyBps,
        order.MaxFeeBps, order.UpgradePolicy, order.Operator, order.UserEpoch, order.Salt);

    public static Service Of(Messages.Service service) => new(
        service.ImageDigest, service.SpecHash, service.Replicas, service.Reserved.ToList(), service.Ceiling.ToList(), service.RegionMask,
        service.MinStake, service.PlacementHash);

    public static IReadOnlyList<Service> Of(IReadOnlyList<Messages.Service> services) => [.. services.Select(Of)];

    public static Plan Of(Messages.Plan plan) => new(plan.OrderHash, plan.EntriesHash(), plan.CommitteeEpoch, plan.Deadline);

    public static Upgrade Of(Messages.Upgrade upgrade) => new(
        upgrade.OrderHash, upgrade.ImageDigest, upgrade.EntriesHash(), upgrade.Overlap, upgrade.CommitteeEpoch, upgrade.Deadline);

    public static Fault Of(Messages.Fault fault) => new(fault.LeaseId, fault.DeadSince, fault.CommitteeEpoch, fault.Deadline);

    public static Verdict Of(Messages.Verdict verdict) => new(verdict.LeaseId, verdict.DisputedSeconds, verdict.Refund, verdict.CommitteeEpoch, verdict.Deadline);

    public static PlanEntry Of(Messages.PlanEntry entry) => new(entry.Service, entry.Replica, entry.Generation, entry.Coe, entry.MaxHostRate);

    public static LeaseKey Of(Messages.LeaseKey key) => new(key.OrderHash, key.Service, key.Replica, key.Generation, key.Coe);
}
