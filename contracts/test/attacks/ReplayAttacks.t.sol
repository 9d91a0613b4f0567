// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {
    Fault,
    LeaseKey,
    LeaseState,
    Order,
    Plan,
    PlanEntry,
    SkipCode,
    UsageBatch,
    UsageCode,
    Verdict
} from "../../src/interfaces/Types.sol";
import {Typed} from "../Typed.sol";
import {vm} from "../Vm.sol";
import {AttackWorld} from "./AttackWorld.sol";

/// @notice Messages that were signed once, sent again: later, elsewhere, or on a chain that was reorganised.
contract ReplayAttacksTest is AttackWorld {
    // ---------------------------------- replay of usage across failover and back

    function test_replay_of_usage_across_failover_and_back_pays_nothing() public {
        LeaseKey memory first = _openOne();
        vm.warp(START + 100);
        UsageBatch[] memory old = _batch(_usage(first, 100, 10, 10), uint64(vm.getBlockTimestamp()), AGENT_KEY);
        _settle(old);

        vm.warp(START + 110);
        _fault(first, uint64(START + 100));
        LeaseKey memory second = _openAt(0, 1, other);
        vm.warp(START + 120);
        vm.prank(user);
        book.move(_order(_services()), _one(second));
        LeaseKey memory third = _openAt(0, 2, coe);
        vm.warp(START + 300);
        uint256 earned = _earned(coe);

        _assertNothingPaid(_settle(old));
        book.finalise(_one(first));
        Settled memory s = _settle(old);
        _assertCode(s, UsageCode.LeaseClosed);
        assertEq(_earned(coe), earned, "nothing is earned twice");
        assertEq(book.settledOf(_id(third)).secondsRun, 0, "the lease that came back starts from nothing");
    }

    /// @notice The agent that lost a lease goes on reporting; its generation ended where it ended.
    function test_usage_of_a_lost_generation_does_not_grow() public {
        LeaseKey memory first = _openOne();
        vm.warp(START + 110);
        _fault(first, uint64(START + 100));
        _openAt(0, 1, other);
        vm.warp(START + 112);
        assertEq(_settle(first, 112, 0, 0).host, _host(100, 0), "up to the time of death");
        _assertNothingPaid(_settle(first, 400, 500, 500));
    }

    function test_usage_of_one_coe_cannot_name_a_lease_of_another() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + 100);
        Settled memory s = _settle(_batches(_report(other, OTHER_AGENT_KEY, _usage(key, 100, 0, 0))));
        _assertCode(s, UsageCode.ForeignLease);
        _assertNothingPaid(s);
    }

    function test_doubled_and_reordered_usage_pays_once() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + 100);
        UsageBatch[] memory early = _batch(_usage(key, 50, 1, 1), uint64(START + 50), AGENT_KEY);
        bytes memory doubled = bytes.concat(_usage(key, 100, 5, 5), _usage(key, 100, 5, 5));
        assertEq(_settle(doubled).host, _host(100, 10), "once");
        Settled memory s = _settle(early);
        _assertCode(s, UsageCode.CounterFell);
        _assertNothingPaid(s);
    }

    // ----------------------------------------------- reorg with swapped openings

    /// @notice Two leases open in one order, the chain forgets it, and they open the other way round.
    function test_reorg_with_swapped_openings_makes_an_old_signature_mean_nothing_new() public {
        _admit();
        uint256 before = vm.snapshotState();
        LeaseKey memory here = _openAt(0, 0, coe);
        _openAt(1, 0, other);
        vm.warp(START + 100);
        UsageBatch[] memory usage = _batch(_usage(here, 100, 10, 0), uint64(START + 100), AGENT_KEY);
        Fault memory found = Fault(_id(here), uint64(START + 50), 1, uint64(START + 105));
        bytes[] memory signatures = _signFault(found);

        vm.revertToState(before);
        LeaseKey memory swapped = _openAt(0, 0, other);
        LeaseKey memory there = _openAt(1, 0, coe);
        vm.warp(START + 100);
        Settled memory s = _settle(usage);
        _assertCode(s, UsageCode.UnknownLease);
        _assertNothingPaid(s);
        Order memory order = _order(_services());
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LeaseUnknown.selector, found.leaseId));
        book.fault(order, swapped, found, signatures);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LeaseUnknown.selector, found.leaseId));
        book.fault(order, there, found, signatures);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LeaseUnknown.selector, found.leaseId));
        book.fault(order, here, found, signatures);
    }

    // ----------------------------------- a relay that sends another's messages again

    function test_a_relay_that_sends_an_order_twice_admits_it_once() public {
        Order memory order = _order(_services());
        bytes memory signature = _sign(USER_KEY, address(book), Typed.hash(order));
        vm.prank(stranger);
        bytes32 orderHash = book.admit(order, _services(), signature);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.OrderKnown.selector, orderHash));
        vm.prank(stranger);
        book.admit(order, _services(), signature);
    }

    function test_a_relay_that_sends_a_plan_twice_opens_it_once() public {
        _admit();
        Order memory order = _order(_services());
        PlanEntry[] memory entries = _one(_entry(0));
        Plan memory plan = _plan(_orderHash(), entries);
        bytes[] memory signatures = _signPlan(plan);
        book.open(order, _services(), plan, entries, signatures);
        uint256 free = book.freeOf(user);
        _expectSkip(SkipCode.SlotTaken);
        book.open(order, _services(), plan, entries, signatures);
        assertEq(book.freeOf(user), free, "nothing more is ringed");
    }

    function test_a_plan_is_not_carried_out_again_once_its_lease_has_ended() public {
        _admit();
        Order memory order = _order(_services());
        PlanEntry[] memory entries = _one(_entry(0));
        Plan memory plan = _plan(_orderHash(), entries);
        bytes[] memory signatures = _signPlan(plan);
        book.open(order, _services(), plan, entries, signatures);
        LeaseKey[] memory opened = _one(_keyAt(0, 0, coe));
        vm.prank(user);
        book.move(order, opened);
        _expectSkip(SkipCode.WrongGeneration);
        book.open(order, _services(), plan, entries, signatures);
    }

    function test_a_cancelled_order_is_not_admitted_again() public {
        bytes32 orderHash = _admit();
        vm.prank(user);
        book.cancel(orderHash);
        Order memory order = _order(_services());
        bytes memory signature = _sign(USER_KEY, address(book), Typed.hash(order));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.OrderKnown.selector, orderHash));
        book.admit(order, _services(), signature);
    }

    function test_a_fault_is_not_carried_out_on_the_next_generation() public {
        LeaseKey memory first = _openOne();
        Fault memory found = Fault(_id(first), uint64(START), 1, uint64(START + 5));
        Order memory order = _order(_services());
        book.fault(order, first, found, _signFault(found));
        LeaseKey memory second = _openAt(0, 1, coe);
        bytes[] memory signatures = _signFault(found);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LeaseUnknown.selector, found.leaseId));
        book.fault(order, second, found, signatures);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LeaseNotOpen.selector, found.leaseId, LeaseState.Ending));
        book.fault(order, first, found, signatures);
    }

    function test_a_verdict_does_not_decide_the_next_dispute() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + 100);
        _settle(key, 100, 0, 0);
        vm.prank(user);
        book.dispute(key, 40);
        Verdict memory verdict = Verdict(_id(key), 40, true, 1, uint64(START + 105));
        bytes[] memory signatures = new bytes[](1);
        signatures[0] = _sign(MEMBER_KEY, address(book), Typed.hash(verdict));
        book.decide(key, verdict, signatures);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.DisputeUnknown.selector, _id(key)));
        book.decide(key, verdict, signatures);
        vm.prank(user);
        book.dispute(key, 40);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.VerdictMismatch.selector, _id(key), 40, 80));
        book.decide(key, verdict, signatures);
    }

    function _one(LeaseKey memory key) private pure returns (LeaseKey[] memory) {
        return _keys(key);
    }
}
