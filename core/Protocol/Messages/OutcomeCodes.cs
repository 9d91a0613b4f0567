namespace Dweb.Core.Protocol.Messages;

/// <summary>State of a lease on chain. The numbers are the contracts'.</summary>
public enum LeaseState
{
    None,
    Open,
    Ending,
    Closed,

    /// <summary>Only storage is paid for: the container is stopped and what it wrote is kept. Last, so that the others keep their numbers.</summary>
    Parked,
}

/// <summary>Why a lease ended. The numbers are the contracts'; the chain derives it from the path that ended it.</summary>
public enum EndReason
{
    None,
    User,
    Moved,
    HostDrain,
    Declined,
    HostFault,
    NoShow,
    Expired,
    Unfunded,
    RevokedMalicious,
    Upgrade,
}

public static class EndReasons
{
    /// <summary>True when the end makes room for a lease of the next generation; transfer that is reported afterwards is not billed.</summary>
    public static bool MakesRoom(this EndReason reason) =>
        reason is EndReason.Moved or EndReason.HostDrain or EndReason.Declined or EndReason.HostFault or EndReason.NoShow or EndReason.Upgrade;
}

/// <summary>Why the chain passed over an entry of a plan. The numbers are the contracts'.</summary>
public enum SkipCode
{
    None,
    NoSuchReplica,
    SlotTaken,
    WrongGeneration,
    CoeInactive,
    ImageMissing,
    ImageMalicious,
    NoCapacity,
    RateAbovePlan,
    RateAboveCeiling,
    ReferenceAboveCeiling,
    RoyaltyAboveMax,
    FeeAboveMax,
    RegionExcluded,
    StakeTooLow,
    HandleUsed,
    AboveMaxTotal,
    FreeBalanceTooLow,
    RateTooWide,
    ImageRevoked,
    CoeOsRevoked,
    BookNotAccepted,
    DurationUsedUp,
    NotUpgradable,
}

/// <summary>Why the chain passed over an entry, or a whole batch, of usage. The numbers are the contracts'.</summary>
public enum UsageCode
{
    Accepted,
    UnknownLease,
    ForeignLease,
    LeaseClosed,
    CounterFell,
    BadSignature,
    FromTheFuture,
    BadLength,
}
