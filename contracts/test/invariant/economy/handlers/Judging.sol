// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Fault, Lease, Reason, Verdict} from "../../../../src/interfaces/Types.sol";
import {Typed} from "../../../Typed.sol";
import {vm} from "../../../Vm.sol";
import {Action, LeaseGhost} from "../Parts.sol";
import {EndingHandler} from "./Ending.sol";

/// @title The committee finds COEs dead and judges disputes; hosts answer, users dispute
abstract contract JudgingHandler is EndingHandler {
    function fault(uint256 seed) external acts(Action.Fault, seed) {
        (bool found, uint256 i) = _findLive();
        if (!found) return;
        _accuse(i);
        _did(Action.Fault);
    }

    function answer(uint256 seed) external acts(Action.Answer, seed) {
        (bool found, uint256 i) = _find(_isAccused);
        if (!found) {
            (found, i) = _findLive();
            if (!found) return;
            _accuse(i);
        }
        vm.prank(sites[leases[i].site].host.account);
        dweb.book.answer(leases[i].key);
        leases[i].answered = true;
        _did(Action.Answer);
    }

    function dispute(uint256 seed) external acts(Action.Dispute, seed) {
        (bool done,) = _dispute();
        if (done) _did(Action.Dispute);
    }

    function decide(uint256 seed) external acts(Action.Decide, seed) {
        (bool found, uint256 i) = _find(_isDisputed);
        if (!found) (found, i) = _dispute();
        if (!found) return;
        LeaseGhost storage ghost = leases[i];
        Verdict memory verdict = _verdict(ghost, _roll(2) == 0);
        dweb.book.decide(ghost.key, verdict, _quorum(Typed.hash(verdict)));
        if (verdict.refund) {
            accounts[_userOf(ghost)].gained += 2 * ghost.disputed;
            earners[ghost.site].lost += ghost.disputed;
        } else {
            earners[ghost.site].won += ghost.disputed;
        }
        ghost.disputed = 0;
        _did(Action.Decide);
    }

    function lapse(uint256 seed) external acts(Action.Lapse, seed) {
        (bool found, uint256 i) = _find(_isUndecided);
        if (!found) (found, i) = _dispute();
        if (!found) return;
        LeaseGhost storage ghost = leases[i];
        _waitUntil(ghost.verdictUntil + 1);
        vm.prank(stranger);
        dweb.book.lapse(ghost.key);
        accounts[_userOf(ghost)].gained += ghost.disputed;
        ghost.disputed = 0;
        _did(Action.Lapse);
    }

    // --------------------------------------------------------------- internal

    function _accuse(uint256 i) private {
        Fault memory found = _faultOf(i);
        dweb.book.fault(_order(i), leases[i].key, found, _quorum(Typed.hash(found)));
        _noteEnd(leases[i], Reason.HostFault, found.deadSince);
    }

    function _faultOf(uint256 i) internal returns (Fault memory) {
        Lease memory lease = _lease(leases[i]);
        uint256 least = uint256(lease.origin) + lease.settled.secondsRun;
        uint256 earliest = vm.getBlockTimestamp() - times.deadSinceBack;
        if (earliest > least) least = earliest;
        return
            Fault(leases[i].id, uint64(_between(least, vm.getBlockTimestamp())), 1, uint64(vm.getBlockTimestamp() + 5));
    }

    function _verdict(LeaseGhost storage ghost, bool refund) internal view returns (Verdict memory) {
        uint32 secondsDisputed = dweb.book.disputeOf(ghost.id).secondsDisputed;
        return Verdict(ghost.id, secondsDisputed, refund, 1, uint64(vm.getBlockTimestamp() + 5));
    }

    /// @dev Of a lease that has just been settled, so that there is pay that has not matured.
    function _dispute() internal returns (bool, uint256) {
        (bool found, uint256 i) = _find(_isDisputable);
        if (!found) (found, i) = _findStarted();
        if (!found) return (false, 0);
        LeaseGhost storage ghost = leases[i];
        if (ghost.disputed > 0) return (false, 0);
        _wait(1 + _roll(5));
        _settleHonestly(i);
        (, uint256 maturing,) = dweb.book.earnedOf(sites[ghost.site].id);
        uint256 left = ghost.secondsSeen - dweb.book.disputeOf(ghost.id).secondsDisputed;
        address user = _userOf(ghost);
        _fundUser(user);
        if (maturing == 0 || left == 0 || maturing > dweb.book.freeOf(user)) return (false, 0);
        uint256 free = dweb.book.freeOf(user);
        vm.prank(user);
        dweb.book.dispute(ghost.key, uint32(_between(1, left)));
        // The bond is what the user has less, and the same was set aside.
        ghost.disputed = free - dweb.book.freeOf(user);
        ghost.verdictUntil = vm.getBlockTimestamp() + times.verdictTime;
        accounts[user].risked += ghost.disputed;
        (, uint256 rest,) = dweb.book.earnedOf(sites[ghost.site].id);
        assertEq(maturing - rest, ghost.disputed, "set aside");
        return (true, i);
    }

    function _isAccused(LeaseGhost storage ghost) private view returns (bool) {
        return _isEnding(ghost) && ghost.reason == Reason.HostFault && !ghost.answered;
    }

    function _isDisputable(LeaseGhost storage ghost) private view returns (bool) {
        return _isStarted(ghost) && ghost.disputed == 0 && ghost.fundedUntil > vm.getBlockTimestamp();
    }

    function _isUndecided(LeaseGhost storage ghost) internal view returns (bool) {
        return ghost.disputed > 0;
    }

    function _isDisputed(LeaseGhost storage ghost) internal view returns (bool) {
        return ghost.disputed > 0 && vm.getBlockTimestamp() <= ghost.verdictUntil;
    }
}
