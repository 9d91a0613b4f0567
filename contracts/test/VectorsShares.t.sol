// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Shares} from "../src/Shares.sol";
import {VectorFile} from "./vectors/VectorFile.sol";

contract VectorsSharesTest is VectorFile {
    struct SharesCase {
        uint256 total;
        uint256[] weights;
        uint256[] shares;
    }

    function test_a_total_divides_by_weights_as_the_vectors_say() public view {
        SharesCase[] memory cases = abi.decode(
            _read("shares", ".cases", "SharesCase(uint256 total,uint256[] weights,uint256[] shares)"), (SharesCase[])
        );
        assertEq(cases.length, 100, "cases");
        for (uint256 i = 0; i < cases.length; ++i) {
            SharesCase memory c = cases[i];
            uint256 sum = 0;
            for (uint256 j = 0; j < c.weights.length; ++j) {
                uint256 share = Shares.shareOf(c.total, c.weights, j);
                assertEq(share, c.shares[j], string.concat(_at("share", i), _at(", edge", j)));
                sum += share;
            }
            assertEq(sum, c.total, _at("sum", i));
        }
    }
}
