// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {Lease, LeaseKey, LeaseState, Order, Reason, ReplicaState} from "../../src/interfaces/Types.sol";
import {vm} from "../Vm.sol";
import {LeaseWorld} from "./LeaseWorld.sol";

/// @notice Parking and resuming. Each test begins 100 seconds after the opening, 50 of them settled.
contract ParkingTest is LeaseWorld {
    address private constant OPERATOR = address(0x0FE2);

    Order private order;
    LeaseKey private key;
    bytes32 private leaseId;

    function setUp() public override {
        super.setUp();
        order = _order();
        order.operator = OPERATOR;
        key = _openOne(order);
        leaseId = _id(key);
        vm.warp(START + 100);
        _settle(key, 50, 0, 0);
    }

    // ------------------------------------------------------------------------ park

    function test_a_parked_lease_keeps_its_storage_and_gives_the_rest_back() public {
        uint256 free = book.freeOf(user);
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.LeaseParked(leaseId, 100, _charge(500, 0));
        _park();
        assertEq(book.freeOf(user), free + _charge(500, 0), "refunded");
        assertEq(book.fencedOf(leaseId), _charge(50, ALLOWANCE) + RESERVE, "fenced");
        _assertReplica(key, ReplicaState.Live, 0, 100);
        _assertAssigned([uint64(0), 0, 1_024, 0, 1]);
        assertEq(coes.coeOf(coe).locked, BOND, "the bond stays");
        _assertConserved(key);
    }

    function test_no_served_second_is_lost_by_parking() public {
        _park();
        vm.warp(START + 200);
        assertEq(_settle(key, 100, 3, 4).host, _host(50, 7), "up to the parking");
        assertEq(_settle(key, 200, 3, 4).host, 0, "and nothing after it");
        _assertConserved(key);
    }

    function test_anyone_parks_some_time_after_the_funds_ran_out() public {
        bytes memory reason = abi.encodeWithSelector(ILeaseBook.NotYetUnfunded.selector, leaseId, START + PREPAY + 3);
        vm.warp(START + PREPAY + 2);
        vm.expectRevert(reason);
        vm.prank(stranger);
        book.park(key);
        vm.expectRevert(reason);
        vm.prank(OPERATOR);
        book.park(key);
        vm.warp(START + PREPAY + 3);
        vm.prank(stranger);
        book.park(key);
        Lease memory lease = book.leaseOf(leaseId);
        assertTrue(lease.state == LeaseState.Parked, "parked");
        assertEq(lease.limit, PREPAY, "limit");
        assertEq(book.fencedOf(leaseId), _charge(PREPAY - 50, ALLOWANCE) + RESERVE, "nothing was left to refund");
    }

    function test_a_lease_that_never_started_is_not_parked() public {
        LeaseKey memory second = _keyOf(key.orderHash, 1, 0);
        _open(order, _services(), _one(_entry(1)));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NeverStarted.selector, _id(second)));
        vm.prank(user);
        book.park(second);
    }

    function test_a_lease_is_parked_while_it_is_open_only() public {
        LeaseKey memory none = _keyOf(key.orderHash, 1, 0);
        vm.startPrank(user);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LeaseUnknown.selector, _id(none)));
        book.park(none);
        book.park(key);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LeaseNotOpen.selector, leaseId, LeaseState.Parked));
        book.park(key);
        book.end(_keys(key));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LeaseNotOpen.selector, leaseId, LeaseState.Ending));
        book.park(key);
        vm.stopPrank();
    }

    // ---------------------------------------------------------------------- resume

    function test_a_resumed_lease_takes_capacity_and_money_again() public {
        _park();
        vm.warp(START + 110);
        uint256 free = book.freeOf(user);
        uint256 fenced = _charge(150, ALLOWANCE) + RESERVE;
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.LeaseResumed(leaseId);
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.LeaseRenewed(leaseId, uint64(START + 10), 200, fenced, 10 * RENT * 1e9);
        _resume(user, 100);
        assertTrue(_stateOf(key) == LeaseState.Open, "open");
        assertEq(book.freeOf(user), free - _charge(100, 0) - 10 * RENT * 1e9, "free");
        assertEq(_earned(), _host(50, 0) + 10 * RENT * 1e9, "the host earned the rent");
        assertEq(book.fencedOf(leaseId), fenced, "fenced");
        _assertAssigned(_services()[0].reserved);
        assertEq(coes.coeOf(coe).locked, BOND, "one bond");
        _assertReplica(key, ReplicaState.Live, 0, 200);
        _assertConserved(key);
    }

    function test_parked_time_is_not_paid_as_service() public {
        _park();
        vm.warp(START + 400);
        _resume(user, 100);
        assertEq(_settle(key, 400, 0, 0).host, _host(50, 0), "what ran before it was parked");
        vm.warp(START + 430);
        assertEq(_settle(key, 9_999, 0, 0).host, _host(30, 0), "and since it was resumed");
        assertEq(_earned(), _host(130, 0) + RESERVE, "rent for no more than grace");
    }

    function test_a_lease_is_parked_and_resumed_in_one_second() public {
        _park();
        _resume(user, 500);
        Lease memory lease = book.leaseOf(leaseId);
        assertEq(lease.origin, START, "origin");
        assertEq(lease.limit, PREPAY, "limit");
        assertEq(_earned(), _host(50, 0), "no rent");
    }

    function test_the_operator_resumes_too() public {
        _park();
        _resume(OPERATOR, 10);
        assertTrue(_stateOf(key) == LeaseState.Open, "open");
    }

    function test_nobody_else_resumes() public {
        _park();
        _resumeRefused(stranger, 10, abi.encodeWithSelector(ILeaseBook.NotTheUser.selector, user, stranger));
        _resumeRefused(host, 10, abi.encodeWithSelector(ILeaseBook.NotTheUser.selector, user, host));
    }

    function test_an_order_without_operator_is_resumed_by_its_user_only() public {
        LeaseKey memory plain = _openOne();
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NotTheUser.selector, user, OPERATOR));
        vm.prank(OPERATOR);
        book.resume(_order(), plain, 10);
    }

    function test_a_coe_without_room_refuses_and_the_lease_stays_parked() public {
        _park();
        uint64[5] memory stored = [uint64(499), 256, 1_024, 10, 1];
        vm.prank(host);
        coes.setCapacity(coe, stored);
        bytes32 before = _standing();
        _resumeRefused(user, 10, abi.encodeWithSelector(ILeaseBook.CapacityLacking.selector, coe));
        assertEq(_standing(), before, "nothing has changed");
        vm.prank(user);
        book.move(order, _keys(key)); // its user may take it elsewhere instead
        _assertAssigned([uint64(0), 0, 0, 0, 0]);
    }

    function test_a_coe_that_is_not_active_refuses() public {
        _park();
        bytes memory reason = abi.encodeWithSelector(ILeaseBook.CapacityLacking.selector, coe);
        vm.prank(host);
        coes.setDraining(coe, true);
        _resumeRefused(user, 10, reason);
        vm.prank(host);
        coes.setDraining(coe, false);
        vm.prank(guardian);
        coes.setSuspended(coe, true);
        _resumeRefused(user, 10, reason);
        coes.setSuspended(coe, false);
        _resume(user, 10);
    }

    function test_a_lease_is_resumed_while_it_is_parked_only() public {
        _resumeRefused(user, 10, abi.encodeWithSelector(ILeaseBook.LeaseNotParked.selector, leaseId, LeaseState.Open));
        LeaseKey memory none = _keyOf(key.orderHash, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LeaseUnknown.selector, _id(none)));
        vm.prank(user);
        book.resume(order, none, 10);
    }

    function test_a_resumption_keeps_every_cap_of_a_renewal() public {
        _park();
        _resumeRefused(user, 0, abi.encodeWithSelector(ILeaseBook.AmountZero.selector));
        _resumeRefused(user, 3_501, abi.encodeWithSelector(ILeaseBook.DurationExceeded.selector, leaseId, 3_501, 3_500));
        Order memory other = order;
        other.operator = user;
        vm.expectRevert(
            abi.encodeWithSelector(ILeaseBook.OrderMismatch.selector, key.orderHash, book.orderHashOf(other))
        );
        vm.prank(user);
        book.resume(other, key, 10);

        uint256 snapshot = vm.snapshotState();
        uint256 free = book.freeOf(user);
        vm.prank(user);
        book.withdraw(free);
        _resumeRefused(user, 10, abi.encodeWithSelector(ILeaseBook.FreeBalanceTooLow.selector, user, 0, _charge(10, 0)));
        vm.revertToState(snapshot);
        vm.prank(user);
        book.raiseEpoch();
        _resumeRefused(user, 10, abi.encodeWithSelector(ILeaseBook.OrderFromOldEpoch.selector, 0, 1));
        vm.prank(user);
        book.cancel(key.orderHash);
        _resumeRefused(user, 10, abi.encodeWithSelector(ILeaseBook.OrderCancelledAlready.selector, key.orderHash));
    }

    function test_a_parked_lease_ends_and_gives_its_storage_back() public {
        _park();
        vm.warp(START + 110);
        vm.expectEmit(true, true, true, true, address(book));
        uint256 rent = 10 * RENT * 1e9;
        emit ILeaseBook.LeaseEnding(leaseId, coe, Reason.User, uint64(START + 110), RESERVE - rent, rent);
        _end(key);
        _assertAssigned([uint64(0), 0, 0, 0, 0]);
        assertEq(_earned(), _host(50, 0) + 10 * RENT * 1e9, "rent of ten seconds");
        assertEq(book.fencedOf(leaseId), _charge(50, ALLOWANCE), "late reports");
        _assertConserved(key);
    }

    function test_parking_and_resuming_conserves_every_wei(uint256[6] memory seed) public {
        vm.warp(START + 100 + bound(seed[0], 0, PREPAY));
        _park();
        vm.warp(vm.getBlockTimestamp() + bound(seed[1], 0, 2 * GRACE));
        _settle(key, uint32(bound(seed[2], 50, 2 * PREPAY)), uint32(bound(seed[3], 0, 2 * ALLOWANCE)), 0);
        _assertConserved(key);
        _resume(user, uint32(bound(seed[4], 1, 2_000)));
        _assertConserved(key);
        vm.warp(vm.getBlockTimestamp() + bound(seed[5], 0, 2 * PREPAY));
        _settle(key, 9_999, uint32(2 * ALLOWANCE), 0);
        _end(key);
        _assertConserved(key);
        vm.warp(vm.getBlockTimestamp() + 3);
        book.finalise(_keys(key));
        _assertConserved(key);
        _assertAssigned([uint64(0), 0, 0, 0, 0]);
        (,,, uint256 committed) = book.orderOf(key.orderHash);
        assertEq(book.freeOf(user), DEPOSIT - committed, "what is not free is spent");
    }

    // ------------------------------------------------------------------ helpers

    function _park() private {
        vm.prank(user);
        book.park(key);
    }

    function _resume(address by, uint32 more) private {
        vm.prank(by);
        book.resume(order, key, more);
    }

    function _resumeRefused(address by, uint32 more, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(by);
        book.resume(order, key, more);
    }

    function _assertAssigned(uint64[5] memory wanted) private view {
        assertEq(abi.encode(coes.coeOf(coe).assigned), abi.encode(wanted), "assigned");
    }

    function _standing() private view returns (bytes32) {
        return keccak256(abi.encode(book.leaseOf(leaseId), coes.coeOf(coe), book.freeOf(user)));
    }
}
