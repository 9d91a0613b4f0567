// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {ISchedulerCommittee} from "../../src/interfaces/ISchedulerCommittee.sol";
import {Dispute, LeaseKey, Verdict} from "../../src/interfaces/Types.sol";
import {Typed} from "../Typed.sol";
import {vm} from "../Vm.sol";
import {LeaseWorld} from "./LeaseWorld.sol";

/// @notice A user who says that settled seconds were not served. An epoch of maturing is 4 s here and START begins one;
/// each test begins 100 seconds after the opening, all of them settled.
contract DisputesTest is LeaseWorld {
    LeaseKey private key;
    bytes32 private leaseId;

    function setUp() public override {
        super.setUp();
        key = _openOne();
        leaseId = _id(key);
        vm.warp(START + 100);
        _settle(key, 100, 0, 0);
    }

    // -------------------------------------------------------------------- opening

    function test_a_dispute_sets_pay_aside_against_a_bond_of_the_same_amount() public {
        uint256 free = book.freeOf(user);
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.DisputeOpened(leaseId, coe, 30, _host(30, 0), uint64(START + 108));
        _dispute(30);
        assertEq(book.freeOf(user), free - _host(30, 0), "bond");
        (uint256 matured, uint256 maturing, uint256 disputed) = book.earnedOf(coe);
        assertEq(matured, 0, "matured");
        assertEq(maturing, _host(70, 0), "maturing");
        assertEq(disputed, _host(30, 0), "set aside");
        Dispute memory d = book.disputeOf(leaseId);
        assertEq(uint256(d.amount) * 1e9, _host(30, 0), "amount");
        assertEq(d.secondsDisputed, 30, "seconds");
        assertEq(d.verdictUntil, START + 108, "verdict until");
        _assertConserved(key);
    }

    function test_disputed_pay_does_not_mature() public {
        _dispute(100);
        vm.warp(START + 200);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NothingEarned.selector, coe));
        book.withdrawEarned(coe);
    }

    function test_the_older_pay_is_set_aside_first() public {
        vm.warp(START + 104);
        _settle(key, 104, 0, 0);
        _dispute(102);
        vm.warp(START + 108); // what was settled last has been maturing for one epoch
        (uint256 matured, uint256 maturing,) = book.earnedOf(coe);
        assertEq(matured, 0, "all of the older pay is set aside");
        assertEq(maturing, _host(2, 0), "and two seconds of the newer");
    }

    function test_no_more_is_set_aside_than_has_not_matured() public {
        vm.warp(START + 108);
        _settle(key, 108, 0, 0);
        _dispute(50);
        (uint256 matured,, uint256 disputed) = book.earnedOf(coe);
        assertEq(matured, _host(100, 0), "what matured is out of reach");
        assertEq(disputed, _host(8, 0), "what has not is set aside");
        assertEq(book.disputeOf(leaseId).secondsDisputed, 50, "the seconds count as disputed all the same");
        _assertConserved(key);
    }

    function test_matured_pay_cannot_be_disputed() public {
        vm.warp(START + 108);
        _disputeRefused(10, abi.encodeWithSelector(ILeaseBook.NothingToDispute.selector, leaseId));
    }

    function test_a_dispute_about_nothing_is_refused() public {
        _disputeRefused(0, abi.encodeWithSelector(ILeaseBook.NothingToDispute.selector, leaseId));
    }

    function test_only_settled_seconds_are_disputed() public {
        _disputeRefused(101, abi.encodeWithSelector(ILeaseBook.DisputedAlready.selector, leaseId, 101, 100));
        _dispute(100);
    }

    function test_each_second_is_disputed_once() public {
        _dispute(60);
        _verdict(key, 60, true);
        _disputeRefused(41, abi.encodeWithSelector(ILeaseBook.DisputedAlready.selector, leaseId, 41, 40));
        _dispute(40);
        assertEq(book.disputeOf(leaseId).secondsDisputed, 100, "in all");
    }

    function test_a_lease_has_one_dispute_at_a_time() public {
        _dispute(10);
        _disputeRefused(10, abi.encodeWithSelector(ILeaseBook.DisputeOpenAlready.selector, leaseId));
    }

    function test_only_the_user_disputes() public {
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NotTheUser.selector, user, stranger));
        vm.prank(stranger);
        book.dispute(key, 10);
        LeaseKey memory none = _keyOf(key.orderHash, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LeaseUnknown.selector, _id(none)));
        vm.prank(user);
        book.dispute(none, 10);
    }

    function test_a_dispute_needs_its_bond() public {
        uint256 free = book.freeOf(user);
        vm.prank(user);
        book.withdraw(free - _host(9, 0));
        _disputeRefused(
            10, abi.encodeWithSelector(ILeaseBook.FreeBalanceTooLow.selector, user, _host(9, 0), _host(10, 0))
        );
        _dispute(9);
        assertEq(book.freeOf(user), 0, "all of it");
    }

    function test_seconds_of_a_closed_lease_are_disputed_too() public {
        _end(key);
        vm.warp(START + 103);
        book.finalise(_keys(key));
        _dispute(100);
        _verdict(key, 100, true);
        assertEq(book.freeOf(user), DEPOSIT - _charge(100, 0) + _host(100, 0), "refunded");
        _assertConserved(key);
    }

    // -------------------------------------------------------------------- verdicts

    function test_a_verdict_for_the_user_refunds_pay_and_bond() public {
        uint256 free = book.freeOf(user);
        _dispute(30);
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.DisputeClosed(leaseId, coe, 2 * _host(30, 0), 0);
        _verdict(key, 30, true);
        assertEq(book.freeOf(user), free + _host(30, 0), "free");
        (, uint256 maturing, uint256 disputed) = book.earnedOf(coe);
        assertEq(maturing, _host(70, 0), "maturing");
        assertEq(disputed, 0, "set aside");
        assertEq(book.fees(), _fee(100, 0), "the fee stands");
        assertEq(token.balanceOf(address(pool)), _royalty(100, 0), "the royalty stands");
        assertEq(book.disputeOf(leaseId).verdictUntil, 0, "closed");
        _assertConserved(key);
    }

    function test_a_verdict_for_the_host_gives_it_the_bond_at_once() public {
        uint256 free = book.freeOf(user);
        _dispute(30);
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.DisputeClosed(leaseId, coe, 0, 2 * _host(30, 0));
        _verdict(key, 30, false);
        assertEq(book.freeOf(user), free - _host(30, 0), "free");
        assertEq(book.withdrawEarned(coe), 2 * _host(30, 0), "matured");
        _assertConserved(key);
    }

    function test_a_verdict_comes_in_time_or_not_at_all() public {
        _dispute(30);
        Verdict memory v = _found();
        v.deadline = uint64(START + 110);
        vm.warp(START + 109);
        _decideRefused(v, abi.encodeWithSelector(ILeaseBook.VerdictTooLate.selector, leaseId, START + 108));
        vm.warp(START + 108);
        book.decide(key, v, _signed(v));
        assertEq(book.disputeOf(leaseId).verdictUntil, 0, "decided in its last second");
    }

    function test_a_verdict_is_about_one_dispute_of_one_lease() public {
        _dispute(30);
        Verdict memory v = _found();
        v.disputedSeconds = 29;
        _decideRefused(v, abi.encodeWithSelector(ILeaseBook.VerdictMismatch.selector, leaseId, 29, 30));
        v = _found();
        v.leaseId = keccak256("another");
        _decideRefused(v, abi.encodeWithSelector(ILeaseBook.VerdictMismatch.selector, v.leaseId, 30, 30));
    }

    function test_a_verdict_is_not_carried_out_twice() public {
        _dispute(30);
        Verdict memory v = _found();
        book.decide(key, v, _signed(v));
        _decideRefused(v, abi.encodeWithSelector(ILeaseBook.DisputeUnknown.selector, leaseId));
        _dispute(20); // the old verdict is about 30 seconds, this one about 50 in all
        _decideRefused(v, abi.encodeWithSelector(ILeaseBook.VerdictMismatch.selector, leaseId, 30, 50));
    }

    function test_a_verdict_needs_its_quorum() public {
        _dispute(30);
        Verdict memory v = _found();
        bytes[] memory forged = new bytes[](1);
        forged[0] = _sign(STRANGER_KEY, address(book), Typed.hash(v));
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.NotAMember.selector, stranger));
        book.decide(key, v, forged);
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.QuorumMissed.selector, 0, 1));
        book.decide(key, v, new bytes[](0));
        v.committeeEpoch = 2;
        _decideRefused(v, abi.encodeWithSelector(ISchedulerCommittee.WrongEpoch.selector, 2, 1));
        v = _found();
        v.deadline = uint64(START + 99);
        _decideRefused(v, abi.encodeWithSelector(ILeaseBook.PlanExpired.selector, START + 99, START + 100));
        v.deadline = uint64(START + 111);
        _decideRefused(v, abi.encodeWithSelector(ILeaseBook.PlanTooFarAhead.selector, START + 111, START + 110));
    }

    function test_a_verdict_turned_round_has_no_quorum() public {
        _dispute(30);
        Verdict memory v = _found();
        bytes[] memory signatures = _signed(v);
        v.refund = !v.refund;
        vm.expectPartialRevert(ISchedulerCommittee.NotAMember.selector);
        book.decide(key, v, signatures);
    }

    function test_no_verdict_on_what_nobody_disputed() public {
        _decideRefused(_found(), abi.encodeWithSelector(ILeaseBook.DisputeUnknown.selector, leaseId));
    }

    // ----------------------------------------------------------------------- lapse

    function test_without_a_verdict_each_gets_its_own_back() public {
        uint256 free = book.freeOf(user);
        _dispute(30);
        vm.warp(START + 109);
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.DisputeClosed(leaseId, coe, _host(30, 0), _host(30, 0));
        vm.prank(stranger);
        book.lapse(key);
        assertEq(book.freeOf(user), free, "the bond is back");
        assertEq(book.withdrawEarned(coe), _host(100, 0), "the pay has matured");
        _assertConserved(key);
    }

    function test_a_dispute_does_not_lapse_while_a_verdict_may_come() public {
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.DisputeUnknown.selector, leaseId));
        book.lapse(key);
        _dispute(30);
        vm.warp(START + 108);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.VerdictStillOpen.selector, leaseId, START + 108));
        book.lapse(key);
    }

    // ------------------------------------------------------------------------ fuzz

    function test_a_dispute_conserves_every_wei(uint256 disputed, uint256 when, uint256 more, uint256 outcome) public {
        vm.warp(START + 100 + bound(when, 0, 7));
        _settle(key, uint32(100 + bound(more, 0, 7)), 0, 0);
        uint256 ran = book.settledOf(leaseId).secondsRun;
        uint256 host_ = _earned();
        uint256 free = book.freeOf(user);
        disputed = bound(disputed, 1, ran);
        outcome = bound(outcome, 0, 2);
        (, uint256 maturing,) = book.earnedOf(coe);
        uint256 amount = maturing < _host(disputed, 0) ? maturing : _host(disputed, 0);
        if (amount == 0) {
            _disputeRefused(uint32(disputed), abi.encodeWithSelector(ILeaseBook.NothingToDispute.selector, leaseId));
            return;
        }
        _dispute(uint32(disputed));
        _assertConserved(key);
        if (outcome < 2) _verdict(key, uint32(disputed), outcome == 1);
        else _lapseLater();
        _assertConserved(key);
        assertEq(book.freeOf(user), free + (outcome == 1 ? amount : 0) - (outcome == 0 ? amount : 0), "user");
        assertEq(_earned(), host_ + (outcome == 0 ? amount : 0) - (outcome == 1 ? amount : 0), "host");
    }

    // ---------------------------------------------------------------------- helpers

    function _lapseLater() private {
        vm.warp(vm.getBlockTimestamp() + 9);
        book.lapse(key);
    }

    function _dispute(uint32 disputed) private {
        vm.prank(user);
        book.dispute(key, disputed);
    }

    function _disputeRefused(uint32 disputed, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(user);
        book.dispute(key, disputed);
    }

    function _found() private view returns (Verdict memory) {
        return Verdict({
            leaseId: leaseId,
            disputedSeconds: 30,
            refund: true,
            committeeEpoch: 1,
            deadline: uint64(vm.getBlockTimestamp() + 5)
        });
    }

    function _signed(Verdict memory v) private view returns (bytes[] memory signatures) {
        signatures = new bytes[](1);
        signatures[0] = _sign(MEMBER_KEY, address(book), Typed.hash(v));
    }

    function _decideRefused(Verdict memory v, bytes memory reason) private {
        bytes[] memory signatures = _signed(v);
        vm.expectRevert(reason);
        book.decide(key, v, signatures);
    }
}
