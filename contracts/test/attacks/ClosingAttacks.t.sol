// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {LeaseKey, LeaseState, UsageBatch, UsageCode} from "../../src/interfaces/Types.sol";
import {vm} from "../Vm.sol";
import {AttackWorld} from "./AttackWorld.sol";

/// @notice What a user could gain by the moment at which a lease ends or is paid for.
contract ClosingAttacksTest is AttackWorld {
    // -------------------------------------------- close one block before settlement

    function test_close_one_block_before_settlement_makes_nothing_free(uint32 ran, uint32 wait) public {
        ran = uint32(bound(ran, 1, PREPAY - 1));
        wait = uint32(bound(wait, 0, _params().lateReports));
        LeaseKey memory key = _openOne();
        vm.warp(START + ran);
        UsageBatch[] memory report = _batch(_usage(key, ran, 3, 4), uint64(vm.getBlockTimestamp()), AGENT_KEY);
        _end(key);
        vm.warp(START + ran + wait);
        Settled memory s = _settle(report);
        _assertCode(s, UsageCode.Accepted);
        assertEq(s.host, _host(ran, 7), "all that ran is paid");
        _assertConserved(key);
    }

    function test_close_one_block_before_settlement_and_finalise_at_once_is_refused() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + 100);
        _end(key);
        vm.warp(START + 102);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LateReportsStillTaken.selector, _id(key), START + 103));
        book.finalise(_keys(key));
    }

    // ---------------------------------------- late top-up that would pay the paused gap

    function test_late_top_up_does_not_pay_the_paused_gap(uint32 gap, uint32 more) public {
        gap = uint32(bound(gap, 1, 100_000));
        more = uint32(bound(more, 1, PREPAY));
        LeaseKey memory key = _openOne();
        vm.warp(START + PREPAY);
        _settle(key, PREPAY, 0, 0);
        vm.warp(START + PREPAY + gap);
        vm.prank(user);
        book.renew(_order(_services()), key, more);
        uint256 rent = RENT * (gap < GRACE ? gap : GRACE) * 1e9;
        assertEq(_earned(coe), _host(PREPAY, 0) + rent, "the gap pays rent, up to grace");

        _assertNothingPaid(_settle(key, PREPAY + gap, 0, 0));
        vm.warp(vm.getBlockTimestamp() + more);
        Settled memory s = _settle(key, PREPAY + gap + more, 0, 0);
        assertEq(s.host, _host(more, 0), "only what was funded after it");
        assertEq(s.royalty + s.fee, _royalty(more, 0) + _fee(more, 0), "nor does anyone else earn by it");
        _assertConserved(key);
    }

    // ------------------------------------------------- cancelling to get out of the rent

    /// @notice A parked lease's storage is kept for its user; cancelling the order does not unmake that.
    function test_cancelling_a_parked_order_does_not_make_the_storage_free() public {
        LeaseKey memory key = _parked();
        vm.warp(vm.getBlockTimestamp() + GRACE - 1);
        vm.prank(user);
        book.cancel(key.orderHash);
        _requireRentOnExpiry(key, GRACE - 1);
    }

    function test_raising_the_epoch_does_not_make_the_storage_free() public {
        LeaseKey memory key = _parked();
        vm.warp(vm.getBlockTimestamp() + GRACE - 1);
        vm.prank(user);
        book.raiseEpoch();
        _requireRentOnExpiry(key, GRACE - 1);
    }

    function _parked() private returns (LeaseKey memory key) {
        key = _openOne();
        vm.warp(START + 100);
        _settle(key, 100, 0, 0);
        vm.prank(user);
        book.park(key);
    }

    function _requireRentOnExpiry(LeaseKey memory key, uint256 kept) private {
        uint256 earned = _earned(coe);
        vm.prank(user);
        book.expire(_order(_services()), _keys(key));
        assertEq(_earned(coe), earned + RENT * kept * 1e9, "rent of the time it was kept");
        _assertConserved(key);
    }

    // -------------------------------------------------------------------- dust

    function test_dust_deposits_and_withdrawals_give_back_what_came_in(uint256 amount, uint8 times) public {
        amount = bound(amount, 1, 1e18);
        uint256 rounds = bound(times, 1, 8);
        token.transfer(stranger, amount * rounds);
        vm.startPrank(stranger);
        token.approve(address(book), type(uint256).max);
        for (uint256 i = 0; i < rounds; ++i) {
            book.deposit(amount);
        }
        assertEq(book.freeOf(stranger), amount * rounds, "to the wei");
        for (uint256 i = 1; i < rounds; ++i) {
            book.withdraw(amount);
        }
        book.withdraw(1);
        if (amount > 1) book.withdraw(amount - 1);
        vm.stopPrank();
        assertEq(token.balanceOf(stranger), amount * rounds, "all is back");
        assertEq(book.freeOf(user), DEPOSIT, "nobody else's money moved");
    }

    function test_dust_of_nothing_is_refused() public {
        vm.expectRevert(ILeaseBook.AmountZero.selector);
        book.deposit(0);
        vm.expectRevert(ILeaseBook.AmountZero.selector);
        book.withdraw(0);
    }

    /// @notice Charges are linear: a lease settled by the second costs what one settlement of the whole costs.
    function test_dust_settlements_round_nothing_away() public {
        LeaseKey memory key = _openOne();
        for (uint32 i = 1; i <= 60; ++i) {
            vm.warp(START + i);
            _settle(key, i, i, 0);
        }
        assertEq(_earned(coe), _host(60, 60), "host");
        assertEq(book.fees(), _fee(60, 60), "fee");
        assertEq(token.balanceOf(address(pool)), _royalty(60, 60), "royalty");
        assertTrue(_stateOf(key) == LeaseState.Open, "goes on");
    }
}
