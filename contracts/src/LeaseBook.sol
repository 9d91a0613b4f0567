// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ICoeRegistry} from "./interfaces/ICoeRegistry.sol";
import {IContainerRegistry} from "./interfaces/IContainerRegistry.sol";
import {ILeaseBook} from "./interfaces/ILeaseBook.sol";
import {IRoyaltyPool} from "./interfaces/IRoyaltyPool.sol";
import {ISchedulerCommittee} from "./interfaces/ISchedulerCommittee.sol";
import {
    Counters,
    LeaseState,
    Plan,
    PlanEntry,
    Reason,
    Service,
    SkipCode,
    Terms,
    Ticket,
    UsageBatch,
    UsageCode
} from "./interfaces/Types.sol";
import {Dues} from "./lease/Dues.sol";
import {Earnings} from "./lease/Earnings.sol";
import {Escrow} from "./lease/Escrow.sol";
import {Orders} from "./lease/Orders.sol";
import {Params, Parts} from "./lease/Params.sol";
import {Rates} from "./lease/Rates.sol";
import {UsageEntries} from "./lease/UsageEntries.sol";
import {LeaseHashing} from "./signing/LeaseHashing.sol";
import {Signatures} from "./signing/Signatures.sol";

/// @title The life of every lease, and the escrow that pays for it
/// @notice none -> Open -> Ending -> Closed. A lease is funded once, when it opens, for min(prepay, duration) seconds;
/// what is ring-fenced for it is derived: charge(limit, allowance) - charge(settled).
/// lease id = keccak256(abi.encode(chainId, this, orderHash, service, replica, generation, coe)); its handle is the
/// first 8 bytes. `admit` and `open` go in one transaction by `multicall`.
/// @dev Invariant: what the book holds = free + ring-fenced + earned by COEs + fees.
contract LeaseBook is Escrow, Orders, Multicall {
    using Dues for Dues.List;
    using Earnings for Earnings.Account;
    using Rates for Terms;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;
    using UsageEntries for bytes;

    enum SlotState {
        Empty,
        Live,
        Refillable,
        Done
    }

    /// @dev The place of one replica, which leases of rising generation fill.
    struct Slot {
        SlotState state;
        uint16 generation; // of the lease that fills it, or may fill it next
    }

    /// @dev What the leases of one service share, kept from the first opening.
    struct ServiceRecord {
        bytes32 imageDigest;
        bytes32 specHash;
        bytes32 node; // of the royalty graph
        uint64[5] reserved;
    }

    struct Lease {
        bytes32 orderHash;
        bytes32 coe;
        LeaseState state;
        Reason reason;
        uint16 service;
        uint16 replica;
        uint16 generation;
        uint64 origin;
        uint64 endedAt;
        uint32 limit; // seconds funded since origin
        Terms terms;
        Counters settled;
    }

    error FeeOutOfRange(uint16 feeBps, uint16 least, uint16 most);
    error ParameterZero();

    uint16 public constant LEAST_FEE_BPS = 1;
    uint16 public constant MOST_FEE_BPS = 500;

    /// @inheritdoc ILeaseBook
    uint64 public immutable LATE_REPORTS;
    /// @inheritdoc ILeaseBook
    uint64 public immutable MATURING_EPOCH;
    /// @inheritdoc ILeaseBook
    uint64 public immutable ASK_DELAY;
    /// @inheritdoc ILeaseBook
    uint16 public immutable feeBps;

    ICoeRegistry public immutable COES;
    IContainerRegistry public immutable IMAGES;
    ISchedulerCommittee public immutable COMMITTEE;
    IRoyaltyPool public immutable POOL;
    address public immutable TREASURY;

    /// @inheritdoc ILeaseBook
    uint256 public fees;

    uint128[5] private _reference;
    mapping(bytes32 leaseId => Lease) private _leases;
    mapping(bytes8 handle => bytes32 leaseId) private _leaseOf;
    mapping(bytes32 orderHash => mapping(uint256 service => ServiceRecord)) private _services;
    mapping(bytes32 orderHash => mapping(uint256 service => mapping(uint256 replica => Slot))) private _slots;
    mapping(bytes32 coe => Earnings.Account) private _earned;

    /// @param refPrices the reference prices of the five resources in the units of an ask; no royalty or fee is computed below them
    constructor(Parts memory parts, uint16 feeBps_, uint128[5] memory refPrices, Params memory params)
        Escrow(parts.token)
        Orders(params.minStartWithin)
    {
        if (feeBps_ < LEAST_FEE_BPS || feeBps_ > MOST_FEE_BPS) {
            revert FeeOutOfRange(feeBps_, LEAST_FEE_BPS, MOST_FEE_BPS);
        }
        if (params.lateReports == 0 || params.maturingEpoch == 0 || params.minStartWithin == 0 || params.askDelay == 0) revert ParameterZero();

        LATE_REPORTS = params.lateReports;
        MATURING_EPOCH = params.maturingEpoch;
        ASK_DELAY = params.askDelay;
        feeBps = feeBps_;
        COES = parts.coes;
        IMAGES = parts.images;
        COMMITTEE = parts.committee;
        POOL = parts.pool;
        TREASURY = parts.treasury;
        _reference = refPrices;
    }

    // ------------------------------------------------------------------ opening

    /// @inheritdoc ILeaseBook
    function open(
        Service[] calldata services,
        Plan calldata plan,
        PlanEntry[] calldata entries,
        bytes[] calldata signatures
    ) external nonReentrant {
        OrderRecord storage order = _requireOpenable(plan.orderHash, services);
        if (block.timestamp > plan.deadline) revert PlanExpired(plan.deadline, block.timestamp);
        uint256 latest = block.timestamp + ASK_DELAY;
        if (plan.deadline > latest) revert PlanTooFarAhead(plan.deadline, latest);
        bytes32 entriesHash = LeaseHashing.hash(entries);
        if (entriesHash != plan.entriesHash) revert EntriesMismatch(plan.entriesHash, entriesHash);
        COMMITTEE.requireQuorum(_hashTypedDataV4(LeaseHashing.hash(plan)), plan.committeeEpoch, signatures);

        uint128[5] memory refPrices = _reference;
        for (uint256 i = 0; i < entries.length; ++i) {
            SkipCode code = _tryOpen(plan.orderHash, order, services, entries[i], refPrices);
            if (code != SkipCode.None) emit EntrySkipped(plan.orderHash, i, uint8(code));
        }
    }

    /// @dev The checks in the order of docs/protocol.md, then the effects. Nothing changes unless it answers None.
    function _tryOpen(
        bytes32 orderHash,
        OrderRecord storage order,
        Service[] calldata services,
        PlanEntry calldata entry,
        uint128[5] memory refPrices
    ) private returns (SkipCode) {
        if (entry.service >= services.length) return SkipCode.NoSuchReplica;
        Service calldata service = services[entry.service];
        if (entry.replica >= service.replicas) return SkipCode.NoSuchReplica;
        Slot storage slot = _slots[orderHash][entry.service][entry.replica];
        if (slot.state != SlotState.Empty && slot.state != SlotState.Refillable) return SkipCode.SlotTaken;
        if (slot.generation != entry.generation) return SkipCode.WrongGeneration;
        bytes32 leaseId = leaseIdOf(orderHash, entry.service, entry.replica, entry.generation, entry.coe);
        bytes8 handle = _handleOf(leaseId);
        if (_leaseOf[handle] != bytes32(0)) return SkipCode.HandleUsed;

        ICoeRegistry.Coe memory coe = COES.coeOf(entry.coe);
        if (coe.status != ICoeRegistry.Status.Active) return SkipCode.CoeInactive;
        IContainerRegistry.ImageRecord memory image = IMAGES.imageOf(service.imageDigest);
        if (!image.minted) return SkipCode.ImageMissing;
        if (image.malicious) return SkipCode.ImageMalicious;
        if (image.revoked && entry.generation == 0) return SkipCode.ImageRevoked;

        (SkipCode code, Terms memory terms) = _price(order, service, entry, coe.ask, refPrices, image.royaltyBps);
        if (code != SkipCode.None) return code;
        if (service.regionMask != 0 && (service.regionMask >> coe.region) & 1 == 0) return SkipCode.RegionExcluded;
        uint32 limit = order.prepay < order.duration ? order.prepay : order.duration;
        uint256 fenced = terms.total(limit, terms.allowance());
        if (uint256(order.spent) + order.fenced + fenced > order.maxTotal) return SkipCode.AboveMaxTotal;
        if (_free[order.user] < fenced) return SkipCode.FreeBalanceTooLow;
        uint256 bond = terms.bond();
        if (coe.stake - coe.locked < _max(service.minStake, bond)) return SkipCode.StakeTooLow;
        // The bond is there, so what the registry still refuses for is capacity.
        if (!COES.assign(entry.coe, service.reserved, bond)) return SkipCode.NoCapacity;

        _free[order.user] -= fenced;
        order.fenced += fenced.toUint128();
        slot.state = SlotState.Live;
        _leaseOf[handle] = leaseId;
        _remember(orderHash, entry.service, service, image.node);
        Lease storage lease = _leases[leaseId];
        lease.orderHash = orderHash;
        lease.coe = entry.coe;
        lease.state = LeaseState.Open;
        lease.service = entry.service;
        lease.replica = entry.replica;
        lease.generation = entry.generation;
        lease.origin = uint64(block.timestamp);
        lease.limit = limit;
        lease.terms = terms;
        emit LeaseOpened(
            leaseId,
            orderHash,
            entry.coe,
            entry.service,
            entry.replica,
            entry.generation,
            lease.origin,
            limit,
            terms,
            fenced
        );
        return SkipCode.None;
    }

    /// @dev A ceiling bounds the sum of the four resources by the second, and transfer for itself.
    function _price(
        OrderRecord storage order,
        Service calldata service,
        PlanEntry calldata entry,
        uint128[5] memory ask,
        uint128[5] memory refPrices,
        uint16 royaltyBps
    ) private view returns (SkipCode code, Terms memory terms) {
        if (royaltyBps > order.maxRoyaltyBps) return (SkipCode.RoyaltyAboveMax, terms);
        if (feeBps > order.maxFeeBps) return (SkipCode.FeeAboveMax, terms);
        bool fits;
        (fits, terms) = Rates.lock(ask, refPrices, service.reserved, royaltyBps, feeBps);
        if (!fits) return (SkipCode.RateTooWide, terms);
        if (terms.hostRate > entry.maxHostRate) return (SkipCode.RateAbovePlan, terms);
        if (_isAbove(ask, service)) return (SkipCode.RateAboveCeiling, terms);
        if (_isAbove(refPrices, service)) return (SkipCode.ReferenceAboveCeiling, terms);
    }

    function _isAbove(uint128[5] memory prices, Service calldata service) private pure returns (bool) {
        if (Rates.perSecond(prices, service.reserved) > Rates.perSecond(service.ceiling, service.reserved)) {
            return true;
        }
        return service.reserved[4] > 0 && prices[4] > service.ceiling[4];
    }

    function _remember(bytes32 orderHash, uint256 index, Service calldata service, bytes32 node) private {
        ServiceRecord storage record = _services[orderHash][index];
        if (record.imageDigest != bytes32(0)) return;
        record.imageDigest = service.imageDigest;
        record.specHash = service.specHash;
        record.node = node;
        record.reserved = service.reserved;
    }

    // --------------------------------------------------------------- settlement

    /// @inheritdoc ILeaseBook
    /// @dev Royalties leave in one transfer after the loop, then are booked once a node.
    function settle(UsageBatch[] calldata batches) external nonReentrant {
        uint256 most = 0;
        for (uint256 i = 0; i < batches.length; ++i) {
            most += batches[i].entries.count();
        }
        Dues.List memory dues = Dues.create(most);
        for (uint256 i = 0; i < batches.length; ++i) {
            _settleBatch(batches[i], dues);
        }

        if (dues.total > 0) TOKEN.safeTransfer(address(POOL), dues.total);
        for (uint256 i = 0; i < dues.count; ++i) {
            POOL.credit(dues.nodes[i], dues.amounts[i]);
        }
    }

    /// @dev A batch that is passed over logs its code and none of its entries: nobody stands for them.
    function _settleBatch(UsageBatch calldata batch, Dues.List memory dues) private {
        UsageCode whole = _check(batch);
        if (whole != UsageCode.Accepted) {
            emit UsageSettled(batch.coe, batch.asOf, 0, 0, 0, "", abi.encodePacked(uint8(whole)));
            return;
        }

        uint256 count = batch.entries.count();
        bytes memory codes = new bytes(count);
        uint256 host = 0;
        uint256 royalty = 0;
        uint256 fee = 0;
        for (uint256 i = 0; i < count; ++i) {
            (UsageCode code, uint256 h, uint256 r, uint256 f) = _settleEntry(batch, i, dues);
            codes[i] = bytes1(uint8(code));
            host += h;
            royalty += r;
            fee += f;
        }
        fees += fee;
        _earned[batch.coe].add(_maturingEpoch(), host);
        emit UsageSettled(batch.coe, batch.asOf, host, royalty, fee, batch.entries, codes);
    }

    function _check(UsageBatch calldata batch) private view returns (UsageCode) {
        if (!batch.entries.isWellFormed()) return UsageCode.BadLength;
        if (batch.asOf > block.timestamp) return UsageCode.FromTheFuture;
        bytes32 digest = _hashTypedDataV4(LeaseHashing.hashUsage(batch.coe, batch.asOf, batch.entries));
        address signer = Signatures.recover(digest, batch.signature);
        if (signer == address(0) || signer != COES.agentOf(batch.coe)) return UsageCode.BadSignature;
        return UsageCode.Accepted;
    }

    /// @dev Reported seconds beyond what was funded, or what the batch's block can vouch for, are clamped. Counters are
    /// cumulative, so a replay pays nothing; those that are not billed keep their larger value and refuse nothing.
    function _settleEntry(UsageBatch calldata batch, uint256 index, Dues.List memory dues)
        private
        returns (UsageCode code, uint256 host, uint256 royalty, uint256 fee)
    {
        (bytes8 handle, Counters memory next) = batch.entries.read(index);
        Lease storage lease = _leases[_leaseOf[handle]];
        if (lease.state == LeaseState.None) return (UsageCode.UnknownLease, 0, 0, 0);
        if (lease.coe != batch.coe) return (UsageCode.ForeignLease, 0, 0, 0);
        if (lease.state == LeaseState.Closed) return (UsageCode.LeaseClosed, 0, 0, 0);
        Counters memory last = lease.settled;
        if (next.secondsRun < last.secondsRun || next.received < last.received || next.sent < last.sent) {
            return (UsageCode.CounterFell, 0, 0, 0);
        }

        uint256 payable_ = _min(next.secondsRun, lease.limit);
        if (lease.state == LeaseState.Open) {
            payable_ = _min(payable_, batch.asOf > lease.origin ? batch.asOf - lease.origin : 0);
        }
        next.secondsRun = _max(payable_, last.secondsRun).toUint32();
        next.cpu = _max(next.cpu, last.cpu).toUint48();
        next.memoryUsed = _max(next.memoryUsed, last.memoryUsed).toUint48();
        next.storageUsed = _max(next.storageUsed, last.storageUsed).toUint48();
        lease.settled = next;

        Terms memory terms = lease.terms;
        (host, royalty, fee) = _difference(terms, last, next);
        uint256 paid = host + royalty + fee;
        if (paid > 0) {
            OrderRecord storage order = _orders[lease.orderHash];
            order.spent += paid.toUint128();
            order.fenced -= paid.toUint128();
            dues.add(_services[lease.orderHash][lease.service].node, royalty);
        }
    }

    function _difference(Terms memory terms, Counters memory last, Counters memory next)
        private
        pure
        returns (uint256 host, uint256 royalty, uint256 fee)
    {
        // A charge is linear, so the charge of the differences is the difference of the charges.
        return terms.charge(next.secondsRun - last.secondsRun, _billed(terms, next) - _billed(terms, last));
    }

    /// @return MiB of transfer that these counters bill
    function _billed(Terms memory terms, Counters memory counters) private pure returns (uint256) {
        return _min(uint256(counters.received) + counters.sent, terms.allowance());
    }

    // ------------------------------------------------------------------- ending

    /// @inheritdoc ILeaseBook
    function end(bytes32[] calldata leaseIds) external nonReentrant {
        for (uint256 i = 0; i < leaseIds.length; ++i) {
            Lease storage lease = _requireOpen(leaseIds[i]);
            address user = _orders[lease.orderHash].user;
            if (user != msg.sender) revert NotTheUser(user, msg.sender);
            _beginEnding(leaseIds[i], lease, Reason.User);
        }
    }

    /// @inheritdoc ILeaseBook
    function expire(bytes32[] calldata leaseIds) external nonReentrant {
        for (uint256 i = 0; i < leaseIds.length; ++i) {
            Lease storage lease = _requireOpen(leaseIds[i]);
            uint64 fundedUntil = lease.origin + lease.limit;
            if (block.timestamp < fundedUntil) revert StillFunded(leaseIds[i], fundedUntil);
            _beginEnding(leaseIds[i], lease, Reason.Expired);
        }
    }

    /// @inheritdoc ILeaseBook
    function finalise(bytes32[] calldata leaseIds) external nonReentrant {
        for (uint256 i = 0; i < leaseIds.length; ++i) {
            bytes32 leaseId = leaseIds[i];
            Lease storage lease = _leases[leaseId];
            if (lease.state == LeaseState.None) revert LeaseUnknown(leaseId);
            if (lease.state != LeaseState.Ending) revert LeaseNotEnding(leaseId, lease.state);
            uint256 until = lease.endedAt + LATE_REPORTS;
            if (block.timestamp < until) revert LateReportsStillTaken(leaseId, until);

            uint256 refunded = _fenced(lease);
            lease.state = LeaseState.Closed;
            _refund(lease.orderHash, refunded);
            emit LeaseClosed(leaseId, lease.coe, refunded);
            COES.unlock(lease.coe, lease.terms.bond());
        }
    }

    function _requireOpen(bytes32 leaseId) private view returns (Lease storage lease) {
        lease = _leases[leaseId];
        if (lease.state == LeaseState.None) revert LeaseUnknown(leaseId);
        if (lease.state != LeaseState.Open) revert LeaseNotOpen(leaseId, lease.state);
    }

    /// @dev Refunds the seconds after the end at once. The transfer allowance stays fenced until the lease closes, or a
    /// user who ends just before a settlement would have had the transfer since the last one for nothing.
    function _beginEnding(bytes32 leaseId, Lease storage lease, Reason reason) private {
        uint256 fenced = _fenced(lease);
        uint256 ran = block.timestamp - lease.origin;
        if (ran < lease.limit) lease.limit = _max(ran, lease.settled.secondsRun).toUint32();
        uint256 refunded = fenced - _fenced(lease);

        lease.state = LeaseState.Ending;
        lease.reason = reason;
        lease.endedAt = uint64(block.timestamp);
        _slots[lease.orderHash][lease.service][lease.replica].state = SlotState.Done;
        _refund(lease.orderHash, refunded);
        emit LeaseEnding(leaseId, lease.coe, reason, lease.endedAt, refunded);
        COES.release(lease.coe, _services[lease.orderHash][lease.service].reserved);
    }

    /// @return wei that this lease may still cost, whatever its state
    function _fenced(Lease storage lease) private view returns (uint256) {
        Terms memory terms = lease.terms;
        Counters memory settled = lease.settled;
        return terms.total(lease.limit - settled.secondsRun, terms.allowance() - _billed(terms, settled));
    }

    function _refund(bytes32 orderHash, uint256 amount) private {
        OrderRecord storage order = _orders[orderHash];
        order.fenced -= amount.toUint128();
        _free[order.user] += amount;
    }

    // ------------------------------------------------------------------- payout

    /// @inheritdoc ILeaseBook
    function withdrawEarned(bytes32 coe) external nonReentrant returns (uint256 amount) {
        amount = _earned[coe].take(_maturingEpoch());
        if (amount == 0) revert NothingEarned(coe);

        address host = COES.coeOf(coe).host;
        emit EarningsWithdrawn(coe, host, amount);
        TOKEN.safeTransfer(host, amount);
    }

    /// @inheritdoc ILeaseBook
    function withdrawFees() external nonReentrant returns (uint256 amount) {
        amount = fees;
        if (amount == 0) revert AmountZero();

        fees = 0;
        emit FeesWithdrawn(TREASURY, amount);
        TOKEN.safeTransfer(TREASURY, amount);
    }

    // -------------------------------------------------------------------- views

    /// @inheritdoc ILeaseBook
    function leaseIdOf(bytes32 orderHash, uint16 service, uint16 replica, uint16 generation, bytes32 coe)
        public
        view
        returns (bytes32)
    {
        return keccak256(abi.encode(block.chainid, address(this), orderHash, service, replica, generation, coe));
    }

    /// @inheritdoc ILeaseBook
    /// @dev Answers an empty ticket, state None, for an unknown lease.
    function ticket(bytes32 leaseId) external view returns (Ticket memory answer) {
        Lease storage lease = _leases[leaseId];
        if (lease.state == LeaseState.None) return answer;

        answer.state = lease.state;
        answer.reason = lease.reason;
        answer.orderHash = lease.orderHash;
        answer.user = _orders[lease.orderHash].user;
        answer.service = lease.service;
        answer.replica = lease.replica;
        answer.generation = lease.generation;
        answer.coe = lease.coe;
        answer.agent = COES.agentOf(lease.coe);
        answer.origin = lease.origin;
        answer.fundedUntil = lease.origin + lease.limit;
        answer.endedAt = lease.endedAt;
        answer.terms = lease.terms;
        answer.settled = lease.settled;

        ServiceRecord storage service = _services[lease.orderHash][lease.service];
        answer.imageDigest = service.imageDigest;
        answer.specHash = service.specHash;
        answer.reserved = service.reserved;

        IContainerRegistry.ImageRecord memory image = IMAGES.imageOf(service.imageDigest);
        answer.imageMinted = image.minted;
        answer.imageMalicious = image.malicious;
        answer.imagePublisher = image.publisher;
        answer.imageComponentsHash = image.componentsHash;
    }

    /// @inheritdoc ILeaseBook
    function fencedOf(bytes32 leaseId) external view returns (uint256) {
        Lease storage lease = _leases[leaseId];
        return lease.state == LeaseState.Open || lease.state == LeaseState.Ending ? _fenced(lease) : 0;
    }

    /// @inheritdoc ILeaseBook
    function settledOf(bytes32 leaseId) external view returns (Counters memory) {
        return _leases[leaseId].settled;
    }

    /// @inheritdoc ILeaseBook
    function earnedOf(bytes32 coe) external view returns (uint256 matured, uint256 maturing) {
        Earnings.Account memory account = _earned[coe].rolledTo(_maturingEpoch());
        return (account.matured, uint256(account.previous) + account.current);
    }

    /// @inheritdoc ILeaseBook
    function referencePrices() external view returns (uint128[5] memory) {
        return _reference;
    }

    function _handleOf(bytes32 leaseId) private pure returns (bytes8) {
        // A handle is the first 8 bytes by definition; opening refuses one that is taken.
        // forge-lint: disable-next-line(unsafe-typecast)
        return bytes8(leaseId);
    }

    function _maturingEpoch() private view returns (uint64) {
        return uint64(block.timestamp / MATURING_EPOCH);
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }

    function _max(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a : b;
    }
}
