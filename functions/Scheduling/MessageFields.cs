namespace Dweb.Functions.Scheduling;

/// <summary>Paths of a plan's values, as refusals name them.</summary>
internal static class PlanFields
{
    public static string Silent(int index) => $"evidence.silent[{index}]";

    public static string Coe(int index) => Entry(index, "coe");

    public static string Entry(int index, string member) => $"plan.entries[{index}].{member}";
}

/// <summary>The same of the lists of COEs that come with plans and upgrades.</summary>
internal static class ConfinementFields
{
    public const string All = "evidence.confined";

    public static string List(int index) => $"{All}[{index}]";
}

/// <summary>The same of a fault's values.</summary>
internal static class FaultFields
{
    public const string LeaseId = "fault.leaseId";

    public const string DeadSince = "fault.deadSince";
}

/// <summary>The same of an upgrade's values; its entries are named as a plan's.</summary>
internal static class UpgradeFields
{
    public const string OrderHash = "upgrade.orderHash";

    public const string Image = "upgrade.imageDigest";

    public const string Overlap = "upgrade.overlap";
}

/// <summary>The same of a verdict's values.</summary>
internal static class VerdictFields
{
    public const string LeaseId = "verdict.leaseId";

    public const string DisputedSeconds = "verdict.disputedSeconds";

    public const string Refund = "verdict.refund";
}
