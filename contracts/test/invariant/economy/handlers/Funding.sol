// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICoeRegistry} from "../../../../src/interfaces/ICoeRegistry.sol";
import {LeaseState} from "../../../../src/interfaces/Types.sol";
import {vm} from "../../../Vm.sol";
import {Action, LeaseGhost, OrderGhost} from "../Parts.sol";
import {OpeningHandler} from "./Opening.sol";

/// @title Users put money in, take it out, and fund leases with it; strangers may keep a lease alive or put it to rest
abstract contract FundingHandler is OpeningHandler {
    function deposit(uint256 seed) external acts(Action.Deposit, seed) {
        _deposit(users[_roll(HOUSE)].account, _between(1, 2e18));
        _did(Action.Deposit);
    }

    /// @dev Now and then all of it.
    function withdraw(uint256 seed) external acts(Action.Withdraw, seed) {
        address user = users[_roll(HOUSE)].account;
        if (dweb.book.freeOf(user) == 0) _deposit(user, 1e18);
        uint256 free = dweb.book.freeOf(user);
        uint256 amount = _roll(8) == 0 ? free : _between(1, free);
        uint256 before = dweb.token.balanceOf(user);
        vm.prank(user);
        dweb.book.withdraw(amount);
        assertEq(dweb.token.balanceOf(user) - before, amount, "what is free is paid out");
        accounts[user].withdrawn += amount;
        _did(Action.Withdraw);
    }

    function renewByUser(uint256 seed) external acts(Action.RenewByUser, seed) {
        (bool found, uint256 i) = _find(_isRenewable);
        if (!found) {
            if (!_openFresh()) return;
            i = leases.length - 1;
            if (!_isRenewable(leases[i])) return;
        }
        _renew(i, _userOf(leases[i]), _between(1, _durationLeft(leases[i])), Action.RenewByUser);
    }

    function renewByStranger(uint256 seed) external acts(Action.RenewByStranger, seed) {
        (bool found, uint256 i) = _find(_isRenewableByAnyone);
        if (!found) return;
        LeaseGhost storage ghost = leases[i];
        uint256 prepay = orders[ghost.order].order.prepay;
        _waitUntil(ghost.fundedUntil - prepay / 2);
        if (_roll(3) == 0) _waitUntil(ghost.fundedUntil + _roll(40));
        uint256 rest = ghost.fundedUntil > vm.getBlockTimestamp() ? ghost.fundedUntil - vm.getBlockTimestamp() : 0;
        uint256 most = _durationLeft(ghost);
        if (most > prepay - rest) most = prepay - rest;
        if (most > 0) _renew(i, stranger, _between(1, most), Action.RenewByStranger);
    }

    function parkByUser(uint256 seed) external acts(Action.ParkByUser, seed) {
        (bool found, uint256 i) = _findStarted();
        if (!found) return;
        _park(i, _userOf(leases[i]));
        _did(Action.ParkByUser);
    }

    function parkByStranger(uint256 seed) external acts(Action.ParkByStranger, seed) {
        (bool found, uint256 i) = _findStarted();
        if (!found) return;
        _waitUntil(uint256(leases[i].fundedUntil) + times.parkAfter + _roll(30));
        _park(i, stranger);
        _did(Action.ParkByStranger);
    }

    function resume(uint256 seed) external acts(Action.Resume, seed) {
        (bool found, uint256 i) = _find(_isResumable);
        if (!found) {
            (found, i) = _findStarted();
            if (!found) return;
            _park(i, _userOf(leases[i]));
            _wait(_roll(30));
            if (!_isResumable(leases[i])) return;
        }
        LeaseGhost storage ghost = leases[i];
        uint256 more = _between(1, _durationLeft(ghost));
        if (!_isAffordable(ghost, more) || !_hasRoom(ghost)) return;
        vm.prank(_roll(2) == 0 ? _userOf(ghost) : OPERATOR);
        dweb.book.resume(orders[ghost.order].order, ghost.key, uint32(more));
        ghost.state = LeaseState.Open;
        _noteFunded(ghost, more);
        _did(Action.Resume);
    }

    // --------------------------------------------------------------- internal

    /// @notice An open lease that has run and been paid for.
    function _findStarted() internal virtual returns (bool found, uint256 i);

    function _renew(uint256 i, address by, uint256 more, Action action) private {
        LeaseGhost storage ghost = leases[i];
        if (!_isAffordable(ghost, more)) return;
        vm.prank(by);
        dweb.book.renew(orders[ghost.order].order, ghost.key, uint32(more));
        _noteFunded(ghost, more);
        _did(action);
    }

    function _park(uint256 i, address by) private {
        LeaseGhost storage ghost = leases[i];
        vm.prank(by);
        dweb.book.park(ghost.key);
        if (vm.getBlockTimestamp() < ghost.fundedUntil) ghost.fundedUntil = uint64(vm.getBlockTimestamp());
        ghost.state = LeaseState.Parked;
    }

    function _noteFunded(LeaseGhost storage ghost, uint256 more) private {
        _noteGap(ghost, vm.getBlockTimestamp());
        if (vm.getBlockTimestamp() > ghost.fundedUntil) {
            ghost.accrued += ghost.fundedUntil - ghost.fundedFrom;
            ghost.fundedFrom = uint64(vm.getBlockTimestamp());
            ghost.fundedUntil = ghost.fundedFrom;
        }
        ghost.fundedUntil += uint64(more);
    }

    function _isRenewable(LeaseGhost storage ghost) private view returns (bool) {
        return _isOpen(ghost) && _durationLeft(ghost) > 0 && !_isCancelled(orders[ghost.order]);
    }

    function _isRenewableByAnyone(LeaseGhost storage ghost) private view returns (bool) {
        return _isRenewable(ghost) && _isStarted(ghost);
    }

    function _isResumable(LeaseGhost storage ghost) private view returns (bool) {
        return _isParked(ghost) && _durationLeft(ghost) > 0 && !_isCancelled(orders[ghost.order]);
    }

    function _durationLeft(LeaseGhost storage ghost) internal view returns (uint256) {
        (,, uint32 committed) = dweb.book.replicaOf(ghost.key.orderHash, ghost.key.service, ghost.key.replica);
        return orders[ghost.order].order.duration - committed;
    }

    /// @dev Twice what it can cost at most, rent included, so that no formula of the book is repeated here.
    function _isAffordable(LeaseGhost storage ghost, uint256 more) private returns (bool) {
        OrderGhost storage order = orders[ghost.order];
        _fundUser(order.order.user);
        (,,, uint256 committed) = dweb.book.orderOf(order.id);
        uint256 dearest = 2 * uint256(_lease(ghost).terms.baseRate) * (more + times.grace) * GWEI;
        return committed + dearest <= order.order.maxTotal && dearest <= dweb.book.freeOf(order.order.user);
    }

    function _hasRoom(LeaseGhost storage ghost) private view returns (bool) {
        bytes32 id = sites[ghost.site].id;
        if (dweb.coes.coeOf(id).status != ICoeRegistry.Status.Active) return false;
        uint64[5] memory rest = dweb.coes.unassigned(id);
        uint64[5] memory wanted = _reservedBy(ghost);
        return rest[0] >= wanted[0] && rest[1] >= wanted[1] && rest[3] >= wanted[3];
    }
}
