// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../../../src/interfaces/ILeaseBook.sol";
import {ISchedulerCommittee} from "../../../../src/interfaces/ISchedulerCommittee.sol";
import {Fault, LeaseKey, Plan, PlanEntry, Upgrade, Verdict} from "../../../../src/interfaces/Types.sol";
import {Typed} from "../../../Typed.sol";
import {vm} from "../../../Vm.sol";
import {Action, OrderGhost} from "../Parts.sol";
import {RulingHandler} from "./Ruling.sol";

/// @title One member of a quorum of two, with every agent's key and a stranger's, signs anything
/// @notice Each call is one that would succeed with a second member's signature; without it the book refuses it.
abstract contract MinorityHandler is RulingHandler {
    error Passed(bytes call);
    error RefusedForAnotherReason(bytes4 reason);

    uint256 private constant STRANGERS_KEY = 0x1007;

    function actAlone(uint256 seed) external acts(Action.ActAlone, seed) {
        (bool found, uint256 i) = _findLive();
        if (!found) return;
        uint256 how = _roll(4);
        if (how == 0) _faultAlone(i);
        else if (how == 1) _openAlone(i);
        else if (how == 2) _decideAlone();
        else _upgradeAlone();
    }

    // --------------------------------------------------------------- attempts

    function _faultAlone(uint256 i) private {
        Fault memory found = _faultOf(i);
        _requireRefused(abi.encodeCall(ILeaseBook.fault, (_order(i), leases[i].key, found, _alone(Typed.hash(found)))));
    }

    function _openAlone(uint256 i) private {
        OrderGhost storage order = orders[leases[i].order];
        if (_isCancelled(order)) return;
        PlanEntry[] memory entries = _anywhere(leases[i].key.service, 1, 1);
        Plan memory plan = _plan(order.id, entries);
        _requireRefused(
            abi.encodeCall(ILeaseBook.open, (order.order, _services(order), plan, entries, _alone(Typed.hash(plan))))
        );
    }

    function _decideAlone() private {
        (bool found, uint256 i) = _find(_isDisputed);
        if (!found) (found, i) = _dispute();
        if (!found) return;
        Verdict memory verdict = _verdict(leases[i], _roll(2) == 0);
        _requireRefused(abi.encodeCall(ILeaseBook.decide, (leases[i].key, verdict, _alone(Typed.hash(verdict)))));
    }

    function _upgradeAlone() private {
        (bool found, uint256 i) = _find(_isUpgradable);
        if (!found) return;
        OrderGhost storage order = orders[leases[i].order];
        LeaseKey[] memory running = _keys(i);
        PlanEntry[] memory entries = new PlanEntry[](1);
        entries[0] = _entry(running[0].service, running[0].replica, running[0].generation + 1, _roll(HOUSE));
        Upgrade memory plan = _upgradeOf(order, entries);
        _requireRefused(
            abi.encodeCall(
                ILeaseBook.upgrade, (order.order, _services(order), plan, entries, running, _alone(Typed.hash(plan)))
            )
        );
    }

    // --------------------------------------------------------------- internal

    /// @notice Its own signature; twice; with a stranger's before or after it; with an agent's.
    function _alone(bytes32 structHash) private returns (bytes[] memory signatures) {
        uint256 how = _roll(5);
        signatures = new bytes[](how == 0 ? 1 : 2);
        bytes memory own = _sign(members[0].key, structHash);
        if (how == 0) {
            signatures[0] = own;
            return signatures;
        }
        bytes memory other = own;
        if (how == 2 || how == 3) other = _sign(STRANGERS_KEY, structHash);
        if (how == 4) other = _sign(sites[_roll(HOUSE)].agentKey, structHash);
        bool first = how == 2;
        (signatures[0], signatures[1]) = first ? (other, own) : (own, other);
    }

    function _requireRefused(bytes memory call) private {
        vm.prank(members[0].account);
        (bool passed, bytes memory answer) = address(dweb.book).call(call);
        if (passed) revert Passed(call);
        bytes4 reason = bytes4(answer);
        bool missed = reason == ISchedulerCommittee.QuorumMissed.selector
            || reason == ISchedulerCommittee.NotAMember.selector
            || reason == ISchedulerCommittee.SignersNotAscending.selector;
        if (!missed) revert RefusedForAnotherReason(reason);
        _did(Action.ActAlone);
    }
}
