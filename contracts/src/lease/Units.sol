// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev Wei in a gwei. Rates, earnings and disputes are kept in gwei, royalties and fees by basis points of them.
uint256 constant GWEI = 1e9;

/// @dev Wei in a basis point of a gwei. Every charge is a multiple of it.
uint256 constant WEI_PER_GWEI_AND_BPS = 1e5;
