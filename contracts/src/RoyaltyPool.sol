// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

import {INodePayees} from "./interfaces/INodePayees.sol";
import {IRoyaltyPool} from "./interfaces/IRoyaltyPool.sol";
import {Edge} from "./interfaces/Types.sol";
import {Shares} from "./Shares.sol";

/// @title Royalties down an immutable graph: one write a settlement, exact pulls by edge
/// @notice Invariant: what the pool holds = sum of (received - pulled) over all nodes + sum of all accounts.
/// The account of a node has the node's id; account 0 is the commons. The owner is the governor.
contract RoyaltyPool is IRoyaltyPool, Ownable, ReentrancyGuard {
    using SafeERC20 for IERC20;

    struct Node {
        address registry;
        uint16 selfWeight;
        uint8 rank;
        uint256 received;
        Edge[] edges;
        mapping(uint256 edge => uint256) pulled;
    }

    /// @notice Rank of a node = 1 + the largest rank it has an edge to; a node without edges has rank 1.
    uint8 public constant DEEPEST_RANK = 6;
    /// @notice The most edges of a node besides the self edge, so that a pull has bounded gas.
    uint256 public constant MOST_EDGES = 64;

    bytes32 private constant COMMONS = 0;

    IERC20 public immutable TOKEN;
    address public immutable TREASURY;

    /// @inheritdoc IRoyaltyPool
    mapping(address book => bool) public isBook;
    /// @inheritdoc IRoyaltyPool
    mapping(address registry => bool) public isRegistry;

    mapping(bytes32 node => Node) private _nodes;
    /// @inheritdoc IRoyaltyPool
    mapping(bytes32 account => uint256) public accountOf;

    constructor(IERC20 token, address treasury, address governor) Ownable(governor) {
        TOKEN = token;
        TREASURY = treasury;
    }

    /// @inheritdoc IRoyaltyPool
    function authoriseBook(address book) external onlyOwner {
        isBook[book] = true;
        emit BookAuthorised(book);
    }

    /// @inheritdoc IRoyaltyPool
    function authoriseRegistry(address registry) external onlyOwner {
        isRegistry[registry] = true;
        emit RegistryAuthorised(registry);
    }

    /// @inheritdoc IRoyaltyPool
    function defineNode(bytes32 node, Edge[] calldata edges, uint16 selfWeight) external {
        if (!isRegistry[msg.sender]) revert NotARegistry(msg.sender);
        Node storage record = _nodes[node];
        if (node == COMMONS || record.rank != 0) revert NodeKnown(node);
        if (edges.length > MOST_EDGES) revert EdgeOutOfRange(node, MOST_EDGES);

        uint8 deepest = 0;
        for (uint256 i = 0; i < edges.length; ++i) {
            if (edges[i].weight == 0) revert WeightZero(i);
            uint8 below = _nodes[edges[i].node].rank;
            if (below == 0) revert NodeUnknown(edges[i].node);
            if (below > deepest) deepest = below;
            record.edges.push(edges[i]);
        }
        uint8 rank = deepest + 1;
        if (rank > DEEPEST_RANK) revert RankTooDeep(node, rank);

        record.registry = msg.sender;
        record.selfWeight = selfWeight;
        record.rank = rank;
        emit NodeDefined(node, msg.sender, selfWeight, rank, edges);
    }

    /// @inheritdoc IRoyaltyPool
    function credit(bytes32 node, uint256 amount) external {
        if (!isBook[msg.sender]) revert NotABook(msg.sender);
        if (_nodes[node].rank == 0) revert NodeUnknown(node);
        _receive(node, amount);
        emit RoyaltyReceived(node, amount);
    }

    /// @inheritdoc IRoyaltyPool
    /// @dev Answers 0, and says nothing, when there is nothing to move.
    function pull(bytes32 node, uint256 edge) external returns (uint256 amount) {
        amount = pendingOf(node, edge);
        if (amount == 0) return 0;

        Node storage record = _nodes[node];
        record.pulled[edge] += amount;
        bytes32 target;
        if (edge == record.edges.length) {
            target = node;
            accountOf[node] += amount;
        } else {
            target = record.edges[edge].node;
            _receive(target, amount);
        }
        emit RoyaltyPulled(node, edge, target, amount);
    }

    /// @inheritdoc IRoyaltyPool
    function pay(bytes32 account) external nonReentrant returns (uint256 amount) {
        Node storage record = _nodes[account];
        if (account != COMMONS && record.rank == 0) revert NodeUnknown(account);
        amount = accountOf[account];
        if (amount == 0) revert NothingToPay(account);

        accountOf[account] = 0;
        address payee = account == COMMONS ? TREASURY : INodePayees(record.registry).payeeOf(account);
        emit RoyaltyPaid(account, payee, amount);
        TOKEN.safeTransfer(payee, amount);
    }

    /// @inheritdoc IRoyaltyPool
    function receivedOf(bytes32 node) external view returns (uint256) {
        return _nodes[node].received;
    }

    /// @inheritdoc IRoyaltyPool
    function pendingOf(bytes32 node, uint256 edge) public view returns (uint256) {
        Node storage record = _nodes[node];
        if (record.rank == 0) revert NodeUnknown(node);
        uint256[] memory weights = _weightsOf(record);
        if (edge >= weights.length) revert EdgeOutOfRange(node, edge);
        return Shares.shareOf(record.received, weights, edge) - record.pulled[edge];
    }

    /// @inheritdoc IRoyaltyPool
    function edgesOf(bytes32 node) external view returns (Edge[] memory edges, uint16 selfWeight) {
        Node storage record = _nodes[node];
        if (record.rank == 0) revert NodeUnknown(node);
        return (record.edges, record.selfWeight);
    }

    /// @dev What a node without any edge receives is nobody's in particular: it goes to the commons.
    function _receive(bytes32 node, uint256 amount) private {
        Node storage record = _nodes[node];
        if (record.edges.length == 0 && record.selfWeight == 0) accountOf[COMMONS] += amount;
        else record.received += amount;
    }

    function _weightsOf(Node storage record) private view returns (uint256[] memory weights) {
        uint256 others = record.edges.length;
        weights = new uint256[](record.selfWeight == 0 ? others : others + 1);
        for (uint256 i = 0; i < others; ++i) {
            weights[i] = record.edges[i].weight;
        }
        if (record.selfWeight != 0) weights[others] = record.selfWeight;
    }
}
