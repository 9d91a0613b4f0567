// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../interfaces/ILeaseBook.sol";
import {LeaseKey, LeaseState, Order, Reason} from "../interfaces/Types.sol";
import {LeaseHashing} from "../signing/LeaseHashing.sol";
import {Signatures} from "../signing/Signatures.sol";
import {Book, CANCELLED, COMMITTED_UNIT, Context, OrderRecord, Replica, StoredLease} from "./Book.sol";
import {PackedCounters} from "./Counters.sol";
import {PackedTerms} from "./Terms.sol";
import {GWEI} from "./Units.sol";

/// @title How leases are found, what is ring-fenced for them, and how an order's money moves
library Leases {
    // ------------------------------------------------------------------ naming

    function idOf(LeaseKey memory key) internal view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), key));
    }

    function handleOf(bytes32 leaseId) internal pure returns (bytes16) {
        return bytes16(leaseId);
    }

    function replicaOf(Book storage book, bytes32 orderHash, uint16 service, uint16 replica)
        internal
        view
        returns (Replica storage)
    {
        return book.replicas[orderHash][uint256(service) << 16 | replica];
    }

    function replicaOf(Book storage book, LeaseKey calldata key) internal view returns (Replica storage) {
        return replicaOf(book, key.orderHash, key.service, key.replica);
    }

    /// @dev Reverts for a lease that was never opened.
    function find(Book storage book, LeaseKey calldata key)
        internal
        view
        returns (bytes32 leaseId, StoredLease storage lease)
    {
        leaseId = idOf(key);
        lease = book.leases[handleOf(leaseId)];
        if (lease.terms.isNone()) revert ILeaseBook.LeaseUnknown(leaseId);
    }

    /// @dev Reverts unless the lease is open or parked.
    function findLive(Book storage book, LeaseKey calldata key)
        internal
        view
        returns (bytes32 leaseId, StoredLease storage lease)
    {
        (leaseId, lease) = find(book, key);
        if (!lease.counters.isLive()) revert ILeaseBook.LeaseNotOpen(leaseId, lease.counters.state());
    }

    // ------------------------------------------------------------------ orders

    /// @dev Reverts unless this is the order that the key names.
    function requireOrder(Context memory context, LeaseKey calldata key, Order calldata order) internal pure {
        bytes32 orderHash = hash(context, order);
        if (orderHash != key.orderHash) revert ILeaseBook.OrderMismatch(key.orderHash, orderHash);
    }

    function hash(Context memory context, Order calldata order) internal pure returns (bytes32) {
        return digest(context, LeaseHashing.hash(order));
    }

    function digest(Context memory context, bytes32 structHash) internal pure returns (bytes32) {
        return Signatures.typedDataDigest(context.domain, structHash);
    }

    /// @return whether the user has cancelled this order or all of its epoch
    function isCancelled(Book storage book, OrderRecord storage record, Order calldata order)
        internal
        view
        returns (bool)
    {
        return record.admittedAt == CANCELLED || order.userEpoch < book.wallets[order.user].epoch;
    }

    // ------------------------------------------------------------------- money

    /// @notice Rings money of the order's user for a lease.
    /// @param amount wei, a multiple of 1e5; the caps have been checked
    function commit(Book storage book, OrderRecord storage record, uint256 amount) internal {
        book.wallets[record.user].free -= uint128(amount);
        record.committed += uint64(amount / COMMITTED_UNIT);
    }

    /// @notice Frees money again that no lease will cost.
    /// @param amount wei, a multiple of 1e5 that was committed
    function refund(Book storage book, bytes32 orderHash, uint256 amount) internal {
        if (amount == 0) return;
        OrderRecord storage record = book.orders[orderHash];
        record.committed -= uint64(amount / COMMITTED_UNIT);
        book.wallets[record.user].free += uint128(amount);
    }

    /// @return whether the order may commit so many more wei
    function isWithinTotal(OrderRecord storage record, Order calldata order, uint256 amount)
        internal
        view
        returns (bool)
    {
        uint256 sum = record.committed + amount / COMMITTED_UNIT;
        return sum * COMMITTED_UNIT <= order.maxTotal && sum <= type(uint64).max;
    }

    /// @notice What a lease may still cost: charge(limit, allowance) - charge(settled), and while it is live the rent of
    /// its storage over grace.
    /// @return wei
    function fenced(Context memory context, PackedTerms terms, PackedCounters counters)
        internal
        pure
        returns (uint256)
    {
        LeaseState state = counters.state();
        if (state == LeaseState.Closed || state == LeaseState.None) return 0;

        uint256 transfer = takesNoTransfer(counters) ? 0 : terms.allowance() - billed(terms, counters);
        uint256 sum = terms.total(counters.limit() - counters.secondsRun(), transfer);
        if (state == LeaseState.Ending) return sum;
        return sum + reserve(context, terms);
    }

    /// @return wei of rent that is kept for an unfunded lease's storage
    function reserve(Context memory context, PackedTerms terms) internal pure returns (uint256) {
        return terms.rent() * context.params.grace * GWEI;
    }

    /// @notice The rent of the time that a lease was not funded, up to grace; none of a lease that never started, for
    /// which no storage was kept.
    /// @param when timestamp
    /// @return gwei
    function rentUntil(Context memory context, PackedTerms terms, PackedCounters counters, uint256 when)
        internal
        pure
        returns (uint256)
    {
        uint256 fundedUntil = terms.time() + counters.limit();
        if (when <= fundedUntil || !counters.isStarted()) return 0;
        uint256 gap = when - fundedUntil;
        return terms.rent() * (gap < context.params.grace ? gap : context.params.grace);
    }

    /// @return MiB of transfer that these counters bill
    function billed(PackedTerms terms, PackedCounters counters) internal pure returns (uint256) {
        uint256 moved = counters.received() + counters.sent();
        uint256 allowance = terms.allowance();
        return moved < allowance ? moved : allowance;
    }

    /// @notice Whether no further transfer is taken: after the ends that make room for a successor, so that what was
    /// ringed for transfer is free for it at once.
    function takesNoTransfer(PackedCounters counters) internal pure returns (bool) {
        if (counters.state() != LeaseState.Ending) return false;
        return makesRoom(counters.reason());
    }

    /// @notice Whether an end makes room for a lease of the next generation.
    function makesRoom(Reason reason) internal pure returns (bool) {
        return reason == Reason.Moved || reason == Reason.HostDrain || reason == Reason.Declined
            || reason == Reason.HostFault || reason == Reason.NoShow || reason == Reason.Upgrade;
    }

    function maturingEpoch(Context memory context) internal view returns (uint64) {
        return uint64(block.timestamp / context.params.maturingEpoch);
    }
}
