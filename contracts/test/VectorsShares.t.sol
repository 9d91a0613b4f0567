// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RoyaltyGraph} from "../src/royalty/RoyaltyGraph.sol";
import {VectorFile} from "./vectors/VectorFile.sol";

contract VectorsSharesTest is VectorFile {
    using RoyaltyGraph for RoyaltyGraph.Node;

    RoyaltyGraph.Node private node;

    struct SharesCase {
        uint256 total;
        uint256[] weights;
        uint256[] shares;
    }

    function test_a_total_divides_by_weights_as_the_vectors_say() public {
        SharesCase[] memory cases = abi.decode(
            _read("shares", ".cases", "SharesCase(uint256 total,uint256[] weights,uint256[] shares)"), (SharesCase[])
        );
        assertEq(cases.length, 100, "cases");
        for (uint256 i = 0; i < cases.length; ++i) {
            SharesCase memory c = cases[i];
            _write(c.weights);
            uint256 sum = 0;
            for (uint256 j = 0; j < c.weights.length; ++j) {
                (uint256 share,,) = node.shareOf(node.head, c.total, j);
                assertEq(share, c.shares[j], string.concat(_at("share", i), _at(", edge", j)));
                sum += share;
            }
            assertEq(sum, c.total, _at("sum", i));
        }
    }

    /// @dev The last weight is the self edge's.
    function _write(uint256[] memory weights) private {
        delete node;
        uint256[] memory edges = new uint256[](weights.length - 1);
        for (uint256 i = 0; i < edges.length; ++i) {
            edges[i] = RoyaltyGraph.pack(i + 2, uint16(weights[i]));
        }
        uint256 self = weights[edges.length];
        node.write(RoyaltyGraph.Facts({index: 1, registry: 1, rank: 2, root: true, selfWeight: self}), edges);
    }
}
