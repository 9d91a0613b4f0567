// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../interfaces/ILeaseBook.sol";
import {Fault, LeaseKey, LeaseState, Order, Reason, ReplicaState} from "../interfaces/Types.sol";
import {LeaseHashing} from "../signing/LeaseHashing.sol";
import {Book, Context, OrderRecord, Replica, StoredLease} from "./Book.sol";
import {PackedCounters} from "./Counters.sol";
import {Earnings} from "./Earnings.sol";
import {Leases} from "./Leases.sol";
import {Quorum} from "./Quorum.sol";
import {Reservation} from "./Reservation.sol";
import {PackedTerms} from "./Terms.sol";
import {GWEI} from "./Units.sol";

/// @title The ends of a lease: Open or Parked -> Ending -> Closed
/// @notice The reason follows from the path, never from an argument. Entering Ending refunds at once what can no longer
/// be owed, so that a successor is not starved, and gives capacity back; for F seconds late reports are still taken, or
/// ending a lease just before each settlement would make compute free.
library Ending {
    using Earnings for Earnings.Account;

    // ----------------------------------------------------------- by its people

    function end(Book storage book, Context memory context, LeaseKey[] calldata keys) internal {
        for (uint256 i = 0; i < keys.length; ++i) {
            (bytes32 leaseId, StoredLease storage lease) = Leases.findLive(book, keys[i]);
            address user = book.orders[keys[i].orderHash].user;
            if (user != msg.sender) revert ILeaseBook.NotTheUser(user, msg.sender);
            _finish(book, context, keys[i], leaseId, lease, Reason.User, block.timestamp);
            Leases.replicaOf(book, keys[i]).state = ReplicaState.Done;
        }
    }

    function move(Book storage book, Context memory context, Order calldata order, LeaseKey[] calldata keys) internal {
        if (msg.sender != order.user && msg.sender != order.operator) {
            revert ILeaseBook.NotTheUser(order.user, msg.sender);
        }
        for (uint256 i = 0; i < keys.length; ++i) {
            Leases.requireOrder(context, keys[i], order);
            (bytes32 leaseId, StoredLease storage lease) = Leases.findLive(book, keys[i]);
            _finish(book, context, keys[i], leaseId, lease, Reason.Moved, block.timestamp);
            _leavePlace(book, order, keys[i]);
        }
    }

    function drain(Book storage book, Context memory context, Order calldata order, LeaseKey[] calldata keys) internal {
        for (uint256 i = 0; i < keys.length; ++i) {
            Leases.requireOrder(context, keys[i], order);
            (bytes32 leaseId, StoredLease storage lease) = Leases.findLive(book, keys[i]);
            _requireHost(context, keys[i]);
            bool started = lease.counters.isStarted();
            // Who says no in time keeps the bond; after that a lease that never started is a no-show.
            uint256 until = uint256(lease.terms.time()) + order.startWithin;
            if (!started && block.timestamp > until) revert ILeaseBook.NeverStarted(leaseId);
            Reason reason = started ? Reason.HostDrain : Reason.Declined;
            _finish(book, context, keys[i], leaseId, lease, reason, block.timestamp);
            _leavePlace(book, order, keys[i]);
        }
    }

    // ------------------------------------------------------------------ faults

    /// @dev The lease ends at the time of death, but its late reports and the host's answer are taken from now on: a live
    /// host cannot be slashed by any majority, a dead one cannot answer.
    function fault(
        Book storage book,
        Context memory context,
        Order calldata order,
        LeaseKey calldata key,
        Fault calldata found,
        bytes[] calldata signatures
    ) internal {
        Leases.requireOrder(context, key, order);
        (bytes32 leaseId, StoredLease storage lease) = Leases.findLive(book, key);
        if (found.leaseId != leaseId) revert ILeaseBook.LeaseUnknown(found.leaseId);
        uint256 least = uint256(lease.terms.time()) + lease.counters.secondsRun();
        uint256 earliest = block.timestamp - context.params.deadSinceBack;
        if (earliest > least) least = earliest;
        if (found.deadSince < least || found.deadSince > block.timestamp) {
            revert ILeaseBook.DeadSinceOutOfRange(found.deadSince, least, block.timestamp);
        }
        Quorum.require_(context, LeaseHashing.hash(found), found.committeeEpoch, found.deadline, signatures);

        _finish(book, context, key, leaseId, lease, Reason.HostFault, found.deadSince);
        _leavePlace(book, order, key);
    }

    function answer(Book storage book, Context memory context, LeaseKey calldata key) internal {
        (bytes32 leaseId, StoredLease storage lease) = Leases.find(book, key);
        PackedCounters counters = lease.counters;
        if (counters.state() != LeaseState.Ending) revert ILeaseBook.LeaseNotEnding(leaseId, counters.state());
        if (counters.reason() != Reason.HostFault) revert ILeaseBook.NotAFault(leaseId, counters.reason());
        _requireHost(context, key);

        lease.counters = counters.withAnswer();
        emit ILeaseBook.FaultAnswered(leaseId);
    }

    /// @dev Straight to Closed: nothing ran, so no report can be late.
    function noShow(Book storage book, Context memory context, Order calldata order, LeaseKey[] calldata keys)
        internal
    {
        for (uint256 i = 0; i < keys.length; ++i) {
            Leases.requireOrder(context, keys[i], order);
            (bytes32 leaseId, StoredLease storage lease) = Leases.findLive(book, keys[i]);
            if (lease.counters.isStarted()) revert ILeaseBook.StartedAlready(leaseId);
            uint256 until = uint256(lease.terms.time()) + order.startWithin;
            if (block.timestamp <= until) revert ILeaseBook.MayStillStart(leaseId, until);

            _finish(book, context, keys[i], leaseId, lease, Reason.NoShow, lease.terms.time());
            _leavePlace(book, order, keys[i]);
            _close(book, context, keys[i], leaseId, lease, true);
        }
    }

    // --------------------------------------------------------------- by anyone

    function expire(Book storage book, Context memory context, Order calldata order, LeaseKey[] calldata keys)
        internal
    {
        for (uint256 i = 0; i < keys.length; ++i) {
            Leases.requireOrder(context, keys[i], order);
            (bytes32 leaseId, StoredLease storage lease) = Leases.findLive(book, keys[i]);
            // Its host would get the bond back: noShow is the way, and open to anyone.
            if (!lease.counters.isStarted()) revert ILeaseBook.NeverStarted(leaseId);
            Replica storage place = Leases.replicaOf(book, keys[i]);
            uint256 until = lease.terms.time() + lease.counters.limit();
            // A replica without duration left is not waited for, so nothing is paid for keeping it. A cancelled order's was
            // waited for until now.
            uint256 when = place.committed < order.duration ? block.timestamp : until;
            Reason reason = Reason.Expired;
            if (place.committed < order.duration && !Leases.isCancelled(book, book.orders[keys[i].orderHash], order)) {
                reason = Reason.Unfunded;
                until += context.params.grace;
            }
            if (block.timestamp < until) revert ILeaseBook.StillFunded(leaseId, uint64(until));

            _finish(book, context, keys[i], leaseId, lease, reason, when);
            place.state = ReplicaState.Done;
        }
    }

    function stopMalicious(Book storage book, Context memory context, bytes32 imageDigest, LeaseKey[] calldata keys)
        internal
    {
        (,, bool malicious,, uint32 node) = context.parts.images.termsOf(imageDigest);
        if (!malicious) revert ILeaseBook.ImageNotMalicious(imageDigest);
        for (uint256 i = 0; i < keys.length; ++i) {
            (bytes32 leaseId, StoredLease storage lease) = Leases.findLive(book, keys[i]);
            if (lease.terms.node() != node) revert ILeaseBook.ImageMismatch(imageDigest);
            _finish(book, context, keys[i], leaseId, lease, Reason.RevokedMalicious, block.timestamp);
            Leases.replicaOf(book, keys[i]).state = ReplicaState.Done;
        }
    }

    function finalise(Book storage book, Context memory context, LeaseKey[] calldata keys) internal {
        for (uint256 i = 0; i < keys.length; ++i) {
            (bytes32 leaseId, StoredLease storage lease) = Leases.find(book, keys[i]);
            PackedCounters counters = lease.counters;
            if (counters.state() != LeaseState.Ending) revert ILeaseBook.LeaseNotEnding(leaseId, counters.state());
            uint256 until = uint256(lease.terms.time()) + context.params.lateReports;
            if (block.timestamp < until) revert ILeaseBook.LateReportsStillTaken(leaseId, until);

            bool guilty = counters.reason() == Reason.HostFault && !counters.isAnswered();
            _close(book, context, keys[i], leaseId, lease, guilty);
        }
    }

    // ---------------------------------------------------------------- upgrades

    /// @notice What `finishUpgraded` would free for a successor.
    /// @param node of the image that is to replace what the lease runs
    /// @return open_ whether there is such an open lease, which runs another image
    /// @return freedSeconds of the replica's duration
    /// @return freedWei of the order's total and the user's balance
    function freedBy(Book storage book, Context memory context, LeaseKey calldata key, uint32 node, uint256 when)
        internal
        view
        returns (bool open_, uint256 freedSeconds, uint256 freedWei)
    {
        StoredLease storage lease = book.leases[Leases.handleOf(Leases.idOf(key))];
        (PackedTerms terms, PackedCounters counters) = (lease.terms, lease.counters);
        if (counters.state() != LeaseState.Open || terms.node() == node) return (false, 0, 0);

        PackedCounters after_ = _ended(terms, counters, Reason.Upgrade, when);
        uint256 rent = Leases.rentUntil(context, terms, counters, block.timestamp) * GWEI;
        freedSeconds = counters.limit() - after_.limit();
        freedWei = Leases.fenced(context, terms, counters) - Leases.fenced(context, terms, after_) - rent;
        open_ = true;
    }

    /// @notice Ends a lease whose successor opens in this transaction.
    /// @param when timestamp, up to MOST_OVERLAP ahead
    function finishUpgraded(Book storage book, Context memory context, LeaseKey calldata key, uint256 when) internal {
        (bytes32 leaseId, StoredLease storage lease) = Leases.findLive(book, key);
        _finish(book, context, key, leaseId, lease, Reason.Upgrade, when);
    }

    // -------------------------------------------------------------- mechanics

    /// @dev To Ending: the limit falls to what can still be reported, the rest is refunded, rent of a gap is paid,
    /// capacity goes back. The replica's place is the caller's.
    /// @param when timestamp after which nothing is paid: of the end, of a death before it, or of an overlap's end after it
    function _finish(
        Book storage book,
        Context memory context,
        LeaseKey calldata key,
        bytes32 leaseId,
        StoredLease storage lease,
        Reason reason,
        uint256 when
    ) private {
        (PackedTerms terms, PackedCounters counters) = (lease.terms, lease.counters);
        PackedCounters after_ = _ended(terms, counters, reason, when);
        uint256 rent = Leases.rentUntil(context, terms, counters, when < block.timestamp ? when : block.timestamp);
        uint256 refunded = Leases.fenced(context, terms, counters) - Leases.fenced(context, terms, after_) - rent * GWEI;

        // Late reports, and the host's answer to a fault, are taken for F from now at least.
        uint32 endedAt = uint32(when > block.timestamp ? when : block.timestamp);
        lease.terms = terms.withTime(endedAt);
        lease.counters = after_;
        Replica storage place = Leases.replicaOf(book, key);
        place.committed -= uint32(counters.limit() - after_.limit());
        book.earned[key.coe].add(Leases.maturingEpoch(context), rent);
        Leases.refund(book, key.orderHash, refunded);
        emit ILeaseBook.LeaseEnding(leaseId, key.coe, reason, endedAt, refunded, rent * GWEI);
        bool parked = counters.state() == LeaseState.Parked;
        context.parts.coes
            .release(key.coe, parked ? Reservation.storageOnly(place.reserved) : Reservation.unpack(place.reserved));
    }

    function _ended(PackedTerms terms, PackedCounters counters, Reason reason, uint256 when)
        private
        pure
        returns (PackedCounters)
    {
        uint256 origin = terms.time();
        uint256 limit = when > origin ? when - origin : 0;
        if (limit > counters.limit()) limit = counters.limit();
        if (limit < counters.secondsRun()) limit = counters.secondsRun();
        return counters.withLimit(limit).withState(LeaseState.Ending).withReason(reason);
    }

    /// @dev Room for the next generation while duration is left and the order stands.
    function _leavePlace(Book storage book, Order calldata order, LeaseKey calldata key) private {
        Replica storage place = Leases.replicaOf(book, key);
        OrderRecord storage record = book.orders[key.orderHash];
        if (place.committed >= order.duration || Leases.isCancelled(book, record, order)) {
            place.state = ReplicaState.Done;
        } else {
            place.state = ReplicaState.Refillable;
            ++place.generation;
        }
    }

    function _close(
        Book storage book,
        Context memory context,
        LeaseKey calldata key,
        bytes32 leaseId,
        StoredLease storage lease,
        bool bondToUser
    ) private {
        (PackedTerms terms, PackedCounters counters) = (lease.terms, lease.counters);
        uint256 refunded = Leases.fenced(context, terms, counters);
        uint256 unused = counters.limit() - counters.secondsRun();
        uint256 bond = terms.bond();

        lease.counters = counters.withLimit(counters.secondsRun()).withState(LeaseState.Closed);
        Leases.replicaOf(book, key).committed -= uint32(unused);
        Leases.refund(book, key.orderHash, refunded);
        if (bondToUser) book.wallets[book.orders[key.orderHash].user].free += uint128(bond);
        emit ILeaseBook.LeaseClosed(leaseId, key.coe, refunded, bondToUser ? bond : 0);
        if (bondToUser) context.parts.coes.slash(key.coe, bond);
        else context.parts.coes.unlock(key.coe, bond);
    }

    function _requireHost(Context memory context, LeaseKey calldata key) private view {
        address host = context.parts.coes.hostOf(key.coe);
        if (host != msg.sender) revert ILeaseBook.NotTheHost(host, msg.sender);
    }
}
