// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICoeRegistry} from "../../src/interfaces/ICoeRegistry.sol";
import {IContainerRegistry} from "../../src/interfaces/IContainerRegistry.sol";
import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {ISchedulerCommittee} from "../../src/interfaces/ISchedulerCommittee.sol";
import {
    LeaseState,
    Order,
    Plan,
    PlanEntry,
    Reason,
    Service,
    SkipCode,
    Terms,
    Ticket
} from "../../src/interfaces/Types.sol";
import {Typed} from "../Typed.sol";
import {vm} from "../Vm.sol";
import {LeaseWorld} from "./LeaseWorld.sol";

contract OpeningTest is LeaseWorld {
    function test_an_opened_lease_is_fenced_bonded_and_takes_capacity() public {
        bytes32 hash = _admit();
        bytes32 leaseId = keccak256(abi.encode(block.chainid, address(book), hash, 0, 1, 0, coe));
        PlanEntry[] memory entries = _one(_entry(1));
        Plan memory p = _plan(hash, entries);
        bytes[] memory signatures = _signPlan(p);
        uint256 fenced = _charge(PREPAY, ALLOWANCE);
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.LeaseOpened(leaseId, hash, coe, 0, 1, 0, uint64(START), PREPAY, _terms(), fenced);
        vm.prank(stranger); // anybody may send what the committee signed
        book.open(_services(), p, entries, signatures);

        assertEq(book.leaseIdOf(hash, 0, 1, 0, coe), leaseId, "id");
        assertEq(book.fencedOf(leaseId), fenced, "fenced");
        assertEq(book.freeOf(user), DEPOSIT - fenced, "free");
        (,,,, uint256 spent, uint256 ofOrder) = book.orderOf(hash);
        assertEq(spent, 0, "spent");
        assertEq(ofOrder, fenced, "fenced by the order");
        ICoeRegistry.Coe memory c = coes.coeOf(coe);
        assertEq(c.locked, HOST_RATE * 3_600 * 1e9, "bond");
        assertEq(abi.encode(c.assigned), abi.encode(_services()[0].reserved), "assigned");
        _assertConserved(leaseId);
    }

    function test_a_ticket_says_all_that_an_agent_checks() public {
        (bytes32 hash, bytes32 leaseId) = _openOne();
        Ticket memory t = book.ticket(leaseId);
        assertTrue(t.state == LeaseState.Open && t.reason == Reason.None, "state");
        assertEq(t.orderHash, hash, "order");
        assertEq(t.user, user, "user");
        assertEq(uint256(t.service) + t.replica + t.generation, 0, "slot");
        assertEq(t.coe, coe, "coe");
        assertEq(t.agent, agent, "agent");
        assertEq(t.imageDigest, DIGEST, "image");
        assertEq(t.specHash, keccak256("spec"), "spec");
        assertEq(abi.encode(t.reserved), abi.encode(_services()[0].reserved), "reserved");
        assertEq(t.origin, START, "origin");
        assertEq(t.fundedUntil, START + PREPAY, "funded until");
        assertEq(t.endedAt, 0, "ended");
        assertTrue(t.imageMinted && !t.imageMalicious, "image flags");
        assertEq(t.imagePublisher, publisher, "publisher");
        assertEq(t.imageComponentsHash, Typed.hashComponents(_image()), "components");
        assertEq(abi.encode(t.terms), abi.encode(_terms()), "terms");
        assertEq(t.settled.secondsRun, 0, "settled");
    }

    function test_an_unknown_lease_has_an_empty_ticket() public view {
        Ticket memory t = book.ticket(keccak256("nothing"));
        assertTrue(t.state == LeaseState.None && t.user == address(0), "empty");
        assertEq(book.fencedOf(keccak256("nothing")), 0, "fenced");
    }

    function test_one_transaction_admits_and_opens_all_replicas() public {
        Order memory o = _order(_services());
        bytes32 hash = book.orderHashOf(o);
        PlanEntry[] memory entries = _three();
        Plan memory p = _plan(hash, entries);
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(book.admit, (o, _services(), _sign(USER_KEY, address(book), Typed.hash(o))));
        calls[1] = abi.encodeCall(book.open, (_services(), p, entries, _signPlan(p)));
        book.multicall(calls);
        for (uint16 i = 0; i < 3; ++i) {
            assertTrue(book.ticket(book.leaseIdOf(hash, 0, i, 0, coe)).state == LeaseState.Open, "open");
        }
    }

    function test_a_short_order_is_funded_for_its_duration() public {
        Order memory o = _order(_services());
        o.duration = 100;
        bytes32 hash = _admit(o, _services());
        _open(hash, _services(), _one(_entry(0)));
        assertEq(book.ticket(book.leaseIdOf(hash, 0, 0, 0, coe)).fundedUntil, START + 100, "funded until");
    }

    function test_a_bad_entry_is_passed_over_and_the_rest_open() public {
        bytes32 hash = _admit();
        PlanEntry[] memory entries = _three();
        entries[1].replica = 3;
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.EntrySkipped(hash, 1, uint8(SkipCode.NoSuchReplica));
        _open(hash, _services(), entries);
        assertTrue(book.ticket(book.leaseIdOf(hash, 0, 0, 0, coe)).state == LeaseState.Open, "first");
        assertTrue(book.ticket(book.leaseIdOf(hash, 0, 2, 0, coe)).state == LeaseState.Open, "last");
    }

    // ------------------------------------------------- what refuses the whole plan

    function test_an_unknown_order_opens_nothing() public {
        bytes32 hash = keccak256("unknown");
        _refused(
            _services(),
            _plan(hash, _one(_entry(0))),
            _one(_entry(0)),
            abi.encodeWithSelector(ILeaseBook.OrderUnknown.selector, hash)
        );
    }

    function test_nothing_opens_for_the_first_time_after_submit_by() public {
        bytes32 hash = _admit();
        vm.warp(START + 301);
        _refused(
            _services(),
            _plan(hash, _one(_entry(0))),
            _one(_entry(0)),
            abi.encodeWithSelector(ILeaseBook.OrderExpired.selector, START + 300, START + 301)
        );
    }

    function test_services_of_a_plan_must_be_the_orders() public {
        bytes32 hash = _admit();
        Service[] memory s = _services();
        bytes32 signed = Typed.hash(s);
        s[0].ceiling[0] += 1;
        _refused(
            s,
            _plan(hash, _one(_entry(0))),
            _one(_entry(0)),
            abi.encodeWithSelector(ILeaseBook.ServicesMismatch.selector, signed, Typed.hash(s))
        );
    }

    function test_a_plan_ends_at_its_deadline() public {
        bytes32 hash = _admit();
        Plan memory p = _plan(hash, _one(_entry(0)));
        vm.warp(p.deadline + 1);
        _refused(
            _services(),
            p,
            _one(_entry(0)),
            abi.encodeWithSelector(ILeaseBook.PlanExpired.selector, p.deadline, p.deadline + 1)
        );
    }

    function test_a_deadline_lies_no_further_ahead_than_an_ask_may_move() public {
        bytes32 hash = _admit();
        Plan memory p = _plan(hash, _one(_entry(0)));
        p.deadline = uint64(START + 11);
        _refused(
            _services(),
            p,
            _one(_entry(0)),
            abi.encodeWithSelector(ILeaseBook.PlanTooFarAhead.selector, START + 11, START + 10)
        );
    }

    function test_entries_must_be_the_signed_ones() public {
        bytes32 hash = _admit();
        Plan memory p = _plan(hash, _one(_entry(0)));
        PlanEntry[] memory other = _one(_entry(1));
        _refused(
            _services(),
            p,
            other,
            abi.encodeWithSelector(ILeaseBook.EntriesMismatch.selector, p.entriesHash, Typed.hash(other))
        );
    }

    function test_a_plan_needs_its_quorum() public {
        bytes32 hash = _admit();
        Plan memory p = _plan(hash, _one(_entry(0)));
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.QuorumMissed.selector, 0, 1));
        book.open(_services(), p, _one(_entry(0)), new bytes[](0));

        bytes[] memory forged = new bytes[](1);
        forged[0] = _sign(STRANGER_KEY, address(book), Typed.hash(p));
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.NotAMember.selector, stranger));
        book.open(_services(), p, _one(_entry(0)), forged);
    }

    function test_a_plan_counts_in_its_epoch_only() public {
        bytes32 hash = _admit();
        Plan memory p = _plan(hash, _one(_entry(0)));
        p.committeeEpoch = 2;
        _refused(_services(), p, _one(_entry(0)), abi.encodeWithSelector(ISchedulerCommittee.WrongEpoch.selector, 2, 1));
    }

    // ------------------------------------------------------- what skips one entry

    function test_skips_a_service_or_replica_that_is_not_there() public {
        bytes32 hash = _admit();
        PlanEntry memory e = _entry(3);
        _skipped(hash, _services(), e, SkipCode.NoSuchReplica);
        e = _entry(0);
        e.service = 1;
        _skipped(hash, _services(), e, SkipCode.NoSuchReplica);
    }

    function test_skips_a_slot_that_is_taken_or_done() public {
        (bytes32 hash, bytes32 leaseId) = _openOne();
        bytes32 second = _register("two", stranger);
        PlanEntry memory e = _entry(0);
        _expectSkip(hash, SkipCode.SlotTaken);
        _open(hash, _services(), _one(e));
        e.coe = second;
        _skipped(hash, _services(), e, SkipCode.SlotTaken);
        _end(leaseId);
        _skipped(hash, _services(), e, SkipCode.SlotTaken);
    }

    function test_skips_a_generation_that_is_not_the_next() public {
        PlanEntry memory e = _entry(0);
        e.generation = 1;
        _skipped(_admit(), _services(), e, SkipCode.WrongGeneration);
    }

    function test_skips_an_unknown_coe() public {
        PlanEntry memory e = _entry(0);
        e.coe = keccak256("unknown");
        _skipped(_admit(), _services(), e, SkipCode.CoeInactive);
    }

    function test_skips_a_coe_that_drains_or_is_suspended() public {
        bytes32 hash = _admit();
        ICoeRegistry.Coe memory c = coes.coeOf(coe);
        c.status = ICoeRegistry.Status.Draining;
        _mockCoe(c);
        _skipped(hash, _services(), _entry(0), SkipCode.CoeInactive);
        c.status = ICoeRegistry.Status.Suspended;
        _mockCoe(c);
        _skipped(hash, _services(), _entry(0), SkipCode.CoeInactive);
    }

    function test_skips_an_image_without_an_nft() public {
        Service[] memory s = _services();
        s[0].imageDigest = keccak256("not minted");
        _skipped(_admit(_order(s), s), s, _entry(0), SkipCode.ImageMissing);
    }

    function test_skips_a_malicious_image() public {
        IContainerRegistry.ImageRecord memory i = images.imageOf(DIGEST);
        i.malicious = true;
        i.revoked = true; // the graver word is the one that is heard
        _mockImage(i);
        _skipped(_admit(), _services(), _entry(0), SkipCode.ImageMalicious);
    }

    function test_skips_a_revoked_image() public {
        IContainerRegistry.ImageRecord memory i = images.imageOf(DIGEST);
        i.revoked = true;
        _mockImage(i);
        _skipped(_admit(), _services(), _entry(0), SkipCode.ImageRevoked);
    }

    function test_skips_a_royalty_above_the_users_cap() public {
        Order memory o = _order(_services());
        o.maxRoyaltyBps = ROYALTY_BPS - 1;
        _skipped(_admit(o, _services()), _services(), _entry(0), SkipCode.RoyaltyAboveMax);
    }

    function test_skips_a_fee_above_the_users_cap() public {
        Order memory o = _order(_services());
        o.maxFeeBps = FEE_BPS - 1;
        _skipped(_admit(o, _services()), _services(), _entry(0), SkipCode.FeeAboveMax);
    }

    function test_skips_a_rate_above_the_plans_guard() public {
        PlanEntry memory e = _entry(0);
        e.maxHostRate = uint64(HOST_RATE - 1);
        bytes32 hash = _admit();
        _skipped(hash, _services(), e, SkipCode.RateAbovePlan);
        e.maxHostRate = uint64(HOST_RATE);
        _open(hash, _services(), _one(e));
    }

    function test_skips_asks_above_the_ceiling_in_sum() public {
        Service[] memory s = _services();
        s[0].ceiling = [uint128(2e9), 1e9, 1e7, 1e9 - 1, 2e11];
        _skipped(_admit(_order(s), s), s, _entry(0), SkipCode.RateAboveCeiling);
        // One resource above its ceiling is outweighed by another below it.
        s[0].ceiling[0] += 1;
        bytes32 hash = _admit(_order(s), s);
        _open(hash, s, _one(_entry(0)));
        assertTrue(book.ticket(book.leaseIdOf(hash, 0, 0, 0, coe)).state == LeaseState.Open, "open");
    }

    function test_skips_a_price_of_transfer_above_its_ceiling() public {
        Service[] memory s = _services();
        s[0].ceiling[4] = 2e11 - 1;
        _skipped(_admit(_order(s), s), s, _entry(0), SkipCode.RateAboveCeiling);
        // Without an allowance nothing of it can be billed.
        s[0].reserved[4] = 0;
        _open(_admit(_order(s), s), s, _one(_entry(0)));
    }

    function test_skips_reference_prices_above_the_ceiling() public {
        ICoeRegistry.Coe memory c = coes.coeOf(coe);
        c.ask = [uint128(1), 1, 1, 1, 1];
        _mockCoe(c);
        Service[] memory s = _services();
        s[0].ceiling = [uint128(1e9), 5e8, 1e7, 1e9 - 1, 1e11];
        _skipped(_admit(_order(s), s), s, _entry(0), SkipCode.ReferenceAboveCeiling);
        s[0].ceiling = [uint128(1e9), 5e8, 1e7, 1e9, 1e11 - 1];
        _skipped(_admit(_order(s), s), s, _entry(0), SkipCode.ReferenceAboveCeiling);
    }

    function test_skips_rates_that_do_not_fit() public {
        bytes32 hash = _admit();
        ICoeRegistry.Coe memory c = coes.coeOf(coe);
        c.ask[0] = uint128(uint256(2 ** 32) * 1e9 / 500);
        _mockCoe(c);
        _skipped(hash, _services(), _entry(0), SkipCode.RateTooWide);
        c.ask = _ask();
        c.ask[4] = uint128(2 ** 32) * 1e9;
        _mockCoe(c);
        _skipped(hash, _services(), _entry(0), SkipCode.RateTooWide);
        c.ask = _ask();
        c.capacity[4] = type(uint64).max;
        _mockCoe(c);
        Service[] memory s = _services();
        s[0].reserved[4] = 2 ** 20;
        _skipped(_admit(_order(s), s), s, _entry(0), SkipCode.RateTooWide);
    }

    function test_skips_a_region_outside_the_mask() public {
        Service[] memory s = _services();
        s[0].regionMask = 1 << 4;
        _skipped(_admit(_order(s), s), s, _entry(0), SkipCode.RegionExcluded);
        s[0].regionMask = (1 << 4) | (1 << 5);
        _open(_admit(_order(s), s), s, _one(_entry(0)));
    }

    function test_skips_what_would_exceed_the_orders_total() public {
        Order memory o = _order(_services());
        o.maxTotal = uint128(2 * _charge(PREPAY, ALLOWANCE) - 1);
        bytes32 hash = _admit(o, _services());
        _open(hash, _services(), _one(_entry(0)));
        _skipped(hash, _services(), _entry(1), SkipCode.AboveMaxTotal);
    }

    function test_skips_what_the_free_balance_does_not_cover() public {
        bytes32 hash = _admit();
        vm.prank(user);
        book.withdraw(DEPOSIT - _charge(PREPAY, ALLOWANCE) + 1);
        _skipped(hash, _services(), _entry(0), SkipCode.FreeBalanceTooLow);
    }

    function test_skips_a_stake_below_the_orders_wish() public {
        Service[] memory s = _services();
        s[0].minStake = uint128(STAKE + 1);
        _skipped(_admit(_order(s), s), s, _entry(0), SkipCode.StakeTooLow);
        s[0].minStake = uint128(STAKE);
        bytes32 hash = _admit(_order(s), s);
        _open(hash, s, _one(_entry(0)));
        _skipped(hash, s, _entry(1), SkipCode.StakeTooLow); // the first bond is locked
    }

    function test_skips_a_stake_below_the_bond() public {
        ICoeRegistry.Coe memory c = coes.coeOf(coe);
        c.locked = c.stake - HOST_RATE * 3_600 * 1e9 + 1;
        _mockCoe(c);
        _skipped(_admit(), _services(), _entry(0), SkipCode.StakeTooLow);
    }

    function test_skips_when_one_of_five_dimensions_is_full(uint256 dimension) public {
        dimension = bound(dimension, 0, 4);
        Service[] memory s = _services();
        s[0].reserved[dimension] = _capacity()[dimension] + 1;
        _skipped(_admit(_order(s), s), s, _entry(0), SkipCode.NoCapacity);
    }

    function test_skips_a_handle_that_was_used() public {
        bytes32 hash = _admit();
        bytes32 leaseId = book.leaseIdOf(hash, 0, 0, 0, coe);
        // Two ids with one handle are not to be found; the entry of the handle's map is written instead.
        bytes32 slot = keccak256(abi.encode(bytes8(leaseId), _slotOfHandles()));
        vm.store(address(book), slot, keccak256("another lease"));
        _skipped(hash, _services(), _entry(0), SkipCode.HandleUsed);
    }

    // ------------------------------------------------------------------ helpers

    /// @dev Finds the map by opening a lease in a discarded state and looking for its id.
    function _slotOfHandles() private returns (uint256) {
        uint256 snapshot = vm.snapshotState();
        bytes32 hash = book.orderHashOf(_order(_services()));
        _open(hash, _services(), _one(_entry(0)));
        bytes32 leaseId = book.leaseIdOf(hash, 0, 0, 0, coe);
        for (uint256 i = 0; i < 64; ++i) {
            if (vm.load(address(book), keccak256(abi.encode(bytes8(leaseId), i))) == leaseId) {
                vm.revertToState(snapshot);
                return i;
            }
        }
        revert NotTrue("the map of handles was found");
    }

    function _terms() private pure returns (Terms memory) {
        return Terms({
            hostRate: uint32(HOST_RATE),
            baseRate: uint32(HOST_RATE),
            hostTransfer: uint32(HOST_TRANSFER),
            baseTransfer: uint32(HOST_TRANSFER),
            royaltyBps: ROYALTY_BPS,
            feeBps: FEE_BPS,
            allowanceGiB: 1
        });
    }

    function _three() private view returns (PlanEntry[] memory entries) {
        entries = new PlanEntry[](3);
        for (uint16 i = 0; i < 3; ++i) {
            entries[i] = _entry(i);
        }
    }

    function _refused(Service[] memory s, Plan memory p, PlanEntry[] memory entries, bytes memory reason) private {
        bytes[] memory signatures = _signPlan(p);
        vm.expectRevert(reason);
        book.open(s, p, entries, signatures);
    }

    function _expectSkip(bytes32 hash, SkipCode skip) private {
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.EntrySkipped(hash, 0, uint8(skip));
    }

    /// @dev Passed over with this code, and no balance, lease, bond or capacity changed.
    function _skipped(bytes32 hash, Service[] memory s, PlanEntry memory e, SkipCode skip) private {
        uint256 free = book.freeOf(user);
        bytes32 before = keccak256(abi.encode(coes.coeOf(coe)));
        PlanEntry[] memory entries = _one(e);
        Plan memory p = _plan(hash, entries);
        bytes[] memory signatures = _signPlan(p);
        _expectSkip(hash, skip);
        book.open(s, p, entries, signatures);
        assertEq(book.freeOf(user), free, "free");
        assertEq(keccak256(abi.encode(coes.coeOf(coe))), before, "COE");
        assertTrue(
            book.ticket(book.leaseIdOf(hash, e.service, e.replica, e.generation, e.coe)).state == LeaseState.None,
            "no lease"
        );
    }

    /// @dev States that no function reaches yet, but that the book already heeds.
    function _mockCoe(ICoeRegistry.Coe memory c) private {
        vm.mockCall(address(coes), abi.encodeCall(coes.coeOf, (coe)), abi.encode(c));
    }

    function _mockImage(IContainerRegistry.ImageRecord memory i) private {
        vm.mockCall(address(images), abi.encodeCall(images.imageOf, (DIGEST)), abi.encode(i));
    }
}
