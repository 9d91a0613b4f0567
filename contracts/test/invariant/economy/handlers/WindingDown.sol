// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICoeRegistry} from "../../../../src/interfaces/ICoeRegistry.sol";
import {LeaseState} from "../../../../src/interfaces/Types.sol";
import {vm} from "../../../Vm.sol";
import {Action} from "../Parts.sol";
import {MinorityHandler} from "./Minority.sol";

/// @title From any state, a stranger and time bring everything to rest, and everybody gets what is theirs
/// @notice Done under a snapshot, so that the walk goes on where it was.
abstract contract WindingDownHandler is MinorityHandler {
    function windDown(uint256 seed) external acts(Action.WindDown, seed) {
        uint256 here = vm.snapshotState();
        uint256 time = vm.getBlockTimestamp();
        _endAll();
        _closeAll();
        _requireAtRest();
        _payAll();
        assertEq(dweb.token.balanceOf(address(dweb.book)), 0, "the book is empty once everybody is paid");
        assertEq(dweb.token.balanceOf(address(dweb.pool)), dweb.pool.accountOf(spiteful), "the pool keeps spite alone");
        assertTrue(vm.revertToStateAndDelete(here), "back");
        vm.warp(time);
        _did(Action.WindDown);
    }

    /// @dev Long after every funded second, overlap and grace.
    function _endAll() private {
        _wait(1 days);
        for (uint256 i = 0; i < leases.length; ++i) {
            if (!_isLive(leases[i])) continue;
            vm.prank(stranger);
            if (_isUnstarted(leases[i])) dweb.book.noShow(_order(i), _keys(i));
            else dweb.book.expire(_order(i), _keys(i));
        }
    }

    function _closeAll() private {
        _wait(times.lateReports + times.verdictTime + 2 * times.maturingEpoch);
        for (uint256 i = 0; i < leases.length; ++i) {
            vm.startPrank(stranger);
            if (_lease(leases[i]).state != LeaseState.Closed) dweb.book.finalise(_keys(i));
            if (leases[i].disputed > 0) dweb.book.lapse(leases[i].key);
            vm.stopPrank();
        }
    }

    function _requireAtRest() private view {
        for (uint256 i = 0; i < leases.length; ++i) {
            assertEq(dweb.book.fencedOf(leases[i].id), 0, "nothing is ring-fenced");
        }
        for (uint256 i = 0; i < HOUSE; ++i) {
            ICoeRegistry.Coe memory coe = dweb.coes.coeOf(sites[i].id);
            assertEq(coe.locked, 0, "nothing is locked");
            for (uint256 r = 0; r < 5; ++r) {
                assertEq(coe.assigned[r], 0, "nothing is assigned");
            }
            (,, uint256 disputed) = dweb.book.earnedOf(sites[i].id);
            assertEq(disputed, 0, "nothing is disputed");
        }
    }

    function _payAll() private {
        _wait(2 * times.maturingEpoch);
        for (uint256 i = 0; i < HOUSE; ++i) {
            _payOut(i);
            _withdrawAll(users[i].account);
        }
        _withdrawAll(stranger);
        if (dweb.book.fees() > 0) dweb.book.withdrawFees();
        while (_pullFrom(0) > 0) {}
        for (uint256 n = 0; n <= nodes.length; ++n) {
            bytes32 account = n == nodes.length ? bytes32(0) : nodes[n];
            if (account != spiteful && dweb.pool.accountOf(account) > 0) dweb.pool.pay(account);
        }
    }

    function _withdrawAll(address user) private {
        uint256 free = dweb.book.freeOf(user);
        if (free == 0) return;
        vm.prank(user);
        dweb.book.withdraw(free);
    }
}
