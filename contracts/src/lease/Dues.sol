// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Royalties that one settlement owes, summed by node
/// @dev Kept in memory so that the loop over leases calls no other contract.
library Dues {
    struct List {
        uint32[] nodes; // the pool's indexes
        uint256[] amounts; // wei
    }

    /// @param most the most distinct nodes the list can be asked to hold
    function create(uint256 most) internal pure returns (List memory list) {
        list.nodes = new uint32[](most);
        list.amounts = new uint256[](most);
        _shorten(list, 0);
    }

    function add(List memory list, uint32 node, uint256 amount) internal pure {
        if (amount == 0) return;
        unchecked {
            uint256 count = list.nodes.length;
            // Leases of one image tend to stand together: the last node first.
            for (uint256 i = count; i > 0; --i) {
                if (list.nodes[i - 1] == node) {
                    list.amounts[i - 1] += amount;
                    return;
                }
            }
            _shorten(list, count + 1);
            list.nodes[count] = node;
            list.amounts[count] = amount;
        }
    }

    /// @dev Both arrays were allocated at their longest, so that their lengths may move below it. In plain words: the
    /// list is copied into arrays that are one longer.
    function _shorten(List memory list, uint256 length) private pure {
        uint32[] memory nodes = list.nodes;
        uint256[] memory amounts = list.amounts;
        assembly ("memory-safe") {
            mstore(nodes, length)
            mstore(amounts, length)
        }
    }
}
