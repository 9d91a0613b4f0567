// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Royalties that one settlement owes, summed by node
/// @dev Kept in memory so that the loop over leases calls no other contract.
library Dues {
    struct List {
        bytes32[] nodes;
        uint256[] amounts;
        uint256 count;
        uint256 total;
    }

    /// @param most the most distinct nodes the list can be asked to hold
    function create(uint256 most) internal pure returns (List memory list) {
        list.nodes = new bytes32[](most);
        list.amounts = new uint256[](most);
    }

    function add(List memory list, bytes32 node, uint256 amount) internal pure {
        if (amount == 0) return;
        list.total += amount;
        // Leases of one image tend to stand together: the last node first.
        for (uint256 i = list.count; i > 0; --i) {
            if (list.nodes[i - 1] == node) {
                list.amounts[i - 1] += amount;
                return;
            }
        }
        list.nodes[list.count] = node;
        list.amounts[list.count] = amount;
        ++list.count;
    }
}
