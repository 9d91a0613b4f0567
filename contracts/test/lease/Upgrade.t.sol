// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {ISchedulerCommittee} from "../../src/interfaces/ISchedulerCommittee.sol";
import {
    Lease,
    LeaseKey,
    LeaseState,
    Order,
    PlanEntry,
    Reason,
    ReplicaState,
    SkipCode,
    Ticket,
    Upgrade
} from "../../src/interfaces/Types.sol";
import {Typed} from "../Typed.sol";
import {vm} from "../Vm.sol";
import {LeaseWorld} from "./LeaseWorld.sol";

/// @notice Live replicas that follow the channel `stable` of their image.
contract UpgradeTest is LeaseWorld {
    LeaseKey private old;
    bytes32 private next; // the channel's image

    function setUp() public override {
        super.setUp();
        old = _openOne(_following());
        next = _mintAnother("web", ROYALTY_BPS);
        vm.prank(publisher);
        images.moveChannel("stable", next);
        vm.warp(START + 100);
    }

    function test_a_replica_moves_to_the_image_of_its_channel() public {
        _settle(old, 50, 24, 0);
        uint256 free = book.freeOf(user);
        uint256 refund = _charge(440, ALLOWANCE - 24) + RESERVE;
        Upgrade memory plan = _upgradeTo(next, 60);
        bytes[] memory signatures = _signUpgrade(plan);
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.LeaseEnding(_id(old), coe, Reason.Upgrade, uint64(START + 160), refund, 0);
        _expectOpened();
        vm.prank(stranger);
        book.upgrade(_following(), _services(), plan, _one(_entry(0, 1, coe)), _keys(old), signatures);

        assertEq(book.freeOf(user), free + refund - _charge(PREPAY, ALLOWANCE) - RESERVE, "free");
        assertEq(book.fencedOf(_id(old)), _charge(110, 0), "the rest and the overlap, without transfer");
        Lease memory ended = book.leaseOf(_id(old));
        assertTrue(ended.state == LeaseState.Ending && ended.reason == Reason.Upgrade, "the old lease ends");
        assertEq(ended.limit, 160, "limit");
        assertEq(book.leaseOf(_id(_new())).node, images.imageOf(next).nodeIndex, "node of the new image");
        (ReplicaState state, uint16 generation, uint32 committed) = book.replicaOf(old.orderHash, 0, 0);
        assertTrue(state == ReplicaState.Live && generation == 1, "the replica lives on");
        assertEq(committed, 160 + PREPAY, "seconds of the replica");
        assertEq(coes.coeOf(coe).locked, 2 * BOND, "both bonds");
        assertEq(abi.encode(coes.coeOf(coe).assigned), abi.encode(_services()[0].reserved), "capacity of one");
        assertEq(_inBook(), token.balanceOf(address(book)), "tokens in the book");
    }

    function test_the_old_lease_is_paid_to_the_end_of_the_overlap() public {
        _upgrade(60);
        vm.warp(START + 300);
        assertEq(_settle(old, 300, 9, 9).host, _host(160, 0), "seconds to the end, no transfer");
        book.finalise(_keys(old));
        assertTrue(_stateOf(old) == LeaseState.Closed, "closed");
        assertEq(coes.coeOf(coe).locked, BOND, "one bond");
        assertEq(_inBook(), token.balanceOf(address(book)), "tokens in the book");
    }

    function test_reports_of_the_old_lease_are_taken_for_f_after_the_overlap() public {
        _upgrade(60);
        vm.warp(START + 162);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LateReportsStillTaken.selector, _id(old), START + 163));
        book.finalise(_keys(old));
        vm.warp(START + 163);
        book.finalise(_keys(old));
    }

    function test_royalties_follow_the_image() public {
        _upgrade(0);
        vm.warp(START + 140);
        assertEq(_settle(_new(), 40, 0, 0).royalty, _royalty(40, 0), "royalty");
        assertEq(pool.receivedOf(images.nodeOf(next)), _royalty(40, 0), "new image");
        assertEq(pool.receivedOf(images.nodeOf(DIGEST)), 0, "old image");
    }

    function test_an_upgrade_without_overlap_ends_at_once() public {
        _upgrade(0);
        assertEq(book.leaseOf(_id(old)).limit, 100, "limit");
        assertEq(book.leaseOf(_id(old)).endedAt, START + 100, "ended at");
    }

    function test_an_overlap_is_ten_minutes_at_most() public {
        Upgrade memory plan = _upgradeTo(next, 601);
        _refused(_following(), plan, abi.encodeWithSelector(ILeaseBook.OverlapTooLong.selector, 601, 600));
        _upgrade(600);
        assertEq(book.leaseOf(_id(old)).limit, PREPAY, "never beyond what was funded");
        assertEq(book.leaseOf(_id(old)).endedAt, START + 700, "ended at");
    }

    function test_what_ends_pays_for_what_opens() public {
        uint256 free = book.freeOf(user);
        vm.prank(user);
        // Of the old lease 100 seconds stay ringed; the successor costs as much as it did.
        book.withdraw(free - _charge(100, 0));
        _upgrade(0);
        assertEq(book.freeOf(user), 0, "free");
    }

    function test_one_wei_less_opens_nothing() public {
        uint256 free = book.freeOf(user);
        vm.prank(user);
        book.withdraw(free - _charge(100, 0) + 1);
        _skipped(_entry(0, 1, coe), old, next, SkipCode.FreeBalanceTooLow);
    }

    function test_the_orders_total_holds_for_both_leases_together() public {
        Order memory o = _following();
        o.salt = 0;
        o.maxTotal = uint128(_charge(PREPAY + 100, ALLOWANCE) + RESERVE);
        vm.warp(START);
        LeaseKey memory key = _openOne(o);
        vm.warp(START + 101);
        Upgrade memory plan = _upgradeTo(next, 0);
        plan.orderHash = key.orderHash;
        bytes[] memory signatures = _signUpgrade(plan);
        _skipEvent(key.orderHash, SkipCode.AboveMaxTotal);
        book.upgrade(o, _services(), plan, _one(_entry(0, 1, coe)), _keys(key), signatures);
        vm.warp(START + 100);
        plan.deadline = uint64(START + 100);
        book.upgrade(o, _services(), plan, _one(_entry(0, 1, coe)), _keys(key), _signUpgrade(plan));
        assertTrue(_stateOf(_keyOf(key.orderHash, 0, 1)) == LeaseState.Open, "open");
    }

    function test_the_duration_holds_for_both_leases_together() public {
        Order memory o = _following();
        o.salt = 0;
        o.duration = 650;
        vm.warp(START);
        LeaseKey memory key = _openOne(o);
        vm.warp(START + 100);
        Upgrade memory plan = _upgradeTo(next, 60);
        plan.orderHash = key.orderHash;
        book.upgrade(o, _services(), plan, _one(_entry(0, 1, coe)), _keys(key), _signUpgrade(plan));
        assertEq(book.leaseOf(_id(_keyOf(key.orderHash, 0, 1))).limit, 490, "650 without the old lease's 160");
    }

    function test_the_rent_of_a_gap_is_paid_before_an_upgrade() public {
        _settle(old, 100, 0, 0);
        vm.warp(START + PREPAY + 5);
        _upgrade(0);
        (uint256 matured, uint256 maturing,) = book.earnedOf(coe);
        assertEq(matured + maturing, _host(100, 0) + 5 * RENT * 1e9, "earned");
        assertEq(_inBook(), token.balanceOf(address(book)), "tokens in the book");
    }

    function test_an_upgrade_conserves_every_wei(uint256 when, uint256 overlap, uint256 ran, uint256 moved) public {
        when = bound(when, 0, 2 * PREPAY);
        vm.warp(START + 100 + when);
        _settle(old, uint32(bound(ran, 0, 2 * PREPAY)), uint32(bound(moved, 0, 2 * ALLOWANCE)), 0);
        _upgrade(uint32(bound(overlap, 0, 600)));
        assertTrue(_stateOf(_new()) == LeaseState.Open, "upgraded");
        assertEq(_inBook(), token.balanceOf(address(book)), "tokens in the book");
        (,,, uint256 committed) = book.orderOf(old.orderHash);
        assertEq(DEPOSIT - book.freeOf(user), committed, "what is not free is committed");
    }

    // ------------------------------------------------------- what is opened later

    function test_a_failover_after_an_upgrade_opens_with_the_upgraded_image() public {
        _upgrade(0);
        _refill(_new(), next);
        Ticket memory t = book.ticket(_following(), _services(), _keyOf(old.orderHash, 0, 2), next);
        assertEq(t.terms.royaltyBps, ROYALTY_BPS, "the ticket is about it");
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.ImageMismatch.selector, DIGEST));
        book.ticket(_following(), _services(), _keyOf(old.orderHash, 0, 2), DIGEST);
    }

    function test_a_failover_takes_where_its_channel_points_by_then() public {
        _upgrade(0);
        bytes32 later = _mintAnother("web", 600);
        vm.prank(publisher);
        images.moveChannel("stable", later);
        vm.warp(START + 100 + CHANNEL_DELAY);
        _refill(_new(), later);
    }

    function test_a_failover_opens_with_the_orders_image_where_its_channel_points_nowhere() public {
        _upgrade(0);
        vm.prank(publisher);
        images.revoke(next, "broken");
        _refill(_new(), DIGEST);
    }

    function test_a_failover_of_an_order_that_follows_no_channel_keeps_its_image() public {
        Order memory o = _order();
        LeaseKey memory key = _openOne(o);
        vm.prank(user);
        book.move(o, _keys(key));
        _open(o, _services(), _one(_entry(0, 1, coe)));
        LeaseKey memory successor = _keyOf(key.orderHash, 0, 1);
        assertEq(book.leaseOf(_id(successor)).node, images.imageOf(DIGEST).nodeIndex, "the image that was ordered");
    }

    function test_a_first_opening_has_the_orders_image_wherever_its_channel_points() public {
        _open(_following(), _services(), _one(_entry(1)));
        LeaseKey memory second = _keyOf(old.orderHash, 1, 0);
        assertEq(book.leaseOf(_id(second)).node, images.imageOf(DIGEST).nodeIndex, "the image that was ordered");
    }

    function test_a_failover_takes_an_image_as_dear_as_the_user_allows_and_no_dearer() public {
        bytes32 dear = _mintAnother("web", 1_000);
        bytes32 dearer = _mintAnother("web", 1_001);
        vm.prank(publisher);
        images.moveChannel("stable", dear);
        vm.warp(START + 100 + CHANNEL_DELAY);
        uint256 snapshot = vm.snapshotState();
        _refill(old, dear);
        vm.revertToState(snapshot);
        vm.prank(publisher);
        images.moveChannel("stable", dearer);
        vm.warp(START + 100 + 2 * CHANNEL_DELAY);
        _refill(old, DIGEST);
    }

    /// @dev Moves a lease and opens the next generation, which is to run this image.
    function _refill(LeaseKey memory key, bytes32 digest) private {
        vm.prank(user);
        book.move(_following(), _keys(key));
        LeaseKey memory successor = _keyOf(key.orderHash, 0, key.generation + 1);
        _open(_following(), _services(), _one(_entry(0, successor.generation, coe)));
        assertTrue(_stateOf(successor) == LeaseState.Open, "the successor is open");
        assertEq(book.leaseOf(_id(successor)).node, images.imageOf(digest).nodeIndex, "its image");
    }

    // ------------------------------------------------------- what refuses the whole

    function test_an_order_that_follows_no_channel_is_not_upgraded() public {
        Order memory o = _order();
        LeaseKey memory key = _openOne(o);
        Upgrade memory plan = _upgradeTo(next, 0);
        plan.orderHash = key.orderHash;
        _refused(o, plan, abi.encodeWithSelector(ILeaseBook.UpgradeNotAllowed.selector, key.orderHash));
    }

    function test_each_entry_names_what_it_replaces() public {
        Upgrade memory plan = _upgradeTo(next, 0);
        bytes[] memory signatures = _signUpgrade(plan);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.EntryCountMismatch.selector, 1, 0));
        book.upgrade(_following(), _services(), plan, _one(_entry(0, 1, coe)), new LeaseKey[](0), signatures);
    }

    function test_what_refuses_a_plan_refuses_an_upgrade() public {
        Upgrade memory plan = _upgradeTo(next, 0);
        plan.entriesHash = 0;
        _refused(
            _following(),
            plan,
            abi.encodeWithSelector(ILeaseBook.EntriesMismatch.selector, bytes32(0), Typed.hash(_one(_entry(0, 1, coe))))
        );
        plan = _upgradeTo(next, 0);
        plan.orderHash = 0;
        _refused(
            _following(), plan, abi.encodeWithSelector(ILeaseBook.OrderMismatch.selector, bytes32(0), old.orderHash)
        );
        plan = _upgradeTo(next, 0);
        plan.deadline = uint64(START + 99);
        _refused(_following(), plan, abi.encodeWithSelector(ILeaseBook.PlanExpired.selector, START + 99, START + 100));
        plan.deadline = uint64(START + 111);
        _refused(
            _following(), plan, abi.encodeWithSelector(ILeaseBook.PlanTooFarAhead.selector, START + 111, START + 110)
        );
        plan = _upgradeTo(next, 0);
        plan.committeeEpoch = 0;
        _refused(_following(), plan, abi.encodeWithSelector(ISchedulerCommittee.WrongEpoch.selector, 0, 1));
        plan = _upgradeTo(next, 0);
        vm.prank(user);
        book.cancel(old.orderHash);
        _refused(_following(), plan, abi.encodeWithSelector(ILeaseBook.OrderCancelledAlready.selector, old.orderHash));
    }

    function test_every_member_of_an_upgrade_is_signed(uint256 field) public {
        Upgrade memory plan = _upgradeTo(next, 0);
        bytes[] memory signatures = _signUpgrade(plan);
        field = bound(field, 0, 2);
        if (field == 0) plan.imageDigest = DIGEST;
        if (field == 1) plan.overlap = 1;
        if (field == 2) plan.deadline += 1;
        vm.expectPartialRevert(ISchedulerCommittee.NotAMember.selector);
        book.upgrade(_following(), _services(), plan, _one(_entry(0, 1, coe)), _keys(old), signatures);
    }

    // ---------------------------------------------------------- what skips an entry

    function test_skips_an_image_that_the_channel_does_not_point_to() public {
        _skipped(_entry(0, 1, coe), old, _mintAnother("web", 600), SkipCode.NotUpgradable);
        _skipped(_entry(0, 1, coe), old, DIGEST, SkipCode.NotUpgradable);
    }

    function test_skips_the_image_that_runs_already() public {
        _upgrade(0);
        LeaseKey memory key = _new();
        bytes32 before = keccak256(abi.encode(book.leaseOf(_id(key)), coes.coeOf(coe)));
        _skipped(_entry(0, 2, coe), key, next, SkipCode.NotUpgradable);
        assertEq(keccak256(abi.encode(book.leaseOf(_id(key)), coes.coeOf(coe))), before, "it goes on");
    }

    function test_skips_a_move_of_the_channel_that_still_waits() public {
        bytes32 later = _mintAnother("web", 600);
        vm.prank(publisher);
        images.moveChannel("stable", later);
        _skipped(_entry(0, 1, coe), old, later, SkipCode.NotUpgradable);
        vm.warp(START + 100 + CHANNEL_DELAY);
        _skipped(_entry(0, 1, coe), old, next, SkipCode.NotUpgradable);
    }

    function test_skips_a_channel_whose_image_is_revoked() public {
        vm.prank(publisher);
        images.revoke(next, "broken");
        _skipped(_entry(0, 1, coe), old, next, SkipCode.NotUpgradable);
    }

    /// @notice A quorum may not restart or move a lease by an upgrade to nowhere.
    function test_skips_no_image_where_the_channel_points_nowhere() public {
        vm.prank(publisher);
        images.revoke(next, "broken");
        assertEq(images.stableOf(DIGEST), 0, "nowhere");
        _skipped(_entry(0, 1, coe), old, 0, SkipCode.NotUpgradable);
    }

    function test_skips_a_lease_that_is_parked_or_ends() public {
        _settle(old, 1, 0, 0);
        uint256 snapshot = vm.snapshotState();
        vm.prank(user);
        book.park(old);
        _skipped(_entry(0, 1, coe), old, next, SkipCode.NotUpgradable);
        vm.revertToState(snapshot);
        _end(old);
        _skipped(_entry(0, 1, coe), old, next, SkipCode.WrongGeneration);
    }

    function test_skips_an_entry_that_does_not_follow_its_lease() public {
        _skipped(_entry(3, 1, coe), old, next, SkipCode.NoSuchReplica);
        _skipped(_entry(1, 1, coe), old, next, SkipCode.WrongGeneration);
        _skipped(_entry(0, 0, coe), old, next, SkipCode.WrongGeneration);
        _skipped(_entry(0, 2, coe), old, next, SkipCode.WrongGeneration);
        LeaseKey memory key = _keyOf(old.orderHash, 0, 1);
        _skipped(_entry(0, 2, coe), key, next, SkipCode.WrongGeneration);
        key = _keyOf(keccak256("another"), 0, 0);
        _skipped(_entry(0, 1, coe), key, next, SkipCode.WrongGeneration);
        key = _keyOf(old.orderHash, 0, 0);
        key.coe = keccak256("another");
        _skipped(_entry(0, 1, coe), key, next, SkipCode.NotUpgradable);
    }

    function test_skips_a_successor_that_cannot_open_and_the_lease_goes_on() public {
        _register("two", STRANGER_KEY);
        uint64[5] memory full = _services()[0].reserved;
        vm.prank(host);
        coes.setCapacity(coe, full);
        _skipped(_entry(0, 1, coe), old, next, SkipCode.NoCapacity);
        assertTrue(_stateOf(old) == LeaseState.Open, "still open");
        assertEq(_settle(old, 100, 0, 0).host, _host(100, 0), "and paid");
    }

    function test_a_replica_is_upgraded_to_another_coe() public {
        bytes32 second = _register("two", STRANGER_KEY);
        Upgrade memory plan = _upgradeTo(next, 0);
        plan.entriesHash = Typed.hash(_one(_entry(0, 1, second)));
        bytes[] memory signatures = _signUpgrade(plan);
        book.upgrade(_following(), _services(), plan, _one(_entry(0, 1, second)), _keys(old), signatures);
        assertEq(coes.coeOf(second).locked, BOND, "bond of the second");
        assertEq(abi.encode(coes.unassigned(coe)), abi.encode(_capacity()), "capacity of the first is back");
    }

    function test_neither_submit_by_nor_the_guardian_stops_an_upgrade() public {
        vm.prank(guardian);
        settings.stopOpenings();
        vm.warp(START + 400);
        _upgrade(0);
        assertTrue(_stateOf(_new()) == LeaseState.Open, "upgraded");
    }

    // ------------------------------------------------------------- the way back

    function test_a_replica_goes_back_to_the_image_that_was_signed() public {
        _upgrade(0);
        Upgrade memory plan = _upgradeTo(DIGEST, 60);
        plan.entriesHash = Typed.hash(_one(_entry(0, 2, coe)));
        bytes[] memory signatures = _signUpgrade(plan);
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.ReplicaPutBack(old.orderHash, 0, 0, 2);
        book.upgrade(_following(), _services(), plan, _one(_entry(0, 2, coe)), _keys(_new()), signatures);
        assertTrue(_stateOf(_new()) == LeaseState.Ending, "the channel's image ends");
        assertEq(_nodeAt(2), images.imageOf(DIGEST).nodeIndex, "the image that was signed");
        (,,, uint256 committed) = book.orderOf(old.orderHash);
        assertEq(DEPOSIT - book.freeOf(user), committed, "what is not free is committed");
    }

    function test_a_failover_keeps_a_replica_back_that_was_put_back() public {
        _upgrade(0);
        _turn(1, DIGEST);
        _refill(_keyOf(old.orderHash, 0, 2), DIGEST);
    }

    function test_a_replica_that_was_put_back_may_be_upgraded_again() public {
        _upgrade(0);
        _turn(1, DIGEST);
        _turn(2, next);
        _refill(_keyOf(old.orderHash, 0, 3), next);
    }

    function test_a_replica_is_put_back_where_the_channels_image_is_revoked() public {
        _upgrade(0);
        vm.prank(publisher);
        images.revoke(next, "broken");
        _turn(1, DIGEST);
    }

    function test_a_replica_is_put_back_three_times_at_most() public {
        _upgrade(0);
        for (uint16 i = 0; i < 3; ++i) {
            _turn(1 + 2 * i, DIGEST);
            _turn(2 + 2 * i, next);
        }
        _skipped(_entry(0, 8, coe), _keyOf(old.orderHash, 0, 7), DIGEST, SkipCode.NotUpgradable);
    }

    function test_skips_the_way_back_of_a_replica_that_runs_what_was_signed() public {
        _upgrade(0);
        _turn(1, DIGEST);
        _skipped(_entry(0, 3, coe), _keyOf(old.orderHash, 0, 2), DIGEST, SkipCode.NotUpgradable);
    }

    /// @dev Replaces the lease of this generation by one of an image.
    function _turn(uint16 generation, bytes32 digest) private {
        Upgrade memory plan = _upgradeTo(digest, 0);
        PlanEntry[] memory entries = _one(_entry(0, generation + 1, coe));
        plan.entriesHash = Typed.hash(entries);
        LeaseKey memory key = _keyOf(old.orderHash, 0, generation);
        book.upgrade(_following(), _services(), plan, entries, _keys(key), _signUpgrade(plan));
        assertEq(_nodeAt(generation + 1), images.imageOf(digest).nodeIndex, "its image");
    }

    function _nodeAt(uint16 generation) private view returns (uint32) {
        return book.leaseOf(_id(_keyOf(old.orderHash, 0, generation))).node;
    }

    // ------------------------------------------------------------------ helpers

    function _following() private view returns (Order memory o) {
        o = _order();
        o.upgradePolicy = 1;
    }

    function _new() private view returns (LeaseKey memory) {
        return _keyOf(old.orderHash, 0, 1);
    }

    function _upgradeTo(bytes32 digest, uint32 overlap) private view returns (Upgrade memory) {
        return Upgrade({
            orderHash: old.orderHash,
            imageDigest: digest,
            entriesHash: Typed.hash(_one(_entry(0, 1, coe))),
            overlap: overlap,
            committeeEpoch: 1,
            deadline: uint64(vm.getBlockTimestamp() + 5)
        });
    }

    function _upgrade(uint32 overlap) private {
        Upgrade memory plan = _upgradeTo(next, overlap);
        book.upgrade(_following(), _services(), plan, _one(_entry(0, 1, coe)), _keys(old), _signUpgrade(plan));
        assertTrue(_stateOf(_new()) == LeaseState.Open, "upgraded");
    }

    function _refused(Order memory o, Upgrade memory plan, bytes memory reason) private {
        bytes[] memory signatures = _signUpgrade(plan);
        vm.expectRevert(reason);
        book.upgrade(o, _services(), plan, _one(_entry(0, 1, coe)), _keys(old), signatures);
    }

    function _skipEvent(bytes32 hash, SkipCode skip) private {
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.EntrySkipped(hash, 0, uint8(skip));
    }

    /// @dev Passed over with this code, and nothing has changed.
    function _skipped(PlanEntry memory e, LeaseKey memory key, bytes32 digest, SkipCode skip) private {
        Upgrade memory plan = _upgradeTo(digest, 0);
        plan.entriesHash = Typed.hash(_one(e));
        bytes[] memory signatures = _signUpgrade(plan);
        bytes32 before = _standing();
        _skipEvent(old.orderHash, skip);
        book.upgrade(_following(), _services(), plan, _one(e), _keys(key), signatures);
        assertEq(_standing(), before, "nothing has changed");
    }

    function _standing() private view returns (bytes32) {
        return keccak256(abi.encode(book.leaseOf(_id(old)), coes.coeOf(coe), book.freeOf(user)));
    }

    function _expectOpened() private {
        uint256 fenced = _charge(PREPAY, ALLOWANCE) + RESERVE;
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.LeaseOpened(
            _id(_new()), old.orderHash, coe, 0, 0, 1, next, uint64(START + 100), PREPAY, _terms(), fenced
        );
    }

    function _inBook() private view returns (uint256) {
        (uint256 matured, uint256 maturing,) = book.earnedOf(coe);
        return
            book.freeOf(user) + book.fencedOf(_id(old)) + book.fencedOf(_id(_new())) + matured + maturing + book.fees();
    }
}
