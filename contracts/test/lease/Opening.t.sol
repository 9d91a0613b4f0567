// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICoeRegistry} from "../../src/interfaces/ICoeRegistry.sol";
import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {ISchedulerCommittee} from "../../src/interfaces/ISchedulerCommittee.sol";
import {
    Lease,
    LeaseKey,
    LeaseState,
    Order,
    Plan,
    PlanEntry,
    Reason,
    ReplicaState,
    Service,
    SkipCode
} from "../../src/interfaces/Types.sol";
import {Typed} from "../Typed.sol";
import {Vm, vm} from "../Vm.sol";
import {LeaseWorld} from "./LeaseWorld.sol";

/// @notice What an opening does, and what refuses a whole plan.
contract OpeningTest is LeaseWorld {
    uint256 private constant FENCED = (HOST_RATE * PREPAY + HOST_TRANSFER * ALLOWANCE) * 1.06e9 + RESERVE;

    function test_an_opened_lease_is_fenced_bonded_and_takes_capacity() public {
        LeaseKey memory key = _keyOf(_admit(), 1, 0);
        bytes32 leaseId = keccak256(abi.encode(block.chainid, address(book), key.orderHash, 0, 1, 0, coe));
        _expectOpened(leaseId, key.orderHash);
        _open(_order(), _services(), _one(_entry(1)));

        assertEq(_id(key), leaseId, "id");
        assertEq(_charge(PREPAY, ALLOWANCE) + RESERVE, FENCED, "charge and reserve");
        assertEq(book.fencedOf(leaseId), FENCED, "fenced");
        assertEq(book.freeOf(user), DEPOSIT - FENCED, "free");
        (,,, uint256 committed) = book.orderOf(key.orderHash);
        assertEq(committed, FENCED, "committed by the order");
        ICoeRegistry.Coe memory c = coes.coeOf(coe);
        assertEq(c.locked, BOND, "bond");
        assertEq(abi.encode(c.assigned), abi.encode(_services()[0].reserved), "assigned");
        _assertConserved(key);
    }

    function test_an_opened_lease_is_kept_with_its_terms() public {
        LeaseKey memory key = _openOne();
        Lease memory lease = book.leaseOf(_id(key));
        assertTrue(lease.state == LeaseState.Open && lease.reason == Reason.None, "state");
        assertEq(lease.origin, START, "origin");
        assertEq(lease.limit, PREPAY, "limit");
        assertEq(lease.endedAt, 0, "ended at");
        assertEq(lease.coe, coes.coeOf(coe).index, "COE");
        assertEq(lease.node, images.imageOf(DIGEST).nodeIndex, "node");
        assertEq(abi.encode(lease.terms), abi.encode(_terms()), "terms");
        (ReplicaState state, uint16 generation, uint32 committed) = book.replicaOf(key.orderHash, 0, 0);
        assertTrue(state == ReplicaState.Live, "replica");
        assertEq(generation, 0, "generation");
        assertEq(committed, PREPAY, "seconds of the replica");
    }

    function test_one_transaction_admits_and_opens_all_replicas() public {
        Order memory o = _order();
        Plan memory p = _plan(book.orderHashOf(o), _three());
        bytes memory signature = _sign(USER_KEY, address(book), Typed.hash(o));
        vm.prank(stranger); // anybody may send what was signed
        book.admitAndOpen(o, _services(), signature, p, _three(), _signPlan(p));
        for (uint16 i = 0; i < 3; ++i) {
            assertTrue(_stateOf(_keyOf(p.orderHash, i, 0)) == LeaseState.Open, "open");
        }
        assertEq(coes.coeOf(coe).locked, 3 * BOND, "bonds");
        assertEq(book.freeOf(user), DEPOSIT - 3 * FENCED, "free");
    }

    function test_an_order_that_somebody_admitted_meanwhile_is_opened_all_the_same() public {
        Order memory o = _order();
        Plan memory p = _plan(book.orderHashOf(o), _three());
        bytes memory signature = _sign(USER_KEY, address(book), Typed.hash(o));
        bytes[] memory signatures = _signPlan(p);
        vm.prank(stranger);
        book.admit(o, _services(), signature);
        vm.warp(START + 3);
        vm.recordLogs();
        book.admitAndOpen(o, _services(), signature, p, _three(), signatures);
        assertEq(_countOf(vm.getRecordedLogs(), ILeaseBook.OrderAdmitted.selector), 0, "it was admitted once");
        (,, uint64 admittedAt,) = book.orderOf(p.orderHash);
        assertEq(admittedAt, START, "then");
        for (uint16 i = 0; i < 3; ++i) {
            assertTrue(_stateOf(_keyOf(p.orderHash, i, 0)) == LeaseState.Open, "open");
        }
    }

    function test_a_known_order_is_admitted_and_opened_within_its_rules_only() public {
        bytes32 hash = _admit();
        uint256 snapshot = vm.snapshotState();
        vm.prank(user);
        book.cancel(hash);
        _refusedAgain(_services(), hash, abi.encodeWithSelector(ILeaseBook.OrderCancelledAlready.selector, hash));
        vm.revertToState(snapshot);
        vm.prank(user);
        book.raiseEpoch();
        _refusedAgain(_services(), hash, abi.encodeWithSelector(ILeaseBook.OrderFromOldEpoch.selector, 0, 1));
        vm.revertToState(snapshot);
        vm.warp(START + 301);
        _refusedAgain(
            _services(), hash, abi.encodeWithSelector(ILeaseBook.OrderExpired.selector, START + 300, START + 301)
        );
        vm.warp(START);
        Service[] memory s = _services();
        s[0].ceiling[0] += 1;
        _refusedAgain(
            s,
            hash,
            abi.encodeWithSelector(ILeaseBook.ServicesMismatch.selector, Typed.hash(_services()), Typed.hash(s))
        );
        Order memory other = _order();
        other.salt = 0;
        hash = _admit(other, _services());
        bytes32 own = book.orderHashOf(_order());
        _refusedAgain(_services(), hash, abi.encodeWithSelector(ILeaseBook.OrderMismatch.selector, hash, own));
        _refusedAgain(_services(), 0, abi.encodeWithSelector(ILeaseBook.OrderKnown.selector, own));
    }

    /// @dev The world's order, which is known, with a plan for whatever is named.
    function _refusedAgain(Service[] memory s, bytes32 named, bytes memory reason) private {
        Order memory o = _order();
        Plan memory p = _plan(named, _three());
        bytes memory signature = _sign(USER_KEY, address(book), Typed.hash(o));
        bytes[] memory signatures = _signPlan(p);
        vm.expectRevert(reason);
        book.admitAndOpen(o, s, signature, p, _three(), signatures);
    }

    function _countOf(Vm.Log[] memory logs, bytes32 topic) private pure returns (uint256 count) {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == topic) ++count;
        }
    }

    function test_a_refused_plan_admits_nothing() public {
        Order memory o = _order();
        Plan memory p = _plan(book.orderHashOf(o), _three());
        bytes memory signature = _sign(USER_KEY, address(book), Typed.hash(o));
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.QuorumMissed.selector, 0, 1));
        book.admitAndOpen(o, _services(), signature, p, _three(), new bytes[](0));
        (address of_,,,) = book.orderOf(p.orderHash);
        assertEq(of_, address(0), "unknown");
    }

    function test_a_multicall_admits_and_opens_too() public {
        Order memory o = _order();
        Plan memory p = _plan(book.orderHashOf(o), _three());
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(book.admit, (o, _services(), _sign(USER_KEY, address(book), Typed.hash(o))));
        calls[1] = abi.encodeCall(book.open, (o, _services(), p, _three(), _signPlan(p)));
        (bool ok,) = address(book).call(abi.encodeWithSignature("multicall(bytes[])", calls));
        assertTrue(ok, "both calls");
        assertTrue(_stateOf(_keyOf(p.orderHash, 2, 0)) == LeaseState.Open, "open");
    }

    function test_a_short_order_is_funded_for_its_duration() public {
        Order memory o = _order();
        o.duration = 100;
        LeaseKey memory key = _openOne(o);
        assertEq(book.leaseOf(_id(key)).limit, 100, "limit");
        assertEq(book.fencedOf(_id(key)), _charge(100, ALLOWANCE) + RESERVE, "fenced");
    }

    function test_a_bad_entry_is_passed_over_and_the_rest_open() public {
        bytes32 hash = _admit();
        PlanEntry[] memory entries = _three();
        entries[1].replica = 3;
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.EntrySkipped(hash, 1, uint8(SkipCode.NoSuchReplica));
        _open(_order(), _services(), entries);
        assertTrue(_stateOf(_keyOf(hash, 0, 0)) == LeaseState.Open, "first");
        assertTrue(_stateOf(_keyOf(hash, 1, 0)) == LeaseState.None, "second");
        assertTrue(_stateOf(_keyOf(hash, 2, 0)) == LeaseState.Open, "last");
    }

    function test_a_replica_twice_in_a_plan_opens_once() public {
        bytes32 hash = _admit();
        PlanEntry[] memory entries = new PlanEntry[](2);
        entries[0] = _entry(0);
        entries[1] = _entry(0);
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.EntrySkipped(hash, 1, uint8(SkipCode.SlotTaken));
        _open(_order(), _services(), entries);
        assertEq(coes.coeOf(coe).locked, BOND, "one bond");
    }

    function test_a_plan_of_nothing_opens_nothing() public {
        _admit();
        _open(_order(), _services(), new PlanEntry[](0));
        assertEq(book.freeOf(user), DEPOSIT, "free");
    }

    function test_the_fence_is_the_charge_of_what_is_funded_and_the_reserve(uint256 prepay, uint256 duration) public {
        Order memory o = _order();
        o.maxTotal = type(uint128).max;
        o.prepay = uint32(bound(prepay, 20, 2 ** 27 - 1));
        o.duration = uint32(bound(duration, 20, 2 ** 27 - 1));
        uint256 limit = o.prepay < o.duration ? o.prepay : o.duration;
        uint256 wanted = _charge(limit, ALLOWANCE) + RESERVE;
        LeaseKey memory key = _keyOf(_admit(o, _services()), 0, 0);
        _open(o, _services(), _one(_entry(0)));
        bool opens = wanted <= DEPOSIT;
        assertTrue(_stateOf(key) == (opens ? LeaseState.Open : LeaseState.None), "opens when the money is there");
        assertEq(book.freeOf(user), opens ? DEPOSIT - wanted : DEPOSIT, "free");
        _assertConserved(key);
    }

    // ------------------------------------------------- what refuses the whole plan

    function test_an_unknown_order_opens_nothing() public {
        bytes32 hash = book.orderHashOf(_order());
        _refused(
            _order(),
            _services(),
            _plan(hash, _one(_entry(0))),
            _one(_entry(0)),
            abi.encodeWithSelector(ILeaseBook.OrderUnknown.selector, hash)
        );
    }

    function test_a_plan_opens_its_own_order_only() public {
        bytes32 hash = _admit();
        Order memory other = _order();
        other.salt = 0;
        bytes32 otherHash = _admit(other, _services());
        _refused(
            other,
            _services(),
            _plan(hash, _one(_entry(0))),
            _one(_entry(0)),
            abi.encodeWithSelector(ILeaseBook.OrderMismatch.selector, hash, otherHash)
        );
    }

    function test_nothing_opens_for_the_first_time_after_submit_by() public {
        bytes32 hash = _admit();
        vm.warp(START + 300);
        _open(_order(), _services(), _one(_entry(1)));
        vm.warp(START + 301);
        _refused(
            _order(),
            _services(),
            _plan(hash, _one(_entry(0))),
            _one(_entry(0)),
            abi.encodeWithSelector(ILeaseBook.OrderExpired.selector, START + 300, START + 301)
        );
    }

    function test_nothing_opens_for_the_first_time_while_openings_are_stopped() public {
        bytes32 hash = _admit();
        vm.prank(guardian);
        settings.stopOpenings();
        bytes memory reason = abi.encodeWithSelector(ILeaseBook.OpeningsStopped.selector);
        _refused(_order(), _services(), _plan(hash, _one(_entry(0))), _one(_entry(0)), reason);
        settings.allowOpenings();
        _open(_order(), _services(), _one(_entry(0)));
        assertTrue(_stateOf(_keyOf(hash, 0, 0)) == LeaseState.Open, "open");
    }

    function test_neither_submit_by_nor_the_guardian_stops_a_failover() public {
        LeaseKey memory key = _openOne();
        vm.prank(guardian);
        settings.stopOpenings();
        vm.warp(START + 400);
        _settle(key, 400, 0, 0);
        vm.prank(host);
        book.drain(_order(), _keys(key));
        _open(_order(), _services(), _one(_entry(0, 1, coe)));
        assertTrue(_stateOf(_keyOf(key.orderHash, 0, 1)) == LeaseState.Open, "the successor is open");
    }

    function test_services_of_a_plan_must_be_the_orders() public {
        bytes32 hash = _admit();
        Service[] memory s = _services();
        s[0].ceiling[0] += 1;
        _refused(
            _order(),
            s,
            _plan(hash, _one(_entry(0))),
            _one(_entry(0)),
            abi.encodeWithSelector(ILeaseBook.ServicesMismatch.selector, Typed.hash(_services()), Typed.hash(s))
        );
    }

    function test_a_plan_ends_at_its_deadline() public {
        bytes32 hash = _admit();
        Plan memory p = _plan(hash, _one(_entry(0)));
        bytes[] memory signatures = _signPlan(p);
        vm.warp(p.deadline + 1);
        _refused(
            _order(),
            _services(),
            p,
            _one(_entry(0)),
            abi.encodeWithSelector(ILeaseBook.PlanExpired.selector, p.deadline, p.deadline + 1)
        );
        vm.warp(p.deadline);
        book.open(_order(), _services(), p, _one(_entry(0)), signatures);
        assertTrue(_stateOf(_keyOf(hash, 0, 0)) == LeaseState.Open, "open in its last second");
    }

    function test_a_deadline_lies_no_further_ahead_than_an_ask_may_move() public {
        Plan memory p = _plan(_admit(), _one(_entry(0)));
        p.deadline = uint64(START + 11);
        _refused(
            _order(),
            _services(),
            p,
            _one(_entry(0)),
            abi.encodeWithSelector(ILeaseBook.PlanTooFarAhead.selector, START + 11, START + 10)
        );
        p.deadline = uint64(START + 10);
        book.open(_order(), _services(), p, _one(_entry(0)), _signPlan(p));
        assertTrue(_stateOf(_keyOf(p.orderHash, 0, 0)) == LeaseState.Open, "open");
    }

    function test_entries_must_be_the_signed_ones() public {
        Plan memory p = _plan(_admit(), _one(_entry(0)));
        PlanEntry[] memory other = _one(_entry(1));
        _refused(
            _order(),
            _services(),
            p,
            other,
            abi.encodeWithSelector(ILeaseBook.EntriesMismatch.selector, p.entriesHash, Typed.hash(other))
        );
    }

    function test_every_member_of_an_entry_is_signed(uint256 field) public {
        Plan memory p = _plan(_admit(), _one(_entry(0)));
        PlanEntry memory e = _entry(0);
        field = bound(field, 0, 4);
        if (field == 0) e.service = 1;
        if (field == 1) e.replica = 1;
        if (field == 2) e.generation = 1;
        if (field == 3) e.coe = keccak256("another");
        if (field == 4) e.maxHostRate = 1;
        bytes32 given = Typed.hash(_one(e));
        _refused(
            _order(),
            _services(),
            p,
            _one(e),
            abi.encodeWithSelector(ILeaseBook.EntriesMismatch.selector, p.entriesHash, given)
        );
    }

    function test_a_plan_needs_its_quorum() public {
        Plan memory p = _plan(_admit(), _one(_entry(0)));
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.QuorumMissed.selector, 0, 1));
        book.open(_order(), _services(), p, _one(_entry(0)), new bytes[](0));

        bytes[] memory forged = new bytes[](1);
        forged[0] = _sign(STRANGER_KEY, address(book), Typed.hash(p));
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.NotAMember.selector, stranger));
        book.open(_order(), _services(), p, _one(_entry(0)), forged);
    }

    function test_a_changed_plan_has_no_quorum() public {
        Plan memory p = _plan(_admit(), _one(_entry(0)));
        bytes[] memory signatures = _signPlan(p);
        p.deadline += 1;
        vm.expectPartialRevert(ISchedulerCommittee.NotAMember.selector);
        book.open(_order(), _services(), p, _one(_entry(0)), signatures);
    }

    function test_a_plan_counts_in_its_epoch_only() public {
        Plan memory p = _plan(_admit(), _one(_entry(0)));
        p.committeeEpoch = 2;
        _refused(
            _order(),
            _services(),
            p,
            _one(_entry(0)),
            abi.encodeWithSelector(ISchedulerCommittee.WrongEpoch.selector, 2, 1)
        );
    }

    // ---------------------------------------------------------- order of the checks

    /// @notice A plan with every fault there is names them one after the other as they are mended.
    function test_the_checks_of_a_plan_are_made_in_order() public {
        Order memory o = _order();
        Service[] memory s = _services();
        PlanEntry[] memory entries = _one(_entry(0));
        Plan memory p = _plan(keccak256("another"), new PlanEntry[](0));
        p.deadline = uint64(START - 1);
        p.committeeEpoch = 2;
        s[0].replicas = 9;

        _refusedFirst(o, s, p, entries, ILeaseBook.OrderMismatch.selector);
        p.orderHash = book.orderHashOf(o);
        _refusedFirst(o, s, p, entries, ILeaseBook.OrderUnknown.selector);
        _admit();
        uint256 snapshot = vm.snapshotState();
        vm.startPrank(user);
        book.raiseEpoch();
        _cancelledFirst(o, s, p, entries);
        vm.revertToState(snapshot);
        vm.prank(user);
        book.raiseEpoch();
        _refusedFirst(o, s, p, entries, ILeaseBook.OrderFromOldEpoch.selector);
        vm.revertToState(snapshot);
        vm.prank(guardian);
        settings.stopOpenings();
        _refusedFirst(o, s, p, entries, ILeaseBook.ServicesMismatch.selector);
        s = _services();
        _refusedFirst(o, s, p, entries, ILeaseBook.EntriesMismatch.selector);
        p.entriesHash = Typed.hash(entries);
        vm.warp(START + 301);
        _refusedFirst(o, s, p, entries, ILeaseBook.OrderExpired.selector);
        vm.warp(START);
        _refusedFirst(o, s, p, entries, ILeaseBook.OpeningsStopped.selector);
        settings.allowOpenings();
        _refusedFirst(o, s, p, entries, ILeaseBook.PlanExpired.selector);
        p.deadline = uint64(START + 99);
        _refusedFirst(o, s, p, entries, ILeaseBook.PlanTooFarAhead.selector);
        p.deadline = uint64(START);
        _refusedFirst(o, s, p, entries, ISchedulerCommittee.WrongEpoch.selector);
        p.committeeEpoch = 1;
        book.open(o, s, p, entries, _signPlan(p));
        assertTrue(_stateOf(_keyOf(p.orderHash, 0, 0)) == LeaseState.Open, "nothing is wrong any more");
    }

    // ------------------------------------------------------------------ helpers

    function _cancelledFirst(Order memory o, Service[] memory s, Plan memory p, PlanEntry[] memory entries) private {
        book.cancel(p.orderHash);
        vm.stopPrank();
        _refusedFirst(o, s, p, entries, ILeaseBook.OrderCancelledAlready.selector);
    }

    function _refusedFirst(
        Order memory o,
        Service[] memory s,
        Plan memory p,
        PlanEntry[] memory entries,
        bytes4 selector
    ) private {
        bytes[] memory signatures = _signPlan(p);
        vm.expectPartialRevert(selector);
        book.open(o, s, p, entries, signatures);
    }

    function _expectOpened(bytes32 leaseId, bytes32 hash) private {
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.LeaseOpened(leaseId, hash, coe, 0, 1, 0, DIGEST, uint64(START), PREPAY, _terms(), FENCED);
    }

    function _three() private view returns (PlanEntry[] memory entries) {
        entries = new PlanEntry[](3);
        for (uint16 i = 0; i < 3; ++i) {
            entries[i] = _entry(i);
        }
    }

    function _refused(
        Order memory o,
        Service[] memory s,
        Plan memory p,
        PlanEntry[] memory entries,
        bytes memory reason
    ) private {
        bytes[] memory signatures = _signPlan(p);
        vm.expectRevert(reason);
        book.open(o, s, p, entries, signatures);
    }
}
