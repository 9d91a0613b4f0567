// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {INodePayees} from "./interfaces/INodePayees.sol";
import {IRoyaltyPool} from "./interfaces/IRoyaltyPool.sol";
import {Edge} from "./interfaces/Types.sol";
import {Flows} from "./royalty/Flows.sol";
import {RoyaltyGraph} from "./royalty/RoyaltyGraph.sol";

/// @title Royalties down an immutable graph: one write a settlement, exact pulls by edge
/// @notice Invariant: what the pool holds = sum of (received - pulled) over all nodes + sum of all accounts.
/// The account of a node has the node's id; account 0 is the commons. The owner is the governor.
contract RoyaltyPool is IRoyaltyPool, Ownable, ReentrancyGuardTransient {
    using Flows for Flows.Totals;
    using RoyaltyGraph for RoyaltyGraph.Node;
    using RoyaltyGraph for uint256;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @notice Rank of a node = 1 + the largest rank it has an edge to; a node without edges has rank 1.
    uint8 public constant DEEPEST_RANK = 6;
    /// @notice The most edges of a node besides the self edge, so that a pull has bounded gas.
    uint256 public constant MOST_EDGES = 64;

    uint256 private constant MOST_NODES = 2 ** 28 - 1;
    bytes32 private constant COMMONS = 0;

    IERC20 public immutable TOKEN;
    address public immutable TREASURY;

    /// @notice How many nodes there are; their indexes are 1..nodes.
    uint256 public nodes;

    address[] private _registries;
    mapping(address registry => uint256 number) private _numberOf; // position in the list + 1

    mapping(bytes32 node => RoyaltyGraph.Node) private _graph;
    mapping(uint256 index => bytes32 node) private _idOf; // of all but roots
    mapping(uint256 index => Flows.Totals) private _flows;
    /// @inheritdoc IRoyaltyPool
    mapping(bytes32 account => uint256) public accountOf;

    constructor(IERC20 token, address treasury, address governor) Ownable(governor) {
        TOKEN = token;
        TREASURY = treasury;
    }

    /// @inheritdoc IRoyaltyPool
    function authoriseRegistry(address registry) external onlyOwner {
        if (isRegistry(registry)) return;
        _registries.push(registry);
        _numberOf[registry] = _registries.length.toUint16();
        emit RegistryAuthorised(registry);
    }

    /// @inheritdoc IRoyaltyPool
    function defineNode(bytes32 node, Edge[] calldata edges, uint16 selfWeight, bool root)
        external
        returns (uint32 index)
    {
        RoyaltyGraph.Facts memory facts;
        facts.registry = _numberOf[msg.sender];
        if (facts.registry == 0) revert NotARegistry(msg.sender);
        if (node == COMMONS || _graph[node].head != 0) revert NodeKnown(node);
        if (edges.length > MOST_EDGES) revert EdgeOutOfRange(node, MOST_EDGES);
        if (nodes == MOST_NODES) revert TooManyNodes();

        (uint256[] memory packed, uint8 deepest) = _packed(edges);
        facts.rank = deepest + 1;
        if (facts.rank > DEEPEST_RANK) revert RankTooDeep(node, uint8(facts.rank));
        facts.index = ++nodes;
        facts.selfWeight = selfWeight;
        facts.root = root;

        index = uint32(facts.index);
        _graph[node].write(facts, packed);
        if (!root) _idOf[index] = node;
        emit NodeDefined(node, msg.sender, index, selfWeight, uint8(facts.rank), root, edges);
    }

    /// @inheritdoc IRoyaltyPool
    function credit(uint32[] calldata indexes, uint256[] calldata amounts) external nonReentrant {
        if (indexes.length != amounts.length) revert LengthsDiffer(indexes.length, amounts.length);
        uint256 last = nodes;
        uint256 sum = 0;
        for (uint256 i = 0; i < indexes.length; ++i) {
            uint32 index = indexes[i];
            if (index == 0 || index > last) revert IndexUnknown(index);
            uint256 amount = amounts[i];
            if (amount == 0) continue;
            sum += amount;
            _flows[index].add(amount);
            emit RoyaltyReceived(index, msg.sender, amount);
        }
        if (sum > 0) TOKEN.safeTransferFrom(msg.sender, address(this), sum);
    }

    /// @inheritdoc IRoyaltyPool
    /// @dev Answers 0, and says nothing, when there is nothing to move.
    function pull(bytes32 node, uint256 edge) external returns (uint256 amount) {
        uint256 head = _headOf(node);
        uint256 index = head.indexOf();
        Flows.Totals storage totals = _flows[index];
        (uint256 share, uint32 target) = _shareOf(node, head, totals, edge);
        amount = totals.pullUpTo(edge, share);
        if (amount == 0) return 0;

        if (target == 0) accountOf[COMMONS] += amount;
        else if (target == index) accountOf[node] += amount;
        else _flows[target].add(amount);
        emit RoyaltyPulled(node, edge, target, amount);
    }

    /// @inheritdoc IRoyaltyPool
    function pay(bytes32 account) external nonReentrant returns (uint256 amount) {
        uint256 head = _graph[account].head;
        if (account != COMMONS && head == 0) revert NodeUnknown(account);
        amount = accountOf[account];
        if (amount == 0) revert NothingToPay(account);

        accountOf[account] = 0;
        address payee = account == COMMONS ? TREASURY : INodePayees(_registries[head.registryOf() - 1]).payeeOf(account);
        emit RoyaltyPaid(account, payee, amount);
        TOKEN.safeTransfer(payee, amount);
    }

    /// @inheritdoc IRoyaltyPool
    function isRegistry(address registry) public view returns (bool) {
        return _numberOf[registry] != 0;
    }

    /// @inheritdoc IRoyaltyPool
    /// @dev 0 for a node that is not there.
    function indexOf(bytes32 node) external view returns (uint32) {
        return _graph[node].head.indexOf();
    }

    /// @inheritdoc IRoyaltyPool
    function receivedOf(bytes32 node) external view returns (uint256) {
        return _flows[_graph[node].head.indexOf()].received();
    }

    /// @inheritdoc IRoyaltyPool
    function pendingOf(bytes32 node, uint256 edge) external view returns (uint256) {
        uint256 head = _headOf(node);
        Flows.Totals storage totals = _flows[head.indexOf()];
        (uint256 share,) = _shareOf(node, head, totals, edge);
        return share - totals.pulled(edge);
    }

    /// @inheritdoc IRoyaltyPool
    function edgesOf(bytes32 node) external view returns (Edge[] memory edges, uint16 selfWeight) {
        (uint256[] memory packed, uint256 self) = _graph[node].edgesOf(_headOf(node));
        selfWeight = self.toUint16();
        edges = new Edge[](packed.length);
        for (uint256 i = 0; i < packed.length; ++i) {
            edges[i] = Edge({node: _idOf[packed[i].targetOf()], weight: packed[i].weightOf()});
        }
    }

    function _packed(Edge[] calldata edges) private view returns (uint256[] memory packed, uint8 deepest) {
        packed = new uint256[](edges.length);
        for (uint256 i = 0; i < edges.length; ++i) {
            Edge calldata edge = edges[i];
            if (edge.weight == 0) revert WeightZero(i);
            uint256 head = _headOf(edge.node);
            if (head.isRoot()) revert NodeIsRoot(edge.node);
            uint8 rank = head.rankOf();
            if (rank > deepest) deepest = rank;
            packed[i] = RoyaltyGraph.pack(head.indexOf(), edge.weight);
        }
    }

    function _headOf(bytes32 node) private view returns (uint256 head) {
        head = _graph[node].head;
        if (head == 0) revert NodeUnknown(node);
    }

    function _shareOf(bytes32 node, uint256 head, Flows.Totals storage totals, uint256 edge)
        private
        view
        returns (uint256 share, uint32 target)
    {
        bool there;
        (share, target, there) = _graph[node].shareOf(head, totals.received(), edge);
        if (!there) revert EdgeOutOfRange(node, edge);
    }
}
