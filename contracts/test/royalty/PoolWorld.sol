// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";

import {INodePayees} from "../../src/interfaces/INodePayees.sol";
import {IRoyaltyPool} from "../../src/interfaces/IRoyaltyPool.sol";
import {Edge} from "../../src/interfaces/Types.sol";
import {Asserts} from "../Asserts.sol";
import {vm} from "../Vm.sol";

/// @title A pool with three nodes: TOP -> 3 LEAF, 2 MID, 1 itself; MID -> 1 LEAF; LEAF -> itself
/// @dev This contract is governor, payer and registry, and names the payee of every node it defined.
abstract contract PoolWorld is Asserts, INodePayees {
    address internal constant TREASURY = address(0x7EA5);
    address internal constant STRANGER = address(0xBAD);
    bytes32 internal constant LEAF = keccak256("leaf");
    bytes32 internal constant MID = keccak256("mid");
    bytes32 internal constant TOP = keccak256("top");

    IERC20 internal token;
    IRoyaltyPool internal pool;
    address internal payee = address(0xA);

    function setUp() public virtual {
        token = IERC20(vm.deployCode("DwebToken.sol:DwebToken", abi.encode(address(this))));
        pool = _newPool(token);
        pool.defineNode(LEAF, new Edge[](0), 1, false);
        pool.defineNode(MID, _edges(LEAF, 1), 0, false);
        Edge[] memory edges = new Edge[](2);
        edges[0] = Edge(LEAF, 3);
        edges[1] = Edge(MID, 2);
        pool.defineNode(TOP, edges, 1, false);
    }

    function payeeOf(bytes32) external view virtual returns (address) {
        return payee;
    }

    function _newPool(IERC20 money) internal returns (IRoyaltyPool made) {
        made = IRoyaltyPool(vm.deployCode("RoyaltyPool.sol:RoyaltyPool", abi.encode(money, TREASURY, address(this))));
        made.authoriseRegistry(address(this));
        money.approve(address(made), type(uint256).max);
    }

    function _fund(bytes32 node, uint256 amount) internal {
        _creditIndex(pool.indexOf(node), amount);
    }

    function _creditIndex(uint32 index, uint256 amount) internal {
        uint32[] memory indexes = new uint32[](1);
        uint256[] memory amounts = new uint256[](1);
        indexes[0] = index;
        amounts[0] = amount;
        pool.credit(indexes, amounts);
    }

    function _refusedCredit(uint32 index, uint256 amount, bytes memory reason) internal {
        (bool ok, bytes memory answer) = address(pool).call(_creditCall(index, amount));
        assertTrue(!ok, "refused");
        assertEq(answer, reason, "reason");
    }

    function _creditCall(uint32 index, uint256 amount) internal pure returns (bytes memory) {
        uint32[] memory indexes = new uint32[](1);
        uint256[] memory amounts = new uint256[](1);
        indexes[0] = index;
        amounts[0] = amount;
        return abi.encodeCall(IRoyaltyPool.credit, (indexes, amounts));
    }

    /// @dev A chain of nodes above TOP, which is of rank 3; answers the last.
    function _chainTo(uint256 rank) internal returns (bytes32 below) {
        below = TOP;
        for (uint256 next = 4; next <= rank; ++next) {
            pool.defineNode(bytes32(next), _edges(below, 1), 0, false);
            below = bytes32(next);
        }
    }

    function _edges(bytes32 node, uint16 weight) internal pure returns (Edge[] memory edges) {
        edges = new Edge[](1);
        edges[0] = Edge(node, weight);
    }
}
