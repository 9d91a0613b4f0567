// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Shares} from "../../src/Shares.sol";
import {Edge} from "../../src/interfaces/Types.sol";
import {vm} from "../Vm.sol";
import {PoolWorld} from "./PoolWorld.sol";

/// @title What the formula of shares promises, of the formula and of the pool
contract SharesTest is PoolWorld {
    /// @notice The unchecked shares are those of 512-bit arithmetic, up to the widest total and weights.
    function testFuzz_shares_are_the_formulas(uint128 total, uint16[8] memory raw, uint8 count) public pure {
        uint256[] memory weights = _weights(raw, bound(count, 1, 8));
        uint256 rest = total;
        uint256 restWeight = _sum(weights);
        for (uint256 j = 0; j < weights.length; ++j) {
            uint256 wanted = Math.mulDiv(rest, weights[j], restWeight);
            assertEq(Shares.shareOf(total, weights, j), wanted, "share");
            rest -= wanted;
            restWeight -= weights[j];
        }
        assertEq(rest, 0, "the last takes the rest");
    }

    function testFuzz_shares_sum_to_the_total_and_never_fall(uint128 first, uint128 later, uint16[8] memory raw)
        public
        pure
    {
        if (first > later) (first, later) = (later, first);
        uint256[] memory weights = _weights(raw, 8);
        uint256 sum = 0;
        for (uint256 j = 0; j < 8; ++j) {
            uint256 share = Shares.shareOf(later, weights, j);
            assertTrue(share >= Shares.shareOf(first, weights, j), "never falls");
            sum += share;
        }
        assertEq(sum, later, "exact");
    }

    function test_sixty_four_of_the_widest_weights_and_the_widest_total_fit() public pure {
        uint256[] memory weights = new uint256[](65);
        uint256 sum = 0;
        for (uint256 j = 0; j < 65; ++j) {
            weights[j] = type(uint16).max;
        }
        for (uint256 j = 0; j < 65; ++j) {
            sum += Shares.shareOf(type(uint128).max, weights, j);
        }
        assertEq(sum, type(uint128).max, "exact");
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
        bytes32 node = keccak256("wide");
        Edge[] memory edges = new Edge[](12);
        for (uint256 i = 0; i < 12; ++i) {
            edges[i] = Edge(LEAF, raw[i] == 0 ? 1 : raw[i]);
        }
        pool.defineNode(node, edges, self, true);
        uint256 last = self == 0 ? 11 : 12;
        first = uint96(bound(first, 0, 1e26));
        more = uint96(bound(more, 0, 1e26));
        _fund(node, first);
        uint256 sum = _pullAll(node, last);
        assertEq(sum, first, "at first");
        _fund(node, more);
        assertEq(sum + _pullAll(node, last), uint256(first) + more, "later");
        assertEq(pool.receivedOf(LEAF) + pool.accountOf(node), uint256(first) + more, "arrived");
    }

    function _pullAll(bytes32 node, uint256 last) private returns (uint256 sum) {
        for (uint256 i = 0; i <= last; ++i) {
            sum += pool.pull(node, last - i);
        }
    }

    function _weights(uint16[8] memory raw, uint256 count) private pure returns (uint256[] memory weights) {
        weights = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            weights[i] = raw[i] == 0 ? 1 : raw[i];
        }
    }

    function _sum(uint256[] memory weights) private pure returns (uint256 sum) {
        for (uint256 i = 0; i < weights.length; ++i) {
            sum += weights[i];
        }
    }
}
