// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev What the registries ask of the protocol's settings, as a test sets it.
contract SettingsDouble {
    uint16 public floorBps = 200;
    uint16 public capBps = 2_000;
    mapping(address account => bool) public isGuard;

    function setRange(uint16 floor, uint16 cap) external {
        (floorBps, capBps) = (floor, cap);
    }

    function setGuard(address account, bool guard) external {
        isGuard[account] = guard;
    }

    function royaltyRange() external view returns (uint16, uint16) {
        return (floorBps, capBps);
    }
}
