// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";

import {Articles} from "../interfaces/IDaoFactory.sol";
import {DaoGovernor} from "./DaoGovernor.sol";

/// @title Holds the creation code of governors, which does not fit into the factory
/// @notice The caller is part of the salt: nobody can take the address that another would get.
contract GovernorMaker {
    function make(bytes32 id, Articles calldata articles, IVotes shares, TimelockController timelock)
        external
        returns (DaoGovernor)
    {
        return new DaoGovernor{salt: keccak256(abi.encode(msg.sender, id))}(articles, shares, timelock);
    }
}
