// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Earnings} from "../../src/lease/Earnings.sol";
import {Asserts} from "../Asserts.sol";
import {vm} from "../Vm.sol";

contract EarningsTest is Asserts {
    using Earnings for Earnings.Account;

    Earnings.Account private account;
    uint256[] private paid; // by epoch, as the plainest bookkeeping there is

    function test_pay_goes_from_current_to_previous_to_matured() public {
        account.add(5, 10);
        _assertIn(5, 0, 0, 10);
        _assertIn(6, 0, 10, 0);
        _assertIn(7, 10, 0, 0);
        _assertIn(8, 10, 0, 0);
        account.add(6, 7);
        _assertIn(6, 0, 10, 7);
        _assertIn(7, 10, 7, 0);
        _assertIn(8, 17, 0, 0);
        _assertIn(900, 17, 0, 0);
    }

    function test_nothing_added_is_nothing_written() public {
        account.add(5, 10);
        account.add(9, 0);
        assertEq(account.epoch, 5, "epoch");
    }

    function test_matured_pay_is_taken_once() public {
        account.add(5, 10);
        account.add(6, 7);
        assertEq(account.take(6), 0, "nothing yet");
        assertEq(account.take(7), 10, "the first");
        assertEq(account.take(7), 0, "once");
        assertEq(account.take(8), 7, "the second");
    }

    function test_pay_that_nobody_can_dispute_is_there_at_once() public {
        account.add(5, 10);
        account.addMatured(5, 3);
        _assertIn(5, 3, 0, 10);
        assertEq(account.take(5), 3, "taken");
        _assertIn(5, 0, 0, 10);
    }

    function test_the_older_pay_is_set_aside_first() public {
        account.add(5, 10);
        account.add(6, 7);
        assertEq(account.setAside(6, 4), 4, "of the older");
        _assertIn(6, 0, 6, 7);
        assertEq(account.setAside(6, 8), 8, "of both");
        _assertIn(6, 0, 0, 5);
        assertEq(account.setAside(6, 8), 5, "no more than there is");
        assertEq(account.setAside(6, 8), 0, "nothing is left");
        assertEq(account.disputed, 17, "all of it");
        assertEq(account.take(100), 0, "nothing of it matures");
    }

    function test_matured_pay_is_not_set_aside() public {
        account.add(5, 10);
        assertEq(account.setAside(7, 10), 0, "too late");
        _assertIn(7, 10, 0, 0);
    }

    function test_more_than_64_bits_are_refused_and_not_wrapped() public {
        account.add(5, type(uint64).max);
        vm.expectRevert(abi.encodeWithSelector(SafeCast.SafeCastOverflowedUintDowncast.selector, 64, 2 ** 64));
        this.add(5, 1);
        vm.expectRevert(abi.encodeWithSelector(SafeCast.SafeCastOverflowedUintDowncast.selector, 64, 2 ** 64));
        this.addMatured(7, 1);
        _assertIn(5, 0, 0, type(uint64).max);
    }

    /// @notice As one who keeps a book a page an epoch: what is two epochs old has matured, the rest has not.
    function test_pay_matures_after_two_epochs_and_none_is_lost(uint8[8] memory waits, uint32[8] memory amounts)
        public
    {
        uint64 epoch = 1;
        paid = new uint256[](40);
        for (uint256 i = 0; i < 8; ++i) {
            epoch += waits[i] % 4;
            account.add(epoch, amounts[i]);
            paid[epoch] += amounts[i];
            _assertAsBook(epoch);
        }
        for (uint64 later = 1; later < 4; ++later) {
            _assertAsBook(epoch + later);
        }
    }

    function test_setting_aside_conserves_every_gwei(uint32[3] memory amounts, uint64 most, uint8 wait) public {
        account.add(5, amounts[0]);
        account.add(6, amounts[1]);
        account.addMatured(6, amounts[2]);
        uint64 epoch = 6 + wait % 4;
        uint64 aside = account.setAside(epoch, most);
        Earnings.Account memory a = account.rolledTo(epoch);
        uint256 sum = uint256(a.matured) + a.previous + a.current + aside;
        assertEq(sum, uint256(amounts[0]) + amounts[1] + amounts[2], "sum");
        assertTrue(aside <= most, "no more than was asked for");
        assertTrue(aside == most || uint256(a.previous) + a.current == 0, "no less than there was");
        assertTrue(a.matured >= amounts[2], "what has matured stays");
    }

    function add(uint64 epoch, uint256 amount) external {
        account.add(epoch, amount);
    }

    function addMatured(uint64 epoch, uint256 amount) external {
        account.addMatured(epoch, amount);
    }

    function _assertIn(uint64 epoch, uint256 matured, uint256 previous, uint256 current) private view {
        Earnings.Account memory a = account.rolledTo(epoch);
        assertEq(a.matured, matured, "matured");
        assertEq(a.previous, previous, "previous");
        assertEq(a.current, current, "current");
    }

    function _assertAsBook(uint64 epoch) private view {
        uint256 matured = 0;
        for (uint256 e = 0; e + 2 <= epoch; ++e) {
            matured += paid[e];
        }
        _assertIn(epoch, matured, paid[epoch - 1], paid[epoch]);
    }
}
