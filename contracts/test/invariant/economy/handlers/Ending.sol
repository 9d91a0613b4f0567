// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../../../src/interfaces/ILeaseBook.sol";
import {LeaseKey, Order, Reason} from "../../../../src/interfaces/Types.sol";
import {vm} from "../../../Vm.sol";
import {Action, LeaseGhost} from "../Parts.sol";
import {SettlingHandler} from "./Settling.sol";

/// @title Leases end: by their people, because time ran out, or because an image is malicious
abstract contract EndingHandler is SettlingHandler {
    function end(uint256 seed) external acts(Action.End, seed) {
        (bool found, uint256 i) = _findLive();
        if (!found) return;
        vm.prank(_userOf(leases[i]));
        dweb.book.end(_keys(i));
        _noteEnd(leases[i], Reason.User, vm.getBlockTimestamp());
        _did(Action.End);
    }

    function move(uint256 seed) external acts(Action.Move, seed) {
        (bool found, uint256 i) = _findLive();
        if (!found) return;
        _leave(i);
        _did(Action.Move);
    }

    function drain(uint256 seed) external acts(Action.Drain, seed) {
        (bool found, uint256 i) = _findLive();
        if (!found) return;
        LeaseGhost storage ghost = leases[i];
        if (_isLate(i)) {
            _requireNoWayOut(i);
            return;
        }
        vm.prank(sites[ghost.site].host.account);
        dweb.book.drain(_order(i), _keys(i));
        _noteEnd(ghost, ghost.secondsSeen > 0 ? Reason.HostDrain : Reason.Declined, vm.getBlockTimestamp());
        _did(Action.Drain);
    }

    function noShow(uint256 seed) external acts(Action.NoShow, seed) {
        (bool found, uint256 i) = _find(_isUnstarted);
        if (!found) {
            if (!_openFresh()) return;
            i = leases.length - 1;
        }
        LeaseGhost storage ghost = leases[i];
        _waitUntil(uint256(ghost.fundedFrom) + _order(i).startWithin + 1);
        vm.prank(stranger);
        dweb.book.noShow(_order(i), _keys(i));
        _noteEnd(ghost, Reason.NoShow, ghost.fundedFrom);
        _noteClosed(ghost, true);
        _did(Action.NoShow);
    }

    function expire(uint256 seed) external acts(Action.Expire, seed) {
        (bool found, uint256 i) = _find(_hasRun);
        if (!found) (found, i) = _findStarted();
        if (!found) return;
        LeaseGhost storage ghost = leases[i];
        // A replica without duration left is not waited for, so no rent is paid for it.
        bool usedUp = _durationLeft(ghost) == 0;
        bool over = usedUp || _isCancelled(orders[ghost.order]);
        _waitUntil(uint256(ghost.fundedUntil) + (over ? 0 : times.grace) + _roll(10));
        vm.prank(stranger);
        dweb.book.expire(_order(i), _keys(i));
        _noteEnd(ghost, over ? Reason.Expired : Reason.Unfunded, usedUp ? ghost.fundedUntil : vm.getBlockTimestamp());
        _did(Action.Expire);
    }

    /// @dev The image is marked at the first call; later ones find leases of it that are left, if any.
    function stopMalicious(uint256 seed) external acts(Action.StopMalicious, seed) {
        bytes32 digest = digests[digests.length - 1];
        (bool found, uint256 i) = _find(_runsTheLast);
        if (!found) {
            (,, bool malicious,,) = dweb.images.termsOf(digest);
            if (malicious || !_openFresh(digests.length - 1)) return;
            i = leases.length - 1;
        }
        (,, bool marked,,) = dweb.images.termsOf(digest);
        if (!marked) {
            vm.prank(dweb.guardian);
            dweb.images.markMalicious(digest, "miner");
        }
        vm.prank(stranger);
        dweb.book.stopMalicious(digest, _keys(i));
        _noteEnd(leases[i], Reason.RevokedMalicious, vm.getBlockTimestamp());
        _did(Action.StopMalicious);
    }

    function finalise(uint256 seed) external acts(Action.Finalise, seed) {
        (bool found, uint256 i) = _find(_isEnding);
        if (!found) {
            (found, i) = _findLive();
            if (!found) return;
            _leave(i);
        }
        LeaseGhost storage ghost = leases[i];
        _waitUntil(uint256(ghost.endedAt) + times.lateReports);
        vm.prank(stranger);
        dweb.book.finalise(_keys(i));
        _noteClosed(ghost, ghost.reason == Reason.HostFault && !ghost.answered);
        _did(Action.Finalise);
    }

    // --------------------------------------------------------------- internal

    /// @notice A lease that is open or parked, a new one if there is none.
    function _findLive() internal returns (bool found, uint256 i) {
        (found, i) = _find(_isLive);
        if (found) return (found, i);
        if (!_openFresh()) return (false, 0);
        return (true, leases.length - 1);
    }

    function _leave(uint256 i) internal override {
        vm.prank(_roll(2) == 0 ? _userOf(leases[i]) : OPERATOR);
        dweb.book.move(_order(i), _keys(i));
        _noteEnd(leases[i], Reason.Moved, vm.getBlockTimestamp());
    }

    /// @dev A host that never ran and has had its time: nothing but a no-show ends its lease.
    function _requireNoWayOut(uint256 i) private {
        bytes memory reason = abi.encodeWithSelector(ILeaseBook.NeverStarted.selector, leases[i].id);
        address host = sites[leases[i].site].host.account;
        vm.startPrank(host);
        vm.expectRevert(reason);
        dweb.book.drain(_order(i), _keys(i));
        vm.expectRevert(reason);
        dweb.book.expire(_order(i), _keys(i));
        vm.stopPrank();
    }

    function _isLate(uint256 i) private view returns (bool) {
        return _isUnstarted(leases[i]) && vm.getBlockTimestamp() > _lease(leases[i]).origin + _order(i).startWithin;
    }

    function _hasRun(LeaseGhost storage ghost) private view returns (bool) {
        return _isLive(ghost) && ghost.secondsSeen > 0;
    }

    function _order(uint256 i) internal view returns (Order memory) {
        return orders[leases[i].order].order;
    }

    function _keys(uint256 i) internal view returns (LeaseKey[] memory keys) {
        keys = new LeaseKey[](1);
        keys[0] = leases[i].key;
    }

    function _runsTheLast(LeaseGhost storage ghost) private view returns (bool) {
        return _isLive(ghost) && orders[ghost.order].digest == digests[digests.length - 1];
    }
}
