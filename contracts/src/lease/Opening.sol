// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICoeRegistry} from "../interfaces/ICoeRegistry.sol";
import {ILeaseBook} from "../interfaces/ILeaseBook.sol";
import {IProtocolSettings} from "../interfaces/IProtocolSettings.sol";
import {LeaseKey, Order, Plan, PlanEntry, ReplicaState, Service, SkipCode, Upgrade} from "../interfaces/Types.sol";
import {LeaseHashing} from "../signing/LeaseHashing.sol";
import {Signatures} from "../signing/Signatures.sol";
import {Admission} from "./Admission.sol";
import {Book, CANCELLED, Context, OrderRecord, Replica, StoredLease} from "./Book.sol";
import {CountersLib} from "./Counters.sol";
import {Drafting} from "./Drafting.sol";
import {Ending} from "./Ending.sol";
import {Leases} from "./Leases.sol";
import {Quorum} from "./Quorum.sol";
import {Reservation} from "./Reservation.sol";
import {Turns} from "./Turns.sol";

/// @title From a plan to open leases
/// @notice The chain believes no figure in a plan: it reads the COE's own ask, and the signed rate only guards. An entry
/// that fails is passed over with a code; the rest open. What one entry has to hold up to is in `Drafting`.
library Opening {
    /// @dev The most seconds that an upgraded lease goes on beside its successor.
    uint32 internal constant MOST_OVERLAP = 600;

    // ---------------------------------------------------------------- entrances

    function open(
        Book storage book,
        Context memory context,
        Order calldata order,
        Service[] calldata services,
        Plan calldata plan,
        PlanEntry[] calldata entries,
        bytes[] calldata signatures
    ) internal {
        _requireOpenable(book, context, order, services, plan.orderHash);
        Drafting.Run memory run = _start(context, order, plan.orderHash, plan, entries);
        Quorum.require_(context, LeaseHashing.hash(plan), plan.committeeEpoch, plan.deadline, signatures);
        _openEach(book, context, order, services, entries, run);
    }

    function admitAndOpen(
        Book storage book,
        Context memory context,
        Order calldata order,
        Service[] calldata services,
        bytes calldata orderSignature,
        Plan calldata plan,
        PlanEntry[] calldata entries,
        bytes[] calldata signatures
    ) internal {
        bytes32 orderHash = plan.orderHash;
        // Anyone may have admitted it meanwhile: that stops nobody.
        if (book.orders[orderHash].user != address(0)) {
            _requireOpenable(book, context, order, services, orderHash);
        } else {
            bytes32 admitted = Admission.admit(book, context, order, services, orderSignature);
            if (admitted != orderHash) revert ILeaseBook.OrderMismatch(orderHash, admitted);
        }
        Drafting.Run memory run = _start(context, order, orderHash, plan, entries);
        Quorum.require_(context, LeaseHashing.hash(plan), plan.committeeEpoch, plan.deadline, signatures);
        _openEach(book, context, order, services, entries, run);
    }

    function openDirect(
        Book storage book,
        Context memory context,
        Order calldata order,
        Service[] calldata services,
        Plan calldata plan,
        PlanEntry[] calldata entries,
        bytes calldata userSignature,
        bytes[] calldata hostSignatures
    ) internal {
        _requireOpenable(book, context, order, services, plan.orderHash);
        Drafting.Run memory run = _start(context, order, plan.orderHash, plan, entries);
        Quorum.requireTimely(context, plan.deadline);
        uint256 from = uint256(book.orders[run.orderHash].admittedAt) + context.params.directTimeout;
        if (plan.committeeEpoch != 0 || block.timestamp < from) revert ILeaseBook.TooEarlyWithoutCommittee(from);
        bytes32 digest = Leases.digest(context, LeaseHashing.hash(plan));
        if (!Signatures.isValid(order.user, digest, userSignature)) revert ILeaseBook.SignerMismatch(order.user);
        if (hostSignatures.length != entries.length) {
            revert ILeaseBook.EntryCountMismatch(entries.length, hostSignatures.length);
        }
        for (uint256 i = 0; i < entries.length; ++i) {
            address host = context.parts.coes.hostOf(entries[i].coe);
            if (host == address(0)) revert ICoeRegistry.CoeUnknown(entries[i].coe);
            if (!Signatures.isValid(host, digest, hostSignatures[i])) revert ILeaseBook.SignerMismatch(host);
        }
        _openEach(book, context, order, services, entries, run);
    }

    function upgrade(
        Book storage book,
        Context memory context,
        Order calldata order,
        Service[] calldata services,
        Upgrade calldata plan,
        PlanEntry[] calldata entries,
        LeaseKey[] calldata running,
        bytes[] calldata signatures
    ) internal {
        if (order.upgradePolicy != Drafting.POLICY_CHANNEL) {
            revert ILeaseBook.UpgradeNotAllowed(plan.orderHash);
        }
        if (plan.overlap > MOST_OVERLAP) revert ILeaseBook.OverlapTooLong(plan.overlap, MOST_OVERLAP);
        if (running.length != entries.length) revert ILeaseBook.EntryCountMismatch(entries.length, running.length);
        _requireEntries(plan.entriesHash, entries);
        _requireOpenable(book, context, order, services, plan.orderHash);
        Drafting.Run memory run;
        run.orderHash = plan.orderHash;
        run.tariff = context.parts.settings.tariff();
        run.imageDigest = plan.imageDigest;
        Quorum.require_(context, LeaseHashing.hash(plan), plan.committeeEpoch, plan.deadline, signatures);
        for (uint256 i = 0; i < entries.length; ++i) {
            SkipCode code = _tryUpgrade(book, context, order, services, entries[i], running[i], run, plan.overlap);
            if (code != SkipCode.None) emit ILeaseBook.EntrySkipped(run.orderHash, i, uint8(code));
        }
    }

    // ------------------------------------------------------------ whole plans

    /// @dev The order has been found open to leases.
    function _start(
        Context memory context,
        Order calldata order,
        bytes32 orderHash,
        Plan calldata plan,
        PlanEntry[] calldata entries
    ) private view returns (Drafting.Run memory run) {
        _requireEntries(plan.entriesHash, entries);
        run.orderHash = orderHash;
        run.tariff = context.parts.settings.tariff();
        for (uint256 i = 0; i < entries.length; ++i) {
            if (entries[i].generation == 0) {
                _requireFirstOpenings(order, run.tariff);
                break;
            }
        }
    }

    function _requireEntries(bytes32 signed, PlanEntry[] calldata entries) private pure {
        bytes32 entriesHash = LeaseHashing.hash(entries);
        if (entriesHash != signed) revert ILeaseBook.EntriesMismatch(signed, entriesHash);
    }

    /// @dev Reverts unless leases of the order may be opened now, of whatever generation.
    function _requireOpenable(
        Book storage book,
        Context memory context,
        Order calldata order,
        Service[] calldata services,
        bytes32 named
    ) private view {
        bytes32 orderHash = Leases.hash(context, order);
        if (orderHash != named) revert ILeaseBook.OrderMismatch(named, orderHash);
        OrderRecord storage record = book.orders[orderHash];
        if (record.user == address(0)) revert ILeaseBook.OrderUnknown(orderHash);
        if (record.admittedAt == CANCELLED) revert ILeaseBook.OrderCancelledAlready(orderHash);
        uint64 epoch = book.wallets[record.user].epoch;
        if (order.userEpoch < epoch) revert ILeaseBook.OrderFromOldEpoch(order.userEpoch, epoch);
        Admission.requireServices(order, services);
    }

    /// @dev A failover is never late, and nobody can stop it.
    function _requireFirstOpenings(Order calldata order, IProtocolSettings.Tariff memory tariff) private view {
        if (block.timestamp > order.submitBy) revert ILeaseBook.OrderExpired(order.submitBy, block.timestamp);
        if (tariff.openingsStopped) revert ILeaseBook.OpeningsStopped();
    }

    function _openEach(
        Book storage book,
        Context memory context,
        Order calldata order,
        Service[] calldata services,
        PlanEntry[] calldata entries,
        Drafting.Run memory run
    ) private {
        for (uint256 i = 0; i < entries.length; ++i) {
            SkipCode code = _tryOpen(book, context, order, services, entries[i], run);
            if (code != SkipCode.None) emit ILeaseBook.EntrySkipped(run.orderHash, i, uint8(code));
        }
    }

    // ------------------------------------------------------------ single leases

    /// @dev Nothing changes unless it answers None.
    function _tryOpen(
        Book storage book,
        Context memory context,
        Order calldata order,
        Service[] calldata services,
        PlanEntry calldata entry,
        Drafting.Run memory run
    ) private returns (SkipCode code) {
        Replica storage place;
        (code, place) = _findPlace(book, services, entry, run.orderHash);
        if (code != SkipCode.None) return code;
        if (place.state != ReplicaState.Empty && place.state != ReplicaState.Refillable) return SkipCode.SlotTaken;
        if (place.generation != entry.generation) return SkipCode.WrongGeneration;

        Drafting.Draft memory draft;
        code = Drafting.prepare(book, context, order, services[entry.service], entry, run, place, draft);
        if (code == SkipCode.None) _write(book, entry, run, place, draft);
    }

    /// @dev The successor first proves that it can open; only then its lease ends. Both hold capacity for a moment.
    function _tryUpgrade(
        Book storage book,
        Context memory context,
        Order calldata order,
        Service[] calldata services,
        PlanEntry calldata entry,
        LeaseKey calldata key,
        Drafting.Run memory run,
        uint32 overlap
    ) private returns (SkipCode code) {
        Replica storage place;
        (code, place) = _findPlace(book, services, entry, run.orderHash);
        if (code != SkipCode.None) return code;
        bool replaces = key.orderHash == run.orderHash && key.service == entry.service && key.replica == entry.replica
            && uint256(key.generation) + 1 == entry.generation && place.generation == key.generation;
        if (place.state != ReplicaState.Live || !replaces) return SkipCode.WrongGeneration;
        bool allowed;
        bool back;
        (allowed, back) = _findTurn(context, services[entry.service].imageDigest, run.imageDigest, place);
        if (!allowed) return SkipCode.NotUpgradable;

        Drafting.Draft memory draft;
        uint32 node = Drafting.ask(context, run, run.imageDigest).node;
        (bool open_, uint256 freedSeconds, uint256 freedWei) =
            Ending.freedBy(book, context, key, node, block.timestamp + overlap);
        if (!open_) return SkipCode.NotUpgradable;
        draft.freedSeconds = freedSeconds;
        draft.freedWei = freedWei;
        code = Drafting.prepare(book, context, order, services[entry.service], entry, run, place, draft);
        if (code != SkipCode.None) return code;

        Ending.finishUpgraded(book, context, key, block.timestamp + overlap);
        place.generation = entry.generation;
        Turns.turn(place, back);
        _write(book, entry, run, place, draft);
        if (back) emit ILeaseBook.ReplicaPutBack(run.orderHash, entry.service, entry.replica, entry.generation);
    }

    /// @dev A live replica goes to where its channel points, or back to what its user signed.
    function _findTurn(Context memory context, bytes32 signed, bytes32 wanted, Replica storage place)
        private
        view
        returns (bool allowed, bool back)
    {
        bytes32 stable = context.parts.images.stableOf(signed);
        back = wanted == signed && wanted != stable;
        if (back) return (Turns.mayBePutBack(place), true);
        // A channel that points nowhere upgrades nothing; without this, a plan for no image would move a live lease.
        allowed = stable != bytes32(0) && stable == wanted;
    }

    function _findPlace(Book storage book, Service[] calldata services, PlanEntry calldata entry, bytes32 orderHash)
        private
        view
        returns (SkipCode code, Replica storage place)
    {
        place = Leases.replicaOf(book, orderHash, entry.service, entry.replica);
        if (entry.service >= services.length || entry.replica >= services[entry.service].replicas) {
            code = SkipCode.NoSuchReplica;
        }
    }

    function _write(
        Book storage book,
        PlanEntry calldata entry,
        Drafting.Run memory run,
        Replica storage place,
        Drafting.Draft memory draft
    ) private {
        Leases.commit(book, book.orders[run.orderHash], draft.fenced);
        place.reserved = Reservation.pack(run.wanted.reserved);
        place.state = ReplicaState.Live;
        place.committed += draft.limit;
        StoredLease storage lease = book.leases[Leases.handleOf(draft.leaseId)];
        lease.terms = draft.terms;
        lease.counters = CountersLib.opened(draft.limit);
        emit ILeaseBook.LeaseOpened(
            draft.leaseId,
            run.orderHash,
            entry.coe,
            entry.service,
            entry.replica,
            entry.generation,
            draft.imageDigest,
            uint64(block.timestamp),
            draft.limit,
            draft.terms.unpack(),
            draft.fenced
        );
    }
}
