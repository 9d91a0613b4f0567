using System.Numerics;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Ledger;

/// <summary>What moved, in the direction that the kind says.</summary>
internal enum MoneyKind
{
    /// <summary>Into a user's escrow.</summary>
    Deposited,

    /// <summary>Out of it, to the user.</summary>
    Withdrawn,

    /// <summary>From a lease's ring-fence to a COE's earnings.</summary>
    HostSettled,

    /// <summary>From a lease's ring-fence to the royalty pool.</summary>
    RoyaltySettled,

    /// <summary>From a lease's ring-fence to the fees.</summary>
    FeeSettled,

    /// <summary>From a lease's ring-fence back to its user's free balance.</summary>
    LeaseRefunded,

    /// <summary>From a lease's reserve to a COE's earnings, for storage that was kept while nobody funded it.</summary>
    RentPaid,

    /// <summary>From the fees to the free balance of whoever settled.</summary>
    BountyPaid,

    /// <summary>From a host's stake to a user's free balance.</summary>
    BondReceived,

    /// <summary>From a COE's earnings into a dispute.</summary>
    DisputeSetAside,

    /// <summary>From a user's free balance into a dispute, as a bond of the same amount.</summary>
    DisputeBonded,

    /// <summary>From a dispute to the user's free balance.</summary>
    DisputeRefunded,

    /// <summary>From a dispute to the COE's earnings.</summary>
    DisputePaid,

    /// <summary>From earnings to whom the COE's host named.</summary>
    EarningsWithdrawn,

    /// <summary>From the fees to the treasury.</summary>
    FeesWithdrawn,

    /// <summary>Booked for a node of the royalty graph.</summary>
    RoyaltyReceived,

    /// <summary>Along an edge of the royalty graph.</summary>
    RoyaltyPulled,

    /// <summary>Out of the royalty pool, to a payee.</summary>
    RoyaltyPaid,

    /// <summary>Into a COE's stake.</summary>
    Staked,

    /// <summary>Out of a COE's stake, to the lease book.</summary>
    Slashed,

    /// <summary>Out of what was a COE's stake, to its host.</summary>
    Unbonded,
}

/// <param name="Account">Address or id that the money came to, or left.</param>
/// <param name="Amount">Wei.</param>
internal sealed record MoneyEvent(MoneyKind Kind, string Account, BigInteger Amount, Hash32 Tx, ulong Block);
