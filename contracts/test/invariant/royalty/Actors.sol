// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";

import {IRoyaltyPool} from "../../../src/interfaces/IRoyaltyPool.sol";
import {Edge} from "../../../src/interfaces/Types.sol";

/// @dev A registry of its own nodes. Its payee moves, and at times it refuses to name one.
contract RegistryActor {
    IRoyaltyPool private immutable POOL;
    address private _payee;
    bool public refuses;

    error NoPayeeToday();

    constructor(IRoyaltyPool pool, address payee) {
        POOL = pool;
        _payee = payee;
    }

    function defineNode(bytes32 node, Edge[] calldata edges, uint16 selfWeight, bool root) external {
        POOL.defineNode(node, edges, selfWeight, root);
    }

    function set(address payee, bool refuse) external {
        (_payee, refuses) = (payee, refuse);
    }

    function payeeOf(bytes32) external view returns (address) {
        if (refuses) revert NoPayeeToday();
        return _payee;
    }
}

/// @dev Somebody who pays royalties out of what they have.
contract PayerActor {
    IRoyaltyPool private immutable POOL;

    constructor(IRoyaltyPool pool, IERC20 token) {
        POOL = pool;
        token.approve(address(pool), type(uint256).max);
    }

    function credit(uint32[] calldata indexes, uint256[] calldata amounts) external {
        POOL.credit(indexes, amounts);
    }
}
