// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A node of the royalty graph in as few storage slots as it fits
/// @notice Head, from the lowest bit: pool index 28 | registry 16 | rank 3 | number of edges 7 | self weight 16 |
/// root 1 | free 9 | four edges. Each further slot holds five edges. An edge, 44 bits: weight 16 | pool index 28.
/// @dev A node with up to four edges is one slot, one with 64 is thirteen. Callers check every width before packing.
library RoyaltyGraph {
    struct Node {
        uint256 head; // zero for a node that does not exist, because indexes begin at 1
        uint256[12] more;
    }

    /// @notice What a head says apart from its edges.
    struct Facts {
        uint256 index; // below 2^28
        uint256 registry; // below 2^16
        uint256 rank; // 1..6
        uint256 count; // edges to other nodes, at most 64
        uint256 selfWeight; // below 2^16
        bool root;
    }

    uint256 private constant EDGE_BITS = 44;
    uint256 private constant EDGE_MASK = 2 ** 44 - 1;
    uint256 private constant EDGES_FROM = 80;
    uint256 private constant IN_HEAD = 4;
    uint256 private constant A_SLOT = 5;

    /// @notice Writes a node once.
    /// @param edges as `pack` gives them, facts.count of them
    function write(Node storage node, Facts memory facts, uint256[] memory edges) internal {
        uint256 word = facts.index | facts.registry << 28 | facts.rank << 44 | facts.count << 47
            | facts.selfWeight << 54 | (facts.root ? 1 << 70 : 0);
        for (uint256 i = 0; i < edges.length && i < IN_HEAD; ++i) {
            word |= edges[i] << EDGES_FROM + EDGE_BITS * i;
        }
        node.head = word;
        for (uint256 from = IN_HEAD; from < edges.length; from += A_SLOT) {
            word = 0;
            for (uint256 i = from; i < edges.length && i < from + A_SLOT; ++i) {
                word |= edges[i] << EDGE_BITS * (i - from);
            }
            node.more[from / A_SLOT] = word;
        }
    }

    function pack(uint256 index, uint16 weight) internal pure returns (uint256) {
        return index << 16 | weight;
    }

    /// @notice The edges to other nodes in order, as `pack` gave them. Reads a slot once.
    function edgesOf(Node storage node, uint256 head) internal view returns (uint256[] memory edges) {
        edges = new uint256[](countOf(head));
        _read(node, head, edges);
    }

    /// @notice The edges to other nodes, then the self edge, if any, to the node's own index. A node with neither has one
    /// edge to index 0, the commons.
    function allEdgesOf(Node storage node, uint256 head) internal view returns (uint256[] memory edges) {
        uint256 others = countOf(head);
        uint16 self = selfWeightOf(head);
        edges = new uint256[](self != 0 || others == 0 ? others + 1 : others);
        _read(node, head, edges);
        if (self != 0) edges[others] = pack(indexOf(head), self);
        else if (others == 0) edges[0] = pack(0, 1);
    }

    function _read(Node storage node, uint256 head, uint256[] memory edges) private view {
        uint256 count = countOf(head);
        uint256 word = head >> EDGES_FROM;
        unchecked {
            for (uint256 i = 0; i < count; ++i) {
                // Edges 4, 9, 14 … stand first in slots 0, 1, 2 …
                if (i % A_SLOT == IN_HEAD) word = node.more[i / A_SLOT];
                edges[i] = word & EDGE_MASK;
                word >>= EDGE_BITS;
            }
        }
    }

    /// @notice Leaves the weights in place of the edges.
    function toWeights(uint256[] memory edges) internal pure returns (uint256[] memory) {
        unchecked {
            for (uint256 i = 0; i < edges.length; ++i) {
                edges[i] = weightOf(edges[i]);
            }
        }
        return edges;
    }

    // forge-lint: disable-start(unsafe-typecast)
    // A cast below cuts a field out of a packed word; that it cuts is the point.

    /// @return the pool's index of the node that an edge leads to
    function targetOf(uint256 edge) internal pure returns (uint32) {
        return uint32(edge >> 16);
    }

    function weightOf(uint256 edge) internal pure returns (uint16) {
        return uint16(edge);
    }

    function indexOf(uint256 head) internal pure returns (uint32) {
        return uint32(head & 0xfffffff);
    }

    function registryOf(uint256 head) internal pure returns (uint16) {
        return uint16(head >> 28);
    }

    function rankOf(uint256 head) internal pure returns (uint8) {
        return uint8(head >> 44 & 7);
    }

    function countOf(uint256 head) internal pure returns (uint256) {
        return head >> 47 & 0x7f;
    }

    function selfWeightOf(uint256 head) internal pure returns (uint16) {
        return uint16(head >> 54);
    }

    function isRoot(uint256 head) internal pure returns (bool) {
        return head >> 70 & 1 == 1;
    }

    // forge-lint: disable-end(unsafe-typecast)
}
