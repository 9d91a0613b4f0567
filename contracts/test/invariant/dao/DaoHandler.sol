// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Asserts} from "../../Asserts.sol";
import {vm} from "../../Vm.sol";
import {Parts} from "../../dao/DaoWorld.sol";

/// @title What people do with two DAOs that are members of each other, and of themselves
/// @notice Counts every amount on its own, from what it asked for and what balances say, never from the treasuries.
/// A call that finds nothing to do makes something to do first, so that every kind of call succeeds in every run.
contract DaoHandler is Asserts {
    uint256 private constant MOST_SHARES = 1_000_000;
    uint256 private constant PEOPLE = 5;

    /// @notice What one treasury got and gave, in wei.
    struct Account {
        uint256 receipts;
        uint256 paid;
        uint256 spent;
    }

    /// @notice How often each kind of call succeeded in this run.
    struct Calls {
        uint256 donate;
        uint256 sync;
        uint256 draw;
        uint256 spend;
        uint256 issue;
        uint256 retire;
        uint256 move;
        uint256 retain;
        uint256 wait;
    }

    IERC20 private immutable TOKEN;

    Parts[2] private _daos;
    address[] private _members;
    mapping(uint256 dao => Account) private _accounts;
    mapping(uint256 dao => mapping(address member => uint256)) private _paidTo;
    Calls private _calls;

    constructor(IERC20 token, Parts memory one, Parts memory other) {
        TOKEN = token;
        _daos[0] = one;
        _daos[1] = other;
        for (uint256 i = 0; i < PEOPLE; ++i) {
            _members.push(address(uint160(0x1000 + i)));
        }
        _members.push(address(one.timelock));
        _members.push(address(other.timelock));
    }

    // --------------------------------------------------------------------- calls

    function donate(uint256 which, uint256 amount) external {
        _donate(which % 2, bound(amount, 1, 1e24));
        ++_calls.donate;
    }

    function sync(uint256 which) external {
        _daos[which % 2].treasury.sync();
        ++_calls.sync;
    }

    function draw(uint256 which, uint256 who) external {
        which %= 2;
        Parts memory d = _daos[which];
        address member = _holder(d, who);
        if (d.treasury.owedTo(member) == 0) _donate(which, 1e24);
        uint256 owed = d.treasury.owedTo(member);
        if (owed == 0) return; // all of it is kept at present

        address payout = d.treasury.payoutOf(member);
        uint256 before = TOKEN.balanceOf(payout);
        uint256 amount = d.treasury.draw(member);
        assertEq(amount, owed, "as the view said");
        bool toItself = payout == address(d.treasury);
        assertEq(TOKEN.balanceOf(payout), toItself ? before : before + amount, "paid");
        _accounts[which].paid += amount;
        _paidTo[which][member] += amount;
        _received(payout, amount);
        ++_calls.draw;
    }

    function spend(uint256 which, uint256 amount) external {
        which %= 2;
        Parts memory d = _daos[which];
        if (d.treasury.pot().reserve == 0) _donate(which, 1e24);
        uint256 reserve = d.treasury.pot().reserve;
        if (reserve == 0) return; // nothing is kept at present

        uint256 spent = bound(amount, 1, reserve);
        address to = _members[amount % PEOPLE];
        vm.prank(address(d.timelock));
        d.treasury.spend(to, spent);
        _accounts[which].spent += spent;
        ++_calls.spend;
    }

    function issue(uint256 which, uint256 who, uint256 amount) external {
        Parts memory d = _daos[which % 2];
        uint256 room = MOST_SHARES - d.shares.totalShares();
        if (room == 0) return;
        address to = _members[who % _members.length];
        uint256[2] memory before = _owed(d, to, to);
        vm.prank(address(d.timelock));
        d.shares.issue(to, bound(amount, 1, _small(room)));
        _requireKept(d, to, to, before);
        ++_calls.issue;
    }

    function retire(uint256 which, uint256 who, uint256 amount) external {
        Parts memory d = _daos[which % 2];
        address from = _holder(d, who);
        uint256 most = d.shares.sharesOf(from);
        if (most == d.shares.totalShares()) --most;
        if (most == 0) return;
        uint256[2] memory before = _owed(d, from, from);
        vm.prank(address(d.timelock));
        d.shares.retire(from, bound(amount, 1, most));
        _requireKept(d, from, from, before);
        ++_calls.retire;
    }

    function move(uint256 which, uint256 who, uint256 whom, uint256 amount) external {
        Parts memory d = _daos[which % 2];
        address from = _holder(d, who);
        address to = _members[whom % _members.length];
        uint256[2] memory before = _owed(d, from, to);
        uint256 moved = bound(amount, 1, d.shares.sharesOf(from));
        vm.prank(address(d.timelock));
        d.shares.move(from, to, moved);
        _requireKept(d, from, to, before);
        ++_calls.move;
    }

    function retain(uint256 which, uint256 bps) external {
        Parts memory d = _daos[which % 2];
        uint256[2] memory before = _owed(d, _members[0], _members[1]);
        vm.prank(address(d.timelock));
        d.shares.setRetainBps(uint16(bound(bps, 0, 10_000)));
        _requireKept(d, _members[0], _members[1], before);
        ++_calls.retain;
    }

    function wait_(uint256 span) external {
        vm.warp(vm.getBlockTimestamp() + bound(span, 1, 30 days));
        ++_calls.wait;
    }

    // --------------------------------------------------------------------- views

    function calls() external view returns (Calls memory) {
        return _calls;
    }

    function daoOf(uint256 which) external view returns (Parts memory) {
        return _daos[which];
    }

    function accountOf(uint256 which) external view returns (Account memory) {
        return _accounts[which];
    }

    function paidTo(uint256 which, address member) external view returns (uint256) {
        return _paidTo[which][member];
    }

    function members() external view returns (address[] memory) {
        return _members;
    }

    // ------------------------------------------------------------------- private

    function _donate(uint256 which, uint256 amount) private {
        TOKEN.transfer(address(_daos[which].treasury), amount);
        _accounts[which].receipts += amount;
    }

    /// @dev A payment to a treasury is a receipt of that treasury, be it another's or its own.
    function _received(address payout, uint256 amount) private {
        for (uint256 i = 0; i < 2; ++i) {
            if (payout == address(_daos[i].treasury)) _accounts[i].receipts += amount;
        }
    }

    /// @dev Somebody with shares, at or after `who`.
    function _holder(Parts memory d, uint256 who) private view returns (address) {
        who %= _members.length;
        while (d.shares.sharesOf(_members[who]) == 0) {
            who = (who + 1) % _members.length;
        }
        return _members[who];
    }

    /// @dev Mostly small issues, so that a run does not end at a million after two of them.
    function _small(uint256 room) private pure returns (uint256) {
        return room > 50_000 ? 50_000 : room;
    }

    function _owed(Parts memory d, address one, address other) private view returns (uint256[2] memory) {
        return [d.treasury.owedTo(one), d.treasury.owedTo(other)];
    }

    /// @dev A carry that is no longer below the total is divided as well: at most a wei for each share there can be.
    function _requireKept(Parts memory d, address one, address other, uint256[2] memory before) private view {
        uint256[2] memory later = _owed(d, one, other);
        for (uint256 i = 0; i < 2; ++i) {
            assertTrue(later[i] >= before[i], "a change takes nothing that was earned");
            assertTrue(later[i] - before[i] < MOST_SHARES, "and gives nothing");
        }
    }
}
