// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DaoTimelock} from "./DaoTimelock.sol";

/// @title Holds the creation code of timelocks, which does not fit into the factory
/// @notice The caller is the first admin, and part of the salt: nobody can take the address that another would get.
contract TimelockMaker {
    /// @param delay seconds
    function make(bytes32 id, uint256 delay) external returns (DaoTimelock) {
        return new DaoTimelock{salt: keccak256(abi.encode(msg.sender, id))}(delay, msg.sender);
    }
}
