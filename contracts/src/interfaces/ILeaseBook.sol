// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Counters, LeaseState, Order, Plan, PlanEntry, Reason, Service, Terms, Ticket, UsageBatch} from "./Types.sol";

/// @title The life of every lease, and the escrow that pays for it
/// @notice Money in the book is free, ring-fenced for a lease, or earned; the three add up to what the book holds.
interface ILeaseBook {
    event Deposited(address indexed user, address indexed payer, uint256 amount);
    event Withdrawn(address indexed user, uint256 amount);
    event OrderAdmitted(bytes32 indexed orderHash, address indexed user, Order order, Service[] services);
    event OrderCancelled(bytes32 indexed orderHash);
    /// @notice Every order of this user with a lower epoch is cancelled.
    event EpochRaised(address indexed user, uint64 epoch);
    event LeaseOpened(
        bytes32 indexed leaseId,
        bytes32 indexed orderHash,
        bytes32 indexed coe,
        uint16 service,
        uint16 replica,
        uint16 generation,
        uint64 origin,
        uint32 limit,
        Terms terms,
        uint256 fenced
    );
    /// @param code a SkipCode
    event EntrySkipped(bytes32 indexed orderHash, uint256 index, uint8 code);
    event LeaseEnding(bytes32 indexed leaseId, bytes32 indexed coe, Reason reason, uint64 endedAt, uint256 refunded);
    event LeaseClosed(bytes32 indexed leaseId, bytes32 indexed coe, uint256 refunded);
    /// @notice One event a COE and settlement. Amounts are wei newly paid.
    /// @param codes one UsageCode a entry, or a single byte when the whole batch was passed over
    event UsageSettled(
        bytes32 indexed coe, uint64 asOf, uint256 host, uint256 royalty, uint256 fee, bytes entries, bytes codes
    );
    event EarningsWithdrawn(bytes32 indexed coe, address indexed host, uint256 amount);
    event FeesWithdrawn(address indexed treasury, uint256 amount);

    error AmountZero();
    error FreeBalanceTooLow(address user, uint256 free, uint256 wanted);
    error OrderKnown(bytes32 orderHash);
    error OrderUnknown(bytes32 orderHash);
    error OrderCancelledAlready(bytes32 orderHash);
    error OrderExpired(uint64 submitBy, uint256 now_);
    error OrderFromOldEpoch(uint64 epoch, uint64 current);
    error OrderMalformed(uint8 field);
    error ServicesMismatch(bytes32 signed, bytes32 given);
    error SignerMismatch(address expected);
    error PlanExpired(uint64 deadline, uint256 now_);
    error PlanTooFarAhead(uint64 deadline, uint256 latest);
    error EntriesMismatch(bytes32 signed, bytes32 given);
    error LeaseUnknown(bytes32 leaseId);
    error LeaseNotOpen(bytes32 leaseId, LeaseState state);
    error LeaseNotEnding(bytes32 leaseId, LeaseState state);
    error LateReportsStillTaken(bytes32 leaseId, uint256 until);
    error StillFunded(bytes32 leaseId, uint64 fundedUntil);
    error NotTheUser(address user, address caller);
    error NothingEarned(bytes32 coe);

    /// @notice Moves tokens of the caller into the caller's free balance.
    function deposit(uint256 amount) external;

    /// @notice The same with an EIP-2612 permit, sent by anyone; credited only to the permit's owner.
    /// @dev A permit that somebody else already used is no error as long as the allowance is there.
    function depositWithPermit(address user, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice Pays the caller's free balance out to the caller.
    function withdraw(uint256 amount) external;

    /// @notice Admits a signed order once. Moves no money.
    function admit(Order calldata order, Service[] calldata services, bytes calldata signature)
        external
        returns (bytes32 orderHash);

    /// @notice Opens the leases of a plan that a quorum signed. A bad entry is passed over with a code; the rest open.
    function open(
        Service[] calldata services,
        Plan calldata plan,
        PlanEntry[] calldata entries,
        bytes[] calldata signatures
    ) external;

    /// @notice Pays for usage that agents signed. A bad batch or entry is passed over with a code.
    function settle(UsageBatch[] calldata batches) external;

    /// @notice No further opening of this order; live leases run to their limit. By the user.
    function cancel(bytes32 orderHash) external;

    /// @notice Raises the caller's epoch by one, which cancels every order signed for an older one.
    function raiseEpoch() external returns (uint64 epoch);

    /// @notice Ends leases of the caller now (reason User).
    function end(bytes32[] calldata leaseIds) external;

    /// @notice Ends leases whose funded time is over (reason Expired). By anyone.
    function expire(bytes32[] calldata leaseIds) external;

    /// @notice Closes leases whose time for late reports is over and refunds the rest. By anyone.
    function finalise(bytes32[] calldata leaseIds) external;

    /// @notice Pays a COE's matured earnings to its host. By anyone.
    function withdrawEarned(bytes32 coe) external returns (uint256 amount);

    /// @notice Pays the collected fees to the treasury. By anyone.
    function withdrawFees() external returns (uint256 amount);

    function orderHashOf(Order calldata order) external view returns (bytes32);
    function leaseIdOf(bytes32 orderHash, uint16 service, uint16 replica, uint16 generation, bytes32 coe)
        external
        view
        returns (bytes32);
    function ticket(bytes32 leaseId) external view returns (Ticket memory);
    function freeOf(address user) external view returns (uint256);
    function fencedOf(bytes32 leaseId) external view returns (uint256);
    /// @return user zero when the order is unknown
    /// @return cancelled by the user, alone or with all orders of an older epoch
    /// @return admittedAt timestamp
    /// @return servicesHash as signed
    /// @return spent wei paid out of it so far
    /// @return fenced wei ring-fenced for its leases
    function orderOf(bytes32 orderHash)
        external
        view
        returns (address user, bool cancelled, uint64 admittedAt, bytes32 servicesHash, uint256 spent, uint256 fenced);
    function settledOf(bytes32 leaseId) external view returns (Counters memory);
    /// @return matured wei that withdrawEarned would pay now
    /// @return maturing wei that will mature within two epochs
    function earnedOf(bytes32 coe) external view returns (uint256 matured, uint256 maturing);
    function fees() external view returns (uint256);
    function epochOf(address user) external view returns (uint64);

    /// @return basis points of the base charge that go to the treasury
    function feeBps() external view returns (uint16);
    /// @return the prices below which royalty and fee are not computed, in the units of an ask
    function referencePrices() external view returns (uint128[5] memory);

    // The book's constants: seconds.
    function LATE_REPORTS() external view returns (uint64);
    function MATURING_EPOCH() external view returns (uint64);
    function MIN_START_WITHIN() external view returns (uint64);
    function ASK_DELAY() external view returns (uint64);
}
