// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IRoyaltyPool} from "../src/interfaces/IRoyaltyPool.sol";
import {Edge} from "../src/interfaces/Types.sol";
import {VectorFile} from "./vectors/VectorFile.sol";
import {vm} from "./Vm.sol";

/// @dev This contract is the pool's governor and a registry of it.
contract VectorsRoyaltiesTest is VectorFile {
    struct Node {
        bytes32 id;
        uint8 rank;
        uint16 selfWeight;
        Edge[] edges;
    }

    struct Receipt {
        bytes32 node;
        uint256 amount;
    }

    struct RoyaltiesCase {
        Node[] nodes;
        Receipt[] receipts;
        uint256[] received; // by the nodes, in all
        uint256[] accounts; // of the nodes, once every edge was pulled
        uint256 commons;
    }

    string private constant CASE =
        "RoyaltiesCase(JsonNode[] nodes,JsonReceipt[] receipts,uint256[] received,uint256[] accounts,uint256 commons)JsonNode(bytes32 id,uint8 rank,uint16 selfWeight,JsonEdge[] edges)JsonEdge(bytes32 node,uint16 weight)JsonReceipt(bytes32 node,uint256 amount)";

    IRoyaltyPool private _pool;
    mapping(bytes32 node => uint32) private _indexOf;

    function setUp() public {
        address token = address(0x70CE);
        vm.mockCall(token, abi.encodeWithSelector(IERC20.transferFrom.selector), abi.encode(true));
        _pool =
            IRoyaltyPool(vm.deployCode("RoyaltyPool.sol:RoyaltyPool", abi.encode(token, address(this), address(this))));
        _pool.authoriseRegistry(address(this));
    }

    function test_royalties_reach_the_accounts_of_the_vectors_when_all_is_pulled_at_the_end() public {
        RoyaltiesCase[] memory cases = _cases();
        for (uint256 i = 0; i < cases.length; ++i) {
            uint256 commons = _pool.accountOf(0);
            _define(cases[i]);
            for (uint256 r = 0; r < cases[i].receipts.length; ++r) {
                _credit(cases[i].receipts[r]);
            }
            _pullFromYoungest(cases[i]);
            _assertSame(cases[i], commons, i);
        }
    }

    function test_pulls_between_the_receipts_and_in_another_order_change_nothing() public {
        RoyaltiesCase[] memory cases = _cases();
        for (uint256 i = 0; i < cases.length; ++i) {
            uint256 commons = _pool.accountOf(0);
            _define(cases[i]);
            for (uint256 r = 0; r < cases[i].receipts.length; ++r) {
                _credit(cases[i].receipts[r]);
                // One node a receipt, and the oldest first, so that much is pulled before its time.
                _pullAll(cases[i].nodes[r % cases[i].nodes.length]);
            }
            _pullFromYoungest(cases[i]);
            _assertSame(cases[i], commons, i);
        }
    }

    function _cases() private view returns (RoyaltiesCase[] memory cases) {
        cases = abi.decode(_read("royalties", ".cases", CASE), (RoyaltiesCase[]));
        assertEq(cases.length, 20, "cases");
    }

    function _define(RoyaltiesCase memory c) private {
        for (uint256 n = 0; n < c.nodes.length; ++n) {
            Node memory node = c.nodes[n];
            _indexOf[node.id] = _pool.defineNode(node.id, node.edges, node.selfWeight, false);
        }
    }

    function _credit(Receipt memory receipt) private {
        uint32[] memory indexes = new uint32[](1);
        uint256[] memory amounts = new uint256[](1);
        (indexes[0], amounts[0]) = (_indexOf[receipt.node], receipt.amount);
        _pool.credit(indexes, amounts);
    }

    function _pullFromYoungest(RoyaltiesCase memory c) private {
        for (uint256 n = c.nodes.length; n > 0; --n) {
            _pullAll(c.nodes[n - 1]);
        }
    }

    /// @dev A node with neither edges nor a self weight has one edge, to the commons.
    function _pullAll(Node memory node) private {
        uint256 count = node.edges.length;
        if (node.selfWeight > 0 || count == 0) ++count;
        for (uint256 edge = 0; edge < count; ++edge) {
            _pool.pull(node.id, edge);
        }
    }

    function _assertSame(RoyaltiesCase memory c, uint256 commonsBefore, uint256 i) private view {
        for (uint256 n = 0; n < c.nodes.length; ++n) {
            assertEq(
                _pool.receivedOf(c.nodes[n].id), c.received[n], string.concat(_at("received", i), _at(", node", n))
            );
            assertEq(_pool.accountOf(c.nodes[n].id), c.accounts[n], string.concat(_at("account", i), _at(", node", n)));
        }
        assertEq(_pool.accountOf(0) - commonsBefore, c.commons, _at("commons", i));
    }
}
