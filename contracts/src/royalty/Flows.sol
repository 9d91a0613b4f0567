// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title What a node received and what was pulled through each of its edges, two totals a slot
/// @notice Totals are wei, below 2^128. The total received stands beside that of edge 0, so the first pull through it
/// opens no new slot.
library Flows {
    using SafeCast for uint256;

    struct Totals {
        uint256[33] words; // word k: total 2k in its low half, 2k + 1 in its high; total 0 is received, 1 + i of edge i
    }

    uint256 private constant LOW = 2 ** 128 - 1;

    /// @notice Adds to what was received. Reverts when the total would need more than 128 bits.
    function add(Totals storage totals, uint256 amount) internal {
        uint256 word = totals.words[0];
        uint256 received_ = ((word & LOW) + amount).toUint128();
        totals.words[0] = word & ~LOW | received_;
    }

    function received(Totals storage totals) internal view returns (uint256) {
        return totals.words[0] & LOW;
    }

    function pulled(Totals storage totals, uint256 edge) internal view returns (uint256) {
        return totals.words[edge + 1 >> 1] >> _shift(edge) & LOW;
    }

    /// @notice Says that all that an edge ever earned is pulled.
    /// @param share wei, a share of what was received
    /// @return amount wei that were not pulled before
    function pullUpTo(Totals storage totals, uint256 edge, uint256 share) internal returns (uint256 amount) {
        uint256 slot = edge + 1 >> 1;
        uint256 shift = _shift(edge);
        uint256 word = totals.words[slot];
        amount = share - (word >> shift & LOW);
        // Adds within the edge's half: its total becomes the share, which fits.
        if (amount != 0) totals.words[slot] = word + (amount << shift);
    }

    function _shift(uint256 edge) private pure returns (uint256) {
        return (edge + 1 & 1) << 7;
    }
}
