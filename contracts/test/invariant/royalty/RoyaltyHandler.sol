// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";

import {IRoyaltyPool} from "../../../src/interfaces/IRoyaltyPool.sol";
import {Edge} from "../../../src/interfaces/Types.sol";
import {vm} from "../../Vm.sol";
import {PayerActor, RegistryActor} from "./Actors.sol";

/// @title What several payers, registries and strangers do to a pool, in any order
/// @dev Every function does what it is named for whatever its arguments, so that a call that reverts is a fault. It
/// keeps its own books, which share nothing with the pool's.
contract RoyaltyHandler {
    IERC20 public immutable TOKEN;
    IRoyaltyPool public immutable POOL;

    RegistryActor[3] public registries;
    PayerActor[3] public payers;
    bytes32[] public nodes;
    mapping(bytes32 node => RegistryActor) public registryOf;
    mapping(bytes32 node => bool) public isRoot;
    mapping(bytes32 node => uint256) public rankOf;
    mapping(bytes32 node => mapping(uint256 edge => uint256)) public pulled;
    mapping(bytes32 node => uint256) public credited;
    mapping(bytes32 account => uint256) public earned;
    mapping(bytes32 account => uint256) public paid;
    mapping(bytes32 node => uint256) public edgesOf; // the self edge or the commons' among them
    mapping(bytes32 node => bool) public paysTheCommons;
    uint256 public creditedInAll;
    uint256 public paidInAll;
    bool public refusedPaymentMoved;
    bool public shareFell;
    bool public definingMovedMoney;

    error Failed(string what);

    constructor(IRoyaltyPool pool, IERC20 token) {
        POOL = pool;
        TOKEN = token;
        for (uint256 i = 0; i < 3; ++i) {
            registries[i] = new RegistryActor(pool, address(uint160(0xA0 + i)));
            payers[i] = new PayerActor(pool, token);
        }
    }

    /// @dev The pool's governor calls this once all registries are authorised.
    function begin() external {
        _define(0, new Edge[](0), 1, false); // pays itself
        _define(1, new Edge[](0), 0, false); // pays the commons
        defineNode(2, 7, 5, false);
    }

    // --------------------------------------------------------------- what they do

    function defineNode(uint256 seed, uint16 weight, uint16 selfWeight, bool root) public {
        bytes32 witness = nodes[seed % nodes.length];
        bytes32 before = keccak256(abi.encode(_pendings(witness)));
        Edge[] memory edges = new Edge[](seed % 8);
        uint256 found = 0;
        for (uint256 i = 0; i < edges.length; ++i) {
            bytes32 child = nodes[uint256(keccak256(abi.encode(seed, i))) % nodes.length];
            if (isRoot[child] || rankOf[child] >= 6) continue;
            edges[found] = Edge(child, uint16(uint256(weight) * (i + 1) % 65_535 + 1));
            ++found;
        }
        assembly ("memory-safe") {
            mstore(edges, found)
        }
        _define(seed % 3, edges, selfWeight, root);
        if (keccak256(abi.encode(_pendings(witness))) != before) definingMovedMoney = true;
    }

    function credit(uint256 seed, uint96 first, uint96 second) external {
        uint32[] memory indexes = new uint32[](2);
        uint256[] memory amounts = new uint256[](2);
        bytes32 a = nodes[seed % nodes.length];
        bytes32 b = nodes[(seed >> 128) % nodes.length];
        (indexes[0], indexes[1]) = (POOL.indexOf(a), POOL.indexOf(b));
        (amounts[0], amounts[1]) = (1 + uint256(first) % 1e21, uint256(second) % 1e21);
        payers[seed % 3].credit(indexes, amounts);
        credited[a] += amounts[0];
        credited[b] += amounts[1];
        creditedInAll += amounts[0] + amounts[1];
    }

    /// @dev From the chosen node on, the first edge that has something; a credit before, so that there is one.
    function pull(uint256 seed, address anyone) external {
        _creditOne(seed);
        bytes32 node = nodes[seed % nodes.length];
        uint256 edges = edgesOf[node];
        for (uint256 i = 0; i < edges; ++i) {
            uint256 edge = (seed / 7 + i) % edges;
            if (POOL.pendingOf(node, edge) == 0) continue;
            return _pull(node, edge, anyone);
        }
        revert Failed("nothing to pull");
    }

    /// @dev Edge by edge down to the accounts, as one who wants to be paid does.
    function pullAll(uint256 seed, address anyone) external {
        _creditOne(seed);
        bytes32 node = nodes[seed % nodes.length];
        uint256 edges = edgesOf[node];
        for (uint256 edge = 0; edge < edges; ++edge) {
            if (POOL.pendingOf(node, edge) > 0) _pull(node, edge, anyone);
        }
    }

    function pay(uint256 seed, address anyone) external {
        bytes32 account = _anAccount(seed);
        RegistryActor registry = registryOf[account];
        registry.set(address(uint160(0xA0 + seed % 5)), false);
        uint256 due = POOL.accountOf(account);
        vm.prank(anyone);
        if (POOL.pay(account) != due) revert Failed("paid another amount");
        paid[account] += due;
        paidInAll += due;
    }

    function payToOneThatRefuses(uint256 seed) external {
        bytes32 account = _anAccount(seed);
        RegistryActor registry = registryOf[account];
        registry.set(address(0xA0), true);
        uint256 due = POOL.accountOf(account);
        (bool ok,) = address(POOL).call(abi.encodeCall(IRoyaltyPool.pay, (account)));
        if (ok || POOL.accountOf(account) != due) refusedPaymentMoved = true;
    }

    function payTheCommons(uint256 seed, address anyone) external {
        bytes32 bare = nodes[1];
        _creditNode(seed, bare);
        _pull(bare, 0, anyone);
        uint256 due = POOL.accountOf(0);
        vm.prank(anyone);
        if (POOL.pay(0) != due) revert Failed("paid another amount");
        paid[0] += due;
        paidInAll += due;
    }

    function transferNftOfPayee(uint256 seed, address to) external {
        registries[seed % 3].set(to == address(0) || to == address(POOL) ? address(1) : to, seed & 1 == 1);
    }

    function passTime(uint32 seconds_) external {
        vm.warp(vm.getBlockTimestamp() + seconds_ % 30 days);
    }

    // ----------------------------------------------------------------- what is so

    function count() external view returns (uint256) {
        return nodes.length;
    }

    function _define(uint256 registry, Edge[] memory edges, uint16 selfWeight, bool root) private {
        bytes32 node = keccak256(abi.encode("node", nodes.length));
        registries[registry].defineNode(node, edges, selfWeight, root);
        registryOf[node] = registries[registry];
        isRoot[node] = root;
        paysTheCommons[node] = edges.length == 0 && selfWeight == 0;
        edgesOf[node] = selfWeight > 0 || edges.length == 0 ? edges.length + 1 : edges.length;
        rankOf[node] = 1;
        for (uint256 i = 0; i < edges.length; ++i) {
            if (rankOf[edges[i].node] >= rankOf[node]) rankOf[node] = rankOf[edges[i].node] + 1;
        }
        nodes.push(node);
    }

    function _creditOne(uint256 seed) private {
        _creditNode(seed, nodes[seed % nodes.length]);
    }

    function _creditNode(uint256 seed, bytes32 node) private {
        uint32[] memory indexes = new uint32[](1);
        uint256[] memory amounts = new uint256[](1);
        (indexes[0], amounts[0]) = (POOL.indexOf(node), 100_000 + seed % 1e20);
        uint256[] memory before = _pendings(node);
        payers[seed % 3].credit(indexes, amounts);
        credited[node] += amounts[0];
        creditedInAll += amounts[0];
        uint256[] memory later = _pendings(node);
        for (uint256 i = 0; i < before.length; ++i) {
            if (later[i] < before[i]) shareFell = true;
        }
    }

    function _pendings(bytes32 node) private view returns (uint256[] memory pendings) {
        pendings = new uint256[](edgesOf[node]);
        for (uint256 i = 0; i < pendings.length; ++i) {
            pendings[i] = POOL.pendingOf(node, i);
        }
    }

    function _pull(bytes32 node, uint256 edge, address anyone) private {
        (Edge[] memory edges,) = POOL.edgesOf(node);
        vm.prank(anyone);
        uint256 amount = POOL.pull(node, edge);
        pulled[node][edge] += amount;
        if (edge < edges.length) credited[edges[edge].node] += amount;
        else earned[paysTheCommons[node] ? bytes32(0) : node] += amount;
    }

    /// @dev An account with something in it: the chosen node's, or that of the node that pays only itself.
    function _anAccount(uint256 seed) private returns (bytes32 account) {
        account = nodes[seed % nodes.length];
        if (POOL.accountOf(account) > 0) return account;
        account = nodes[0];
        _creditNode(seed, account);
        _pull(account, 0, address(this));
    }
}
