// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Lease, LeaseState, Reason, UsageBatch} from "../../../../src/interfaces/Types.sol";
import {Typed} from "../../../Typed.sol";
import {vm} from "../../../Vm.sol";
import {Action, LeaseGhost} from "../Parts.sol";
import {Store} from "../Store.sol";

/// @title What every handler does: throw dice, find a lease, sign, remember
/// @notice Each action takes one seed. It makes what it needs come about first, and is passed over where that cannot be.
abstract contract Handler is Store {
    bytes32 private dice;
    uint256 private step;

    /// @dev Counts, lets a little time pass in every other call, and looks at all leases afterwards.
    modifier acts(Action action, uint256 seed) {
        dice = keccak256(abi.encode(seed, ++step));
        ++called[uint256(action)];
        if (_roll(2) == 0) _wait(1 + _roll(6));
        _;
        _watch();
    }

    function _did(Action action) internal {
        ++succeeded[uint256(action)];
    }

    // ------------------------------------------------------------------- dice

    /// @return a number below `sides`
    function _roll(uint256 sides) internal returns (uint256) {
        dice = keccak256(abi.encode(dice));
        return uint256(dice) % sides;
    }

    function _between(uint256 least, uint256 most) internal returns (uint256) {
        return least + _roll(most - least + 1);
    }

    function _wait(uint256 time) internal {
        vm.warp(vm.getBlockTimestamp() + time);
    }

    function _waitUntil(uint256 time) internal {
        if (vm.getBlockTimestamp() < time) vm.warp(time);
    }

    /// @notice A lease for which something holds, from a random one onwards.
    function _find(function(LeaseGhost storage) view returns (bool) holds) internal returns (bool found, uint256 i) {
        uint256 count = leases.length;
        if (count == 0) return (false, 0);
        uint256 from = _roll(count);
        for (uint256 n = 0; n < count; ++n) {
            i = (from + n) % count;
            if (holds(leases[i])) return (true, i);
        }
        return (false, 0);
    }

    function _isOpen(LeaseGhost storage ghost) internal view returns (bool) {
        return ghost.state == LeaseState.Open;
    }

    function _isParked(LeaseGhost storage ghost) internal view returns (bool) {
        return ghost.state == LeaseState.Parked;
    }

    function _isLive(LeaseGhost storage ghost) internal view returns (bool) {
        return _isOpen(ghost) || _isParked(ghost);
    }

    function _isEnding(LeaseGhost storage ghost) internal view returns (bool) {
        return ghost.state == LeaseState.Ending;
    }

    function _isStarted(LeaseGhost storage ghost) internal view returns (bool) {
        return _isOpen(ghost) && ghost.secondsSeen > 0;
    }

    function _isUnstarted(LeaseGhost storage ghost) internal view returns (bool) {
        return _isOpen(ghost) && ghost.secondsSeen == 0;
    }

    function _isUnclosed(LeaseGhost storage ghost) internal view returns (bool) {
        return ghost.state != LeaseState.Closed;
    }

    // ---------------------------------------------------------------- signing

    function _digest(bytes32 structHash) internal view returns (bytes32) {
        return Typed.digest(address(dweb.book), structHash);
    }

    function _sign(uint256 key, bytes32 structHash) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, _digest(structHash));
        return abi.encodePacked(r, s, v);
    }

    /// @notice Two of the three members, whichever.
    function _quorum(bytes32 structHash) internal returns (bytes[] memory signatures) {
        uint256 absent = _roll(HOUSE);
        signatures = new bytes[](2);
        uint256 n = 0;
        for (uint256 i = 0; i < HOUSE; ++i) {
            if (i != absent) signatures[n++] = _sign(members[i].key, structHash);
        }
    }

    function _batch(uint256 site, uint64 asOf, bytes memory entries) internal view returns (UsageBatch memory batch) {
        bytes32 id = sites[site].id;
        batch = UsageBatch(id, asOf, entries, _sign(sites[site].agentKey, Typed.hashUsage(id, asOf, entries)));
    }

    // ----------------------------------------------------------------- people

    function _userOf(LeaseGhost storage ghost) internal view returns (address) {
        return orders[ghost.order].order.user;
    }

    /// @notice Whoever gets a bounty: a user, the stranger, or nobody.
    function _anyone() internal returns (address) {
        uint256 who = _roll(HOUSE + 2);
        if (who < HOUSE) return users[who].account;
        return who == HOUSE ? stranger : address(0);
    }

    /// @dev A user with next to nothing in the book puts something in.
    function _fundUser(address user) internal {
        if (dweb.book.freeOf(user) < 1e18) _deposit(user, 2e18);
    }

    function _deposit(address user, uint256 amount) internal {
        vm.prank(user);
        dweb.book.deposit(amount);
        accounts[user].deposited += amount;
    }

    // ------------------------------------------------------------- remembering

    /// @notice Counters never fall, and no lease changes its state behind the back of those who took part.
    function _watch() private {
        for (uint256 i = 0; i < leases.length; ++i) {
            LeaseGhost storage ghost = leases[i];
            if (ghost.state == LeaseState.Closed) continue;
            Lease memory lease = _lease(ghost);
            assertTrue(lease.state == ghost.state, "a state changes with a reason");
            assertTrue(lease.settled.secondsRun >= ghost.secondsSeen, "seconds never fall");
            assertTrue(lease.settled.received >= ghost.receivedSeen, "received never falls");
            assertTrue(lease.settled.sent >= ghost.sentSeen, "sent never falls");
            _see(ghost, lease);
        }
    }

    function _see(LeaseGhost storage ghost, Lease memory lease) internal {
        ghost.secondsSeen = lease.settled.secondsRun;
        ghost.receivedSeen = lease.settled.received;
        ghost.sentSeen = lease.settled.sent;
    }

    /// @param when nothing is paid for time after this
    function _noteEnd(LeaseGhost storage ghost, Reason reason, uint256 when) internal {
        uint256 kept = when < vm.getBlockTimestamp() ? when : vm.getBlockTimestamp();
        _noteGap(ghost, kept);
        if (when < ghost.fundedFrom) when = ghost.fundedFrom;
        if (when < ghost.fundedUntil) ghost.fundedUntil = uint64(when);
        ghost.state = LeaseState.Ending;
        ghost.reason = reason;
        ghost.endedAt = uint64(when > vm.getBlockTimestamp() ? when : vm.getBlockTimestamp());
    }

    /// @notice The rent of the time since funds ran out, up to grace; none where nothing was ever kept.
    function _noteGap(LeaseGhost storage ghost, uint256 until) internal {
        if (until <= ghost.fundedUntil || ghost.secondsSeen == 0) return;
        uint256 gap = until - ghost.fundedUntil;
        ghost.rentSeconds += uint64(gap < times.grace ? gap : times.grace);
        ++ghost.gaps;
    }

    function _noteClosed(LeaseGhost storage ghost, bool bondToUser) internal {
        Lease memory lease = _lease(ghost);
        _see(ghost, lease);
        ghost.state = LeaseState.Closed;
        ghost.closed = _hash(lease);
        if (!bondToUser) return;
        earners[ghost.site].slashed += ghost.bond;
        accounts[_userOf(ghost)].gained += ghost.bond;
    }
}
