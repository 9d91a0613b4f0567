// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {ICoeRegistry} from "./interfaces/ICoeRegistry.sol";
import {IContainerRegistry} from "./interfaces/IContainerRegistry.sol";
import {ILeaseBook} from "./interfaces/ILeaseBook.sol";
import {IProtocolSettings} from "./interfaces/IProtocolSettings.sol";
import {IRoyaltyPool} from "./interfaces/IRoyaltyPool.sol";
import {ISchedulerCommittee} from "./interfaces/ISchedulerCommittee.sol";
import {
    Counters,
    Dispute,
    Fault,
    Lease,
    LeaseKey,
    Order,
    Params,
    Plan,
    PlanEntry,
    ReplicaState,
    Service,
    Ticket,
    Upgrade,
    UsageBatch,
    Verdict
} from "./interfaces/Types.sol";
import {Admission} from "./lease/Admission.sol";
import {Book, CANCELLED, COMMITTED_UNIT, Context, OrderRecord, Parts, Replica, StoredDispute} from "./lease/Book.sol";
import {Disputing} from "./lease/Disputing.sol";
import {Earnings} from "./lease/Earnings.sol";
import {Ending} from "./lease/Ending.sol";
import {Funding} from "./lease/Funding.sol";
import {Leases} from "./lease/Leases.sol";
import {Opening} from "./lease/Opening.sol";
import {Reading} from "./lease/Reading.sol";
import {Settling} from "./lease/Settling.sol";

/// @title The life of every lease, and the escrow that pays for it
/// @notice
///   none ──open──▶ Open ──end, move, drain, fault, expire, stopMalicious, upgrade──▶ Ending ──finalise──▶ Closed
///                  │  ▲                                                               ▲
///                  park resume                                    the same but upgrade│
///                  ▼  │                                                               │
///                 Parked ─────────────────────────────────────────────────────────────┘
///   Open ──noShow──▶ Closed
/// What is ring-fenced for a lease is derived, never stored: charge(limit, allowance) - charge(settled) + reserve.
/// @dev Invariant: tokens in the book = free + ring-fenced + earned by COEs + pay and bonds of disputes + fees.
/// Each step of a lease's life is a file of lease/, compiled as a library that this contract alone delegates to: its
/// storage, money and rights are here. Nobody owns a lease book, and nothing in it can be changed.
contract LeaseBook is ILeaseBook, EIP712, Multicall, ReentrancyGuardTransient {
    using Earnings for Earnings.Account;
    using SafeERC20 for IERC20;

    error ParameterZero();
    error UnbondingTooShort(uint256 unbonding, uint256 longerThan);

    uint256 private constant GWEI = 1e9;

    IERC20 public immutable TOKEN;
    ICoeRegistry public immutable COES;
    IContainerRegistry public immutable IMAGES;
    ISchedulerCommittee public immutable COMMITTEE;
    IRoyaltyPool public immutable POOL;
    IProtocolSettings public immutable SETTINGS;
    address public immutable TREASURY;
    uint64 public immutable ASK_DELAY;

    uint32 private immutable _LATE_REPORTS;
    uint32 private immutable _MATURING_EPOCH;
    uint32 private immutable _VERDICT_TIME;
    uint32 private immutable _GRACE;
    uint32 private immutable _MIN_START_WITHIN;
    uint32 private immutable _PARK_AFTER;
    uint32 private immutable _DIRECT_TIMEOUT;
    uint32 private immutable _DEAD_SINCE_BACK;

    Book private _book;

    constructor(Parts memory parts, Params memory p) EIP712("Dweb", "1") {
        bool anyZero = p.lateReports == 0 || p.maturingEpoch == 0 || p.verdictTime == 0 || p.grace == 0
            || p.minStartWithin == 0 || p.parkAfter == 0 || p.directTimeout == 0 || p.deadSinceBack == 0;
        if (anyZero) revert ParameterZero();
        // A host that unbonds must not be out before its last lease can be judged.
        uint256 judged = uint256(p.lateReports) + 2 * uint256(p.maturingEpoch) + p.verdictTime;
        uint256 unbonding = parts.coes.UNBONDING();
        if (unbonding <= judged) revert UnbondingTooShort(unbonding, judged);

        TOKEN = parts.token;
        COES = parts.coes;
        IMAGES = parts.images;
        COMMITTEE = parts.committee;
        POOL = parts.pool;
        SETTINGS = parts.settings;
        TREASURY = parts.treasury;
        ASK_DELAY = parts.coes.ASK_DELAY();
        _LATE_REPORTS = p.lateReports;
        _MATURING_EPOCH = p.maturingEpoch;
        _VERDICT_TIME = p.verdictTime;
        _GRACE = p.grace;
        _MIN_START_WITHIN = p.minStartWithin;
        _PARK_AFTER = p.parkAfter;
        _DIRECT_TIMEOUT = p.directTimeout;
        _DEAD_SINCE_BACK = p.deadSinceBack;
        // The pool takes each settlement's royalties itself, and never more than the book sends it to.
        parts.token.forceApprove(address(parts.pool), type(uint256).max);
    }

    // ------------------------------------------------------------------- escrow

    /// @inheritdoc ILeaseBook
    function deposit(uint256 amount) external nonReentrant {
        _take(msg.sender, amount);
    }

    /// @inheritdoc ILeaseBook
    function depositWithPermit(address user, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        nonReentrant
    {
        // A permit that was already used has left its allowance behind; without one the transfer below reverts.
        try IERC20Permit(address(TOKEN)).permit(user, address(this), amount, deadline, v, r, s) {} catch {}
        _take(user, amount);
    }

    /// @inheritdoc ILeaseBook
    function withdraw(uint256 amount) external nonReentrant {
        if (amount == 0) revert AmountZero();
        uint256 free = _book.wallets[msg.sender].free;
        if (amount > free) revert FreeBalanceTooLow(msg.sender, free, amount);

        _book.wallets[msg.sender].free = uint128(free - amount);
        emit Withdrawn(msg.sender, amount);
        TOKEN.safeTransfer(msg.sender, amount);
    }

    /// @dev The payer is always the user who is credited. The token's supply fits 128 bits.
    function _take(address user, uint256 amount) private {
        if (amount == 0) revert AmountZero();
        TOKEN.safeTransferFrom(user, address(this), amount);
        _book.wallets[user].free += uint128(amount);
        emit Deposited(user, user, amount);
    }

    // ------------------------------------------------------------------- orders

    /// @inheritdoc ILeaseBook
    function admit(Order calldata order, Service[] calldata services, bytes calldata signature)
        external
        nonReentrant
        returns (bytes32)
    {
        return Admission.admit(_book, _context(), order, services, signature);
    }

    /// @inheritdoc ILeaseBook
    function cancel(bytes32 orderHash) external {
        Admission.cancel(_book, orderHash);
    }

    /// @inheritdoc ILeaseBook
    function raiseEpoch() external returns (uint64 epoch) {
        epoch = ++_book.wallets[msg.sender].epoch;
        emit EpochRaised(msg.sender, epoch);
    }

    // ------------------------------------------------------------------ opening

    /// @inheritdoc ILeaseBook
    function open(
        Order calldata order,
        Service[] calldata services,
        Plan calldata plan,
        PlanEntry[] calldata entries,
        bytes[] calldata signatures
    ) external nonReentrant {
        Opening.open(_book, _context(), order, services, plan, entries, signatures);
    }

    /// @inheritdoc ILeaseBook
    function admitAndOpen(
        Order calldata order,
        Service[] calldata services,
        bytes calldata orderSignature,
        Plan calldata plan,
        PlanEntry[] calldata entries,
        bytes[] calldata signatures
    ) external nonReentrant {
        Opening.admitAndOpen(_book, _context(), order, services, orderSignature, plan, entries, signatures);
    }

    /// @inheritdoc ILeaseBook
    function openDirect(
        Order calldata order,
        Service[] calldata services,
        Plan calldata plan,
        PlanEntry[] calldata entries,
        bytes calldata userSignature,
        bytes[] calldata hostSignatures
    ) external nonReentrant {
        Opening.openDirect(_book, _context(), order, services, plan, entries, userSignature, hostSignatures);
    }

    /// @inheritdoc ILeaseBook
    function upgrade(
        Order calldata order,
        Service[] calldata services,
        Upgrade calldata plan,
        PlanEntry[] calldata entries,
        LeaseKey[] calldata running,
        bytes[] calldata signatures
    ) external nonReentrant {
        Opening.upgrade(_book, _context(), order, services, plan, entries, running, signatures);
    }

    // ------------------------------------------------------------------ funding

    /// @inheritdoc ILeaseBook
    function renew(Order calldata order, LeaseKey calldata key, uint32 secondsMore) external nonReentrant {
        Funding.renew(_book, _context(), order, key, secondsMore);
    }

    /// @inheritdoc ILeaseBook
    function park(LeaseKey calldata key) external nonReentrant {
        Funding.park(_book, _context(), key);
    }

    /// @inheritdoc ILeaseBook
    function resume(Order calldata order, LeaseKey calldata key, uint32 secondsMore) external nonReentrant {
        Funding.resume(_book, _context(), order, key, secondsMore);
    }

    // --------------------------------------------------------------- settlement

    /// @inheritdoc ILeaseBook
    function settle(UsageBatch[] calldata batches, address bountyTo) external nonReentrant {
        Settling.settle(_book, _context(), batches, bountyTo);
    }

    // ------------------------------------------------------------------- ending

    /// @inheritdoc ILeaseBook
    function end(LeaseKey[] calldata keys) external nonReentrant {
        Ending.end(_book, _context(), keys);
    }

    /// @inheritdoc ILeaseBook
    function move(Order calldata order, LeaseKey[] calldata keys) external nonReentrant {
        Ending.move(_book, _context(), order, keys);
    }

    /// @inheritdoc ILeaseBook
    function drain(Order calldata order, LeaseKey[] calldata keys) external nonReentrant {
        Ending.drain(_book, _context(), order, keys);
    }

    /// @inheritdoc ILeaseBook
    function fault(Order calldata order, LeaseKey calldata key, Fault calldata found, bytes[] calldata signatures)
        external
        nonReentrant
    {
        Ending.fault(_book, _context(), order, key, found, signatures);
    }

    /// @inheritdoc ILeaseBook
    function answer(LeaseKey calldata key) external nonReentrant {
        Ending.answer(_book, _context(), key);
    }

    /// @inheritdoc ILeaseBook
    function noShow(Order calldata order, LeaseKey[] calldata keys) external nonReentrant {
        Ending.noShow(_book, _context(), order, keys);
    }

    /// @inheritdoc ILeaseBook
    function expire(Order calldata order, LeaseKey[] calldata keys) external nonReentrant {
        Ending.expire(_book, _context(), order, keys);
    }

    /// @inheritdoc ILeaseBook
    function stopMalicious(bytes32 imageDigest, LeaseKey[] calldata keys) external nonReentrant {
        Ending.stopMalicious(_book, _context(), imageDigest, keys);
    }

    /// @inheritdoc ILeaseBook
    function finalise(LeaseKey[] calldata keys) external nonReentrant {
        Ending.finalise(_book, _context(), keys);
    }

    // ----------------------------------------------------------------- disputes

    /// @inheritdoc ILeaseBook
    function dispute(LeaseKey calldata key, uint32 secondsDisputed) external nonReentrant {
        Disputing.dispute(_book, _context(), key, secondsDisputed);
    }

    /// @inheritdoc ILeaseBook
    function decide(LeaseKey calldata key, Verdict calldata verdict, bytes[] calldata signatures)
        external
        nonReentrant
    {
        Disputing.decide(_book, _context(), key, verdict, signatures);
    }

    /// @inheritdoc ILeaseBook
    function lapse(LeaseKey calldata key) external nonReentrant {
        Disputing.lapse(_book, _context(), key);
    }

    // ------------------------------------------------------------------- payout

    /// @inheritdoc ILeaseBook
    function withdrawEarned(bytes32 coe) external nonReentrant returns (uint256 amount) {
        amount = _book.earned[coe].take(_maturingEpoch()) * GWEI;
        if (amount == 0) revert NothingEarned(coe);

        address payee = COES.payeeOf(coe);
        emit EarningsWithdrawn(coe, payee, amount);
        TOKEN.safeTransfer(payee, amount);
    }

    /// @inheritdoc ILeaseBook
    function withdrawFees() external nonReentrant returns (uint256 amount) {
        amount = _book.fees;
        if (amount == 0) revert AmountZero();

        _book.fees = 0;
        emit FeesWithdrawn(TREASURY, amount);
        TOKEN.safeTransfer(TREASURY, amount);
    }

    // -------------------------------------------------------------------- views

    /// @inheritdoc ILeaseBook
    function orderHashOf(Order calldata order) external view returns (bytes32) {
        return Leases.hash(_context(), order);
    }

    /// @inheritdoc ILeaseBook
    function leaseIdOf(LeaseKey calldata key) external view returns (bytes32) {
        return Leases.idOf(key);
    }

    /// @inheritdoc ILeaseBook
    function ticket(Order calldata order, Service[] calldata services, LeaseKey calldata key, bytes32 imageDigest)
        external
        view
        returns (Ticket memory)
    {
        return Reading.ticket(_book, _context(), order, services, key, imageDigest);
    }

    /// @inheritdoc ILeaseBook
    function leaseOf(bytes32 leaseId) external view returns (Lease memory) {
        return Reading.leaseOf(_book, leaseId);
    }

    /// @inheritdoc ILeaseBook
    function replicaOf(bytes32 orderHash, uint16 service, uint16 replica)
        external
        view
        returns (ReplicaState state, uint16 generation, uint32 committedSeconds)
    {
        Replica storage place = Leases.replicaOf(_book, orderHash, service, replica);
        return (place.state, place.generation, place.committed);
    }

    /// @inheritdoc ILeaseBook
    function freeOf(address user) external view returns (uint256) {
        return _book.wallets[user].free;
    }

    /// @inheritdoc ILeaseBook
    function epochOf(address user) external view returns (uint64) {
        return _book.wallets[user].epoch;
    }

    /// @inheritdoc ILeaseBook
    function fencedOf(bytes32 leaseId) external view returns (uint256) {
        bytes16 handle = Leases.handleOf(leaseId);
        return Leases.fenced(_context(), _book.leases[handle].terms, _book.leases[handle].counters);
    }

    /// @inheritdoc ILeaseBook
    function orderOf(bytes32 orderHash)
        external
        view
        returns (address user, bool cancelled, uint64 admittedAt, uint256 committed)
    {
        OrderRecord storage record = _book.orders[orderHash];
        cancelled = record.admittedAt == CANCELLED;
        return (record.user, cancelled, cancelled ? 0 : record.admittedAt, record.committed * COMMITTED_UNIT);
    }

    /// @inheritdoc ILeaseBook
    function settledOf(bytes32 leaseId) external view returns (Counters memory) {
        return _book.leases[Leases.handleOf(leaseId)].counters.unpack();
    }

    /// @inheritdoc ILeaseBook
    function earnedOf(bytes32 coe) external view returns (uint256 matured, uint256 maturing, uint256 disputed) {
        Earnings.Account storage account = _book.earned[coe];
        Earnings.Account memory rolled = account.rolledTo(_maturingEpoch());
        matured = rolled.matured * GWEI;
        maturing = (uint256(rolled.previous) + rolled.current) * GWEI;
        disputed = account.disputed * GWEI;
    }

    /// @inheritdoc ILeaseBook
    function disputeOf(bytes32 leaseId) external view returns (Dispute memory) {
        StoredDispute storage record = _book.disputes[Leases.handleOf(leaseId)];
        return Dispute(record.amount, record.secondsDisputed, record.verdictUntil);
    }

    /// @inheritdoc ILeaseBook
    function fees() external view returns (uint256) {
        return _book.fees;
    }

    /// @inheritdoc ILeaseBook
    function params() public view returns (Params memory) {
        return Params({
            lateReports: _LATE_REPORTS,
            maturingEpoch: _MATURING_EPOCH,
            verdictTime: _VERDICT_TIME,
            grace: _GRACE,
            minStartWithin: _MIN_START_WITHIN,
            parkAfter: _PARK_AFTER,
            directTimeout: _DIRECT_TIMEOUT,
            deadSinceBack: _DEAD_SINCE_BACK
        });
    }

    function _context() private view returns (Context memory) {
        return Context({
            parts: Parts({
                token: TOKEN,
                coes: COES,
                images: IMAGES,
                committee: COMMITTEE,
                pool: POOL,
                settings: SETTINGS,
                treasury: TREASURY
            }),
            params: params(),
            askDelay: ASK_DELAY,
            domain: _domainSeparatorV4()
        });
    }

    function _maturingEpoch() private view returns (uint64) {
        return uint64(block.timestamp / _MATURING_EPOCH);
    }
}
