// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {INodePayees} from "../../../src/interfaces/INodePayees.sol";
import {IRoyaltyPool} from "../../../src/interfaces/IRoyaltyPool.sol";
import {Edge} from "../../../src/interfaces/Types.sol";

/// @title An account that reverts on every call but the question whether its owner signed
contract Hermit {
    error LeaveMeAlone();

    address private immutable OWNER;

    constructor(address owner) {
        OWNER = owner;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        return ECDSA.recoverCalldata(digest, signature) == OWNER ? this.isValidSignature.selector : bytes4(0);
    }

    fallback() external {
        revert LeaveMeAlone();
    }
}

/// @title A registry of nodes that never says whom they pay
contract SpitefulRegistry is INodePayees {
    error NotTelling();

    function add(IRoyaltyPool pool, bytes32 node) external {
        pool.defineNode(node, new Edge[](0), 1, false);
    }

    function payeeOf(bytes32) external pure returns (address) {
        revert NotTelling();
    }
}
