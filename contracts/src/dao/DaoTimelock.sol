// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

import {ArticlesRules} from "./ArticlesRules.sol";

/// @title The hands of a DAO: owns, signs for and is a member in its name
/// @notice Anyone may execute what is due. Who may propose is granted by the factory, once, to the governor.
contract DaoTimelock is TimelockController {
    /// @param delay seconds
    /// @param admin grants the roles and gives its own up in the same transaction
    constructor(uint256 delay, address admin) TimelockController(delay, new address[](0), new address[](1), admin) {}

    /// @notice Changes the delay, within the bounds of the founding. By proposal.
    function updateDelay(uint256 newDelay) public override {
        ArticlesRules.requireTimelockDelay(newDelay);
        super.updateDelay(newDelay);
    }
}
