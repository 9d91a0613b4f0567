// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Edge} from "./Types.sol";

/// @title Royalties down an immutable graph: one write a settlement, exact pulls by edge
/// @notice Edges 0..n-1 lead to other nodes; edge n, if the self weight is not 0, pays the node's own account. A node
/// with neither has one edge, edge 0, to the commons.
interface IRoyaltyPool {
    /// @param index the pool's number of the node, from 1
    event NodeDefined(
        bytes32 indexed node,
        address indexed registry,
        uint32 index,
        uint16 selfWeight,
        uint8 rank,
        bool root,
        Edge[] edges
    );
    event RoyaltyReceived(uint32 indexed index, address indexed payer, uint256 amount);
    /// @param target index of the node that received it; the node's own when its account did, 0 when the commons did
    event RoyaltyPulled(bytes32 indexed node, uint256 edge, uint32 target, uint256 amount);
    event RoyaltyPaid(bytes32 indexed account, address indexed payee, uint256 amount);
    event RegistryAuthorised(address indexed registry);

    error NodeKnown(bytes32 node);
    error NodeUnknown(bytes32 node);
    error EdgeOutOfRange(bytes32 node, uint256 edge);
    error WeightZero(uint256 edge);
    error NodeIsRoot(bytes32 node);
    error RankTooDeep(bytes32 node, uint8 rank);
    error NotARegistry(address caller);
    error IndexUnknown(uint32 index);
    error LengthsDiffer(uint256 indexes, uint256 amounts);
    error TooManyNodes();
    error NothingToPay(bytes32 account);

    /// @notice Adds an immutable node. Only by a registry; edges name existing nodes only, so the graph has no cycle.
    /// @param root whether no edge may ever lead to this node, which spares the pool its id by number
    /// @return index the pool's number of the node, below 2^28
    function defineNode(bytes32 node, Edge[] calldata edges, uint16 selfWeight, bool root)
        external
        returns (uint32 index);
    /// @notice Takes royalties out of the caller's allowance and books them, one write a node. By anyone who pays.
    /// @param amounts wei, one an index; a node's total stays below 2^128
    function credit(uint32[] calldata indexes, uint256[] calldata amounts) external;
    /// @notice Moves what an edge has earned to its target. By anyone.
    function pull(bytes32 node, uint256 edge) external returns (uint256 amount);
    /// @notice Pays an account out to its payee; account 0 is the commons and pays the treasury. By anyone.
    function pay(bytes32 account) external returns (uint256 amount);

    /// @notice Lets a registry define nodes. By the governor.
    function authoriseRegistry(address registry) external;
    function isRegistry(address registry) external view returns (bool);

    function indexOf(bytes32 node) external view returns (uint32);
    function receivedOf(bytes32 node) external view returns (uint256);
    function pendingOf(bytes32 node, uint256 edge) external view returns (uint256);
    function accountOf(bytes32 account) external view returns (uint256);
    function edgesOf(bytes32 node) external view returns (Edge[] memory edges, uint16 selfWeight);
}
