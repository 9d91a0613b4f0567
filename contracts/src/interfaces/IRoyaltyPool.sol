// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Edge} from "./Types.sol";

/// @title Royalties down an immutable graph: one write a settlement, exact pulls by edge
/// @notice Edges 0..n-1 lead to other nodes; edge n, if the self weight is not 0, pays the node's own account.
interface IRoyaltyPool {
    event NodeDefined(bytes32 indexed node, address indexed registry, uint16 selfWeight, uint8 rank, Edge[] edges);
    event RoyaltyReceived(bytes32 indexed node, uint256 amount);
    event RoyaltyPulled(bytes32 indexed node, uint256 edge, bytes32 target, uint256 amount);
    event RoyaltyPaid(bytes32 indexed account, address indexed payee, uint256 amount);
    event BookAuthorised(address indexed book);
    event RegistryAuthorised(address indexed registry);

    error NodeKnown(bytes32 node);
    error NodeUnknown(bytes32 node);
    error EdgeOutOfRange(bytes32 node, uint256 edge);
    error WeightZero(uint256 edge);
    error RankTooDeep(bytes32 node, uint8 rank);
    error NotARegistry(address caller);
    error NotABook(address caller);
    error NothingToPay(bytes32 account);

    /// @notice Adds an immutable node. Only by a registry; edges name existing nodes only, so the graph has no cycle.
    function defineNode(bytes32 node, Edge[] calldata edges, uint16 selfWeight) external;
    /// @notice Books royalty for a node; what has no edges goes to the commons. Only by a lease book, which has sent the tokens.
    function credit(bytes32 node, uint256 amount) external;
    /// @notice Moves what an edge has earned to its target. By anyone.
    function pull(bytes32 node, uint256 edge) external returns (uint256 amount);
    /// @notice Pays an account out to its payee; account 0 is the commons and pays the treasury. By anyone.
    function pay(bytes32 account) external returns (uint256 amount);

    /// @notice Lets a lease book credit royalties. By the governor.
    function authoriseBook(address book) external;
    /// @notice Lets a registry define nodes. By the governor.
    function authoriseRegistry(address registry) external;
    function isBook(address book) external view returns (bool);
    function isRegistry(address registry) external view returns (bool);

    function receivedOf(bytes32 node) external view returns (uint256);
    function pendingOf(bytes32 node, uint256 edge) external view returns (uint256);
    function accountOf(bytes32 account) external view returns (uint256);
    function edgesOf(bytes32 node) external view returns (Edge[] memory edges, uint16 selfWeight);
}
