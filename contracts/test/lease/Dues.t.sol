// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Dues} from "../../src/lease/Dues.sol";
import {Asserts} from "../Asserts.sol";

contract DuesTest is Asserts {
    using Dues for Dues.List;

    mapping(uint32 node => uint256) private _sums;

    /// @notice The same sums as a map keeps, each node once, nothing of nothing, and the memory beside it untouched.
    function test_dues_are_summed_by_node(uint8[12] memory nodes, uint96[12] memory amounts) public {
        Dues.List memory list = Dues.create(12);
        bytes32[] memory beside = new bytes32[](2);
        beside[1] = keccak256("beside");
        uint256 distinct = 0;
        for (uint256 i = 0; i < 12; ++i) {
            uint32 node = nodes[i] % 5;
            if (i % 4 == 3) amounts[i] = 0;
            if (amounts[i] > 0 && _sums[node] == 0) ++distinct;
            _sums[node] += amounts[i];
            list.add(node, amounts[i]);
        }
        assertEq(list.nodes.length, distinct, "each node once");
        assertEq(list.amounts.length, distinct, "as many amounts");
        for (uint256 i = 0; i < distinct; ++i) {
            assertEq(list.amounts[i], _sums[list.nodes[i]], "sum");
            _sums[list.nodes[i]] = 0;
        }
        assertTrue(beside.length == 2 && beside[1] == keccak256("beside"), "memory beside it");
    }

    function test_as_many_nodes_fit_as_were_asked_for() public pure {
        Dues.List memory list = Dues.create(3);
        for (uint32 i = 0; i < 3; ++i) {
            list.add(i + 1, 1);
        }
        assertEq(list.nodes.length, 3, "nodes");
        assertEq(list.nodes[0] + list.nodes[1] + list.nodes[2], 6, "all of them");
    }
}
