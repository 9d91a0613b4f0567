// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A COE registry's constants; nobody can change them.
struct CoeParams {
    uint64 askDelay; // seconds from setting a higher ask until it is in force
    uint64 unbonding; // seconds from unbonding until stake is payable
    uint64 bookDelay; // seconds from proposing a lease book until it may assign; longer than unbonding
    uint256 leastStake; // wei a new COE brings
}
