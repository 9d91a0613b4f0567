// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Edge} from "../../src/interfaces/Types.sol";
import {RoyaltyGraph} from "../../src/royalty/RoyaltyGraph.sol";
import {vm} from "../Vm.sol";
import {PoolWorld} from "./PoolWorld.sol";

/// @title What the formula of shares promises, of the formula and of the pool
contract SharesTest is PoolWorld {
    using RoyaltyGraph for RoyaltyGraph.Node;

    RoyaltyGraph.Node private node;

    /// @notice The unchecked shares are those of 512-bit arithmetic, up to the widest total and weights.
    function testFuzz_shares_are_the_formulas(uint128 total, uint16[64] memory raw, uint8 count, uint16 self) public {
        uint256[] memory weights = _write(raw, bound(count, 0, 64), self);
        uint256 rest = total;
        uint256 restWeight = _sum(weights);
        for (uint256 j = 0; j < weights.length; ++j) {
            uint256 wanted = Math.mulDiv(rest, weights[j], restWeight);
            assertEq(_share(total, j), wanted, "share");
            rest -= wanted;
            restWeight -= weights[j];
        }
        assertEq(rest, 0, "the last takes the rest");
        (,, bool there) = node.shareOf(node.head, total, weights.length);
        assertTrue(!there, "no edge beyond it");
    }

    function testFuzz_shares_sum_to_the_total_and_never_fall(uint128 first, uint128 later, uint16[64] memory raw)
        public
    {
        if (first > later) (first, later) = (later, first);
        uint256 count = _write(raw, 8, 1).length;
        uint256 sum = 0;
        for (uint256 j = 0; j < count; ++j) {
            uint256 share = _share(later, j);
            assertTrue(share >= _share(first, j), "never falls");
            sum += share;
        }
        assertEq(sum, later, "exact");
    }

    function test_sixty_five_of_the_widest_weights_and_the_widest_total_fit() public {
        uint16[64] memory raw;
        for (uint256 j = 0; j < 64; ++j) {
            raw[j] = type(uint16).max;
        }
        uint256 count = _write(raw, 64, type(uint16).max).length;
        uint256 sum = 0;
        for (uint256 j = 0; j < count; ++j) {
            sum += _share(type(uint128).max, j);
        }
        assertEq(count, 65, "edges");
        assertEq(sum, type(uint128).max, "exact");
    }

    /// @notice Every field of a node comes back as it went in.
    function testFuzz_a_packed_node_reads_as_written(uint16[64] memory raw, uint32 index, uint16 registry, bool root)
        public
    {
        uint256[] memory edges = new uint256[](raw[0] % 65);
        uint256 sum = raw[1];
        for (uint256 i = 0; i < edges.length; ++i) {
            edges[i] = RoyaltyGraph.pack((uint256(index) * (i + 1)) % 2 ** 28, raw[i]);
            sum += raw[i];
        }
        index = uint32(index % 2 ** 28);
        node.write(RoyaltyGraph.Facts(index, registry, 1 + raw[2] % 6, root, raw[1]), edges);
        uint256 head = node.head;
        (uint256[] memory found, uint256 self) = node.edgesOf(head);
        assertEq(keccak256(abi.encode(found)), keccak256(abi.encode(edges)), "edges");
        assertEq(self, raw[1], "self weight");
        assertEq(RoyaltyGraph.sumOf(head), sum, "sum");
        assertEq(RoyaltyGraph.indexOf(head), index, "index");
        assertEq(RoyaltyGraph.registryOf(head), registry, "registry");
        assertEq(RoyaltyGraph.rankOf(head), 1 + raw[2] % 6, "rank");
        assertTrue(RoyaltyGraph.isRoot(head) == root, "root");
    }

    /// @notice Whatever the order of credits and pulls, the same ends up everywhere and nothing is lost.
    function testFuzz_the_order_of_pulls_does_not_matter(uint64[4] memory amounts, uint256 turns) public {
        uint256 total = 0;
        for (uint256 i = 0; i < 4; ++i) {
            _fund(TOP, amounts[i]);
            total += amounts[i];
            for (uint256 j = 0; j < 3; ++j) {
                if ((turns >> (i * 3 + j)) & 1 == 1) pool.pull(TOP, j);
            }
            if ((turns >> (12 + i)) & 1 == 1) pool.pull(MID, 0);
        }
        for (uint256 j = 3; j > 0; --j) {
            pool.pull(TOP, j - 1);
        }
        pool.pull(MID, 0);
        pool.pull(LEAF, 0);
        uint256 leaf = total * 3 / 6;
        uint256 mid = (total - leaf) * 2 / 3;
        assertEq(pool.accountOf(LEAF), leaf + mid, "leaf");
        assertEq(pool.accountOf(TOP), total - leaf - mid, "top");
        assertEq(token.balanceOf(address(pool)), total, "balance");
    }

    /// @notice The pool's edges of any number and weights pay together exactly what was received.
    function testFuzz_edges_pay_what_the_node_received(uint16[12] memory raw, uint96 first, uint96 more, uint16 self)
        public
    {
        bytes32 wide = keccak256("wide");
        Edge[] memory edges = new Edge[](12);
        for (uint256 i = 0; i < 12; ++i) {
            edges[i] = Edge(LEAF, raw[i] == 0 ? 1 : raw[i]);
        }
        pool.defineNode(wide, edges, self, true);
        uint256 last = self == 0 ? 11 : 12;
        first = uint96(bound(first, 0, 1e26));
        more = uint96(bound(more, 0, 1e26));
        _fund(wide, first);
        uint256 sum = _pullAll(wide, last);
        assertEq(sum, first, "at first");
        _fund(wide, more);
        assertEq(sum + _pullAll(wide, last), uint256(first) + more, "later");
        assertEq(pool.receivedOf(LEAF) + pool.accountOf(wide), uint256(first) + more, "arrived");
    }

    function _pullAll(bytes32 wide, uint256 last) private returns (uint256 sum) {
        for (uint256 i = 0; i <= last; ++i) {
            sum += pool.pull(wide, last - i);
        }
    }

    function _share(uint256 total, uint256 edge) private view returns (uint256 share) {
        bool there;
        (share,, there) = node.shareOf(node.head, total, edge);
        assertTrue(there, "there");
    }

    /// @dev The node with these weights, each at least 1, and their plain list with the self edge's or the commons'.
    function _write(uint16[64] memory raw, uint256 count, uint16 self) private returns (uint256[] memory weights) {
        uint256[] memory edges = new uint256[](count);
        weights = new uint256[](self > 0 || count == 0 ? count + 1 : count);
        for (uint256 i = 0; i < count; ++i) {
            weights[i] = raw[i] == 0 ? 1 : raw[i];
            edges[i] = RoyaltyGraph.pack(2 + i, uint16(weights[i]));
        }
        if (weights.length > count) weights[count] = self == 0 ? 1 : self;
        node.write(RoyaltyGraph.Facts({index: 1, registry: 1, rank: 2, root: true, selfWeight: self}), edges);
    }

    function _sum(uint256[] memory weights) private pure returns (uint256 sum) {
        for (uint256 i = 0; i < weights.length; ++i) {
            sum += weights[i];
        }
    }
}
