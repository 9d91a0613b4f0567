// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Splitting a growing total by weights, without dust
/// @notice r = x, R = sum of weights; for each j: o_j = floor(r * w_j / R), r -= o_j, R -= w_j. Each share is
/// monotone in x and together they are exactly x, so shares of a growing total can be paid out in any order.
library Shares {
    /// @param total cumulative amount, below 2^128
    /// @param weights each at least 1 and below 2^16
    /// @param index which share, below weights.length
    /// @dev Unchecked: r w_j < 2^144; o_j <= r because w_j <= R; R counts down to 0.
    function shareOf(uint256 total, uint256[] memory weights, uint256 index) internal pure returns (uint256 share) {
        uint256 restWeight = 0;
        unchecked {
            for (uint256 j = 0; j < weights.length; ++j) {
                restWeight += weights[j];
            }
            uint256 rest = total;
            for (uint256 j = 0; j <= index; ++j) {
                uint256 weight = weights[j];
                share = rest * weight / restWeight;
                rest -= share;
                restWeight -= weight;
            }
        }
    }
}
