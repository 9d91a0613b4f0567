// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICoeRegistry} from "../interfaces/ICoeRegistry.sol";
import {ILeaseBook} from "../interfaces/ILeaseBook.sol";
import {IProtocolSettings} from "../interfaces/IProtocolSettings.sol";
import {
    LeaseKey,
    Order,
    Plan,
    PlanEntry,
    Reason,
    ReplicaState,
    Service,
    SkipCode,
    Upgrade
} from "../interfaces/Types.sol";
import {LeaseHashing} from "../signing/LeaseHashing.sol";
import {Signatures} from "../signing/Signatures.sol";
import {Admission} from "./Admission.sol";
import {Book, CANCELLED, Context, OrderRecord, Replica, StoredLease} from "./Book.sol";
import {CountersLib} from "./Counters.sol";
import {Ending} from "./Ending.sol";
import {Leases} from "./Leases.sol";
import {Quorum} from "./Quorum.sol";
import {Rates} from "./Rates.sol";
import {Reservation} from "./Reservation.sol";
import {PackedTerms} from "./Terms.sol";

/// @title From a plan to open leases
/// @notice The chain believes no figure in a plan: it reads the COE's own ask, and the signed rate only guards. An entry
/// that fails is passed over with a code; the rest open. The checks are made in the order of docs/protocol.md.
library Opening {
    uint8 internal constant POLICY_CHANNEL = 1;
    /// @dev The most seconds that an upgraded lease goes on beside its successor.
    uint32 internal constant MOST_OVERLAP = 600;

    /// @dev What all entries of one call share.
    struct Run {
        bytes32 orderHash;
        bytes32 imageDigest; // of an upgrade; zero when each service's own is run
        IProtocolSettings.Tariff tariff;
        Wanted wanted;
        Image image;
    }

    /// @dev What the replicas of one service want, read once for those that follow each other in a plan.
    struct Wanted {
        uint256 service; // its number, plus 1; 0 before the first
        uint64[5] reserved;
        uint128[5] ceiling;
        bool referenceIsAbove; // the reference prices are above the ceiling
    }

    /// @dev What the registry says of an image, asked once for the entries that follow each other.
    struct Image {
        bytes32 digest;
        bool minted;
        bool revoked;
        bool malicious;
        uint16 royaltyBps;
        uint32 node;
    }

    /// @dev One entry on its way to a lease, so that nothing has to be read twice.
    struct Draft {
        bytes32 leaseId;
        bytes32 imageDigest;
        uint32 limit;
        PackedTerms terms;
        uint256 fenced;
        uint256 bond;
        // What ending the lease that an upgrade replaces frees for this one.
        uint256 freedSeconds;
        uint256 freedWei;
    }

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
        Run memory run = _start(context, order, plan.orderHash, plan, entries);
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
        Run memory run = _start(context, order, orderHash, plan, entries);
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
        Run memory run = _start(context, order, plan.orderHash, plan, entries);
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
        if (order.upgradePolicy != POLICY_CHANNEL) {
            revert ILeaseBook.UpgradeNotAllowed(plan.orderHash);
        }
        if (plan.overlap > MOST_OVERLAP) revert ILeaseBook.OverlapTooLong(plan.overlap, MOST_OVERLAP);
        if (running.length != entries.length) revert ILeaseBook.EntryCountMismatch(entries.length, running.length);
        _requireEntries(plan.entriesHash, entries);
        _requireOpenable(book, context, order, services, plan.orderHash);
        Run memory run;
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
    ) private view returns (Run memory run) {
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
        Run memory run
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
        Run memory run
    ) private returns (SkipCode code) {
        Replica storage place;
        (code, place) = _findPlace(book, services, entry, run.orderHash);
        if (code != SkipCode.None) return code;
        if (place.state != ReplicaState.Empty && place.state != ReplicaState.Refillable) return SkipCode.SlotTaken;
        if (place.generation != entry.generation) return SkipCode.WrongGeneration;

        Draft memory draft;
        code = _prepare(book, context, order, services[entry.service], entry, run, place, draft);
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
        Run memory run,
        uint32 overlap
    ) private returns (SkipCode code) {
        Replica storage place;
        (code, place) = _findPlace(book, services, entry, run.orderHash);
        if (code != SkipCode.None) return code;
        bool replaces = key.orderHash == run.orderHash && key.service == entry.service && key.replica == entry.replica
            && uint256(key.generation) + 1 == entry.generation && place.generation == key.generation;
        if (place.state != ReplicaState.Live || !replaces) return SkipCode.WrongGeneration;
        // A channel that points nowhere upgrades nothing; without this, a plan for no image would move a live lease.
        bytes32 stable = context.parts.images.stableOf(services[entry.service].imageDigest);
        if (stable == bytes32(0) || stable != run.imageDigest) return SkipCode.NotUpgradable;

        Draft memory draft;
        (,,,, uint32 node) = context.parts.images.termsOf(stable);
        (bool open_, uint256 freedSeconds, uint256 freedWei) =
            Ending.freedBy(book, context, key, node, block.timestamp + overlap);
        if (!open_) return SkipCode.NotUpgradable;
        draft.freedSeconds = freedSeconds;
        draft.freedWei = freedWei;
        code = _prepare(book, context, order, services[entry.service], entry, run, place, draft);
        if (code != SkipCode.None) return code;

        Ending.finishUpgraded(book, context, key, block.timestamp + overlap);
        place.generation = entry.generation;
        _write(book, entry, run, place, draft);
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

    /// @dev Fills the draft, and takes capacity and bond as the last thing that may fail.
    function _prepare(
        Book storage book,
        Context memory context,
        Order calldata order,
        Service calldata service,
        PlanEntry calldata entry,
        Run memory run,
        Replica storage place,
        Draft memory draft
    ) private returns (SkipCode code) {
        draft.leaseId = Leases.idOf(LeaseKey(run.orderHash, entry.service, entry.replica, entry.generation, entry.coe));
        if (!book.leases[Leases.handleOf(draft.leaseId)].terms.isNone()) return SkipCode.HandleUsed;

        ICoeRegistry.Offer memory offer = context.parts.coes.offerOf(entry.coe, address(this));
        if (offer.status != ICoeRegistry.Status.Active) return SkipCode.CoeInactive;
        if (!offer.accepted) return SkipCode.BookNotAccepted;
        if (offer.osRevoked) return SkipCode.CoeOsRevoked;
        draft.imageDigest = _imageOf(context, order, service, entry, run);
        code = _checkImage(context, entry, run.image, draft.imageDigest);
        if (code != SkipCode.None) return code;

        _readWanted(service, entry.service, run);
        code = _price(order, entry, offer.ask, run, draft);
        if (code != SkipCode.None) return code;
        draft.terms = draft.terms.withLease(offer.index, run.image.node, uint32(block.timestamp));
        if (service.regionMask != 0 && (service.regionMask >> offer.region) & 1 == 0) return SkipCode.RegionExcluded;
        code = _fund(book, context, order, run.orderHash, place, draft);
        if (code != SkipCode.None) return code;
        if (offer.freeStake < draft.bond || offer.freeStake < service.minStake) return SkipCode.StakeTooLow;
        // The bond is there, so what the registry still refuses for is capacity.
        if (!context.parts.coes.assign(entry.coe, run.wanted.reserved, draft.bond)) return SkipCode.NoCapacity;
    }

    /// @dev A failover of an order that follows a channel takes what it points to, so that none undoes an upgrade. An
    /// image that asks more than the user allows is left aside: no publisher can stop a failover.
    function _imageOf(
        Context memory context,
        Order calldata order,
        Service calldata service,
        PlanEntry calldata entry,
        Run memory run
    ) private view returns (bytes32) {
        if (run.imageDigest != bytes32(0)) return run.imageDigest;
        if (entry.generation == 0 || order.upgradePolicy != POLICY_CHANNEL) return service.imageDigest;
        bytes32 stable = context.parts.images.stableOf(service.imageDigest);
        (,,, uint16 royaltyBps,) = context.parts.images.termsOf(stable);
        return stable == bytes32(0) || royaltyBps > order.maxRoyaltyBps ? service.imageDigest : stable;
    }

    function _checkImage(Context memory context, PlanEntry calldata entry, Image memory image, bytes32 digest)
        private
        view
        returns (SkipCode)
    {
        if (image.digest != digest) {
            image.digest = digest;
            (image.minted, image.revoked, image.malicious, image.royaltyBps, image.node) =
                context.parts.images.termsOf(digest);
        }
        if (!image.minted) return SkipCode.ImageMissing;
        if (image.malicious) return SkipCode.ImageMalicious;
        if (image.revoked && entry.generation == 0) return SkipCode.ImageRevoked;
        return SkipCode.None;
    }

    function _readWanted(Service calldata service, uint256 number, Run memory run) private pure {
        Wanted memory wanted = run.wanted;
        if (wanted.service == number + 1) return;
        wanted.service = number + 1;
        wanted.reserved = service.reserved;
        wanted.ceiling = service.ceiling;
        wanted.referenceIsAbove = Rates.isAbove(run.tariff.referencePrices, wanted.ceiling, wanted.reserved);
    }

    function _price(
        Order calldata order,
        PlanEntry calldata entry,
        uint128[5] memory ask,
        Run memory run,
        Draft memory draft
    ) private pure returns (SkipCode) {
        (uint16 royaltyBps, uint16 feeBps) = (run.image.royaltyBps, run.tariff.feeBps);
        if (royaltyBps > order.maxRoyaltyBps) return SkipCode.RoyaltyAboveMax;
        if (feeBps > order.maxFeeBps) return SkipCode.FeeAboveMax;
        Wanted memory wanted = run.wanted;
        bool fits;
        (fits, draft.terms) = Rates.lock(ask, run.tariff.referencePrices, wanted.reserved, royaltyBps, feeBps);
        if (!fits) return SkipCode.RateTooWide;
        if (draft.terms.hostRate() > entry.maxHostRate) return SkipCode.RateAbovePlan;
        if (Rates.isAbove(ask, wanted.ceiling, wanted.reserved)) return SkipCode.RateAboveCeiling;
        if (wanted.referenceIsAbove) return SkipCode.ReferenceAboveCeiling;
        return SkipCode.None;
    }

    /// @dev How long it is funded, and whether the caps and the user's free balance bear it.
    function _fund(
        Book storage book,
        Context memory context,
        Order calldata order,
        bytes32 orderHash,
        Replica storage place,
        Draft memory draft
    ) private view returns (SkipCode) {
        uint256 left = order.duration - (place.committed - draft.freedSeconds);
        // A host has its time to start while the lease is funded.
        if (left < order.startWithin) return SkipCode.DurationUsedUp;
        draft.limit = uint32(order.prepay < left ? order.prepay : left);

        PackedTerms packed = draft.terms;
        draft.fenced = packed.total(draft.limit, packed.allowance()) + Leases.reserve(context, packed);
        draft.bond = packed.bond();
        OrderRecord storage record = book.orders[orderHash];
        uint256 more = draft.fenced > draft.freedWei ? draft.fenced - draft.freedWei : 0;
        if (!Leases.isWithinTotal(record, order, more)) return SkipCode.AboveMaxTotal;
        if (book.wallets[record.user].free < more) return SkipCode.FreeBalanceTooLow;
        return SkipCode.None;
    }

    function _write(
        Book storage book,
        PlanEntry calldata entry,
        Run memory run,
        Replica storage place,
        Draft memory draft
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
