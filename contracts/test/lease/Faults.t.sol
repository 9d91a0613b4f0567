// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {ISchedulerCommittee} from "../../src/interfaces/ISchedulerCommittee.sol";
import {Fault, Lease, LeaseKey, LeaseState, Order, Plan, Reason, ReplicaState} from "../../src/interfaces/Types.sol";
import {Typed} from "../Typed.sol";
import {vm} from "../Vm.sol";
import {LeaseWorld} from "./LeaseWorld.sol";

/// @notice Hosts that die, and hosts that never start. Each test begins 100 seconds after the opening, 50 settled.
contract FaultsTest is LeaseWorld {
    LeaseKey private key;
    bytes32 private leaseId;

    function setUp() public override {
        super.setUp();
        key = _openOne();
        leaseId = _id(key);
        vm.warp(START + 100);
        _settle(key, 50, 24, 0);
    }

    // ------------------------------------------------------------------- fault

    function test_a_lease_ends_when_its_coe_died() public {
        _expectEnding(Reason.HostFault, START + 100, _charge(520, ALLOWANCE - 24) + RESERVE, 0);
        vm.prank(stranger);
        _fault(key, uint64(START + 80));
        Lease memory lease = book.leaseOf(leaseId);
        assertTrue(lease.state == LeaseState.Ending && lease.reason == Reason.HostFault, "state");
        assertEq(lease.limit, 80, "paid to the death");
        assertEq(lease.endedAt, START + 100, "reports and the answer are taken from now");
        assertEq(book.fencedOf(leaseId), _charge(30, 0), "fenced");
        assertEq(coes.coeOf(coe).locked, BOND, "the bond stays locked");
        assertEq(abi.encode(coes.unassigned(coe)), abi.encode(_capacity()), "capacity is back");
        _assertReplica(key, ReplicaState.Refillable, 1, 80);
        _assertConserved(key);
    }

    function test_a_dead_hosts_bond_goes_to_the_user_when_its_lease_closes() public {
        _fault(key, uint64(START + 80));
        vm.warp(START + 102);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LateReportsStillTaken.selector, leaseId, START + 103));
        book.finalise(_keys(key));
        uint256 free = book.freeOf(user);
        vm.warp(START + 103);
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.LeaseClosed(leaseId, coe, _charge(30, 0), BOND);
        book.finalise(_keys(key));
        assertEq(book.freeOf(user), free + _charge(30, 0) + BOND, "free");
        assertEq(coes.coeOf(coe).stake, STAKE - BOND, "stake");
        assertEq(coes.coeOf(coe).locked, 0, "locked");
        (,,, uint256 committed) = book.orderOf(key.orderHash);
        assertEq(committed, _charge(50, 24), "the bond is no part of what the order spent");
        _assertConserved(key);
    }

    function test_a_host_that_answers_keeps_its_bond() public {
        _fault(key, uint64(START + 80));
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.FaultAnswered(leaseId);
        vm.prank(host);
        book.answer(key);
        assertTrue(book.leaseOf(leaseId).faultAnswered, "answered");
        assertEq(_settle(key, 100, 24, 0).host, _host(30, 0), "its reports are paid to the time that was found");
        vm.warp(START + 103);
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.LeaseClosed(leaseId, coe, 0, 0);
        book.finalise(_keys(key));
        assertEq(coes.coeOf(coe).stake, STAKE, "stake");
        assertEq(coes.coeOf(coe).locked, 0, "locked");
        assertTrue(book.leaseOf(leaseId).faultAnswered, "still to be read");
        _assertConserved(key);
    }

    function test_a_host_answers_until_its_lease_is_closed() public {
        _fault(key, uint64(START + 80));
        vm.warp(START + 5_000);
        vm.prank(host);
        book.answer(key);
        book.finalise(_keys(key));
        assertEq(coes.coeOf(coe).stake, STAKE, "stake");
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LeaseNotEnding.selector, leaseId, LeaseState.Closed));
        vm.prank(host);
        book.answer(key);
    }

    function test_only_the_host_answers_and_only_a_fault() public {
        vm.prank(host);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LeaseNotEnding.selector, leaseId, LeaseState.Open));
        book.answer(key);
        uint256 snapshot = vm.snapshotState();
        _fault(key, uint64(START + 80));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NotTheHost.selector, host, agent));
        vm.prank(agent);
        book.answer(key);
        vm.revertToState(snapshot);
        _end(key);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NotAFault.selector, leaseId, Reason.User));
        vm.prank(host);
        book.answer(key);
    }

    // -------------------------------------------------------------- when it died

    function test_no_settled_second_is_taken_back() public {
        _faultRefused(START + 49, START + 50);
        _fault(key, uint64(START + 50));
        assertEq(book.leaseOf(leaseId).limit, 50, "limit");
        assertEq(book.fencedOf(leaseId), 0, "nothing can be owed any more");
    }

    function test_nothing_dies_in_the_future() public {
        _faultRefused(START + 101, START + 50);
        _fault(key, uint64(START + 100));
        assertEq(book.leaseOf(leaseId).limit, 100, "limit");
    }

    function test_a_death_lies_no_further_back_than_is_allowed() public {
        vm.prank(user);
        book.renew(_order(), key, 1_000);
        vm.warp(START + 1_000);
        _faultRefused(START + 399, START + 400);
        _fault(key, uint64(START + 400));
        assertEq(book.leaseOf(leaseId).limit, 400, "limit");
    }

    function test_a_death_after_the_funds_ran_out_takes_no_seconds_and_pays_rent_to_it() public {
        vm.warp(START + PREPAY + 12);
        uint256 rent = 8 * RENT * 1e9;
        _expectEnding(Reason.HostFault, START + PREPAY + 12, _charge(0, ALLOWANCE - 24) + RESERVE - rent, rent);
        _fault(key, uint64(START + PREPAY + 8));
        assertEq(book.leaseOf(leaseId).limit, PREPAY, "limit");
        assertEq(_earned(), _host(50, 24) + 8 * RENT * 1e9, "rent of eight seconds");
        _assertConserved(key);
    }

    function test_a_parked_lease_dies_too() public {
        vm.prank(user);
        book.park(key);
        vm.warp(START + 110);
        _fault(key, uint64(START + 104));
        assertEq(book.leaseOf(leaseId).limit, 100, "limit");
        assertEq(_earned(), _host(50, 24) + 4 * RENT * 1e9, "rent of four seconds");
        assertEq(abi.encode(coes.unassigned(coe)), abi.encode(_capacity()), "capacity is back");
        _assertConserved(key);
    }

    function test_a_fault_conserves_every_wei(uint256 when, uint256 dead, bool answered, uint256 late) public {
        when = bound(when, 100, 2 * PREPAY);
        uint256 least = when > 650 ? when - 600 : 50;
        dead = bound(dead, least, when);
        vm.warp(START + when);
        _fault(key, uint64(START + dead));
        _assertConserved(key);
        if (answered) {
            vm.prank(host);
            book.answer(key);
        }
        _settle(key, uint32(bound(late, 50, 2 * PREPAY)), 24, 0);
        vm.warp(START + when + 3);
        book.finalise(_keys(key));
        _assertConserved(key);
        (,,, uint256 committed) = book.orderOf(key.orderHash);
        assertEq(book.freeOf(user) + committed, DEPOSIT + (answered ? 0 : BOND), "the user's");
        assertEq(coes.coeOf(coe).stake, STAKE - (answered ? 0 : BOND), "the host's");
        assertTrue(book.leaseOf(leaseId).limit <= (dead > 50 ? dead : 50), "no second after the death");
    }

    // ------------------------------------------------------------- who says so

    function test_a_fault_needs_its_quorum() public {
        Fault memory found = _found();
        bytes[] memory forged = new bytes[](1);
        forged[0] = _sign(STRANGER_KEY, address(book), Typed.hash(found));
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.NotAMember.selector, stranger));
        book.fault(_order(), key, found, forged);
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.QuorumMissed.selector, 0, 1));
        book.fault(_order(), key, found, new bytes[](0));
    }

    function test_every_member_of_a_fault_is_signed(uint256 field) public {
        Fault memory found = _found();
        bytes[] memory signatures = _signFault(found);
        field = bound(field, 0, 1);
        if (field == 0) found.deadSince -= 1;
        if (field == 1) found.deadline += 1;
        vm.expectPartialRevert(ISchedulerCommittee.NotAMember.selector);
        book.fault(_order(), key, found, signatures);
    }

    function test_a_fault_is_about_one_lease_in_one_epoch_for_a_time() public {
        Fault memory found = _found();
        found.leaseId = keccak256("another");
        _refused(found, abi.encodeWithSelector(ILeaseBook.LeaseUnknown.selector, found.leaseId));
        found = _found();
        found.committeeEpoch = 2;
        _refused(found, abi.encodeWithSelector(ISchedulerCommittee.WrongEpoch.selector, 2, 1));
        found = _found();
        found.deadline = uint64(START + 99);
        _refused(found, abi.encodeWithSelector(ILeaseBook.PlanExpired.selector, START + 99, START + 100));
        found.deadline = uint64(START + 111);
        _refused(found, abi.encodeWithSelector(ILeaseBook.PlanTooFarAhead.selector, START + 111, START + 110));
    }

    function test_a_fault_names_its_order() public {
        Fault memory found = _found();
        bytes[] memory signatures = _signFault(found);
        Order memory other = _order();
        other.duration = 100;
        bytes32 hash = book.orderHashOf(other);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.OrderMismatch.selector, key.orderHash, hash));
        book.fault(other, key, found, signatures);
    }

    function test_a_lease_that_ended_or_never_was_does_not_die() public {
        Fault memory found = _found();
        LeaseKey memory none = _keyOf(key.orderHash, 2, 0);
        bytes[] memory signatures = _signFault(found);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LeaseUnknown.selector, _id(none)));
        book.fault(_order(), none, found, signatures);
        _end(key);
        _refused(found, abi.encodeWithSelector(ILeaseBook.LeaseNotOpen.selector, leaseId, LeaseState.Ending));
    }

    function test_one_transaction_ends_a_lease_and_opens_its_successor() public {
        bytes32 second = _register("two", STRANGER_KEY);
        Fault memory found = _found();
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(book.fault, (_order(), key, found, _signFault(found)));
        Plan memory p = _plan(key.orderHash, _one(_entry(0, 1, second)));
        calls[1] = abi.encodeCall(book.open, (_order(), _services(), p, _one(_entry(0, 1, second)), _signPlan(p)));
        (bool ok,) = address(book).call(abi.encodeWithSignature("multicall(bytes[])", calls));
        assertTrue(ok, "both");
        _assertReplica(key, ReplicaState.Live, 1, 80 + PREPAY);
        assertEq(coes.coeOf(second).locked, BOND, "bond of the second");
    }

    // ------------------------------------------------------------------- no show

    function test_a_host_that_never_starts_loses_its_bond_at_once() public {
        LeaseKey memory second = _openSecond();
        uint256 free = book.freeOf(user);
        uint256 refund = _charge(PREPAY, ALLOWANCE) + RESERVE;
        vm.warp(START + 121);
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.LeaseEnding(_id(second), coe, Reason.NoShow, uint64(START + 121), refund, 0);
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.LeaseClosed(_id(second), coe, 0, BOND);
        vm.prank(stranger);
        book.noShow(_order(), _keys(second));

        assertEq(book.freeOf(user), free + refund + BOND, "all is refunded, and the bond on top");
        assertEq(coes.coeOf(coe).stake, STAKE - BOND, "stake");
        assertEq(coes.coeOf(coe).locked, BOND, "the other lease's bond stays");
        Lease memory lease = book.leaseOf(_id(second));
        assertTrue(lease.state == LeaseState.Closed && lease.reason == Reason.NoShow, "closed");
        _assertReplica(second, ReplicaState.Refillable, 1, 0);
        assertEq(abi.encode(coes.coeOf(coe).assigned), abi.encode(_services()[0].reserved), "capacity is back");
    }

    function test_a_host_has_its_time_to_start() public {
        LeaseKey memory second = _openSecond();
        bytes memory reason = abi.encodeWithSelector(ILeaseBook.MayStillStart.selector, _id(second), START + 120);
        vm.warp(START + 120);
        vm.expectRevert(reason);
        book.noShow(_order(), _keys(second));
        vm.warp(START + 121);
        book.noShow(_order(), _keys(second));
    }

    function test_a_lease_that_started_is_no_no_show() public {
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.StartedAlready.selector, leaseId));
        book.noShow(_order(), _keys(key));
    }

    function test_one_settled_second_is_a_start_and_transfer_alone_is_none() public {
        LeaseKey memory second = _openSecond();
        vm.warp(START + 121);
        _settle(second, 0, 5, 0);
        uint256 snapshot = vm.snapshotState();
        uint256 free = book.freeOf(user);
        book.noShow(_order(), _keys(second));
        assertEq(book.freeOf(user), free + _charge(PREPAY, ALLOWANCE - 5) + RESERVE + BOND, "all but what was settled");
        vm.revertToState(snapshot);
        _settle(second, 1, 5, 0);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.StartedAlready.selector, _id(second)));
        book.noShow(_order(), _keys(second));
    }

    function test_a_no_show_names_its_order() public {
        LeaseKey memory second = _openSecond();
        Order memory other = _order();
        other.startWithin = 21;
        bytes32 hash = book.orderHashOf(other);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.OrderMismatch.selector, key.orderHash, hash));
        book.noShow(other, _keys(second));
    }

    function test_a_no_show_of_a_cancelled_order_leaves_no_place() public {
        LeaseKey memory second = _openSecond();
        vm.prank(user);
        book.cancel(key.orderHash);
        vm.warp(START + 121);
        book.noShow(_order(), _keys(second));
        _assertReplica(second, ReplicaState.Done, 0, 0);
    }

    // ------------------------------------------------------------------ helpers

    function _openSecond() private returns (LeaseKey memory second) {
        second = _keyOf(key.orderHash, 1, 0);
        _open(_order(), _services(), _one(_entry(1)));
    }

    function _found() private view returns (Fault memory) {
        return Fault({
            leaseId: leaseId,
            deadSince: uint64(START + 80),
            committeeEpoch: 1,
            deadline: uint64(vm.getBlockTimestamp() + 5)
        });
    }

    function _refused(Fault memory found, bytes memory reason) private {
        bytes[] memory signatures = _signFault(found);
        vm.expectRevert(reason);
        book.fault(_order(), key, found, signatures);
    }

    function _faultRefused(uint256 deadSince, uint256 least) private {
        Fault memory found = _found();
        found.deadSince = uint64(deadSince);
        _refused(
            found,
            abi.encodeWithSelector(ILeaseBook.DeadSinceOutOfRange.selector, deadSince, least, vm.getBlockTimestamp())
        );
    }

    function _expectEnding(Reason reason, uint256 endedAt, uint256 refunded, uint256 rent) private {
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.LeaseEnding(leaseId, coe, reason, uint64(endedAt), refunded, rent);
    }
}
