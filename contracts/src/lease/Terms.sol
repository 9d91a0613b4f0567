// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../interfaces/Types.sol";
import {GWEI, WEI_PER_GWEI_AND_BPS} from "./Units.sol";

/// @notice What a lease locked when it opened, and where its seconds count from, in one word.
/// @dev From the lowest bit: hostRate 32 | baseRate 32 | hostTransfer 26 | baseTransfer 26 | royaltyBps 13 | feeBps 11 |
/// COE 24 | node 28 | time 32 | allowance GiB 20 | rent share 12. `time` is the origin, or the end once the lease is
/// ending. Zero is no lease: a host rate is at least 1.
type PackedTerms is uint256;

using TermsLib for PackedTerms global;

/// @title The locked terms of a lease, and what they make usage cost
/// @notice Royalty and fee come out as rate x basis points in units of 1e5 wei, so a charge is exact however often it is
/// settled: it is linear in seconds and MiB.
library TermsLib {
    uint256 internal constant MIB_PER_GIB = 1024;
    /// @dev A host locks so many seconds of its own rate for a lease.
    uint256 internal constant BOND_SECONDS = 3_600;
    /// @dev rentShare counts in parts of this many.
    uint256 internal constant RENT_PARTS = 4_096;

    uint256 internal constant BASE_RATE = 32;
    uint256 internal constant HOST_TRANSFER = 64;
    uint256 internal constant BASE_TRANSFER = 90;
    uint256 internal constant ROYALTY = 116;
    uint256 internal constant FEE = 129;
    uint256 internal constant COE = 140;
    uint256 internal constant NODE = 164;
    uint256 internal constant TIME = 192;
    uint256 internal constant ALLOWANCE = 224;
    uint256 internal constant RENT = 244;

    /// @notice The four rates, each within its width: `Rates.lock` sees to it.
    function packRates(uint256 host, uint256 base, uint256 hostTransfer, uint256 baseTransfer)
        internal
        pure
        returns (PackedTerms)
    {
        return
            PackedTerms.wrap(host | base << BASE_RATE | hostTransfer << HOST_TRANSFER | baseTransfer << BASE_TRANSFER);
    }

    /// @notice Rates that were packed alone, with what else follows from order, image and reservation.
    function withShares(
        PackedTerms packed,
        uint256 royaltyBps_,
        uint256 feeBps_,
        uint256 allowanceGiB,
        uint256 rentShare
    ) internal pure returns (PackedTerms) {
        return PackedTerms.wrap(
            PackedTerms.unwrap(packed) | royaltyBps_ << ROYALTY | feeBps_ << FEE | allowanceGiB << ALLOWANCE | rentShare
                << RENT
        );
    }

    /// @param terms each member within its width: `Rates.lock` sees to it
    /// @param coeIndex the registry's
    /// @param nodeIndex the pool's, below 2^28
    function pack(Terms memory terms, uint24 coeIndex, uint32 nodeIndex, uint32 origin)
        internal
        pure
        returns (PackedTerms packed)
    {
        packed = packRates(terms.hostRate, terms.baseRate, terms.hostTransfer, terms.baseTransfer);
        packed = withShares(packed, terms.royaltyBps, terms.feeBps, terms.allowanceGiB, terms.rentShare);
        packed = withLease(packed, coeIndex, nodeIndex, origin);
    }

    /// @notice Terms that were packed without COE, node and origin, with all three.
    function withLease(PackedTerms packed, uint24 coeIndex, uint32 nodeIndex, uint32 origin)
        internal
        pure
        returns (PackedTerms)
    {
        return PackedTerms.wrap(
            PackedTerms.unwrap(packed) | uint256(coeIndex) << COE | uint256(nodeIndex) << NODE | uint256(origin) << TIME
        );
    }

    function unpack(PackedTerms packed) internal pure returns (Terms memory terms) {
        terms.hostRate = uint32((PackedTerms.unwrap(packed) & 0xffffffff));
        terms.baseRate = uint32(((PackedTerms.unwrap(packed) >> BASE_RATE) & 0xffffffff));
        terms.hostTransfer = uint32(((PackedTerms.unwrap(packed) >> HOST_TRANSFER) & 0x3ffffff));
        terms.baseTransfer = uint32(((PackedTerms.unwrap(packed) >> BASE_TRANSFER) & 0x3ffffff));
        terms.royaltyBps = uint16(((PackedTerms.unwrap(packed) >> ROYALTY) & 0x1fff));
        terms.feeBps = uint16(((PackedTerms.unwrap(packed) >> FEE) & 0x7ff));
        terms.allowanceGiB = uint32(((PackedTerms.unwrap(packed) >> ALLOWANCE) & 0xfffff));
        terms.rentShare = uint16(((PackedTerms.unwrap(packed) >> RENT) & 0xfff));
    }

    function isNone(PackedTerms packed) internal pure returns (bool) {
        return PackedTerms.unwrap(packed) == 0;
    }

    function coe(PackedTerms packed) internal pure returns (uint24) {
        return uint24(((PackedTerms.unwrap(packed) >> COE) & 0xffffff));
    }

    function node(PackedTerms packed) internal pure returns (uint32) {
        return uint32(((PackedTerms.unwrap(packed) >> NODE) & 0xfffffff));
    }

    /// @return the origin, or the end once the lease is ending
    function time(PackedTerms packed) internal pure returns (uint32) {
        return uint32(((PackedTerms.unwrap(packed) >> TIME) & 0xffffffff));
    }

    function withTime(PackedTerms packed, uint32 time_) internal pure returns (PackedTerms) {
        uint256 others = PackedTerms.unwrap(packed) & ~(uint256(type(uint32).max) << TIME);
        return PackedTerms.wrap(others | uint256(time_) << TIME);
    }

    /// @return MiB of transfer that a lease may bill
    function allowance(PackedTerms packed) internal pure returns (uint256) {
        return ((PackedTerms.unwrap(packed) >> ALLOWANCE) & 0xfffff) * MIB_PER_GIB;
    }

    function hostRate(PackedTerms packed) internal pure returns (uint256) {
        return (PackedTerms.unwrap(packed) & 0xffffffff);
    }

    /// @return gwei a second for keeping storage while nothing else is paid
    function rent(PackedTerms packed) internal pure returns (uint256) {
        return hostRate(packed) * ((PackedTerms.unwrap(packed) >> RENT) & 0xfff) / RENT_PARTS;
    }

    /// @return wei of stake that a lease locks
    function bond(PackedTerms packed) internal pure returns (uint256) {
        return hostRate(packed) * BOND_SECONDS * GWEI;
    }

    /// @notice What so many seconds and MiB of transfer cost.
    /// @return host gwei
    /// @return base gwei, of which royalty and fee are basis points
    function charge(PackedTerms packed, uint256 secondsRun, uint256 mebibytes)
        internal
        pure
        returns (uint256 host, uint256 base)
    {
        // Rates have 32 bits, seconds 27, transfer 26 + 33: nothing here comes near 256 bits.
        unchecked {
            host =
                hostRate(packed) * secondsRun + ((PackedTerms.unwrap(packed) >> HOST_TRANSFER) & 0x3ffffff) * mebibytes;
            base = ((PackedTerms.unwrap(packed) >> BASE_RATE) & 0xffffffff) * secondsRun
                + ((PackedTerms.unwrap(packed) >> BASE_TRANSFER) & 0x3ffffff) * mebibytes;
        }
    }

    function royaltyBps(PackedTerms packed) internal pure returns (uint256) {
        return ((PackedTerms.unwrap(packed) >> ROYALTY) & 0x1fff);
    }

    function feeBps(PackedTerms packed) internal pure returns (uint256) {
        return ((PackedTerms.unwrap(packed) >> FEE) & 0x7ff);
    }

    /// @notice Host, royalty and fee together, in wei.
    function total(PackedTerms packed, uint256 secondsRun, uint256 mebibytes) internal pure returns (uint256) {
        (uint256 host, uint256 base) = charge(packed, secondsRun, mebibytes);
        return host * GWEI + base * WEI_PER_GWEI_AND_BPS * (royaltyBps(packed) + feeBps(packed));
    }
}
