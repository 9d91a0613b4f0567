// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {PackedTerms, TermsLib} from "./Terms.sol";
import {GWEI} from "./Units.sol";

/// @title From asks to the rates a lease locks
/// @notice Rates are whole gwei. Every division floors; what does not fit its width is refused, never wrapped.
library Rates {
    uint256 internal constant MOST_TRANSFER_RATE = 2 ** 26 - 1;
    /// @dev A pebibyte a lease.
    uint256 internal constant MOST_ALLOWANCE_GIB = 2 ** 20 - 1;
    uint256 internal constant RENT_PARTS = 4_096;

    /// @notice Wei per second of the four resources that are reserved by the second.
    function perSecond(uint128[5] memory prices, uint64[5] memory reserved) internal pure returns (uint256 sum) {
        // Four products of 128 and 64 bits.
        unchecked {
            sum = uint256(prices[0]) * reserved[0] + uint256(prices[1]) * reserved[1] + uint256(prices[2]) * reserved[2]
                + uint256(prices[3]) * reserved[3];
        }
    }

    /// @notice hostRate = floor(ask . reserved / 1e9), at least 1; baseRate = max(hostRate, floor(ref . reserved /
    /// 1e9)); hostTransfer = floor(ask[4] / 1e9); baseTransfer = max(hostTransfer, floor(ref[4] / 1e9)); rentShare =
    /// floor(4096 x floor(ask[2] x reserved[2] / 1e9) / hostRate), at most 4095.
    /// @return fits false when a rate needs more than 32 bits, a transfer rate more than 26 or the allowance more than 20
    /// @return terms without COE, node and origin
    function lock(
        uint128[5] memory ask,
        uint128[5] memory ref,
        uint64[5] memory reserved,
        uint16 royaltyBps,
        uint16 feeBps
    ) internal pure returns (bool fits, PackedTerms terms) {
        uint256 hostRate = Math.max(perSecond(ask, reserved) / GWEI, 1);
        uint256 baseRate = Math.max(hostRate, perSecond(ref, reserved) / GWEI);
        uint256 hostTransfer = ask[4] / GWEI;
        uint256 baseTransfer = Math.max(hostTransfer, ref[4] / GWEI);
        // The base rates are no less than the host's.
        fits = baseRate <= type(uint32).max && baseTransfer <= MOST_TRANSFER_RATE && reserved[4] <= MOST_ALLOWANCE_GIB;
        if (!fits) return (fits, terms);

        uint256 rent = uint256(ask[2]) * reserved[2] / GWEI;
        uint256 rentShare = Math.min(rent * RENT_PARTS / hostRate, RENT_PARTS - 1);
        terms = TermsLib.packRates(hostRate, baseRate, hostTransfer, baseTransfer)
            .withShares(royaltyBps, feeBps, reserved[4], rentShare);
    }

    /// @notice Whether prices are above a ceiling, which bounds the sum of the four resources by the second, and transfer
    /// for itself.
    function isAbove(uint128[5] memory prices, uint128[5] memory ceiling, uint64[5] memory reserved)
        internal
        pure
        returns (bool)
    {
        if (perSecond(prices, reserved) > perSecond(ceiling, reserved)) return true;
        return reserved[4] > 0 && prices[4] > ceiling[4];
    }
}
