// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    Lease,
    LeaseKey,
    LeaseState,
    Order,
    Plan,
    PlanEntry,
    ReplicaState,
    Service
} from "../../../../src/interfaces/Types.sol";
import {Typed} from "../../../Typed.sol";
import {vm} from "../../../Vm.sol";
import {Action, LeaseGhost, OrderGhost} from "../Parts.sol";
import {Handler} from "./Handler.sol";

/// @title Users order, the committee places, hosts and users open without it
abstract contract OpeningHandler is Handler {
    function admitAndOpen(uint256 seed) external acts(Action.AdmitAndOpen, seed) {
        uint256 order = _newOrder(_roll(digests.length));
        PlanEntry[] memory entries = new PlanEntry[](_between(1, SERVICES * REPLICAS));
        for (uint256 i = 0; i < entries.length; ++i) {
            entries[i] = _entry(uint16(i / REPLICAS), uint16(i % REPLICAS), 0, _roll(HOUSE));
        }
        if (_admitAndOpen(order, entries) > 0) _did(Action.AdmitAndOpen);
    }

    function openDirect(uint256 seed) external acts(Action.OpenDirect, seed) {
        uint256 order = _newOrder(_roll(digests.length));
        OrderGhost storage ghost = orders[order];
        dweb.book.admit(ghost.order, _services(ghost), _sign(users[ghost.user].key, Typed.hash(ghost.order)));
        _wait(times.directTimeout);
        PlanEntry[] memory entries = new PlanEntry[](2);
        entries[0] = _entry(0, 0, 0, _roll(HOUSE));
        entries[1] = _entry(1, 1, 0, _roll(HOUSE));
        Plan memory plan = _plan(ghost.id, entries);
        plan.committeeEpoch = 0;
        bytes[] memory consents = new bytes[](2);
        for (uint256 i = 0; i < 2; ++i) {
            consents[i] = _sign(sites[_siteOf(entries[i].coe)].host.key, Typed.hash(plan));
        }
        bytes memory consent = _sign(users[ghost.user].key, Typed.hash(plan));
        dweb.book.openDirect(ghost.order, _services(ghost), plan, entries, consent, consents);
        if (_noteOpened(order, entries) > 0) _did(Action.OpenDirect);
    }

    function refill(uint256 seed) external acts(Action.Refill, seed) {
        (bool found, uint256 i) = _find(_isRefillable);
        if (!found) {
            if (!_openFresh()) return;
            i = leases.length - 1;
            _leave(i);
            if (!_isRefillable(leases[i])) return;
        }
        LeaseKey memory key = leases[i].key;
        OrderGhost storage ghost = orders[leases[i].order];
        _fundUser(ghost.order.user);
        PlanEntry[] memory entries = _anywhere(key.service, key.replica, key.generation + 1);
        Plan memory plan = _plan(ghost.id, entries);
        dweb.book.open(ghost.order, _services(ghost), plan, entries, _quorum(Typed.hash(plan)));
        if (_noteOpened(leases[i].order, entries) > 0) _did(Action.Refill);
    }

    function cancel(uint256 seed) external acts(Action.Cancel, seed) {
        if (orders.length == 0 && !_openFresh()) return;
        OrderGhost storage ghost = orders[_roll(orders.length)];
        if (ghost.cancelled) return;
        vm.prank(ghost.order.user);
        dweb.book.cancel(ghost.id);
        ghost.cancelled = true;
        _did(Action.Cancel);
    }

    function raiseEpoch(uint256 seed) external acts(Action.RaiseEpoch, seed) {
        vm.prank(users[_roll(HOUSE)].account);
        dweb.book.raiseEpoch();
        _did(Action.RaiseEpoch);
    }

    // --------------------------------------------------------------- internal

    /// @notice Opens one lease of a new order wherever there is room for it.
    function _openFresh() internal returns (bool) {
        return _openFresh(_roll(digests.length - 1));
    }

    function _openFresh(uint256 image) internal returns (bool) {
        return _admitAndOpen(_newOrder(image), _anywhere(uint16(_roll(SERVICES)), 0, 0)) > 0;
    }

    /// @dev Whoever makes room for a successor: the user moves it.
    function _leave(uint256 i) internal virtual;

    function _isRefillable(LeaseGhost storage ghost) private view returns (bool) {
        if (_isLive(ghost) || _isCancelled(orders[ghost.order])) return false;
        LeaseKey memory key = ghost.key;
        (ReplicaState state, uint16 generation,) = dweb.book.replicaOf(key.orderHash, key.service, key.replica);
        return state == ReplicaState.Refillable && generation == key.generation + 1;
    }

    function _newOrder(uint256 image) private returns (uint256 index) {
        if (dweb.settings.tariff().openingsStopped) {
            vm.prank(dweb.governor);
            dweb.settings.allowOpenings();
        }
        Order memory order;
        uint256 user = _roll(HOUSE);
        order.user = users[user].account;
        uint256 size = _roll(4);
        order.servicesHash = Typed.hash(_services(digests[image], size));
        // Now and then a total that bears one lease and not the next.
        order.maxTotal = uint128(_roll(4) == 0 ? _between(1e13, 4e15) : 5e18);
        order.duration = uint32(_between(30, 3_600));
        order.prepay = uint32(_between(20, 600));
        order.submitBy = uint64(vm.getBlockTimestamp() + 300);
        order.startWithin = uint32(_between(20, order.prepay < order.duration ? order.prepay : order.duration));
        order.maxRoyaltyBps = 1_000;
        order.maxFeeBps = 500;
        order.upgradePolicy = uint8(_roll(4) == 0 ? 0 : 1);
        order.operator = OPERATOR;
        order.userEpoch = dweb.book.epochOf(order.user);
        order.salt = bytes32(orders.length);
        _fundUser(order.user);
        index = orders.length;
        orders.push(OrderGhost(order, _digest(Typed.hash(order)), user, digests[image], size, false));
    }

    function _admitAndOpen(uint256 order, PlanEntry[] memory entries) private returns (uint256) {
        OrderGhost storage ghost = orders[order];
        Service[] memory services = _services(ghost);
        Plan memory plan = _plan(ghost.id, entries);
        bytes memory signature = _sign(users[ghost.user].key, Typed.hash(ghost.order));
        dweb.book.admitAndOpen(ghost.order, services, signature, plan, entries, _quorum(Typed.hash(plan)));
        return _noteOpened(order, entries);
    }

    function _plan(bytes32 id, PlanEntry[] memory entries) internal returns (Plan memory) {
        uint64 deadline = uint64(vm.getBlockTimestamp() + _roll(ASK_DELAY));
        return Plan({orderHash: id, entriesHash: Typed.hash(entries), committeeEpoch: 1, deadline: deadline});
    }

    /// @notice The same replica on each site: the first that can takes it, the others are passed over.
    function _anywhere(uint16 service, uint16 replica, uint16 generation)
        internal
        returns (PlanEntry[] memory entries)
    {
        entries = new PlanEntry[](HOUSE);
        uint256 first = _roll(HOUSE);
        for (uint256 i = 0; i < HOUSE; ++i) {
            entries[i] = _entry(service, replica, generation, (first + i) % HOUSE);
        }
    }

    function _entry(uint16 service, uint16 replica, uint16 generation, uint256 site)
        internal
        view
        returns (PlanEntry memory)
    {
        return PlanEntry(service, replica, generation, sites[site].id, type(uint64).max);
    }

    /// @return opened how many of the entries are leases now
    function _noteOpened(uint256 order, PlanEntry[] memory entries) internal returns (uint256 opened) {
        for (uint256 i = 0; i < entries.length; ++i) {
            PlanEntry memory e = entries[i];
            LeaseKey memory key = LeaseKey(orders[order].id, e.service, e.replica, e.generation, e.coe);
            bytes32 id = dweb.book.leaseIdOf(key);
            if (dweb.book.leaseOf(id).state == LeaseState.None) continue;
            ++opened;
            _pushLease(order, key, id);
        }
    }

    function _pushLease(uint256 order, LeaseKey memory key, bytes32 id) private {
        LeaseGhost storage ghost = leases.push();
        Lease memory lease = dweb.book.leaseOf(id);
        ghost.key = key;
        ghost.id = id;
        ghost.order = order;
        ghost.site = _siteOf(key.coe);
        ghost.state = LeaseState.Open;
        ghost.fundedFrom = uint64(vm.getBlockTimestamp());
        ghost.fundedUntil = uint64(vm.getBlockTimestamp() + lease.limit);
        ghost.terms = keccak256(abi.encode(lease.terms));
        ghost.bond = uint256(lease.terms.hostRate) * 3_600 * GWEI;
        assertTrue(lease.limit <= orders[order].order.prepay, "no more than the prepaid time is funded");
        assertTrue(lease.limit >= orders[order].order.startWithin, "and no less than a host has to start");
        (,,,, uint32 node) = dweb.images.termsOf(_imageOf(orders[order], key));
        assertEq(lease.node, node, "it runs the image that its order says, or its channel");
    }

    /// @dev No image of a channel here asks more than orders allow.
    function _imageOf(OrderGhost storage ghost, LeaseKey memory key) private view returns (bytes32) {
        if (key.generation == 0 || ghost.order.upgradePolicy == 0 || isBack[ghost.id][_placeOf(key)]) {
            return ghost.digest;
        }
        bytes32 stable = dweb.images.stableOf(ghost.digest);
        return stable == bytes32(0) ? ghost.digest : stable;
    }

    function _placeOf(LeaseKey memory key) internal pure returns (uint256) {
        return uint256(key.service) << 16 | key.replica;
    }

    function _siteOf(bytes32 coe) internal view returns (uint256 site) {
        while (sites[site].id != coe) ++site;
    }
}
