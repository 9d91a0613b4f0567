namespace Dweb.Functions.Reconciling;

/// <summary>Something that the control plane holds and that is not so.</summary>
/// <param name="Part">The comparison that found it.</param>
/// <param name="Subject">What that comparison has to look at to find it again.</param>
/// <param name="Kind">One of <see cref="FindingKind"/>.</param>
/// <param name="Id">The lease, order or COE that it is about.</param>
/// <param name="Expected">What chain or agents say, for people.</param>
/// <param name="Found">What was found instead, for people.</param>
internal sealed record Finding(string Part, string Subject, string Kind, string Id, string Expected, string Found)
{
    /// <summary>The same finding, whatever it looks like by now.</summary>
    public bool IsStill(Finding other) => (Part, Kind, Id) == (other.Part, other.Kind, other.Id);
}

/// <summary>Kinds of findings, as the report names them.</summary>
internal static class FindingKind
{
    /// <summary>The index has another COE than the registry.</summary>
    public const string CoeDiffers = "coe-differs";

    /// <summary>The index has another order than the lease book.</summary>
    public const string OrderDiffers = "order-differs";

    /// <summary>The index has another lease than the lease book.</summary>
    public const string LeaseDiffers = "lease-differs";

    /// <summary>The leases of a replica do not add up to what the lease book has of it: one is missing, or one is too many.</summary>
    public const string ReplicaDiffers = "replica-differs";

    /// <summary>A row of the index is not what memory holds.</summary>
    public const string RowDiffers = "index-row-differs";

    /// <summary>The chain has admitted an order that has no row.</summary>
    public const string OrderWithoutRow = "order-without-row";

    /// <summary>An order's row says that it goes on, and all its leases are over; or that it is over, and some are not.</summary>
    public const string OrderStatus = "order-status";

    /// <summary>An order has leases that are open or to be opened again, and nothing sees to them.</summary>
    public const string LifecycleMissing = "lifecycle-missing";

    /// <summary>An agent names a lease that the chain does not know.</summary>
    public const string LeaseUnknown = "lease-unknown";

    /// <summary>An agent names a lease that the chain knows and the index does not.</summary>
    public const string LeaseNotIndexed = "lease-not-indexed";

    /// <summary>An agent names a lease of another COE.</summary>
    public const string LeaseForeign = "lease-foreign";

    /// <summary>A lease is open, its COE is heard, and its agent does not name it.</summary>
    public const string LeaseUnnamed = "lease-unnamed";
}
