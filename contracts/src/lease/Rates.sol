// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Terms} from "../interfaces/Types.sol";

/// @title From asks to the rates a lease locks, and from rates to charges
/// @notice Rates are whole gwei; royalty and fee are rate x basis points in units of 1e5 wei, exactly. Every division
/// floors.
library Rates {
    using SafeCast for uint256;

    uint256 internal constant GWEI = 1e9;
    uint256 internal constant WEI_PER_GWEI_AND_BPS = 1e5;
    uint256 internal constant MIB_PER_GIB = 1024;
    /// @dev A host locks so many seconds of its own rate for a lease.
    uint256 internal constant BOND_SECONDS = 3_600;
    /// @dev The width that the allowance keeps when terms are packed: a pebibyte a lease.
    uint256 internal constant WIDEST_ALLOWANCE_GIB = 2 ** 20 - 1;

    /// @notice Wei per second of the four resources that are reserved by the second.
    function perSecond(uint128[5] memory prices, uint64[5] memory reserved) internal pure returns (uint256 sum) {
        for (uint256 i = 0; i < 4; ++i) {
            sum += uint256(prices[i]) * reserved[i];
        }
    }

    /// @notice hostRate = floor(ask . reserved / 1e9), at least 1; baseRate = max(hostRate, floor(ref . reserved /
    /// 1e9)); hostTransfer = floor(ask[4] / 1e9); baseTransfer = max(hostTransfer, floor(ref[4] / 1e9)).
    /// @return fits false when a rate needs more than 32 bits or the allowance more than 20
    function lock(
        uint128[5] memory ask,
        uint128[5] memory ref,
        uint64[5] memory reserved,
        uint16 royaltyBps,
        uint16 feeBps
    ) internal pure returns (bool fits, Terms memory terms) {
        uint256 hostRate = _max(perSecond(ask, reserved) / GWEI, 1);
        uint256 baseRate = _max(hostRate, perSecond(ref, reserved) / GWEI);
        uint256 hostTransfer = ask[4] / GWEI;
        uint256 baseTransfer = _max(hostTransfer, ref[4] / GWEI);
        // The base rates are no less than the host's.
        fits = baseRate <= type(uint32).max && baseTransfer <= type(uint32).max && reserved[4] <= WIDEST_ALLOWANCE_GIB;
        if (!fits) return (fits, terms);

        terms = Terms({
            hostRate: hostRate.toUint32(),
            baseRate: baseRate.toUint32(),
            hostTransfer: hostTransfer.toUint32(),
            baseTransfer: baseTransfer.toUint32(),
            royaltyBps: royaltyBps,
            feeBps: feeBps,
            allowanceGiB: uint32(reserved[4])
        });
    }

    /// @notice What so many seconds and MiB of transfer cost since opening, in wei.
    function charge(Terms memory terms, uint256 secondsRun, uint256 mebibytes)
        internal
        pure
        returns (uint256 host, uint256 royalty, uint256 fee)
    {
        host = (terms.hostRate * secondsRun + terms.hostTransfer * mebibytes) * GWEI;
        uint256 base = (terms.baseRate * secondsRun + terms.baseTransfer * mebibytes) * WEI_PER_GWEI_AND_BPS;
        royalty = base * terms.royaltyBps;
        fee = base * terms.feeBps;
    }

    /// @notice The sum of a charge's three parts.
    function total(Terms memory terms, uint256 secondsRun, uint256 mebibytes) internal pure returns (uint256) {
        (uint256 host, uint256 royalty, uint256 fee) = charge(terms, secondsRun, mebibytes);
        return host + royalty + fee;
    }

    /// @notice MiB of transfer that a lease may bill.
    function allowance(Terms memory terms) internal pure returns (uint256) {
        return terms.allowanceGiB * MIB_PER_GIB;
    }

    /// @notice Wei of stake that a lease locks.
    function bond(Terms memory terms) internal pure returns (uint256) {
        return terms.hostRate * BOND_SECONDS * GWEI;
    }

    function _max(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a : b;
    }
}
