// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICoeRegistry} from "../interfaces/ICoeRegistry.sol";
import {IContainerRegistry} from "../interfaces/IContainerRegistry.sol";
import {ILeaseBook} from "../interfaces/ILeaseBook.sol";
import {Lease, LeaseKey, LeaseState, Order, Service, Ticket} from "../interfaces/Types.sol";
import {Admission} from "./Admission.sol";
import {Book, Context, StoredLease} from "./Book.sol";
import {PackedCounters} from "./Counters.sol";
import {Leases} from "./Leases.sol";
import {PackedTerms} from "./Terms.sol";

/// @title What others read of a lease
library Reading {
    function leaseOf(Book storage book, bytes32 leaseId) internal view returns (Lease memory answer) {
        StoredLease storage lease = book.leases[Leases.handleOf(leaseId)];
        (PackedTerms terms, PackedCounters counters) = (lease.terms, lease.counters);
        answer.state = counters.state();
        answer.reason = counters.reason();
        answer.faultAnswered = counters.isAnswered();
        answer.coe = terms.coe();
        answer.node = terms.node();
        if (_hasEnded(answer.state)) answer.endedAt = terms.time();
        else answer.origin = terms.time();
        answer.limit = uint32(counters.limit());
        answer.terms = terms.unpack();
        answer.settled = counters.unpack();
    }

    function ticket(
        Book storage book,
        Context memory context,
        Order calldata order,
        Service[] calldata services,
        LeaseKey calldata key,
        bytes32 imageDigest
    ) internal view returns (Ticket memory answer) {
        Leases.requireOrder(context, key, order);
        Admission.requireServices(order, services);
        if (key.service >= services.length) revert ILeaseBook.NoSuchEntry(key.service);
        StoredLease storage lease = book.leases[Leases.handleOf(Leases.idOf(key))];
        if (lease.terms.isNone()) return answer;

        answer.orderHash = key.orderHash;
        answer.user = order.user;
        answer.service = key.service;
        answer.replica = key.replica;
        answer.generation = key.generation;
        answer.coe = key.coe;
        answer.specHash = services[key.service].specHash;
        answer.reserved = services[key.service].reserved;
        _addLease(context, lease, answer);
        _addCoe(context, answer);
        _addImage(context, lease.terms.node(), imageDigest, answer);
    }

    function _addLease(Context memory context, StoredLease storage lease, Ticket memory answer) private view {
        (PackedTerms terms, PackedCounters counters) = (lease.terms, lease.counters);
        answer.state = counters.state();
        answer.reason = counters.reason();
        if (_hasEnded(answer.state)) {
            answer.endedAt = terms.time();
            answer.fundedUntil = terms.time();
            answer.keptUntil = terms.time();
        } else {
            answer.origin = terms.time();
            answer.fundedUntil = uint64(terms.time() + counters.limit());
            answer.keptUntil = answer.fundedUntil + context.params.grace;
        }
        answer.terms = terms.unpack();
        answer.settled = counters.unpack();
    }

    function _addCoe(Context memory context, Ticket memory answer) private view {
        answer.agent = context.parts.coes.agentOf(answer.coe);
        answer.coeOsRevoked = context.parts.coes.offerOf(answer.coe, address(this)).osRevoked;
    }

    /// @dev The lease says which image it runs by its royalty node, of which every image has one.
    function _addImage(Context memory context, uint32 node, bytes32 imageDigest, Ticket memory answer) private view {
        IContainerRegistry.ImageRecord memory image = context.parts.images.imageOf(imageDigest);
        if (image.minted && image.nodeIndex != node) revert ILeaseBook.ImageMismatch(imageDigest);
        answer.imageDigest = imageDigest;
        answer.imageMinted = image.minted;
        answer.imageRevoked = image.revoked;
        answer.imageMalicious = image.malicious;
        answer.imagePublisher = image.publisher;
        answer.imageComponentsHash = image.componentsHash;
    }

    function _hasEnded(LeaseState state) private pure returns (bool) {
        return state == LeaseState.Ending || state == LeaseState.Closed;
    }
}
