// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LeaseKey, LeaseState, PlanEntry, Reason, Upgrade} from "../../../../src/interfaces/Types.sol";
import {Typed} from "../../../Typed.sol";
import {vm} from "../../../Vm.sol";
import {Action, LeaseGhost, OrderGhost} from "../Parts.sol";
import {JudgingHandler} from "./Judging.sol";

/// @title A channel moves, and running leases follow it
abstract contract UpgradingHandler is JudgingHandler {
    string private constant CHANNEL = "stable";

    function moveChannel(uint256 seed) external acts(Action.MoveChannel, seed) {
        vm.prank(publisher.account);
        dweb.images.moveChannel(CHANNEL, digests[_roll(3)]);
        _did(Action.MoveChannel);
    }

    /// @dev All open leases of an order at once.
    function upgrade(uint256 seed) external acts(Action.Upgrade, seed) {
        (bool found, uint256 first) = _find(_isUpgradable);
        if (!found) {
            if (!_openFresh()) return;
            first = leases.length - 1;
            if (!_isUpgradable(leases[first])) return;
        }
        OrderGhost storage order = orders[leases[first].order];
        if (_replaceOpen(leases[first].order, dweb.images.stableOf(order.digest)) > 0) _did(Action.Upgrade);
    }

    /// @dev The same, to the image that was signed.
    function putBack(uint256 seed) external acts(Action.PutBack, seed) {
        (bool found, uint256 first) = _find(_isAway);
        if (!found) {
            (found, first) = _find(_isUpgradable);
            if (!found) return;
            _replaceOpen(leases[first].order, dweb.images.stableOf(orders[leases[first].order].digest));
            (found, first) = _find(_isAway);
            if (!found) return;
        }
        if (_replaceOpen(leases[first].order, orders[leases[first].order].digest) > 0) _did(Action.PutBack);
    }

    // --------------------------------------------------------------- internal

    function _replaceOpen(uint256 number, bytes32 image) private returns (uint256) {
        OrderGhost storage order = orders[number];
        _fundUser(order.order.user);
        uint256[] memory old = _openOf(number);
        PlanEntry[] memory entries = new PlanEntry[](old.length);
        LeaseKey[] memory running = new LeaseKey[](old.length);
        for (uint256 n = 0; n < old.length; ++n) {
            running[n] = leases[old[n]].key;
            entries[n] = _entry(running[n].service, running[n].replica, running[n].generation + 1, _roll(HOUSE));
        }
        Upgrade memory plan = _upgradeOf(order, entries);
        plan.imageDigest = image;
        dweb.book.upgrade(order.order, _services(order), plan, entries, running, _quorum(Typed.hash(plan)));
        return _noteUpgraded(old, plan, number, entries);
    }

    function _upgradeOf(OrderGhost storage order, PlanEntry[] memory entries) internal returns (Upgrade memory) {
        return Upgrade({
            orderHash: order.id,
            imageDigest: dweb.images.stableOf(order.digest),
            entriesHash: Typed.hash(entries),
            overlap: uint32(_roll(3) == 0 ? _roll(601) : _roll(20)),
            committeeEpoch: 1,
            deadline: uint64(vm.getBlockTimestamp() + 5)
        });
    }

    /// @dev An entry that was passed over leaves its lease as it was.
    function _noteUpgraded(uint256[] memory old, Upgrade memory plan, uint256 order, PlanEntry[] memory entries)
        private
        returns (uint256)
    {
        bool back = plan.imageDigest == orders[order].digest
            && plan.imageDigest != dweb.images.stableOf(plan.imageDigest);
        for (uint256 n = 0; n < old.length; ++n) {
            LeaseGhost storage ghost = leases[old[n]];
            if (_lease(ghost).state != LeaseState.Open) {
                _noteEnd(ghost, Reason.Upgrade, vm.getBlockTimestamp() + plan.overlap);
                isBack[plan.orderHash][_placeOf(ghost.key)] = back;
            }
        }
        return _noteOpened(order, entries);
    }

    function _openOf(uint256 order) private view returns (uint256[] memory found) {
        uint256[] memory all = new uint256[](SERVICES * REPLICAS);
        uint256 count = 0;
        for (uint256 i = 0; i < leases.length; ++i) {
            if (leases[i].order == order && _isOpen(leases[i])) all[count++] = i;
        }
        found = new uint256[](count);
        for (uint256 n = 0; n < count; ++n) {
            found[n] = all[n];
        }
    }

    /// @dev Whether it runs another image than the one that was signed.
    function _isAway(LeaseGhost storage ghost) internal view returns (bool) {
        OrderGhost storage order = orders[ghost.order];
        if (!_isOpen(ghost) || order.order.upgradePolicy == 0 || _isCancelled(order)) return false;
        (,,,, uint32 node) = dweb.images.termsOf(order.digest);
        return _lease(ghost).node != node;
    }

    function _isUpgradable(LeaseGhost storage ghost) internal view returns (bool) {
        OrderGhost storage order = orders[ghost.order];
        if (!_isOpen(ghost) || order.order.upgradePolicy == 0 || _isCancelled(order)) return false;
        bytes32 stable = dweb.images.stableOf(order.digest);
        (,,,, uint32 node) = dweb.images.termsOf(stable);
        return stable != bytes32(0) && _lease(ghost).node != node;
    }
}
