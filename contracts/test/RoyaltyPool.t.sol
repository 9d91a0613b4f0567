// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {DwebToken} from "../src/DwebToken.sol";
import {RoyaltyPool} from "../src/RoyaltyPool.sol";
import {INodePayees} from "../src/interfaces/INodePayees.sol";
import {IRoyaltyPool} from "../src/interfaces/IRoyaltyPool.sol";
import {Edge} from "../src/interfaces/Types.sol";
import {Asserts} from "./Asserts.sol";
import {vm} from "./Vm.sol";

/// @dev This contract is governor, lease book and registry, and the payee of every node it defined.
contract RoyaltyPoolTest is Asserts, INodePayees {
    address private constant TREASURY = address(0x7EA5);
    address private constant STRANGER = address(0xBAD);
    bytes32 private constant LEAF = keccak256("leaf");
    bytes32 private constant MID = keccak256("mid");
    bytes32 private constant TOP = keccak256("top");

    DwebToken private token;
    RoyaltyPool private pool;
    address private payee = address(0xA);

    /// @dev TOP -> 3 LEAF, 2 MID, 1 itself; MID -> 1 LEAF; LEAF -> itself.
    function setUp() public {
        token = new DwebToken(address(this));
        pool = new RoyaltyPool(token, TREASURY, address(this));
        pool.authoriseBook(address(this));
        pool.authoriseRegistry(address(this));
        pool.defineNode(LEAF, new Edge[](0), 1);
        pool.defineNode(MID, _edges(LEAF, 1), 0);
        Edge[] memory edges = new Edge[](2);
        edges[0] = Edge(LEAF, 3);
        edges[1] = Edge(MID, 2);
        pool.defineNode(TOP, edges, 1);
    }

    function payeeOf(bytes32) external view returns (address) {
        return payee;
    }

    // ------------------------------------------------------------------- define

    function test_a_node_is_defined_once_with_its_rank() public {
        vm.expectEmit(true, true, true, true, address(pool));
        emit IRoyaltyPool.NodeDefined(keccak256("next"), address(this), 9, 4, _edges(TOP, 5));
        pool.defineNode(keccak256("next"), _edges(TOP, 5), 9);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyPool.NodeKnown.selector, TOP));
        pool.defineNode(TOP, _edges(LEAF, 1), 1);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyPool.NodeKnown.selector, bytes32(0)));
        pool.defineNode(0, _edges(LEAF, 1), 1); // the commons
    }

    function test_edges_lead_to_nodes_that_exist() public {
        bytes32 self = keccak256("self");
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyPool.NodeUnknown.selector, self));
        pool.defineNode(self, _edges(self, 1), 1);
    }

    function test_weights_are_at_least_one() public {
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyPool.WeightZero.selector, 0));
        pool.defineNode(keccak256("next"), _edges(LEAF, 0), 1);
    }

    function test_ranks_end_at_six() public {
        bytes32 below = TOP; // rank 3
        for (uint256 rank = 4; rank <= 6; ++rank) {
            pool.defineNode(bytes32(rank), _edges(below, 1), 0);
            below = bytes32(rank);
        }
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyPool.RankTooDeep.selector, bytes32(uint256(7)), 7));
        pool.defineNode(bytes32(uint256(7)), _edges(below, 1), 0);
    }

    function test_edges_are_bounded() public {
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyPool.EdgeOutOfRange.selector, keccak256("wide"), 64));
        pool.defineNode(keccak256("wide"), new Edge[](65), 1);
    }

    function test_only_registries_define_and_only_books_credit() public {
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyPool.NotARegistry.selector, STRANGER));
        vm.prank(STRANGER);
        pool.defineNode(keccak256("next"), new Edge[](0), 1);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyPool.NotABook.selector, STRANGER));
        vm.prank(STRANGER);
        pool.credit(TOP, 1);
    }

    function test_only_the_governor_authorises() public {
        bytes memory reason = abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, STRANGER);
        vm.startPrank(STRANGER);
        vm.expectRevert(reason);
        pool.authoriseBook(STRANGER);
        vm.expectRevert(reason);
        pool.authoriseRegistry(STRANGER);
        vm.stopPrank();

        vm.expectEmit(true, true, true, true, address(pool));
        emit IRoyaltyPool.BookAuthorised(STRANGER);
        pool.authoriseBook(STRANGER);
        vm.expectEmit(true, true, true, true, address(pool));
        emit IRoyaltyPool.RegistryAuthorised(STRANGER);
        pool.authoriseRegistry(STRANGER);
        assertTrue(pool.isBook(STRANGER) && pool.isRegistry(STRANGER), "authorised");
    }

    // ------------------------------------------------------------- credit, pull

    function test_credit_is_one_write_on_the_node() public {
        token.transfer(address(pool), 600);
        vm.expectEmit(true, true, true, true, address(pool));
        emit IRoyaltyPool.RoyaltyReceived(TOP, 600);
        pool.credit(TOP, 600);
        assertEq(pool.receivedOf(TOP), 600, "received");
        assertEq(pool.pendingOf(TOP, 0), 300, "leaf");
        assertEq(pool.pendingOf(TOP, 1), 200, "mid");
        assertEq(pool.pendingOf(TOP, 2), 100, "self");
    }

    function test_an_unknown_node_is_credited_nothing() public {
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyPool.NodeUnknown.selector, keccak256("x")));
        pool.credit(keccak256("x"), 1);
    }

    function test_a_pull_moves_to_the_child_and_the_self_edge_to_the_account() public {
        _credit(TOP, 600);
        vm.expectEmit(true, true, true, true, address(pool));
        emit IRoyaltyPool.RoyaltyPulled(TOP, 0, LEAF, 300);
        vm.prank(STRANGER);
        assertEq(pool.pull(TOP, 0), 300, "leaf");
        assertEq(pool.receivedOf(LEAF), 300, "leaf received");
        vm.expectEmit(true, true, true, true, address(pool));
        emit IRoyaltyPool.RoyaltyPulled(TOP, 2, TOP, 100);
        pool.pull(TOP, 2);
        assertEq(pool.accountOf(TOP), 100, "account");
        assertEq(pool.pull(TOP, 0), 0, "nothing twice");
    }

    function test_an_edge_that_is_not_there_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyPool.EdgeOutOfRange.selector, TOP, 3));
        pool.pull(TOP, 3);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyPool.EdgeOutOfRange.selector, MID, 1));
        pool.pull(MID, 1); // no self weight, no self edge
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyPool.NodeUnknown.selector, keccak256("x")));
        pool.pull(keccak256("x"), 0);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyPool.NodeUnknown.selector, keccak256("x")));
        pool.edgesOf(keccak256("x"));
    }

    function test_a_node_without_edges_pays_the_commons() public {
        bytes32 bare = keccak256("bare");
        pool.defineNode(bare, new Edge[](0), 0);
        pool.defineNode(keccak256("above"), _edges(bare, 1), 0);
        _credit(bare, 7);
        assertEq(pool.accountOf(0), 7, "credited");
        _credit(keccak256("above"), 5);
        pool.pull(keccak256("above"), 0);
        assertEq(pool.accountOf(0), 12, "and pulled into");
        assertEq(pool.pay(0), 12, "paid");
        assertEq(token.balanceOf(TREASURY), 12, "to the treasury");
    }

    // ---------------------------------------------------------------------- pay

    function test_an_account_is_paid_to_its_payee_of_today() public {
        _credit(LEAF, 50);
        pool.pull(LEAF, 0);
        payee = address(0xB);
        vm.expectEmit(true, true, true, true, address(pool));
        emit IRoyaltyPool.RoyaltyPaid(LEAF, address(0xB), 50);
        vm.prank(STRANGER);
        assertEq(pool.pay(LEAF), 50, "amount");
        assertEq(token.balanceOf(address(0xB)), 50, "paid");
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyPool.NothingToPay.selector, LEAF));
        pool.pay(LEAF);
    }

    function test_an_empty_or_unknown_account_is_not_paid() public {
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyPool.NothingToPay.selector, bytes32(0)));
        pool.pay(0);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyPool.NodeUnknown.selector, keccak256("x")));
        pool.pay(keccak256("x"));
    }

    // --------------------------------------------------------------- properties

    /// @notice Shares never fall as a node receives more, and together are all that it received.
    function test_shares_are_monotone_and_exact(uint16[6] memory weights, uint128 first, uint128 more) public {
        bytes32 node = _wide(weights);
        pool.credit(node, first); // without tokens, which shares do not look at
        uint256[6] memory before = _shares(node, first);
        pool.credit(node, more);
        uint256[6] memory later = _shares(node, uint256(first) + more);
        for (uint256 i = 0; i < 6; ++i) {
            assertTrue(later[i] >= before[i], "monotone");
        }
    }

    /// @notice Whatever the order of credits and pulls, the same ends up everywhere and nothing is lost.
    function test_the_order_of_pulls_does_not_matter(uint64[4] memory amounts, uint256 turns) public {
        uint256 total = 0;
        for (uint256 i = 0; i < 4; ++i) {
            _credit(TOP, amounts[i]);
            total += amounts[i];
            for (uint256 j = 0; j < 3; ++j) {
                if ((turns >> (i * 3 + j)) & 1 == 1) pool.pull(TOP, j);
            }
            if ((turns >> (12 + i)) & 1 == 1) pool.pull(MID, 0);
        }
        uint256 byEdges = pool.receivedOf(LEAF) + pool.accountOf(TOP) + pool.receivedOf(MID) - _pulledOfMid();
        uint256 pending = pool.pendingOf(TOP, 0) + pool.pendingOf(TOP, 1) + pool.pendingOf(TOP, 2);
        assertEq(byEdges + pending, total, "all of it is somewhere");

        for (uint256 j = 3; j > 0; --j) {
            pool.pull(TOP, j - 1);
        }
        pool.pull(MID, 0);
        pool.pull(LEAF, 0);
        uint256 leaf = total * 3 / 6;
        uint256 mid = (total - leaf) * 2 / 3;
        assertEq(pool.accountOf(LEAF), leaf + mid, "leaf");
        assertEq(pool.accountOf(TOP), total - leaf - mid, "top");
        assertEq(token.balanceOf(address(pool)), pool.accountOf(LEAF) + pool.accountOf(TOP), "balance");
    }

    function _pulledOfMid() private view returns (uint256) {
        return pool.receivedOf(MID) - pool.pendingOf(MID, 0);
    }

    function _shares(bytes32 node, uint256 total) private view returns (uint256[6] memory shares) {
        uint256 sum = 0;
        for (uint256 i = 0; i < 6; ++i) {
            shares[i] = pool.pendingOf(node, i);
            sum += shares[i];
        }
        assertEq(sum, total, "exact");
    }

    function _wide(uint16[6] memory weights) private returns (bytes32 node) {
        node = keccak256("wide");
        Edge[] memory edges = new Edge[](6);
        for (uint256 i = 0; i < 6; ++i) {
            edges[i] = Edge(LEAF, weights[i] == 0 ? 1 : weights[i]);
        }
        pool.defineNode(node, edges, 0);
    }

    function _credit(bytes32 node, uint256 amount) private {
        token.transfer(address(pool), amount);
        pool.credit(node, amount);
    }

    function _edges(bytes32 node, uint16 weight) private pure returns (Edge[] memory edges) {
        edges = new Edge[](1);
        edges[0] = Edge(node, weight);
    }
}
