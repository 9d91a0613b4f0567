// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    Counters,
    Dispute,
    Fault,
    Lease,
    LeaseKey,
    LeaseState,
    Order,
    Params,
    Plan,
    PlanEntry,
    Reason,
    ReplicaState,
    Service,
    Terms,
    Ticket,
    Upgrade,
    UsageBatch,
    Verdict
} from "./Types.sol";

/// @title The life of every lease, and the escrow that pays for it
/// @notice Money in the book is free, ring-fenced for a lease, earned by a COE, set aside for a dispute, or a fee; these
/// add up to what the book holds. An order holds no money.
interface ILeaseBook {
    // ------------------------------------------------------------------ money

    event Deposited(address indexed user, address indexed payer, uint256 amount);
    event Withdrawn(address indexed user, uint256 amount);
    event EarningsWithdrawn(bytes32 indexed coe, address indexed payee, uint256 amount);
    event FeesWithdrawn(address indexed treasury, uint256 amount);

    // ----------------------------------------------------------------- orders

    event OrderAdmitted(bytes32 indexed orderHash, address indexed user, Order order, Service[] services);
    event OrderCancelled(bytes32 indexed orderHash);
    /// @notice Every order of this user with a lower epoch is cancelled.
    event EpochRaised(address indexed user, uint64 epoch);

    // ----------------------------------------------------------------- leases

    event LeaseOpened(
        bytes32 indexed leaseId,
        bytes32 indexed orderHash,
        bytes32 indexed coe,
        uint16 service,
        uint16 replica,
        uint16 generation,
        bytes32 imageDigest,
        uint64 origin,
        uint32 limit,
        Terms terms,
        uint256 fenced
    );
    /// @notice An upgrade took a replica back to the image that its user signed, where it stays until it is upgraded again.
    /// Comes after the LeaseOpened of that generation.
    event ReplicaPutBack(bytes32 indexed orderHash, uint16 service, uint16 replica, uint16 generation);
    /// @param code a SkipCode
    event EntrySkipped(bytes32 indexed orderHash, uint256 index, uint8 code);
    /// @param origin rises by the time that was not funded
    /// @param rent wei paid to the host out of the reserve for keeping storage in that time
    event LeaseRenewed(bytes32 indexed leaseId, uint64 origin, uint32 limit, uint256 fenced, uint256 rent);
    event LeaseParked(bytes32 indexed leaseId, uint32 limit, uint256 refunded);
    event LeaseResumed(bytes32 indexed leaseId);
    /// @param rent wei paid to the host out of the reserve for keeping storage in the time that was not funded
    event LeaseEnding(
        bytes32 indexed leaseId, bytes32 indexed coe, Reason reason, uint64 endedAt, uint256 refunded, uint256 rent
    );
    event FaultAnswered(bytes32 indexed leaseId);
    /// @param bondToUser wei of the host's bond that went to the user
    event LeaseClosed(bytes32 indexed leaseId, bytes32 indexed coe, uint256 refunded, uint256 bondToUser);

    // ------------------------------------------------------------- settlement

    /// @notice One event a COE and settlement. Amounts are wei newly paid; the bounty is part of the fee.
    /// @param codes one UsageCode an entry, or a single byte when the whole batch was passed over
    event UsageSettled(
        bytes32 indexed coe, uint64 asOf, uint256 host, uint256 royalty, uint256 fee, bytes entries, bytes codes
    );
    event BountyPaid(address indexed to, uint256 amount);
    event DisputeOpened(
        bytes32 indexed leaseId, bytes32 indexed coe, uint32 secondsDisputed, uint256 amount, uint64 verdictUntil
    );
    /// @param refunded wei to the user, the bond included
    /// @param toHost wei that matured for the host at once
    event DisputeClosed(bytes32 indexed leaseId, bytes32 indexed coe, uint256 refunded, uint256 toHost);

    // ----------------------------------------------------------------- errors

    error AmountZero();
    error FreeBalanceTooLow(address user, uint256 free, uint256 wanted);
    error OrderKnown(bytes32 orderHash);
    error OrderUnknown(bytes32 orderHash);
    error OrderCancelledAlready(bytes32 orderHash);
    error OrderExpired(uint64 submitBy, uint256 now_);
    error OrderFromOldEpoch(uint64 epoch, uint64 current);
    error OrderMalformed(uint8 field);
    error ServicesMismatch(bytes32 signed, bytes32 given);
    error OrderMismatch(bytes32 named, bytes32 given);
    error SignerMismatch(address expected);
    error PlanExpired(uint64 deadline, uint256 now_);
    error PlanTooFarAhead(uint64 deadline, uint256 latest);
    error EntriesMismatch(bytes32 signed, bytes32 given);
    error OpeningsStopped();
    error TooEarlyWithoutCommittee(uint256 from);
    error NoSuchEntry(uint256 index);
    error EntryCountMismatch(uint256 entries, uint256 given);
    error UpgradeNotAllowed(bytes32 orderHash);
    error OverlapTooLong(uint32 overlap, uint32 most);
    error LeaseUnknown(bytes32 leaseId);
    error LeaseNotOpen(bytes32 leaseId, LeaseState state);
    error LeaseNotParked(bytes32 leaseId, LeaseState state);
    error LeaseNotEnding(bytes32 leaseId, LeaseState state);
    error LateReportsStillTaken(bytes32 leaseId, uint256 until);
    error StillFunded(bytes32 leaseId, uint64 until);
    error NotYetUnfunded(bytes32 leaseId, uint256 until);
    error NeverStarted(bytes32 leaseId);
    error StartedAlready(bytes32 leaseId);
    error MayStillStart(bytes32 leaseId, uint256 until);
    error DeadSinceOutOfRange(uint64 deadSince, uint256 least, uint256 most);
    error NotAFault(bytes32 leaseId, Reason reason);
    error ImageNotMalicious(bytes32 imageDigest);
    error ImageMismatch(bytes32 imageDigest);
    error RenewalTooEarly(bytes32 leaseId, uint256 from);
    error RenewalTooFar(bytes32 leaseId, uint256 wanted, uint256 most);
    error DurationExceeded(bytes32 leaseId, uint256 wanted, uint256 most);
    error MaxTotalExceeded(bytes32 orderHash, uint256 wanted, uint256 most);
    error CapacityLacking(bytes32 coe);
    error NotTheUser(address user, address caller);
    error NotTheHost(address host, address caller);
    error NothingEarned(bytes32 coe);
    error DisputeOpenAlready(bytes32 leaseId);
    error DisputeUnknown(bytes32 leaseId);
    error DisputedAlready(bytes32 leaseId, uint256 wanted, uint256 most);
    error NothingToDispute(bytes32 leaseId);
    error VerdictTooLate(bytes32 leaseId, uint256 until);
    error VerdictStillOpen(bytes32 leaseId, uint256 until);
    error VerdictMismatch(bytes32 leaseId, uint32 found, uint32 disputed);

    // ----------------------------------------------------------------- escrow

    /// @notice Moves tokens of the caller into the caller's free balance.
    function deposit(uint256 amount) external;

    /// @notice The same with an EIP-2612 permit, sent by anyone; credited only to the permit's owner.
    /// @dev A permit that somebody else already used is no error as long as the allowance is there.
    function depositWithPermit(address user, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice Pays the caller's free balance out to the caller.
    function withdraw(uint256 amount) external;

    // ----------------------------------------------------------------- orders

    /// @notice Admits a signed order once. Moves no money. By anyone.
    function admit(Order calldata order, Service[] calldata services, bytes calldata signature)
        external
        returns (bytes32 orderHash);

    /// @notice No further opening or renewal of this order; live leases run to their limit. By the user.
    function cancel(bytes32 orderHash) external;

    /// @notice Raises the caller's epoch by one, which cancels every order signed for an older one.
    function raiseEpoch() external returns (uint64 epoch);

    // ---------------------------------------------------------------- opening

    /// @notice Opens the leases of a plan that a quorum signed. A bad entry is passed over with a code; the rest open.
    /// By anyone.
    function open(
        Order calldata order,
        Service[] calldata services,
        Plan calldata plan,
        PlanEntry[] calldata entries,
        bytes[] calldata signatures
    ) external;

    /// @notice The same for an order that need not be admitted yet: one transaction from signature to lease. One that
    /// somebody has admitted meanwhile is opened as `open` would.
    function admitAndOpen(
        Order calldata order,
        Service[] calldata services,
        bytes calldata orderSignature,
        Plan calldata plan,
        PlanEntry[] calldata entries,
        bytes[] calldata signatures
    ) external;

    /// @notice Opens leases without the committee, once it has had DIRECT_TIMEOUT since admission: the plan (committee
    /// epoch 0) is signed by the user and by the host of every COE in it. By anyone.
    /// @param hostSignatures one for each entry, by the host of its COE
    function openDirect(
        Order calldata order,
        Service[] calldata services,
        Plan calldata plan,
        PlanEntry[] calldata entries,
        bytes calldata userSignature,
        bytes[] calldata hostSignatures
    ) external;

    /// @notice Ends live replicas (reason Upgrade) and opens their successors, next generation, with the image that the
    /// channel `stable` points to, or, three times a replica at most, with the one that was signed. An entry whose successor
    /// cannot open is passed over and its lease goes on. By anyone.
    /// @param running the leases that the entries replace, in their order
    function upgrade(
        Order calldata order,
        Service[] calldata services,
        Upgrade calldata plan,
        PlanEntry[] calldata entries,
        LeaseKey[] calldata running,
        bytes[] calldata signatures
    ) external;

    // ---------------------------------------------------------------- funding

    /// @notice Funds more seconds. By the user at any time; by anyone else once the lease has started and its funded rest
    /// is at most prepay / 2, up to prepay ahead.
    function renew(Order calldata order, LeaseKey calldata key, uint32 secondsMore) external;

    /// @notice Stops paying for all but storage: the container stops, its data stays. By the user at any time once it
    /// has started; by anyone from `parkAfter` after its funds ran out.
    function park(LeaseKey calldata key) external;

    /// @notice Takes capacity again and funds more seconds; refused when the COE has no room. By the user or operator.
    function resume(Order calldata order, LeaseKey calldata key, uint32 secondsMore) external;

    // ------------------------------------------------------------- settlement

    /// @notice Pays for usage that agents signed. A bad batch or entry is passed over with a code. By anyone.
    /// @param bountyTo whose free balance gets the bounty, a part of the fees
    function settle(UsageBatch[] calldata batches, address bountyTo) external;

    // ----------------------------------------------------------------- ending

    /// @notice Ends leases of the caller now (reason User).
    function end(LeaseKey[] calldata keys) external;

    /// @notice Ends leases that are to go elsewhere (reason Moved). By the user or operator.
    function move(Order calldata order, LeaseKey[] calldata keys) external;

    /// @notice Ends leases of a COE of the caller: Declined before they have started, while their time to start runs;
    /// HostDrain after. By the host.
    function drain(Order calldata order, LeaseKey[] calldata keys) external;

    /// @notice Ends a lease at the time since which M of N members say its COE is dead (reason HostFault). By anyone.
    function fault(Order calldata order, LeaseKey calldata key, Fault calldata found, bytes[] calldata signatures)
        external;

    /// @notice The host's answer to a fault, until the lease is closed: it is alive, its bond is not taken.
    function answer(LeaseKey calldata key) external;

    /// @notice Closes leases that did not start within `startWithin` of their origin: all is refunded and the bond goes to
    /// the user. By anyone, as long as a lease is live.
    function noShow(Order calldata order, LeaseKey[] calldata keys) external;

    /// @notice Ends leases that have started and whose funds are over: Expired when their replica has no duration left or
    /// their order is cancelled, else Unfunded once grace is over. By anyone.
    function expire(Order calldata order, LeaseKey[] calldata keys) external;

    /// @notice Ends leases of an image that is marked as malicious. By anyone.
    function stopMalicious(bytes32 imageDigest, LeaseKey[] calldata keys) external;

    /// @notice Closes leases whose time for late reports is over and refunds the rest. By anyone.
    function finalise(LeaseKey[] calldata keys) external;

    // --------------------------------------------------------------- disputes

    /// @notice Says that settled seconds of the last two epochs were not served; sets their pay aside, against a bond of
    /// the same amount. By the user.
    function dispute(LeaseKey calldata key, uint32 secondsDisputed) external;

    /// @notice Carries out what M of N members found. By anyone.
    function decide(LeaseKey calldata key, Verdict calldata verdict, bytes[] calldata signatures) external;

    /// @notice Closes a dispute for which no verdict came in time: the pay has matured, the bond goes back. By anyone.
    function lapse(LeaseKey calldata key) external;

    // ----------------------------------------------------------------- payout

    /// @notice Pays a COE's matured earnings to its payee. By anyone.
    function withdrawEarned(bytes32 coe) external returns (uint256 amount);

    /// @notice Pays the collected fees to the treasury. By anyone.
    function withdrawFees() external returns (uint256 amount);

    // ------------------------------------------------------------------ views

    function orderHashOf(Order calldata order) external view returns (bytes32);
    function leaseIdOf(LeaseKey calldata key) external view returns (bytes32);
    /// @notice Everything an agent checks. Order, services and image are what it was told; the answer is about what the
    /// chain holds of a lease that those hash to, or reverts when they do not belong together.
    /// @return ticket_ state None for a lease that was never opened
    function ticket(Order calldata order, Service[] calldata services, LeaseKey calldata key, bytes32 imageDigest)
        external
        view
        returns (Ticket memory ticket_);
    /// @return state None for a lease that was never opened
    function leaseOf(bytes32 leaseId) external view returns (Lease memory state);
    function replicaOf(bytes32 orderHash, uint16 service, uint16 replica)
        external
        view
        returns (ReplicaState state, uint16 generation, uint32 committedSeconds);
    function freeOf(address user) external view returns (uint256);
    function epochOf(address user) external view returns (uint64);
    /// @return wei that is ring-fenced for a lease
    function fencedOf(bytes32 leaseId) external view returns (uint256);
    /// @return user zero when the order is unknown
    /// @return cancelled by the user, this order alone; see also epochOf
    /// @return admittedAt timestamp
    /// @return committed wei spent and ring-fenced by all its leases
    function orderOf(bytes32 orderHash)
        external
        view
        returns (address user, bool cancelled, uint64 admittedAt, uint256 committed);
    function settledOf(bytes32 leaseId) external view returns (Counters memory);
    /// @return matured wei that withdrawEarned would pay now
    /// @return maturing wei that will mature within two epochs
    /// @return disputed wei set aside
    function earnedOf(bytes32 coe) external view returns (uint256 matured, uint256 maturing, uint256 disputed);
    function disputeOf(bytes32 leaseId) external view returns (Dispute memory);
    function fees() external view returns (uint256);
    function params() external view returns (Params memory);
}
