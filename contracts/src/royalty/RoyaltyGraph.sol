// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A node of the royalty graph in as few storage slots as it fits, and what each of its edges earned
/// @notice Head, from the lowest bit: pool index 28 | registry 16 | rank 3 | root 1 | number of edges 7 | sum of all
/// weights 23 | free 2 | four edges. Each further slot holds five edges. An edge, 44 bits: weight 16 | pool index 28.
/// The self weight is what the edges leave of the sum.
/// @dev A node with up to four edges is one slot, one with 64 is thirteen. Callers check every width before packing.
library RoyaltyGraph {
    struct Node {
        uint256 head; // zero for a node that does not exist, because indexes begin at 1
        uint256[12] more;
    }

    /// @notice What a node is apart from its edges.
    struct Facts {
        uint256 index; // below 2^28
        uint256 registry; // below 2^16
        uint256 rank; // 1..6
        bool root;
        uint256 selfWeight; // below 2^16
    }

    uint256 private constant EDGE_BITS = 44;
    uint256 private constant EDGE_MASK = 2 ** 44 - 1;
    uint256 private constant EDGES_FROM = 80;
    uint256 private constant IN_HEAD = 4;
    uint256 private constant A_SLOT = 5;

    /// @notice Writes a node once.
    /// @param edges as `pack` gives them, at most 64
    function write(Node storage node, Facts memory facts, uint256[] memory edges) internal {
        uint256 sum = facts.selfWeight;
        for (uint256 i = 0; i < edges.length; ++i) {
            sum += weightOf(edges[i]);
        }
        uint256 word = facts.index | facts.registry << 28 | facts.rank << 44 | (facts.root ? 1 << 47 : 0) | edges.length
            << 48 | sum << 55;
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

    /// @notice The edges to other nodes in order, as `pack` gave them, and the self weight.
    function edgesOf(Node storage node, uint256 head)
        internal
        view
        returns (uint256[] memory edges, uint256 selfWeight)
    {
        edges = new uint256[](countOf(head));
        selfWeight = sumOf(head);
        uint256 word = head >> EDGES_FROM;
        for (uint256 i = 0; i < edges.length; ++i) {
            // Edges 4, 9, 14 … stand first in slots 0, 1, 2 …
            if (i % A_SLOT == IN_HEAD) word = node.more[i / A_SLOT];
            edges[i] = word & EDGE_MASK;
            selfWeight -= weightOf(word);
            word >>= EDGE_BITS;
        }
    }

    /// @notice What an edge has of all that its node ever received, without dust: r = total, R = sum of weights; for each
    /// edge j: o_j = floor(r * w_j / R), r -= o_j, R -= w_j; so the last takes r. Each o_j is monotone in the total and together they are
    /// exactly it, so edges of a growing total can be paid in any order.
    /// @param total wei, below 2^128
    /// @param edge after the edges to other nodes comes the self edge; of a node with neither, edge 0 is the commons'
    /// @return share wei
    /// @return target index of the node that the edge leads to; the node's own for its account, 0 for the commons
    /// @return there false when there is no such edge
    /// @dev Unchecked: r w_j < 2^144; o_j <= r because w_j <= R; R counts down to the self weight. Reads no slot beyond
    /// the edge's.
    function shareOf(Node storage node, uint256 head, uint256 total, uint256 edge)
        internal
        view
        returns (uint256 share, uint32 target, bool there)
    {
        uint256 count = countOf(head);
        if (edge > count) return (0, 0, false);
        uint256 restWeight = sumOf(head);
        uint256 word = head >> EDGES_FROM;
        uint256 nextSlotAt = IN_HEAD;
        share = total;
        unchecked {
            for (uint256 j = 0; j < edge; ++j) {
                if (j == nextSlotAt) {
                    word = node.more[j / A_SLOT];
                    nextSlotAt += A_SLOT;
                }
                uint256 weight = word & 0xffff;
                share -= share * weight / restWeight;
                restWeight -= weight;
                word >>= EDGE_BITS;
            }
            if (edge < count) {
                if (edge == nextSlotAt) word = node.more[edge / A_SLOT];
                return (share * (word & 0xffff) / restWeight, targetOf(word), true);
            }
        }
        if (restWeight != 0) return (share, indexOf(head), true);
        return (share, 0, count == 0);
    }

    // forge-lint: disable-start(unsafe-typecast)
    // A cast below cuts a field out of a packed word; that it cuts is the point.

    /// @return the pool's index of the node that an edge, the lowest of a word, leads to
    function targetOf(uint256 word) internal pure returns (uint32) {
        return uint32(word >> 16 & 0xfffffff);
    }

    function weightOf(uint256 word) internal pure returns (uint16) {
        return uint16(word);
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

    // forge-lint: disable-end(unsafe-typecast)

    function isRoot(uint256 head) internal pure returns (bool) {
        return head >> 47 & 1 == 1;
    }

    function countOf(uint256 head) internal pure returns (uint256) {
        return head >> 48 & 0x7f;
    }

    function sumOf(uint256 head) internal pure returns (uint256) {
        return head >> 55 & 0x7fffff;
    }
}
