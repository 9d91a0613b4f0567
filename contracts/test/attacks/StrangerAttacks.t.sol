// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {LeaseKey, LeaseState, Order, ReplicaState} from "../../src/interfaces/Types.sol";
import {vm} from "../Vm.sol";
import {AttackWorld} from "./AttackWorld.sol";

/// @notice What somebody without any right could do to a user's lease and money, and what an operator could.
contract StrangerAttacksTest is AttackWorld {
    // --------------------------------- `renew` by a stranger to lock all free money

    function test_renew_by_a_stranger_before_half_of_the_prepayment_is_used_is_refused() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + PREPAY / 2 - 1);
        bytes4 selector = ILeaseBook.RenewalTooEarly.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, _id(key), START + PREPAY / 2));
        vm.prank(stranger);
        book.renew(_order(_services()), key, 1);
    }

    /// @notice However often and whenever strangers renew, a lease is funded for one prepayment from now at most.
    function test_renew_by_a_stranger_never_locks_more_than_one_prepayment(
        uint32[4] memory waits,
        uint32[4] memory more
    ) public {
        LeaseKey memory key = _openOne();
        vm.warp(START + 1);
        _settle(key, 1, 0, 0);
        for (uint256 i = 0; i < 4; ++i) {
            vm.warp(vm.getBlockTimestamp() + bound(waits[i], PREPAY / 2, 2 * PREPAY));
            uint256 most = _mostOfStrangers(key);
            bytes4 selector = ILeaseBook.RenewalTooFar.selector;
            vm.expectRevert(abi.encodeWithSelector(selector, _id(key), most + 1, most));
            this.renewAsStranger(key, uint32(most + 1));
            this.renewAsStranger(key, uint32(bound(more[i], 1, most)));
            assertTrue(_ticket(key).fundedUntil <= vm.getBlockTimestamp() + PREPAY, "one prepayment ahead");
        }
        _assertConserved(key);
    }

    function renewAsStranger(LeaseKey calldata key, uint32 more) external {
        vm.prank(stranger);
        book.renew(_order(_services()), key, more);
    }

    /// @return seconds that fill the funded rest up to one prepayment
    function _mostOfStrangers(LeaseKey memory key) private view returns (uint256) {
        uint256 until = _ticket(key).fundedUntil;
        return until > vm.getBlockTimestamp() ? PREPAY - (until - vm.getBlockTimestamp()) : PREPAY;
    }

    function test_renew_by_a_stranger_never_passes_what_the_user_signed() public {
        LeaseKey memory key = _openOne();
        Order memory order = _order(_services());
        order.maxTotal += 1;
        bytes32 other_ = book.orderHashOf(order);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.OrderMismatch.selector, key.orderHash, other_));
        vm.prank(stranger);
        book.renew(order, key, 1);
    }

    // ------------------------- resume by a stranger of a lease that its user parked

    function test_resume_by_a_stranger_of_a_lease_that_its_user_parked_is_refused() public {
        LeaseKey memory key = _parked();
        bytes memory reason = abi.encodeWithSelector(ILeaseBook.NotTheUser.selector, user, stranger);
        vm.expectRevert(reason);
        vm.prank(stranger);
        book.resume(_order(_services()), key, 1);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NotTheUser.selector, user, host));
        vm.prank(host);
        book.resume(_order(_services()), key, 1);
    }

    function test_a_parked_lease_cannot_be_renewed_by_a_stranger_instead() public {
        LeaseKey memory key = _parked();
        bytes4 selector = ILeaseBook.LeaseNotOpen.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, _id(key), LeaseState.Parked));
        vm.prank(stranger);
        book.renew(_order(_services()), key, 1);
    }

    function test_a_stranger_cannot_park_what_is_funded() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + PREPAY + 2);
        _settle(key, PREPAY, 0, 0);
        bytes4 selector = ILeaseBook.NotYetUnfunded.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, _id(key), START + PREPAY + 3));
        vm.prank(stranger);
        book.park(key);
    }

    function test_a_stranger_can_end_nothing() public {
        LeaseKey memory key = _openOne();
        Order memory order = _order(_services());
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NotTheUser.selector, user, stranger));
        book.end(_keys(key));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NotTheUser.selector, user, stranger));
        book.move(order, _keys(key));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NotTheHost.selector, host, stranger));
        book.drain(order, _keys(key));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.MayStillStart.selector, _id(key), START + 20));
        book.noShow(order, _keys(key));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NeverStarted.selector, _id(key)));
        book.expire(order, _keys(key));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NotTheUser.selector, user, stranger));
        book.cancel(key.orderHash);
        vm.stopPrank();
        vm.warp(START + 1);
        _settle(key, 1, 0, 0);
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.StartedAlready.selector, _id(key)));
        book.noShow(order, _keys(key));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.StillFunded.selector, _id(key), START + PREPAY + GRACE));
        book.expire(order, _keys(key));
        vm.stopPrank();
    }

    function test_a_stranger_puts_no_money_into_what_never_started() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + PREPAY / 2);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NeverStarted.selector, _id(key)));
        vm.prank(stranger);
        book.renew(_order(_services()), key, 1);
    }

    // ------------------------------------------- operator tries to spend beyond caps

    function test_operator_tries_to_spend_beyond_the_total_and_is_refused() public {
        Order memory order = _operated();
        order.maxTotal = uint128(_charge(PREPAY, ALLOWANCE) + RESERVE);
        LeaseKey memory key = _openParked(order);
        bytes4 selector = ILeaseBook.MaxTotalExceeded.selector;
        uint256 wanted = _charge(PREPAY, 0);
        vm.expectRevert(abi.encodeWithSelector(selector, key.orderHash, wanted, order.maxTotal));
        vm.prank(stranger);
        book.resume(order, key, PREPAY);
        vm.prank(stranger);
        book.resume(order, key, PREPAY - 100);
        (,,, uint256 committed) = book.orderOf(key.orderHash);
        assertEq(committed, order.maxTotal, "what was signed and not a wei more");
    }

    function test_operator_tries_to_fund_beyond_the_duration_and_is_refused() public {
        Order memory order = _operated();
        LeaseKey memory key = _openParked(order);
        bytes4 selector = ILeaseBook.DurationExceeded.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, _id(key), 3_501, 3_500));
        vm.prank(stranger);
        book.resume(order, key, 3_501);
    }

    function test_operator_tries_to_take_or_end_and_is_refused() public {
        Order memory order = _operated();
        _admit(order, _services());
        _open(order, _services(), _one(_entry(0)));
        LeaseKey memory key = _keyOf(book.orderHashOf(order), 0, 0);
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.FreeBalanceTooLow.selector, stranger, 0, 1));
        book.withdraw(1);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NotTheUser.selector, user, stranger));
        book.end(_keys(key));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NotTheUser.selector, user, stranger));
        book.cancel(key.orderHash);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.RenewalTooEarly.selector, _id(key), START + PREPAY / 2));
        book.renew(order, key, 1);
        book.move(order, _keys(key));
        vm.stopPrank();
        (ReplicaState state,,) = book.replicaOf(key.orderHash, 0, 0);
        assertTrue(state == ReplicaState.Refillable, "moving is what it may");
    }

    // ------------------------------------------------------------ handle grinding

    /// @notice A key is ground until its lease's handle begins like that of a user's lease. A handle is 16 bytes long, so
    /// a look at the first two is as far as anybody gets, and the key finds nothing.
    function test_handle_grinding_a_foreign_key_never_finds_the_lease() public {
        LeaseKey memory key = _openOne();
        bytes2 wanted = bytes2(_id(key));
        LeaseKey memory ground = _keyOf(0, 0, 0);
        ground.orderHash = _grind(abi.encode(block.chainid, address(book), ground), wanted);
        assertEq(bytes32(bytes2(_id(ground))), bytes32(wanted), "they begin alike");
        _requireUnknown(ground);
    }

    /// @dev Of what an id is the hash of, the order's hash is the third word. It is written in place, or the memory of
    /// many tries would not be affordable. Plain version: `preimage = abi.encode(chainId, book, key)` for each key.
    function _grind(bytes memory preimage, bytes2 wanted) private pure returns (bytes32 orderHash) {
        for (uint256 i = 1; i < 1_000_000; ++i) {
            assembly ("memory-safe") {
                mstore(add(preimage, 0x60), i)
            }
            if (bytes2(keccak256(preimage)) == wanted) return bytes32(i);
        }
        revert NotTrue("a key was found");
    }

    function test_handle_grinding_no_other_key_finds_the_lease(LeaseKey memory key) public {
        LeaseKey memory opened = _openOne();
        vm.assume(keccak256(abi.encode(key)) != keccak256(abi.encode(opened)));
        _requireUnknown(key);
    }

    function _requireUnknown(LeaseKey memory key) private {
        bytes memory reason = abi.encodeWithSelector(ILeaseBook.LeaseUnknown.selector, _id(key));
        vm.expectRevert(reason);
        book.end(_keys(key));
        vm.expectRevert(reason);
        book.park(key);
        vm.expectRevert(reason);
        book.finalise(_keys(key));
        vm.expectRevert(reason);
        book.dispute(key, 1);
    }

    function _parked() private returns (LeaseKey memory key) {
        key = _openOne();
        vm.warp(START + 100);
        _settle(key, 100, 0, 0);
        vm.prank(user);
        book.park(key);
    }

    /// @dev The world's order with the stranger as its operator.
    function _operated() private view returns (Order memory order) {
        order = _order(_services());
        order.operator = stranger;
    }

    function _openParked(Order memory order) private returns (LeaseKey memory key) {
        _admit(order, _services());
        _open(order, _services(), _one(_entry(0)));
        key = _keyOf(book.orderHashOf(order), 0, 0);
        vm.warp(START + 100);
        _settle(key, 100, 0, 0);
        vm.prank(user);
        book.park(key);
    }
}
