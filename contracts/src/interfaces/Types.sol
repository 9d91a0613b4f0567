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
    uint32 startWithin; // seconds from opening until a host that never ran is a no-show; a lease is funded for them
    uint16 maxRoyaltyBps;
    uint16 maxFeeBps;
    uint8 upgradePolicy; // 0 none, 1 channel
    address operator; // may move and resume; zero for nobody
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

/// @notice The move of live replicas to the image that the channel `stable` of their image's name points to, signed by
/// M of N scheduler members. In the typed data the third member is `PlanEntry[] entries`.
struct Upgrade {
    bytes32 orderHash;
    bytes32 imageDigest; // what the channel must point to when this is carried out
    bytes32 entriesHash;
    uint32 overlap; // seconds that the old leases go on, at most 600
    uint64 committeeEpoch;
    uint64 deadline;
}

/// @notice That a COE has been dead since a time, signed by M of N scheduler members.
struct Fault {
    bytes32 leaseId;
    uint64 deadSince;
    uint64 committeeEpoch;
    uint64 deadline;
}

/// @notice What M of N scheduler members found about a disputed service.
struct Verdict {
    bytes32 leaseId;
    uint32 disputedSeconds; // of this lease in all, so that a verdict is about one dispute only
    bool refund; // to the user; otherwise the user's bond goes to the host
    uint64 committeeEpoch;
    uint64 deadline;
}

/// @notice What a lease id is derived from: keccak256(abi.encode(chainId, book, orderHash, service, replica,
/// generation, coe)). Whoever names a lease to be changed gives its key, so that the chain need not keep it.
struct LeaseKey {
    bytes32 orderHash;
    uint16 service;
    uint16 replica;
    uint16 generation;
    bytes32 coe;
}

/// @notice A COE's cumulative counters for some of its leases, signed by its agent.
/// @dev `entries` is packed, 46 bytes a lease, big endian:
/// handle 16 | seconds 4 | cpu mCPU*s 6 | memory MiB*s 6 | storage MiB*s 6 | received MiB 4 | sent MiB 4.
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

/// @dev Parked stands last so that the others keep their numbers.
enum LeaseState {
    None,
    Open,
    Ending,
    Closed,
    Parked
}

/// @notice Where a replica of an order stands. Refillable is open to a lease of the next generation.
enum ReplicaState {
    Empty,
    Live,
    Refillable,
    Done
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
    ImageRevoked,
    CoeOsRevoked,
    BookNotAccepted,
    DurationUsedUp,
    NotUpgradable
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
    uint32 hostTransfer; // 26 bits
    uint32 baseTransfer; // 26 bits
    uint16 royaltyBps; // 13 bits
    uint16 feeBps; // 11 bits
    uint32 allowanceGiB; // 20 bits
    uint16 rentShare; // storage's part of hostRate in 4096ths, floored; 12 bits
}

/// @notice Cumulative counters: as an agent reports them (MiB*s), and as they are settled.
/// @dev The chain keeps CPU in 45 bits, and memory and storage as whole GiB*s in 41 and 43; what does not fit stays at
/// the widest value, because none of the three is billed.
struct Counters {
    uint32 secondsRun;
    uint48 cpu;
    uint48 memoryUsed;
    uint48 storageUsed;
    uint32 received;
    uint32 sent;
}

/// @notice A lease as the chain keeps it.
struct Lease {
    LeaseState state;
    Reason reason;
    bool faultAnswered; // after HostFault: the host is alive, its bond is not taken
    uint24 coe; // the registry's index of its COE
    uint32 node; // the pool's index of its image's node, 28 bits
    uint32 origin; // timestamp from which its seconds count; 0 once Ending
    uint32 endedAt; // timestamp; 0 before Ending
    uint32 limit; // seconds funded since origin
    Terms terms;
    Counters settled;
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
    bool coeOsRevoked; // the host image that this COE claims
    bytes32 imageDigest; // the order's, or that of its channel
    bytes32 specHash;
    uint64[5] reserved;
    uint64 origin;
    uint64 fundedUntil; // origin + limit; the end once Ending
    uint64 keptUntil; // storage of an unfunded lease is kept so long: fundedUntil + grace
    uint64 endedAt; // 0 before Ending
    bool imageMinted;
    bool imageRevoked;
    bool imageMalicious;
    address imagePublisher;
    bytes32 imageComponentsHash;
    Terms terms;
    Counters settled;
}

/// @notice A dispute about seconds that a user says were not served.
struct Dispute {
    uint64 amount; // gwei moved aside from what the COE has not matured; the user's bond is the same
    uint32 secondsDisputed; // by all disputes of this lease
    uint32 verdictUntil; // timestamp after which it lapses; 0 when none is open
}

/// @notice A lease book's constants, in seconds, none of them 0; nobody can change them.
struct Params {
    uint32 lateReports; // F: reports are taken for so long after a lease ended
    uint32 maturingEpoch; // V: pay matures one to two of these after settlement
    uint32 verdictTime; // the committee may find a verdict for so long after a dispute began
    uint32 grace; // storage of an unfunded lease is kept, and its rent reserved, for so long
    uint32 minStartWithin; // least time an order gives a host to start
    uint32 parkAfter; // anyone may park a lease so long after its funds ran out
    uint32 directTimeout; // user and host may open without the committee so long after admission
    uint32 deadSinceBack; // how far back a fault may be dated
}
