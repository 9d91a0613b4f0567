// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {Lease, LeaseKey, LeaseState, Order, Reason, ReplicaState, UsageCode} from "../../src/interfaces/Types.sol";
import {vm} from "../Vm.sol";
import {LeaseWorld} from "./LeaseWorld.sol";

/// @notice The ends by people, and closing. Each test begins 100 seconds after the opening.
contract EndingTest is LeaseWorld {
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
    }

    // ------------------------------------------------------------------- end

    function test_the_user_ends_a_lease_and_gets_the_unused_seconds_at_once() public {
        uint256 free = book.freeOf(user);
        _expectEnding(Reason.User, START + 100, _charge(500, 0) + RESERVE, 0);
        _end(key);

        assertEq(book.freeOf(user), free + _charge(500, 0) + RESERVE, "free");
        assertEq(book.fencedOf(leaseId), _charge(100, ALLOWANCE), "what can still be owed, transfer included");
        assertEq(abi.encode(coes.unassigned(coe)), abi.encode(_capacity()), "capacity is back");
        assertEq(coes.coeOf(coe).locked, BOND, "the bond stays locked");
        Lease memory lease = book.leaseOf(leaseId);
        assertTrue(lease.state == LeaseState.Ending && lease.reason == Reason.User, "state");
        assertEq(lease.endedAt, START + 100, "ended at");
        assertEq(lease.limit, 100, "limit");
        _assertReplica(key, ReplicaState.Done, 0, 100);
        _assertConserved(key);
    }

    function test_a_lease_ends_in_the_second_it_opened() public {
        LeaseKey memory second = _keyOf(key.orderHash, 1, 0);
        _open(order, _services(), _one(_entry(1)));
        _end(second);
        assertEq(book.fencedOf(_id(second)), _charge(0, ALLOWANCE), "fenced");
        assertEq(book.leaseOf(_id(second)).limit, 0, "limit");
    }

    function test_an_end_after_the_funds_ran_out_refunds_no_seconds_and_pays_rent() public {
        _settle(key, 1, 0, 0);
        vm.warp(START + PREPAY + 10);
        uint256 free = book.freeOf(user);
        uint256 rent = 10 * RENT * 1e9;
        _expectEnding(Reason.User, START + PREPAY + 10, RESERVE - rent, rent);
        _end(key);
        assertEq(book.freeOf(user), free + RESERVE - rent, "the rest of the reserve");
        assertEq(_earned(), _host(1, 0) + rent, "rent");
        assertEq(book.leaseOf(leaseId).limit, PREPAY, "limit");
        _assertConserved(key);
    }

    function test_only_the_user_ends_a_lease() public {
        address[3] memory others = [host, OPERATOR, stranger];
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NotTheUser.selector, user, others[i]));
            vm.prank(others[i]);
            book.end(_keys(key));
        }
    }

    function test_one_bad_lease_in_a_list_changes_nothing() public {
        LeaseKey[] memory keys = new LeaseKey[](2);
        keys[0] = key;
        keys[1] = _keyOf(key.orderHash, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LeaseUnknown.selector, _id(keys[1])));
        vm.prank(user);
        book.end(keys);
        assertTrue(_stateOf(key) == LeaseState.Open, "still open");
    }

    function test_a_list_of_leases_ends_together() public {
        _open(order, _services(), _one(_entry(1)));
        LeaseKey[] memory keys = new LeaseKey[](2);
        keys[0] = key;
        keys[1] = _keyOf(key.orderHash, 1, 0);
        vm.prank(user);
        book.end(keys);
        assertTrue(_stateOf(keys[0]) == LeaseState.Ending && _stateOf(keys[1]) == LeaseState.Ending, "both");
        assertEq(abi.encode(coes.unassigned(coe)), abi.encode(_capacity()), "capacity is back");
    }

    // ------------------------------------------------------------------ move

    function test_the_user_moves_a_lease_and_frees_its_transfer_for_the_successor() public {
        _settle(key, 50, 24, 0);
        _expectEnding(Reason.Moved, START + 100, _charge(500, ALLOWANCE - 24) + RESERVE, 0);
        vm.prank(user);
        book.move(order, _keys(key));
        assertEq(book.fencedOf(leaseId), _charge(50, 0), "fenced");
        _assertReplica(key, ReplicaState.Refillable, 1, 100);
        assertEq(abi.encode(coes.unassigned(coe)), abi.encode(_capacity()), "capacity is back");
        _assertConserved(key);
    }

    function test_the_operator_moves_too_and_nobody_else() public {
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NotTheUser.selector, user, host));
        vm.prank(host);
        book.move(order, _keys(key));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NotTheUser.selector, user, stranger));
        vm.prank(stranger);
        book.move(order, _keys(key));
        vm.prank(OPERATOR);
        book.move(order, _keys(key));
        assertTrue(book.leaseOf(leaseId).reason == Reason.Moved, "moved");
    }

    function test_nobody_moves_a_lease_with_an_order_of_their_own() public {
        Order memory own = order;
        own.user = stranger;
        bytes32 hash = book.orderHashOf(own);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.OrderMismatch.selector, key.orderHash, hash));
        vm.prank(stranger);
        book.move(own, _keys(key));
    }

    function test_a_moved_replica_opens_elsewhere_at_once() public {
        bytes32 second = _register("two", STRANGER_KEY);
        vm.prank(user);
        book.move(order, _keys(key));
        _open(order, _services(), _one(_entry(0, 1, second)));
        _assertReplica(key, ReplicaState.Live, 1, 700);
        assertEq(coes.coeOf(second).locked, BOND, "bond of the second");
    }

    // ----------------------------------------------------------------- drain

    function test_a_host_declines_before_a_lease_has_started() public {
        vm.warp(START + 20);
        _expectEnding(Reason.Declined, START + 20, _charge(580, ALLOWANCE) + RESERVE, 0);
        vm.prank(host);
        book.drain(order, _keys(key));
        _assertReplica(key, ReplicaState.Refillable, 1, 20);
        assertEq(book.fencedOf(leaseId), _charge(20, 0), "fenced");
    }

    function test_a_host_declines_while_its_time_to_start_runs_only() public {
        vm.warp(START + 21);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NeverStarted.selector, leaseId));
        vm.prank(host);
        book.drain(order, _keys(key));
        // One second that is settled is a start, however late.
        _settle(key, 1, 0, 0);
        vm.prank(host);
        book.drain(order, _keys(key));
        assertTrue(book.leaseOf(leaseId).reason == Reason.HostDrain, "drained");
    }

    function test_a_host_drains_after_a_lease_has_started() public {
        _settle(key, 1, 0, 0);
        _expectEnding(Reason.HostDrain, START + 100, _charge(500, ALLOWANCE) + RESERVE, 0);
        vm.prank(host);
        book.drain(order, _keys(key));
        _assertReplica(key, ReplicaState.Refillable, 1, 100);
        assertEq(book.fencedOf(leaseId), _charge(99, 0), "fenced");
    }

    function test_only_the_host_drains() public {
        address[3] memory others = [user, agent, stranger];
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NotTheHost.selector, host, others[i]));
            vm.prank(others[i]);
            book.drain(order, _keys(key));
        }
    }

    function test_a_lease_drains_for_its_own_order_only() public {
        bytes32 hash = book.orderHashOf(_order());
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.OrderMismatch.selector, key.orderHash, hash));
        vm.prank(host);
        book.drain(_order(), _keys(key));
    }

    // ------------------------------------------------- places that a lease leaves

    function test_a_cancelled_orders_place_is_done() public {
        vm.startPrank(user);
        book.cancel(key.orderHash);
        book.move(order, _keys(key));
        vm.stopPrank();
        _assertReplica(key, ReplicaState.Done, 0, 100);
    }

    function test_a_place_of_an_old_epoch_is_done() public {
        _settle(key, 1, 0, 0);
        vm.prank(user);
        book.raiseEpoch();
        vm.prank(host);
        book.drain(order, _keys(key));
        _assertReplica(key, ReplicaState.Done, 0, 100);
    }

    function test_a_place_without_duration_left_is_done() public {
        vm.startPrank(user);
        book.renew(order, key, 3_000);
        vm.warp(START + 3_599);
        uint256 snapshot = vm.snapshotState();
        book.move(order, _keys(key));
        _assertReplica(key, ReplicaState.Refillable, 1, 3_599);
        vm.revertToState(snapshot);
        vm.warp(START + 3_600);
        book.move(order, _keys(key));
        _assertReplica(key, ReplicaState.Done, 0, 3_600);
        vm.stopPrank();
    }

    function test_a_successor_is_funded_for_what_the_duration_leaves() public {
        vm.prank(user);
        book.renew(order, key, 3_000);
        vm.warp(START + 3_400);
        _settle(key, 3_400, 0, 0);
        vm.prank(host);
        book.drain(order, _keys(key));
        _open(order, _services(), _one(_entry(0, 1, coe)));
        assertEq(book.leaseOf(_id(_keyOf(key.orderHash, 0, 1))).limit, 200, "limit");
        _assertReplica(key, ReplicaState.Live, 1, 3_600);
    }

    function test_seconds_that_were_not_served_are_the_replicas_again_when_its_lease_closes() public {
        _settle(key, 60, 0, 0);
        vm.prank(user);
        book.move(order, _keys(key));
        _open(order, _services(), _one(_entry(0, 1, coe)));
        _assertReplica(key, ReplicaState.Live, 1, 700);
        vm.warp(START + 103);
        book.finalise(_keys(key));
        _assertReplica(key, ReplicaState.Live, 1, 660);
    }

    // ------------------------------------------------------------ late reports

    function test_a_late_report_is_paid_up_to_the_end() public {
        _settle(key, 50, 10, 0);
        _end(key);
        vm.warp(START + 102);
        Settled memory s = _settle(key, 102, 10, 5);
        _assertCode(s, UsageCode.Accepted);
        assertEq(s.host, _host(50, 5), "seconds to the end, and the transfer since the last report");
        assertEq(book.fencedOf(leaseId), _charge(0, ALLOWANCE - 15), "fenced");
        _assertConserved(key);
    }

    function test_no_transfer_is_billed_after_an_end_that_made_room() public {
        _settle(key, 50, 10, 0);
        vm.prank(host);
        book.drain(order, _keys(key));
        Settled memory s = _settle(key, 100, 500, 500);
        _assertCode(s, UsageCode.Accepted);
        assertEq(s.host, _host(50, 0), "seconds only");
        assertEq(book.settledOf(leaseId).received, 10, "received stays");
        assertEq(book.settledOf(leaseId).sent, 0, "sent stays");
        assertEq(book.fencedOf(leaseId), 0, "nothing can be owed any more");
        _assertConserved(key);
    }

    function test_reports_are_taken_until_somebody_finalises() public {
        _end(key);
        vm.warp(START + 1_000);
        assertEq(_settle(key, 100, 0, 0).host, _host(100, 0), "host");
    }

    // --------------------------------------------------------------- finalise

    function test_anyone_finalises_after_the_time_for_late_reports() public {
        _settle(key, 60, 24, 0);
        _end(key);
        uint256 free = book.freeOf(user);
        uint256 refund = _charge(40, ALLOWANCE - 24);
        vm.warp(START + 103);
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.LeaseClosed(leaseId, coe, refund, 0);
        vm.prank(stranger);
        book.finalise(_keys(key));

        assertEq(book.freeOf(user), free + refund, "refunded");
        assertEq(book.freeOf(user), DEPOSIT - _charge(60, 24), "the user paid for what was settled");
        assertEq(book.fencedOf(leaseId), 0, "nothing is fenced");
        assertEq(coes.coeOf(coe).locked, 0, "the bond is free");
        assertEq(coes.coeOf(coe).stake, STAKE, "the stake is whole");
        (,,, uint256 committed) = book.orderOf(key.orderHash);
        assertEq(committed, _charge(60, 24), "spent");
        _assertReplica(key, ReplicaState.Done, 0, 60);
        assertTrue(_stateOf(key) == LeaseState.Closed, "closed");
        _assertConserved(key);
    }

    function test_nothing_closes_while_late_reports_are_taken() public {
        _end(key);
        vm.warp(START + 102);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LateReportsStillTaken.selector, leaseId, START + 103));
        book.finalise(_keys(key));
    }

    function test_an_open_lease_does_not_close() public {
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LeaseNotEnding.selector, leaseId, LeaseState.Open));
        book.finalise(_keys(key));
    }

    function test_a_lease_closes_once() public {
        _end(key);
        vm.warp(START + 103);
        book.finalise(_keys(key));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LeaseNotEnding.selector, leaseId, LeaseState.Closed));
        book.finalise(_keys(key));
    }

    // ------------------------------------------------- leases that cannot end

    function test_a_lease_that_ended_does_not_end_again_by_any_path() public {
        _end(key);
        _refusedByAll(abi.encodeWithSelector(ILeaseBook.LeaseNotOpen.selector, leaseId, LeaseState.Ending), key);
        vm.warp(START + 103);
        book.finalise(_keys(key));
        _refusedByAll(abi.encodeWithSelector(ILeaseBook.LeaseNotOpen.selector, leaseId, LeaseState.Closed), key);
    }

    function test_a_lease_that_never_was_does_not_end_by_any_path() public {
        LeaseKey memory none = _keyOf(key.orderHash, 2, 0);
        bytes memory reason = abi.encodeWithSelector(ILeaseBook.LeaseUnknown.selector, _id(none));
        _refusedByAll(reason, none);
        vm.expectRevert(reason);
        book.finalise(_keys(none));
        vm.expectRevert(reason);
        book.answer(none);
    }

    /// @notice Whenever a lease ends and whatever was reported, every wei of the deposit is somewhere.
    function test_a_whole_life_conserves_every_wei(uint256 ends, uint256 reports, uint256 moved) public {
        ends = bound(ends, 100, 2 * PREPAY);
        reports = bound(reports, 0, 3 * PREPAY);
        moved = bound(moved, 0, 2 * ALLOWANCE);
        vm.warp(START + ends);
        _settle(key, uint32(reports / 2), uint32(moved / 2), 0);
        _end(key);
        vm.warp(START + ends + 3);
        _settle(key, uint32(reports), uint32(moved), 0);
        book.finalise(_keys(key));

        uint256 funded = ends < PREPAY ? ends : PREPAY;
        uint256 ran = reports < funded ? reports : funded;
        uint256 gap = ends - funded < GRACE ? ends - funded : GRACE;
        if (reports < 2) gap = 0; // nothing was settled before it ended
        moved = moved < ALLOWANCE ? moved : ALLOWANCE;
        assertEq(book.freeOf(user), DEPOSIT - _charge(ran, moved) - gap * RENT * 1e9, "user");
        assertEq(_earned(), _host(ran, moved) + gap * RENT * 1e9, "host");
        assertEq(token.balanceOf(address(pool)), _royalty(ran, moved), "royalty");
        assertEq(book.fees(), _fee(ran, moved), "fee");
        _assertConserved(key);
    }

    // ------------------------------------------------------------------ helpers

    function _refusedByAll(bytes memory reason, LeaseKey memory which) private {
        vm.expectRevert(reason);
        vm.prank(user);
        book.end(_keys(which));
        vm.expectRevert(reason);
        vm.prank(user);
        book.move(order, _keys(which));
        vm.expectRevert(reason);
        vm.prank(host);
        book.drain(order, _keys(which));
        vm.expectRevert(reason);
        book.noShow(order, _keys(which));
        vm.expectRevert(reason);
        book.expire(order, _keys(which));
        if (!images.imageOf(DIGEST).malicious) {
            vm.prank(guardian);
            images.markMalicious(DIGEST, "miner");
        }
        vm.expectRevert(reason);
        book.stopMalicious(DIGEST, _keys(which));
    }

    function _expectEnding(Reason reason, uint256 endedAt, uint256 refunded, uint256 rent) private {
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.LeaseEnding(leaseId, coe, reason, uint64(endedAt), refunded, rent);
    }
}
