// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {IRoyaltyPool} from "../src/interfaces/IRoyaltyPool.sol";
import {Edge} from "../src/interfaces/Types.sol";
import {vm} from "./Vm.sol";
import {PoolWorld} from "./royalty/PoolWorld.sol";

contract RoyaltyPoolTest is PoolWorld {
    // ------------------------------------------------------------------- define

    function test_a_node_is_defined_once_with_its_number_and_rank() public {
        vm.expectEmit(true, true, true, true, address(pool));
        emit IRoyaltyPool.NodeDefined(keccak256("next"), address(this), 4, 9, 4, false, _edges(TOP, 5));
        assertEq(pool.defineNode(keccak256("next"), _edges(TOP, 5), 9, false), 4, "index");
        assertEq(pool.indexOf(keccak256("next")), 4, "view");
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyPool.NodeKnown.selector, TOP));
        pool.defineNode(TOP, _edges(LEAF, 1), 1, false);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyPool.NodeKnown.selector, bytes32(0)));
        pool.defineNode(0, _edges(LEAF, 1), 1, false); // the commons
    }

    function test_edges_lead_to_nodes_that_exist() public {
        bytes32 self = keccak256("self");
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyPool.NodeUnknown.selector, self));
        pool.defineNode(self, _edges(self, 1), 1, false);
    }

    function test_no_edge_leads_to_a_root() public {
        bytes32 root = keccak256("root");
        pool.defineNode(root, _edges(TOP, 1), 1, true);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyPool.NodeIsRoot.selector, root));
        pool.defineNode(keccak256("above"), _edges(root, 1), 1, false);
    }

    function test_weights_are_at_least_one() public {
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyPool.WeightZero.selector, 0));
        pool.defineNode(keccak256("next"), _edges(LEAF, 0), 1, false);
    }

    function test_ranks_end_at_six() public {
        bytes32 below = _chainTo(6);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyPool.RankTooDeep.selector, bytes32(uint256(7)), 7));
        pool.defineNode(bytes32(uint256(7)), _edges(below, 1), 0, false);
    }

    function test_edges_are_bounded() public {
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyPool.EdgeOutOfRange.selector, keccak256("wide"), 64));
        pool.defineNode(keccak256("wide"), new Edge[](65), 1, false);
    }

    function test_nodes_end_below_2_to_the_28() public {
        vm.store(address(pool), bytes32(uint256(1)), bytes32(uint256(2 ** 28 - 2)));
        assertEq(pool.defineNode(keccak256("last"), _edges(LEAF, 7), 3, false), 2 ** 28 - 1, "the last");
        vm.expectRevert(IRoyaltyPool.TooManyNodes.selector);
        pool.defineNode(keccak256("more"), _edges(LEAF, 1), 1, false);
    }

    function test_only_registries_define() public {
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyPool.NotARegistry.selector, STRANGER));
        vm.prank(STRANGER);
        pool.defineNode(keccak256("next"), new Edge[](0), 1, false);
    }

    function test_only_the_governor_authorises() public {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, STRANGER));
        vm.prank(STRANGER);
        pool.authoriseRegistry(STRANGER);
        vm.expectEmit(true, true, true, true, address(pool));
        emit IRoyaltyPool.RegistryAuthorised(STRANGER);
        pool.authoriseRegistry(STRANGER);
        assertTrue(pool.isRegistry(STRANGER) && pool.isRegistry(address(this)), "authorised");
    }

    function test_authorising_twice_changes_nothing() public {
        vm.recordLogs();
        pool.authoriseRegistry(address(this));
        assertEq(vm.getRecordedLogs().length, 0, "no event");
        _fund(LEAF, 5);
        pool.pull(LEAF, 0);
        assertEq(pool.pay(LEAF), 5, "its nodes are paid as before");
    }

    /// @notice Every edge comes back as it went in, whatever the number and the weights.
    function testFuzz_packed_edges_read_as_written(uint16[64] memory weights, uint64 targets, uint8 count, uint16 self)
        public
    {
        Edge[] memory edges = new Edge[](bound(count, 0, 64));
        for (uint256 i = 0; i < edges.length; ++i) {
            edges[i] = Edge(targets >> i & 1 == 1 ? LEAF : TOP, weights[i] == 0 ? 1 : weights[i]);
        }
        pool.defineNode(keccak256("wide"), edges, self, true);
        (Edge[] memory found, uint16 selfWeight) = pool.edgesOf(keccak256("wide"));
        assertEq(keccak256(abi.encode(found)), keccak256(abi.encode(edges)), "edges");
        assertEq(selfWeight, self, "self weight");
    }

    // ------------------------------------------------------------------- credit

    function test_credit_pulls_one_sum_and_writes_each_node() public {
        uint32[] memory indexes = new uint32[](2);
        uint256[] memory amounts = new uint256[](2);
        (indexes[0], indexes[1]) = (pool.indexOf(TOP), pool.indexOf(LEAF));
        (amounts[0], amounts[1]) = (600, 7);
        vm.expectEmit(true, true, true, true, address(pool));
        emit IRoyaltyPool.RoyaltyReceived(indexes[0], address(this), 600);
        vm.expectEmit(true, true, true, true, address(pool));
        emit IRoyaltyPool.RoyaltyReceived(indexes[1], address(this), 7);
        vm.expectEmit(true, true, true, true, address(token));
        emit IERC20.Transfer(address(this), address(pool), 607);
        pool.credit(indexes, amounts);
        assertEq(pool.receivedOf(TOP), 600, "top");
        assertEq(pool.receivedOf(LEAF), 7, "leaf");
        assertEq(pool.pendingOf(TOP, 0), 300, "to leaf");
        assertEq(pool.pendingOf(TOP, 1), 200, "to mid");
        assertEq(pool.pendingOf(TOP, 2), 100, "to itself");
    }

    function test_anyone_who_pays_may_credit_and_nobody_who_does_not() public {
        token.transfer(STRANGER, 10);
        vm.startPrank(STRANGER);
        _refusedCredit(
            pool.indexOf(TOP),
            10,
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(pool), 0, 10)
        );
        token.approve(address(pool), 10);
        vm.stopPrank();
        vm.startPrank(STRANGER);
        _creditIndex(pool.indexOf(TOP), 10);
        vm.stopPrank();
        assertEq(pool.receivedOf(TOP), 10, "credited");
    }

    function test_the_same_node_twice_in_one_call_gets_both() public {
        uint32[] memory indexes = new uint32[](2);
        uint256[] memory amounts = new uint256[](2);
        (indexes[0], indexes[1]) = (3, 3);
        (amounts[0], amounts[1]) = (5, 6);
        pool.credit(indexes, amounts);
        assertEq(pool.receivedOf(TOP), 11, "both");
    }

    function test_an_amount_of_nothing_says_nothing() public {
        vm.recordLogs();
        _creditIndex(pool.indexOf(TOP), 0);
        assertEq(vm.getRecordedLogs().length, 0, "no event");
    }

    function test_an_unknown_index_is_refused() public {
        _refusedCredit(0, 1, abi.encodeWithSelector(IRoyaltyPool.IndexUnknown.selector, 0));
        _refusedCredit(4, 1, abi.encodeWithSelector(IRoyaltyPool.IndexUnknown.selector, 4));
        _refusedCredit(
            type(uint32).max, 0, abi.encodeWithSelector(IRoyaltyPool.IndexUnknown.selector, type(uint32).max)
        );
    }

    function test_an_amount_a_node_is_needed() public {
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyPool.LengthsDiffer.selector, 1, 0));
        pool.credit(new uint32[](1), new uint256[](0));
    }

    function test_an_amount_wider_than_128_bits_is_refused_not_cut() public {
        (bool ok,) = address(pool).call(_creditCall(3, 2 ** 128));
        assertTrue(!ok && pool.receivedOf(TOP) == 0, "refused");
    }

    // --------------------------------------------------------------------- pull

    function test_a_pull_moves_to_the_child_and_the_self_edge_to_the_account() public {
        _fund(TOP, 600);
        vm.expectEmit(true, true, true, true, address(pool));
        emit IRoyaltyPool.RoyaltyPulled(TOP, 0, 1, 300);
        vm.prank(STRANGER);
        assertEq(pool.pull(TOP, 0), 300, "leaf");
        assertEq(pool.receivedOf(LEAF), 300, "leaf received");
        vm.expectEmit(true, true, true, true, address(pool));
        emit IRoyaltyPool.RoyaltyPulled(TOP, 2, 3, 100);
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

    function test_a_node_without_edges_has_one_to_the_commons() public {
        bytes32 bare = keccak256("bare");
        pool.defineNode(bare, new Edge[](0), 0, false);
        pool.defineNode(keccak256("above"), _edges(bare, 1), 0, false);
        _fund(bare, 7);
        _fund(keccak256("above"), 5);
        pool.pull(keccak256("above"), 0);
        vm.expectEmit(true, true, true, true, address(pool));
        emit IRoyaltyPool.RoyaltyPulled(bare, 0, 0, 12);
        pool.pull(bare, 0);
        assertEq(pool.accountOf(0), 12, "commons");
        assertEq(pool.pay(0), 12, "paid");
        assertEq(token.balanceOf(TREASURY), 12, "to the treasury");
    }

    function test_what_was_pulled_is_pending_no_more() public {
        _fund(TOP, 600);
        pool.pull(TOP, 0);
        assertEq(pool.pendingOf(TOP, 0), 0, "pulled");
        _fund(TOP, 60);
        assertEq(pool.pendingOf(TOP, 0), 30, "what came since");
    }

    function test_a_later_node_moves_nothing_that_was_earned() public {
        _fund(TOP, 600);
        bytes32 later = keccak256("TOP, with other weights");
        pool.defineNode(later, _edges(LEAF, 1), 60_000, true);
        assertEq(pool.pendingOf(TOP, 0), 300, "leaf");
        assertEq(pool.pendingOf(TOP, 2), 100, "itself");
        _fund(later, 1_000);
        assertEq(pool.pull(TOP, 0), 300, "still");
    }

    // ---------------------------------------------------------------------- pay

    function test_an_account_is_paid_to_its_payee_of_today() public {
        _fund(LEAF, 50);
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

    function test_each_registry_answers_for_its_own_nodes() public {
        OtherRegistry other = new OtherRegistry(pool);
        pool.authoriseRegistry(address(other));
        bytes32 node = other.defineOne(_edges(LEAF, 1));
        _fund(node, 10);
        pool.pull(node, 0);
        pool.pull(node, 1);
        pool.pull(LEAF, 0);
        pool.pay(node);
        pool.pay(LEAF);
        assertEq(token.balanceOf(address(other)), 5, "the other's");
        assertEq(token.balanceOf(payee), 5, "ours");
    }
}

/// @dev A second registry, which is the payee of all that it defines.
contract OtherRegistry {
    IRoyaltyPool private immutable POOL;

    constructor(IRoyaltyPool pool) {
        POOL = pool;
    }

    function defineOne(Edge[] calldata edges) external returns (bytes32 node) {
        node = keccak256("of another registry");
        POOL.defineNode(node, edges, 1, true);
    }

    function payeeOf(bytes32) external view returns (address) {
        return address(this);
    }
}
