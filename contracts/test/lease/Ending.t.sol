// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {LeaseState, Reason, Ticket, UsageCode} from "../../src/interfaces/Types.sol";
import {vm} from "../Vm.sol";
import {LeaseWorld} from "./LeaseWorld.sol";

contract EndingTest is LeaseWorld {
    bytes32 private hash;
    bytes32 private leaseId;

    function setUp() public override {
        super.setUp();
        (hash, leaseId) = _openOne();
    }

    // ---------------------------------------------------------------------- end

    function test_the_user_ends_a_lease_and_gets_the_unused_seconds_at_once() public {
        vm.warp(START + 100);
        uint256 free = book.freeOf(user);
        uint256 refund = _charge(PREPAY - 100, 0);
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.LeaseEnding(leaseId, coe, Reason.User, uint64(START + 100), refund);
        _end(leaseId);

        assertEq(book.freeOf(user), free + refund, "free");
        assertEq(book.fencedOf(leaseId), _charge(100, ALLOWANCE), "what can still be owed");
        assertEq(abi.encode(coes.unassigned(coe)), abi.encode(_capacity()), "capacity is back");
        assertEq(coes.coeOf(coe).locked, HOST_RATE * 3_600 * 1e9, "the bond stays locked");
        Ticket memory t = book.ticket(leaseId);
        assertTrue(t.state == LeaseState.Ending && t.reason == Reason.User, "state");
        assertEq(t.endedAt, START + 100, "ended at");
        assertEq(t.fundedUntil, START + 100, "funded until the end");
        _assertConserved(leaseId);
    }

    function test_a_lease_ends_in_the_second_it_opened() public {
        _end(leaseId);
        assertEq(book.fencedOf(leaseId), _charge(0, ALLOWANCE), "fenced");
        assertEq(book.ticket(leaseId).fundedUntil, START, "funded until");
    }

    function test_a_late_end_refunds_no_seconds() public {
        vm.warp(START + PREPAY + 10);
        uint256 free = book.freeOf(user);
        _end(leaseId);
        assertEq(book.freeOf(user), free, "free");
        assertEq(book.ticket(leaseId).fundedUntil, START + PREPAY, "funded until");
    }

    function test_only_the_user_ends_a_lease() public {
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NotTheUser.selector, user, host));
        vm.prank(host);
        book.end(_list(leaseId));
    }

    function test_an_unknown_lease_cannot_end() public {
        bytes memory reason = abi.encodeWithSelector(ILeaseBook.LeaseUnknown.selector, bytes32(0));
        vm.expectRevert(reason);
        book.end(_list(0));
        vm.expectRevert(reason);
        book.expire(_list(0));
        vm.expectRevert(reason);
        book.finalise(_list(0));
    }

    function test_a_lease_ends_once() public {
        _end(leaseId);
        bytes memory reason = abi.encodeWithSelector(ILeaseBook.LeaseNotOpen.selector, leaseId, LeaseState.Ending);
        vm.expectRevert(reason);
        vm.prank(user);
        book.end(_list(leaseId));
        vm.warp(START + PREPAY);
        vm.expectRevert(reason);
        book.expire(_list(leaseId));
    }

    // ------------------------------------------------------------- late reports

    function test_a_late_report_is_paid_up_to_the_end() public {
        vm.warp(START + 100);
        _settle(leaseId, 50, 10, 0);
        _end(leaseId);
        vm.warp(START + 102);
        Settled memory s = _settle(leaseId, 102, 10, 5);
        _assertCode(s, UsageCode.Accepted);
        assertEq(s.host, _host(50, 5), "seconds to the end, and the transfer since the last report");
        assertEq(book.fencedOf(leaseId), _charge(0, ALLOWANCE - 15), "fenced");
        _assertConserved(leaseId);
    }

    function test_reports_are_taken_until_somebody_finalises() public {
        _settleAfterEnd(START + 1_000);
    }

    function _settleAfterEnd(uint256 when) private {
        vm.warp(START + 100);
        _end(leaseId);
        vm.warp(when);
        assertEq(_settle(leaseId, 100, 0, 0).host, _host(100, 0), "host");
    }

    // ------------------------------------------------------------------- expire

    function test_anyone_expires_a_lease_whose_funded_time_is_over() public {
        vm.warp(START + PREPAY);
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.LeaseEnding(leaseId, coe, Reason.Expired, uint64(START + PREPAY), 0);
        vm.prank(stranger);
        book.expire(_list(leaseId));
        assertTrue(book.ticket(leaseId).reason == Reason.Expired, "reason");
        assertEq(abi.encode(coes.unassigned(coe)), abi.encode(_capacity()), "capacity is back");
        assertEq(_settle(leaseId, PREPAY, 0, 0).host, _host(PREPAY, 0), "all of it is still paid");
    }

    function test_a_funded_lease_does_not_expire() public {
        vm.warp(START + PREPAY - 1);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.StillFunded.selector, leaseId, START + PREPAY));
        book.expire(_list(leaseId));
    }

    // ----------------------------------------------------------------- finalise

    function test_anyone_finalises_after_the_time_for_late_reports() public {
        vm.warp(START + 100);
        _settle(leaseId, 60, 24, 0);
        _end(leaseId);
        uint256 free = book.freeOf(user);
        uint256 refund = _charge(40, ALLOWANCE - 24);
        vm.warp(START + 103);
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.LeaseClosed(leaseId, coe, refund);
        vm.prank(stranger);
        book.finalise(_list(leaseId));

        assertEq(book.freeOf(user), free + refund, "refunded");
        assertEq(book.freeOf(user), DEPOSIT - _charge(60, 24), "the user paid for what was settled");
        assertEq(book.fencedOf(leaseId), 0, "nothing is fenced");
        assertEq(coes.coeOf(coe).locked, 0, "the bond is free");
        (,,,, uint256 spent, uint256 fenced) = book.orderOf(hash);
        assertEq(spent, _charge(60, 24), "spent");
        assertEq(fenced, 0, "fenced by the order");
        assertTrue(book.ticket(leaseId).state == LeaseState.Closed, "closed");
        _assertConserved(leaseId);
    }

    function test_nothing_closes_while_late_reports_are_taken() public {
        _end(leaseId);
        vm.warp(START + 2);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LateReportsStillTaken.selector, leaseId, START + 3));
        book.finalise(_list(leaseId));
    }

    function test_an_open_lease_does_not_close() public {
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LeaseNotEnding.selector, leaseId, LeaseState.Open));
        book.finalise(_list(leaseId));
    }

    function test_a_lease_closes_once() public {
        _end(leaseId);
        vm.warp(START + 3);
        book.finalise(_list(leaseId));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LeaseNotEnding.selector, leaseId, LeaseState.Closed));
        book.finalise(_list(leaseId));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LeaseNotOpen.selector, leaseId, LeaseState.Closed));
        vm.prank(user);
        book.end(_list(leaseId));
    }

    function test_one_bad_lease_in_a_list_changes_nothing() public {
        bytes32[] memory ids = new bytes32[](2);
        ids[0] = leaseId;
        ids[1] = keccak256("unknown");
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LeaseUnknown.selector, ids[1]));
        vm.prank(user);
        book.end(ids);
        assertTrue(book.ticket(leaseId).state == LeaseState.Open, "still open");
    }

    /// @notice Whenever a lease ends and whatever was reported, every wei of the deposit is somewhere.
    function test_a_whole_life_conserves_every_wei(uint256 ends, uint256 reports, uint256 moved) public {
        ends = bound(ends, 0, 2 * PREPAY);
        reports = bound(reports, 0, 3 * PREPAY);
        moved = bound(moved, 0, 2 * ALLOWANCE);
        vm.warp(START + ends);
        _settle(leaseId, uint32(reports / 2), uint32(moved / 2), 0);
        _end(leaseId);
        vm.warp(START + ends + 3);
        _settle(leaseId, uint32(reports), uint32(moved), 0);
        book.finalise(_list(leaseId));

        uint256 funded = ends < PREPAY ? ends : PREPAY;
        uint256 ran = reports < funded ? reports : funded;
        uint256 billed = moved < ALLOWANCE ? moved : ALLOWANCE;
        assertEq(book.freeOf(user), DEPOSIT - _charge(ran, billed), "user");
        (uint256 matured, uint256 maturing) = book.earnedOf(coe);
        assertEq(matured + maturing, _host(ran, billed), "host");
        assertEq(token.balanceOf(address(pool)), _royalty(ran, billed), "royalty");
        assertEq(book.fees(), _fee(ran, billed), "fee");
        _assertConserved(leaseId);
    }
}
