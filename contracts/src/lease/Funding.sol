// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICoeRegistry} from "../interfaces/ICoeRegistry.sol";
import {ILeaseBook} from "../interfaces/ILeaseBook.sol";
import {LeaseKey, LeaseState, Order} from "../interfaces/Types.sol";
import {Book, CANCELLED, Context, OrderRecord, Replica, StoredLease} from "./Book.sol";
import {PackedCounters} from "./Counters.sol";
import {Earnings} from "./Earnings.sol";
import {Leases} from "./Leases.sol";
import {Reservation} from "./Reservation.sol";
import {PackedTerms} from "./Terms.sol";
import {GWEI} from "./Units.sol";

/// @title How long a lease is funded: renewing, parking, resuming
/// @notice Nobody has to notice that funds ran out: origin + limit says it. A renewal after that moves the origin by the
/// gap, so that unfunded time is never paid as service; what is paid for it is the rent of storage, up to grace.
library Funding {
    using Earnings for Earnings.Account;

    function renew(
        Book storage book,
        Context memory context,
        Order calldata order,
        LeaseKey calldata key,
        uint32 secondsMore
    ) internal {
        Leases.requireOrder(context, key, order);
        (bytes32 leaseId, StoredLease storage lease) = Leases.find(book, key);
        if (lease.counters.state() != LeaseState.Open) {
            revert ILeaseBook.LeaseNotOpen(leaseId, lease.counters.state());
        }
        if (msg.sender != order.user) _requireDue(order, leaseId, lease, secondsMore);
        _fund(book, context, order, key, leaseId, lease, secondsMore);
    }

    /// @dev `now - origin` seconds can still be reported, so no served second is lost by parking.
    function park(Book storage book, Context memory context, LeaseKey calldata key) internal {
        (bytes32 leaseId, StoredLease storage lease) = Leases.find(book, key);
        (PackedTerms terms, PackedCounters counters) = (lease.terms, lease.counters);
        if (counters.state() != LeaseState.Open) revert ILeaseBook.LeaseNotOpen(leaseId, counters.state());
        if (!counters.isStarted()) revert ILeaseBook.NeverStarted(leaseId);
        if (msg.sender != book.orders[key.orderHash].user) {
            uint256 from = terms.time() + counters.limit() + context.params.parkAfter;
            if (block.timestamp < from) revert ILeaseBook.NotYetUnfunded(leaseId, from);
        }

        uint256 limit = block.timestamp - terms.time();
        if (limit > counters.limit()) limit = counters.limit();
        if (limit < counters.secondsRun()) limit = counters.secondsRun();
        uint256 unused = counters.limit() - limit;
        uint256 refunded = terms.total(unused, 0);

        lease.counters = counters.withLimit(limit).withState(LeaseState.Parked);
        Replica storage place = Leases.replicaOf(book, key);
        place.committed -= uint32(unused);
        Leases.refund(book, key.orderHash, refunded);
        emit ILeaseBook.LeaseParked(leaseId, uint32(limit), refunded);
        context.parts.coes.release(key.coe, Reservation.withoutStorage(place.reserved));
    }

    /// @dev Only who may park it at will may wake it: a stranger could else spend what a user saves by parking.
    function resume(
        Book storage book,
        Context memory context,
        Order calldata order,
        LeaseKey calldata key,
        uint32 secondsMore
    ) internal {
        Leases.requireOrder(context, key, order);
        (bytes32 leaseId, StoredLease storage lease) = Leases.find(book, key);
        if (msg.sender != order.user && msg.sender != order.operator) {
            revert ILeaseBook.NotTheUser(order.user, msg.sender);
        }
        if (lease.counters.state() != LeaseState.Parked) {
            revert ILeaseBook.LeaseNotParked(leaseId, lease.counters.state());
        }
        ICoeRegistry coes = context.parts.coes;
        bool active = coes.offerOf(key.coe, address(this)).status == ICoeRegistry.Status.Active;
        uint64[5] memory wanted = Reservation.withoutStorage(Leases.replicaOf(book, key).reserved);
        if (!active || !coes.assign(key.coe, wanted, 0)) revert ILeaseBook.CapacityLacking(key.coe);

        lease.counters = lease.counters.withState(LeaseState.Open);
        emit ILeaseBook.LeaseResumed(leaseId);
        _fund(book, context, order, key, leaseId, lease, secondsMore);
    }

    /// @dev A stranger may keep a lease alive, not lock all of a user's free money in it.
    function _requireDue(Order calldata order, bytes32 leaseId, StoredLease storage lease, uint256 secondsMore)
        private
        view
    {
        uint256 fundedUntil = lease.terms.time() + lease.counters.limit();
        uint256 rest = fundedUntil > block.timestamp ? fundedUntil - block.timestamp : 0;
        if (rest > order.prepay / 2) revert ILeaseBook.RenewalTooEarly(leaseId, fundedUntil - order.prepay / 2);
        if (rest + secondsMore > order.prepay) {
            revert ILeaseBook.RenewalTooFar(leaseId, secondsMore, order.prepay - rest);
        }
        // There is nothing to keep alive; and a host that never ran would move its own time to start.
        if (!lease.counters.isStarted()) revert ILeaseBook.NeverStarted(leaseId);
    }

    function _fund(
        Book storage book,
        Context memory context,
        Order calldata order,
        LeaseKey calldata key,
        bytes32 leaseId,
        StoredLease storage lease,
        uint256 secondsMore
    ) private {
        OrderRecord storage record = book.orders[key.orderHash];
        _requireStanding(book, record, order, key.orderHash);
        if (secondsMore == 0) revert ILeaseBook.AmountZero();
        Replica storage place = Leases.replicaOf(book, key);
        uint256 left = order.duration - place.committed;
        if (secondsMore > left) revert ILeaseBook.DurationExceeded(leaseId, secondsMore, left);

        (PackedTerms terms, PackedCounters counters) = (lease.terms, lease.counters);
        uint256 fundedUntil = terms.time() + counters.limit();
        uint256 rent = Leases.rentUntil(context, terms, counters, block.timestamp);
        // What the gap took out of the reserve is put back.
        uint256 wanted = terms.total(secondsMore, 0) + rent * GWEI;
        _requireFunds(book, record, order, key.orderHash, wanted);

        if (block.timestamp > fundedUntil) {
            terms = terms.withTime(uint32(terms.time() + block.timestamp - fundedUntil));
            lease.terms = terms;
        }
        counters = counters.withLimit(counters.limit() + secondsMore);
        lease.counters = counters;
        place.committed += uint32(secondsMore);
        Leases.commit(book, record, wanted);
        book.earned[key.coe].add(Leases.maturingEpoch(context), rent);
        emit ILeaseBook.LeaseRenewed(
            leaseId, terms.time(), uint32(counters.limit()), Leases.fenced(context, terms, counters), rent * GWEI
        );
    }

    function _requireStanding(Book storage book, OrderRecord storage record, Order calldata order, bytes32 orderHash)
        private
        view
    {
        if (record.admittedAt == CANCELLED) revert ILeaseBook.OrderCancelledAlready(orderHash);
        uint64 epoch = book.wallets[record.user].epoch;
        if (order.userEpoch < epoch) revert ILeaseBook.OrderFromOldEpoch(order.userEpoch, epoch);
    }

    function _requireFunds(
        Book storage book,
        OrderRecord storage record,
        Order calldata order,
        bytes32 orderHash,
        uint256 wanted
    ) private view {
        if (!Leases.isWithinTotal(record, order, wanted)) {
            revert ILeaseBook.MaxTotalExceeded(orderHash, wanted, order.maxTotal);
        }
        uint256 free = book.wallets[record.user].free;
        if (wanted > free) revert ILeaseBook.FreeBalanceTooLow(record.user, free, wanted);
    }
}
