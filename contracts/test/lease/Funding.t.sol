// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {Lease, LeaseKey, LeaseState, Order, ReplicaState} from "../../src/interfaces/Types.sol";
import {vm} from "../Vm.sol";
import {LeaseWorld} from "./LeaseWorld.sol";

/// @notice Renewals: by whom, how far, and what a gap costs.
contract FundingTest is LeaseWorld {
    LeaseKey private key;
    bytes32 private leaseId;

    function setUp() public override {
        super.setUp();
        key = _openOne();
        leaseId = _id(key);
    }

    // ------------------------------------------------------------------ by the user

    function test_the_user_renews_at_any_time() public {
        vm.warp(START + 100);
        uint256 fenced = _charge(650, ALLOWANCE) + RESERVE;
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.LeaseRenewed(leaseId, uint64(START), 650, fenced, 0);
        _renew(user, 50);
        assertEq(book.fencedOf(leaseId), fenced, "fenced");
        assertEq(book.freeOf(user), DEPOSIT - fenced, "free");
        _assertReplica(key, ReplicaState.Live, 0, 650);
        _assertConserved(key);
    }

    function test_the_user_renews_up_to_the_duration() public {
        _refused(user, 3_001, abi.encodeWithSelector(ILeaseBook.DurationExceeded.selector, leaseId, 3_001, 3_000));
        _renew(user, 3_000);
        _refused(user, 1, abi.encodeWithSelector(ILeaseBook.DurationExceeded.selector, leaseId, 1, 0));
        assertEq(book.leaseOf(leaseId).limit, 3_600, "limit");
    }

    function test_a_renewal_of_nothing_is_refused() public {
        _refused(user, 0, abi.encodeWithSelector(ILeaseBook.AmountZero.selector));
    }

    function test_a_renewal_keeps_to_the_orders_total() public {
        Order memory o = _order();
        o.salt = 0;
        o.maxTotal = uint128(_charge(700, ALLOWANCE) + RESERVE);
        LeaseKey memory other = _keyOf(_admit(o, _services()), 0, 0);
        _open(o, _services(), _one(_entry(0)));
        bytes memory reason =
            abi.encodeWithSelector(ILeaseBook.MaxTotalExceeded.selector, other.orderHash, _charge(101, 0), o.maxTotal);
        vm.startPrank(user);
        vm.expectRevert(reason);
        book.renew(o, other, 101);
        book.renew(o, other, 100);
        vm.stopPrank();
        (,,, uint256 committed) = book.orderOf(other.orderHash);
        assertEq(committed, o.maxTotal, "committed");
    }

    function test_a_renewal_needs_the_money() public {
        uint256 free = book.freeOf(user);
        vm.prank(user);
        book.withdraw(free - _charge(10, 0));
        _refused(
            user,
            11,
            abi.encodeWithSelector(ILeaseBook.FreeBalanceTooLow.selector, user, _charge(10, 0), _charge(11, 0))
        );
        _renew(user, 10);
        assertEq(book.freeOf(user), 0, "free");
    }

    // ---------------------------------------------------------------- by a stranger

    function test_a_stranger_renews_when_half_of_the_prepay_is_left() public {
        _start();
        vm.warp(START + 299);
        _refused(stranger, 1, abi.encodeWithSelector(ILeaseBook.RenewalTooEarly.selector, leaseId, START + 300));
        vm.warp(START + 300);
        _renew(stranger, 1);
        assertEq(book.leaseOf(leaseId).limit, PREPAY + 1, "limit");
    }

    function test_a_stranger_renews_up_to_prepay_ahead() public {
        _start();
        vm.warp(START + 300);
        _refused(stranger, 301, abi.encodeWithSelector(ILeaseBook.RenewalTooFar.selector, leaseId, 301, 300));
        _renew(stranger, 300);
        // And then not again, until half of it is over.
        _refused(stranger, 1, abi.encodeWithSelector(ILeaseBook.RenewalTooEarly.selector, leaseId, START + 600));
    }

    /// @notice Nobody but its user puts money into what never ran.
    function test_a_stranger_renews_only_what_has_started() public {
        bytes memory reason = abi.encodeWithSelector(ILeaseBook.NeverStarted.selector, leaseId);
        vm.warp(START + 300);
        _refused(stranger, 1, reason);
        vm.warp(START + PREPAY + 10);
        _refused(stranger, 1, reason);
        _refused(host, 1, reason);
        _renew(user, 1);
    }

    function test_a_stranger_renews_after_the_gap_up_to_prepay() public {
        _start();
        vm.warp(START + PREPAY + 1_000);
        _refused(
            stranger, PREPAY + 1, abi.encodeWithSelector(ILeaseBook.RenewalTooFar.selector, leaseId, PREPAY + 1, PREPAY)
        );
        _renew(stranger, PREPAY);
        assertEq(book.leaseOf(leaseId).origin, START + 1_000, "origin");
    }

    function test_the_operator_spends_no_more_than_a_stranger() public {
        Order memory o = _order();
        o.operator = stranger;
        LeaseKey memory other = _openOne(o);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.RenewalTooEarly.selector, _id(other), START + 300));
        vm.prank(stranger);
        book.renew(o, other, 1);
    }

    function test_no_stranger_funds_more_than_prepay_ahead(uint256 when, uint256 more) public {
        when = bound(when, 1, 3 * PREPAY);
        more = bound(more, 1, 2 * PREPAY);
        _start();
        vm.warp(START + when);
        uint256 rest = when < PREPAY ? PREPAY - when : 0;
        if (rest > PREPAY / 2) vm.expectPartialRevert(ILeaseBook.RenewalTooEarly.selector);
        else if (rest + more > PREPAY) vm.expectPartialRevert(ILeaseBook.RenewalTooFar.selector);
        vm.prank(stranger);
        book.renew(_order(), key, uint32(more));
        Lease memory lease = book.leaseOf(leaseId);
        uint256 fundedUntil = uint256(lease.origin) + lease.limit;
        uint256 most = START + (when < PREPAY / 2 ? PREPAY : when + PREPAY);
        assertTrue(fundedUntil <= most, "not further ahead");
        _assertConserved(key);
    }

    // ------------------------------------------------------------------ after a gap

    function test_a_renewal_after_the_gap_moves_the_origin_and_pays_rent() public {
        _start();
        vm.warp(START + PREPAY + 10);
        uint256 free = book.freeOf(user);
        uint256 fenced = _charge(699, ALLOWANCE) + RESERVE;
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.LeaseRenewed(leaseId, uint64(START + 10), 700, fenced, 10 * RENT * 1e9);
        _renew(user, 100);
        assertEq(book.fencedOf(leaseId), fenced, "the reserve is whole again");
        assertEq(book.freeOf(user), free - _charge(100, 0) - 10 * RENT * 1e9, "the user paid for the gap");
        assertEq(_earned(), _host(1, 0) + 10 * RENT * 1e9, "the host earned it");
        (,,, uint256 committed) = book.orderOf(key.orderHash);
        assertEq(committed, _charge(1, 0) + fenced + 10 * RENT * 1e9, "committed");
        _assertConserved(key);
    }

    function test_no_gap_costs_more_than_grace() public {
        _start();
        vm.warp(START + PREPAY + GRACE);
        uint256 snapshot = vm.snapshotState();
        _renew(user, 1);
        assertEq(_earned(), _host(1, 0) + RESERVE, "the whole reserve");
        vm.revertToState(snapshot);
        vm.warp(START + PREPAY + 2_000);
        _renew(user, 1);
        assertEq(_earned(), _host(1, 0) + RESERVE, "and no more");
        assertEq(book.leaseOf(leaseId).origin, START + 2_000, "origin");
        _assertConserved(key);
    }

    function test_a_renewal_in_the_last_funded_second_leaves_no_gap() public {
        _start();
        vm.warp(START + PREPAY);
        _renew(user, 1);
        assertEq(book.leaseOf(leaseId).origin, START, "origin");
        assertEq(_earned(), _host(1, 0), "no rent");
    }

    function test_a_late_renewal_does_not_pay_the_gap_as_service() public {
        vm.warp(START + PREPAY + 10);
        assertEq(_settle(key, 610, 0, 0).host, _host(600, 0), "what was funded");
        _renew(user, 100);
        assertEq(_settle(key, 610, 0, 0).host, 0, "the gap is not paid");
        vm.warp(START + PREPAY + 20);
        assertEq(_settle(key, 9_999, 0, 0).host, _host(10, 0), "only what came after it");
    }

    function test_renewals_conserve_every_wei(uint256[4] memory seed) public {
        uint256 when = bound(seed[0], 0, 2 * PREPAY);
        vm.warp(START + when);
        _settle(key, uint32(bound(seed[1], 0, 2 * PREPAY)), uint32(bound(seed[2], 0, 2 * ALLOWANCE)), 0);
        _renew(user, uint32(bound(seed[3], 1, 3_000)));
        uint256 gap = when > PREPAY ? when - PREPAY : 0;
        uint256 rent = (gap < GRACE ? gap : GRACE) * RENT * 1e9;
        if (book.settledOf(leaseId).secondsRun == 0) rent = 0; // what never started keeps no storage
        assertEq(_earned(), rent + _settledHost(), "earned");
        assertEq(book.leaseOf(leaseId).origin, START + gap, "origin");
        (,,, uint256 committed) = book.orderOf(key.orderHash);
        assertEq(book.freeOf(user), DEPOSIT - committed, "what is not free is committed");
        _assertConserved(key);
    }

    // ------------------------------------------------------------------ what refuses

    function test_a_lease_that_is_not_there_is_not_renewed() public {
        LeaseKey memory none = _keyOf(key.orderHash, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LeaseUnknown.selector, _id(none)));
        vm.prank(user);
        book.renew(_order(), none, 1);
    }

    function test_a_lease_is_renewed_for_its_own_order_only() public {
        Order memory other = _order();
        other.maxTotal = type(uint128).max;
        bytes32 hash = book.orderHashOf(other);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.OrderMismatch.selector, key.orderHash, hash));
        vm.prank(user);
        book.renew(other, key, 1);
    }

    function test_only_an_open_lease_is_renewed() public {
        uint256 snapshot = vm.snapshotState();
        _end(key);
        _refused(user, 1, abi.encodeWithSelector(ILeaseBook.LeaseNotOpen.selector, leaseId, LeaseState.Ending));
        vm.warp(START + 3);
        book.finalise(_keys(key));
        _refused(user, 1, abi.encodeWithSelector(ILeaseBook.LeaseNotOpen.selector, leaseId, LeaseState.Closed));
        vm.revertToState(snapshot);
        vm.warp(START + 1);
        _settle(key, 1, 0, 0);
        vm.prank(user);
        book.park(key);
        _refused(user, 1, abi.encodeWithSelector(ILeaseBook.LeaseNotOpen.selector, leaseId, LeaseState.Parked));
    }

    // ------------------------------------------------------------------ helpers

    function _start() private {
        vm.warp(START + 1);
        _settle(key, 1, 0, 0);
    }

    function _renew(address by, uint32 more) private {
        vm.prank(by);
        book.renew(_order(), key, more);
    }

    function _refused(address by, uint32 more, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(by);
        book.renew(_order(), key, more);
    }

    function _settledHost() private view returns (uint256) {
        uint256 moved = book.settledOf(leaseId).received;
        return _host(book.settledOf(leaseId).secondsRun, moved < ALLOWANCE ? moved : ALLOWANCE);
    }
}
