// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {LeaseKey} from "../../src/interfaces/Types.sol";
import {vm} from "../Vm.sol";
import {LeaseWorld} from "./LeaseWorld.sol";

contract EscrowTest is LeaseWorld {
    function test_a_deposit_is_free_balance() public {
        token.transfer(stranger, 3);
        vm.startPrank(stranger);
        token.approve(address(book), 3);
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.Deposited(stranger, stranger, 3);
        book.deposit(3);
        vm.stopPrank();
        assertEq(book.freeOf(stranger), 3, "free");
        assertEq(token.balanceOf(address(book)), DEPOSIT + 3, "held");
    }

    function test_a_permit_of_nothing_is_refused() public {
        (uint8 v, bytes32 r, bytes32 s) = _permit(0, START + 1);
        vm.expectRevert(ILeaseBook.AmountZero.selector);
        book.depositWithPermit(stranger, 0, START + 1, v, r, s);
    }

    function test_a_deposit_of_nothing_is_refused() public {
        vm.expectRevert(ILeaseBook.AmountZero.selector);
        book.deposit(0);
    }

    function test_a_deposit_that_is_not_approved_credits_nothing() public {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(book), 0, 3));
        vm.prank(stranger);
        book.deposit(3);
        assertEq(book.freeOf(stranger), 0, "free");
    }

    function test_a_permit_deposits_for_its_owner_whoever_sends_it() public {
        token.transfer(stranger, 5);
        (uint8 v, bytes32 r, bytes32 s) = _permit(5, START + 1);
        vm.prank(host);
        book.depositWithPermit(stranger, 5, START + 1, v, r, s);
        assertEq(book.freeOf(stranger), 5, "owner");
        assertEq(book.freeOf(host), 0, "sender");
    }

    function test_a_permit_that_somebody_used_first_is_no_error() public {
        token.transfer(stranger, 5);
        (uint8 v, bytes32 r, bytes32 s) = _permit(5, START + 1);
        token.permit(stranger, address(book), 5, START + 1, v, r, s);
        book.depositWithPermit(stranger, 5, START + 1, v, r, s);
        assertEq(book.freeOf(stranger), 5, "free");
    }

    function test_a_forged_permit_takes_nothing() public {
        token.transfer(stranger, 5);
        (uint8 v, bytes32 r, bytes32 s) = _permit(5, START + 1);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(book), 0, 4));
        book.depositWithPermit(stranger, 4, START + 1, v, r, s);
    }

    function test_free_balance_is_withdrawn() public {
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.Withdrawn(user, 4e18);
        vm.prank(user);
        book.withdraw(4e18);
        assertEq(token.balanceOf(user), 4e18, "paid");
        assertEq(book.freeOf(user), DEPOSIT - 4e18, "rest");
    }

    function test_a_withdrawal_of_nothing_is_refused() public {
        vm.expectRevert(ILeaseBook.AmountZero.selector);
        vm.prank(user);
        book.withdraw(0);
    }

    function test_nobody_withdraws_more_than_is_free() public {
        LeaseKey memory key = _openOne();
        uint256 free = DEPOSIT - book.fencedOf(_id(key));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.FreeBalanceTooLow.selector, user, free, free + 1));
        vm.prank(user);
        book.withdraw(free + 1);
        vm.prank(user);
        book.withdraw(free);
        assertEq(book.freeOf(user), 0, "all that was free");
    }

    function test_what_was_deposited_and_not_withdrawn_is_free(uint256 in_, uint256 out) public {
        in_ = bound(in_, 1, 1_000e18);
        out = bound(out, 1, in_);
        token.transfer(stranger, in_);
        vm.startPrank(stranger);
        token.approve(address(book), in_);
        book.deposit(in_);
        book.withdraw(out);
        vm.stopPrank();
        assertEq(book.freeOf(stranger), in_ - out, "free");
        assertEq(token.balanceOf(stranger), out, "paid");
        assertEq(book.freeOf(user), DEPOSIT, "others");
        assertEq(token.balanceOf(address(book)), DEPOSIT + in_ - out, "held");
    }

    function test_a_permit_deposits_exactly_what_it_says(uint256 amount, uint256 other) public {
        amount = bound(amount, 1, 1_000e18);
        other = bound(other, amount + 1, type(uint128).max);
        token.transfer(stranger, amount);
        (uint8 v, bytes32 r, bytes32 s) = _permit(amount, START);
        vm.expectPartialRevert(IERC20Errors.ERC20InsufficientAllowance.selector);
        book.depositWithPermit(stranger, other, START, v, r, s);
        book.depositWithPermit(stranger, amount, START, v, r, s);
        assertEq(book.freeOf(stranger), amount, "free");
    }

    function test_a_permit_deposits_once() public {
        token.transfer(stranger, 10);
        (uint8 v, bytes32 r, bytes32 s) = _permit(5, START + 1);
        book.depositWithPermit(stranger, 5, START + 1, v, r, s);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(book), 0, 5));
        book.depositWithPermit(stranger, 5, START + 1, v, r, s);
    }

    function _permit(uint256 amount, uint256 deadline) private view returns (uint8, bytes32, bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                stranger,
                address(book),
                amount,
                0,
                deadline
            )
        );
        return vm.sign(STRANGER_KEY, keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), structHash)));
    }
}
