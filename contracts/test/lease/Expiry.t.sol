// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {Lease, LeaseKey, LeaseState, Order, Reason, ReplicaState, UsageCode} from "../../src/interfaces/Types.sol";
import {vm} from "../Vm.sol";
import {LeaseWorld} from "./LeaseWorld.sol";

/// @notice The ends that anyone can bring about: funds that are over, and images that are marked as malicious. Each test
/// begins with a lease that has run for a second.
contract ExpiryTest is LeaseWorld {
    LeaseKey private key;
    bytes32 private leaseId;

    function setUp() public override {
        super.setUp();
        key = _openOne();
        leaseId = _id(key);
        vm.warp(START + 1);
        _settle(key, 1, 0, 0);
    }

    // ---------------------------------------------------------------- unfunded

    function test_an_unfunded_lease_ends_when_grace_is_over_and_pays_its_rent() public {
        vm.warp(START + PREPAY + GRACE);
        _expectEnding(Reason.Unfunded, START + PREPAY + GRACE, 0, RESERVE);
        vm.prank(stranger);
        book.expire(_order(), _keys(key));
        assertEq(_earned(), _host(1, 0) + RESERVE, "rent");
        assertEq(book.fencedOf(leaseId), _charge(PREPAY - 1, ALLOWANCE), "late reports, transfer included");
        assertEq(abi.encode(coes.unassigned(coe)), abi.encode(_capacity()), "capacity is back");
        _assertReplica(key, ReplicaState.Done, 0, PREPAY);
        _assertConserved(key);
        Settled memory s = _settle(key, PREPAY, ALLOWANCE_32, 0);
        _assertCode(s, UsageCode.Accepted);
        assertEq(s.host, _host(PREPAY - 1, ALLOWANCE), "all of it is still paid");
        _assertConserved(key);
    }

    function test_a_lease_is_not_unfunded_during_grace() public {
        vm.warp(START + PREPAY + GRACE - 1);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.StillFunded.selector, leaseId, START + PREPAY + GRACE));
        book.expire(_order(), _keys(key));
    }

    function test_rent_never_exceeds_grace_however_late_it_is_noticed() public {
        vm.warp(START + 50_000);
        book.expire(_order(), _keys(key));
        assertEq(_earned(), _host(1, 0) + RESERVE, "rent");
        _assertConserved(key);
    }

    function test_a_parked_lease_ends_when_grace_is_over() public {
        vm.warp(START + 100);
        _settle(key, 100, 0, 0);
        vm.prank(user);
        book.park(key);
        vm.warp(START + 114);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.StillFunded.selector, leaseId, START + 115));
        book.expire(_order(), _keys(key));
        vm.warp(START + 115);
        _expectEnding(Reason.Unfunded, START + 115, 0, RESERVE);
        book.expire(_order(), _keys(key));
        assertEq(_earned(), _host(100, 0) + RESERVE, "rent");
        assertEq(abi.encode(coes.unassigned(coe)), abi.encode(_capacity()), "storage is back");
    }

    // ----------------------------------------------------------------- expired

    function test_a_lease_without_duration_left_expires_when_its_funds_are_over() public {
        vm.prank(user);
        book.renew(_order(), key, 3_000);
        vm.warp(START + 3_599);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.StillFunded.selector, leaseId, START + 3_600));
        book.expire(_order(), _keys(key));
        vm.warp(START + 3_600);
        _expectEnding(Reason.Expired, START + 3_600, RESERVE, 0);
        vm.prank(stranger);
        book.expire(_order(), _keys(key));
        assertEq(_earned(), _host(1, 0), "no rent");
        _assertReplica(key, ReplicaState.Done, 0, 3_600);
        assertEq(_settle(key, 3_600, 0, 0).host, _host(3_599, 0), "all of it is still paid");
    }

    function test_nothing_is_paid_for_keeping_what_nobody_waits_for() public {
        vm.prank(user);
        book.renew(_order(), key, 3_000);
        vm.warp(START + 4_000);
        _expectEnding(Reason.Expired, START + 4_000, RESERVE, 0);
        book.expire(_order(), _keys(key));
        assertEq(book.leaseOf(leaseId).limit, 3_600, "limit");
        assertEq(_earned(), _host(1, 0), "no rent");
        _assertConserved(key);
    }

    function test_a_lease_of_a_cancelled_order_expires_when_its_funds_are_over() public {
        vm.prank(user);
        book.cancel(key.orderHash);
        vm.warp(START + PREPAY - 1);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.StillFunded.selector, leaseId, START + PREPAY));
        book.expire(_order(), _keys(key));
        vm.warp(START + PREPAY);
        _expectEnding(Reason.Expired, START + PREPAY, RESERVE, 0);
        book.expire(_order(), _keys(key));
    }

    function test_a_lease_of_an_old_epoch_expires_when_its_funds_are_over() public {
        vm.prank(user);
        book.raiseEpoch();
        vm.warp(START + PREPAY);
        book.expire(_order(), _keys(key));
        assertTrue(book.leaseOf(leaseId).reason == Reason.Expired, "expired");
    }

    /// @notice A user who parks, lets the host keep the storage and then cancels still owes the rent.
    function test_cancelling_does_not_save_the_rent_of_a_gap() public {
        vm.warp(START + 100);
        _settle(key, 100, 0, 0);
        vm.startPrank(user);
        book.park(key);
        vm.warp(START + 110);
        book.cancel(key.orderHash);
        vm.stopPrank();
        _expectEnding(Reason.Expired, START + 110, RESERVE - 10 * RENT * 1e9, 10 * RENT * 1e9);
        book.expire(_order(), _keys(key));
        assertEq(_earned(), _host(100, 0) + 10 * RENT * 1e9, "rent of ten seconds");
        _assertConserved(key);
    }

    function test_a_lease_expires_for_its_own_order_only() public {
        Order memory other = _order();
        other.duration = PREPAY;
        bytes32 hash = book.orderHashOf(other);
        vm.warp(START + PREPAY);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.OrderMismatch.selector, key.orderHash, hash));
        book.expire(other, _keys(key));
    }

    function test_an_expired_lease_closes_and_gives_the_bond_back() public {
        vm.warp(START + PREPAY + GRACE);
        book.expire(_order(), _keys(key));
        vm.warp(START + PREPAY + GRACE + 3);
        book.finalise(_keys(key));
        assertEq(coes.coeOf(coe).locked, 0, "locked");
        assertEq(coes.coeOf(coe).stake, STAKE, "stake");
        assertEq(book.freeOf(user), DEPOSIT - _charge(1, 0) - RESERVE, "the user paid a second and the rent");
        _assertReplica(key, ReplicaState.Done, 0, 1);
        _assertConserved(key);
    }

    /// @notice Its host would get its bond back: such a lease is a no-show, once its time to start is over.
    function test_a_lease_that_never_started_does_not_expire() public {
        LeaseKey memory second = _keyOf(key.orderHash, 1, 0);
        _open(_order(), _services(), _one(_entry(1)));
        bytes memory reason = abi.encodeWithSelector(ILeaseBook.NeverStarted.selector, _id(second));
        vm.warp(START + 20);
        vm.expectRevert(reason);
        book.expire(_order(), _keys(second));
        vm.warp(START + 10 * PREPAY);
        vm.expectRevert(reason);
        book.expire(_order(), _keys(second));
        vm.prank(stranger);
        book.noShow(_order(), _keys(second));
        assertTrue(_stateOf(second) == LeaseState.Closed, "a no-show, however late");
    }

    // --------------------------------------------------------------- malicious

    function test_anyone_stops_a_malicious_image() public {
        vm.warp(START + 100);
        vm.prank(guardian);
        images.markMalicious(DIGEST, "miner");
        _expectEnding(Reason.RevokedMalicious, START + 100, _charge(500, 0) + RESERVE, 0);
        vm.prank(stranger);
        book.stopMalicious(DIGEST, _keys(key));
        assertEq(book.fencedOf(leaseId), _charge(99, ALLOWANCE), "late reports, transfer included");
        _assertReplica(key, ReplicaState.Done, 0, 100);
        assertEq(_settle(key, 100, 5, 0).host, _host(99, 5), "what ran is paid");
        _assertConserved(key);
    }

    function test_a_parked_lease_is_stopped_too() public {
        vm.warp(START + 100);
        _settle(key, 100, 0, 0);
        vm.prank(user);
        book.park(key);
        vm.prank(guardian);
        images.markMalicious(DIGEST, "miner");
        vm.warp(START + 105);
        book.stopMalicious(DIGEST, _keys(key));
        assertEq(_earned(), _host(100, 0) + 5 * RENT * 1e9, "rent of five seconds");
        assertEq(abi.encode(coes.unassigned(coe)), abi.encode(_capacity()), "storage is back");
    }

    function test_no_other_image_is_stopped() public {
        bytes memory reason = abi.encodeWithSelector(ILeaseBook.ImageNotMalicious.selector, DIGEST);
        vm.expectRevert(reason);
        book.stopMalicious(DIGEST, _keys(key));
        vm.prank(publisher);
        images.revoke(DIGEST, "old"); // its owner's word stops nothing that runs
        vm.expectRevert(reason);
        book.stopMalicious(DIGEST, _keys(key));

        bytes32 bad = _mintAnother("miner", 600);
        vm.prank(guardian);
        images.markMalicious(bad, "miner");
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.ImageMismatch.selector, bad));
        book.stopMalicious(bad, _keys(key));
        assertTrue(_stateOf(key) == LeaseState.Open, "still open");
    }

    // ------------------------------------------------------- from whatever state

    /// @notice Whatever its people do, calls that anyone can make leave nothing ringed, locked or assigned.
    function test_anyone_can_bring_a_lease_to_its_end(uint256 path, uint256 when, uint256 ran) public {
        path = bound(path, 0, 3);
        key = _keyOf(key.orderHash, 1, 0);
        leaseId = _id(key);
        _open(_order(), _services(), _one(_entry(1)));
        _end(_keyOf(key.orderHash, 0, 0));
        vm.warp(START + 4 + bound(when, 0, 2 * PREPAY));
        book.finalise(_keys(_keyOf(key.orderHash, 0, 0)));
        _settle(key, uint32(bound(ran, 0, PREPAY)), 0, 0);
        bool started = book.settledOf(leaseId).secondsRun > 0;
        if (path == 1 && !started) path = 0; // there is nothing to park
        if (path > 0) vm.startPrank(user);
        if (path == 1) book.park(key);
        if (path == 2) book.renew(_order(), key, 777);
        if (path == 3) book.cancel(key.orderHash);
        vm.stopPrank();

        Lease memory lease = book.leaseOf(leaseId);
        vm.warp(uint256(lease.origin) + lease.limit + 2 * PREPAY);
        if (started) {
            book.expire(_order(), _keys(key));
            vm.warp(vm.getBlockTimestamp() + 3);
            book.finalise(_keys(key));
        } else {
            book.noShow(_order(), _keys(key));
        }
        assertEq(book.fencedOf(leaseId), 0, "ringed");
        assertEq(coes.coeOf(coe).locked, 0, "locked");
        assertEq(abi.encode(coes.unassigned(coe)), abi.encode(_capacity()), "assigned");
        (,,, uint256 committed) = book.orderOf(key.orderHash);
        assertEq(book.freeOf(user), DEPOSIT + (started ? 0 : BOND) - committed, "the rest is the user's");
        _assertConserved(key);
    }

    // ------------------------------------------------------------------ helpers

    uint32 private constant ALLOWANCE_32 = uint32(ALLOWANCE);

    function _expectEnding(Reason reason, uint256 endedAt, uint256 refunded, uint256 rent) private {
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.LeaseEnding(leaseId, coe, reason, uint64(endedAt), refunded, rent);
    }
}
