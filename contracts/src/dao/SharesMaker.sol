// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Articles, IDaoFactory} from "../interfaces/IDaoFactory.sol";
import {Member} from "../interfaces/IDaoShares.sol";
import {DaoShares} from "./DaoShares.sol";

/// @title Holds the creation code of shares and their treasury, which does not fit into the factory
/// @notice The caller is the factory they ask, and part of the salt: nobody can take the address that another would get.
contract SharesMaker {
    function make(bytes32 id, Articles calldata articles, Member[] calldata members, address timelock, IERC20 token)
        external
        returns (DaoShares)
    {
        bytes32 salt = keccak256(abi.encode(msg.sender, id));
        return new DaoShares{salt: salt}(articles, members, timelock, token, IDaoFactory(msg.sender));
    }
}
