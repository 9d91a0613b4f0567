// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// Resources 0..3 are reserved by the second: CPU in mCPU, memory in MiB, storage in MiB, bandwidth in Mbit/s.
/// Resource 4, data transfer, is a stock in GiB for a whole lease and is billed by the MiB.
/// Prices are wei per unit and second; the price of resource 4 is wei per MiB.

/// @notice One service of an order: what to run, how often, and the market it may be placed on.
struct Service {
    bytes32 imageDigest; // sha256 of the OCI manifest
    bytes32 specHash; // keccak256 of the canonical spec
    uint16 replicas; // 1..256
    uint64[5] reserved;
    uint128[5] ceiling; // the dearest price the user accepts, per resource
    uint64 regionMask; // bit r allows region r; 0 allows every region
    uint128 minStake; // wei the COE must have free in stake
    bytes32 placementHash; // preferences the chain does not check
}

/// @notice What a user signs. Its EIP-712 digest is its id; it is admitted once.
/// @dev In the typed data the second member is `Service[] services`; `servicesHash` is that member's encoding.
struct Order {
    address user;
    bytes32 servicesHash;
    uint128 maxTotal; // wei, all leases of this order together
    uint32 duration; // seconds a replica may run in all, below 2^27
    uint32 prepay; // seconds funded at opening and by each renewal
    uint64 submitBy; // last timestamp of admission and of first openings
    uint32 startWithin; // seconds from opening until a host that never ran is a no-show
    uint16 maxRoyaltyBps;
    uint16 maxFeeBps;
    uint8 upgradePolicy; // 0 none, 1 channel
    address operator; // may move and upgrade; zero for nobody
    uint64 userEpoch; // raising the user's epoch cancels all older orders
    bytes32 salt;
}

/// @notice One line of a plan: which replica goes where, at what rate at most.
struct PlanEntry {
    uint16 service;
    uint16 replica;
    uint16 generation;
    bytes32 coe;
    uint64 maxHostRate; // gwei per second; guards against an ask that moved
}

/// @notice Signed by M of N scheduler members. In the typed data the second member is `PlanEntry[] entries`.
struct Plan {
    bytes32 orderHash;
    bytes32 entriesHash;
    uint64 committeeEpoch;
    uint64 deadline;
}

/// @notice A COE's cumulative counters for some of its leases, signed by its agent.
/// @dev `entries` is packed, 38 bytes a lease, big endian:
/// handle 8 | seconds 4 | cpu mCPU*s 6 | memory MiB*s 6 | storage MiB*s 6 | received MiB 4 | sent MiB 4.
/// In the typed data its member is `bytes32 entriesHash` = keccak256(entries).
struct UsageBatch {
    bytes32 coe;
    uint64 asOf; // timestamp of a block the agent has read
    bytes entries;
    bytes signature;
}

/// @notice An edge of the royalty graph: an existing node and its weight (at least 1).
struct Edge {
    bytes32 node;
    uint16 weight;
}

/// @notice What a repository's owner signs to publish a version.
struct Release {
    uint256 repository; // token id
    string version;
    bytes32 sourceDigest; // sha256 of the source archive
    string uri;
    string license; // SPDX expression
    uint16 selfWeight;
    Edge[] upstream;
}

/// @notice What a publisher signs to mint an image's NFT. `componentsHash` of it is an annotation of the manifest.
struct Image {
    address publisher;
    bytes32 manifestDigest;
    string name;
    uint16 royaltyBps;
    uint16 selfWeight;
    Edge[] components;
}

enum LeaseState {
    None,
    Open,
    Ending,
    Closed
}

/// @notice Why a lease ended. Derived from the path that ended it, never from an argument.
enum Reason {
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
    Upgrade
}

/// @notice Why an entry of a plan was passed over.
enum SkipCode {
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
    ImageRevoked
}

/// @notice Why an entry, or a whole batch, of usage was passed over.
enum UsageCode {
    Accepted,
    UnknownLease,
    ForeignLease,
    LeaseClosed,
    CounterFell,
    BadSignature,
    FromTheFuture,
    BadLength
}

/// @notice Rates locked when a lease opens, in gwei per second and gwei per MiB.
struct Terms {
    uint32 hostRate;
    uint32 baseRate;
    uint32 hostTransfer;
    uint32 baseTransfer;
    uint16 royaltyBps;
    uint16 feeBps;
    uint32 allowanceGiB;
}

/// @notice Cumulative counters as settled.
struct Counters {
    uint32 secondsRun;
    uint48 cpu;
    uint48 memoryUsed;
    uint48 storageUsed;
    uint32 received;
    uint32 sent;
}

/// @notice Everything an agent checks before it runs a lease, in one read.
struct Ticket {
    LeaseState state;
    Reason reason;
    bytes32 orderHash;
    address user;
    uint16 service;
    uint16 replica;
    uint16 generation;
    bytes32 coe;
    address agent; // the COE's key today
    bytes32 imageDigest;
    bytes32 specHash;
    uint64[5] reserved;
    uint64 origin;
    uint64 fundedUntil; // origin + limit while Open, the end once Ending
    uint64 endedAt; // 0 while Open
    bool imageMinted;
    bool imageMalicious;
    address imagePublisher;
    bytes32 imageComponentsHash;
    Terms terms;
    Counters settled;
}
