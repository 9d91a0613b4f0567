// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICoeRegistry} from "../interfaces/ICoeRegistry.sol";
import {IProtocolSettings} from "../interfaces/IProtocolSettings.sol";
import {LeaseKey, Order, PlanEntry, Service, SkipCode} from "../interfaces/Types.sol";
import {Book, Context, OrderRecord, Replica} from "./Book.sol";
import {Leases} from "./Leases.sol";
import {Rates} from "./Rates.sol";
import {PackedTerms} from "./Terms.sol";
import {Turns} from "./Turns.sol";

/// @title From an entry of a plan to a lease that may open
/// @notice Image, price, region, funds, stake and capacity, in the order of docs/protocol.md; what fails has a code.
library Drafting {
    uint8 internal constant POLICY_CHANNEL = 1;

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

    /// @dev What the registry says of an image.
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

    /// @dev Fills the draft, and takes capacity and bond as the last thing that may fail.
    function prepare(
        Book storage book,
        Context memory context,
        Order calldata order,
        Service calldata service,
        PlanEntry calldata entry,
        Run memory run,
        Replica storage place,
        Draft memory draft
    ) internal returns (SkipCode code) {
        draft.leaseId = Leases.idOf(LeaseKey(run.orderHash, entry.service, entry.replica, entry.generation, entry.coe));
        if (!book.leases[Leases.handleOf(draft.leaseId)].terms.isNone()) return SkipCode.HandleUsed;

        ICoeRegistry.Offer memory offer = context.parts.coes.offerOf(entry.coe, address(this));
        if (offer.status != ICoeRegistry.Status.Active) return SkipCode.CoeInactive;
        if (!offer.accepted) return SkipCode.BookNotAccepted;
        if (offer.osRevoked) return SkipCode.CoeOsRevoked;
        draft.imageDigest = _imageOf(context, order, service, entry, run, place);
        code = _checkImage(entry, ask(context, run, draft.imageDigest));
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

    /// @dev A failover of an order that follows a channel takes what it points to, so that none undoes an upgrade, unless
    /// the replica was put back. An image that asks more than the user allows is left aside: no publisher can stop a
    /// failover.
    function _imageOf(
        Context memory context,
        Order calldata order,
        Service calldata service,
        PlanEntry calldata entry,
        Run memory run,
        Replica storage place
    ) private view returns (bytes32) {
        if (run.imageDigest != bytes32(0)) return run.imageDigest;
        if (entry.generation == 0 || order.upgradePolicy != POLICY_CHANNEL) return service.imageDigest;
        if (Turns.isPutBack(place)) return service.imageDigest;
        bytes32 stable = context.parts.images.stableOf(service.imageDigest);
        if (stable == bytes32(0)) return service.imageDigest;
        return ask(context, run, stable).royaltyBps > order.maxRoyaltyBps ? service.imageDigest : stable;
    }

    function _checkImage(PlanEntry calldata entry, Image memory image) private pure returns (SkipCode) {
        if (!image.minted) return SkipCode.ImageMissing;
        if (image.malicious) return SkipCode.ImageMalicious;
        if (image.revoked && entry.generation == 0) return SkipCode.ImageRevoked;
        return SkipCode.None;
    }

    /// @notice What the registry says of an image, kept in the run until another is asked about.
    function ask(Context memory context, Run memory run, bytes32 digest) internal view returns (Image memory image) {
        image = run.image;
        if (image.digest == digest) return image;
        image.digest = digest;
        (image.minted, image.revoked, image.malicious, image.royaltyBps, image.node) =
            context.parts.images.termsOf(digest);
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
        uint128[5] memory hostAsk,
        Run memory run,
        Draft memory draft
    ) private pure returns (SkipCode) {
        (uint16 royaltyBps, uint16 feeBps) = (run.image.royaltyBps, run.tariff.feeBps);
        if (royaltyBps > order.maxRoyaltyBps) return SkipCode.RoyaltyAboveMax;
        if (feeBps > order.maxFeeBps) return SkipCode.FeeAboveMax;
        Wanted memory wanted = run.wanted;
        bool fits;
        (fits, draft.terms) = Rates.lock(hostAsk, run.tariff.referencePrices, wanted.reserved, royaltyBps, feeBps);
        if (!fits) return SkipCode.RateTooWide;
        if (draft.terms.hostRate() > entry.maxHostRate) return SkipCode.RateAbovePlan;
        if (Rates.isAbove(hostAsk, wanted.ceiling, wanted.reserved)) return SkipCode.RateAboveCeiling;
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
}
