// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICoeRegistry} from "../../src/interfaces/ICoeRegistry.sol";
import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {LeaseKey, LeaseState, Order, Plan, PlanEntry, Reason, SkipCode} from "../../src/interfaces/Types.sol";
import {Typed} from "../Typed.sol";
import {vm} from "../Vm.sol";
import {AttackWorld} from "./AttackWorld.sol";

/// @notice What a host could take without serving, and how a host that serves is protected.
contract HostAttacksTest is AttackWorld {
    // --------------------------------- never-run host against a disputing user

    /// @notice The agent reports seconds that no container ran. An attentive user loses royalty and fee, no pay.
    function test_never_run_host_against_a_disputing_user_earns_nothing(uint32 claimed) public {
        claimed = uint32(bound(claimed, 1, PREPAY));
        LeaseKey memory key = _openOne();
        vm.warp(START + claimed);
        _settle(key, claimed, 0, 0);
        uint256 free = book.freeOf(user);
        vm.prank(user);
        book.dispute(key, claimed);
        _verdict(key, claimed, true);
        assertEq(book.freeOf(user), free + _host(claimed, 0), "pay and bond are the user's");
        assertEq(_earned(coe), 0, "nothing is left to the host");
        vm.warp(START + claimed + 100);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NothingEarned.selector, coe));
        book.withdrawEarned(coe);
        _assertConserved(key);
    }

    function test_never_run_host_cannot_withdraw_before_the_user_can_dispute() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + 100);
        _settle(key, 100, 0, 0);
        vm.warp(START + 103); // one epoch is the least that pay matures in
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NothingEarned.selector, coe));
        book.withdrawEarned(coe);
        vm.prank(user);
        book.dispute(key, 100);
    }

    function test_a_disputing_user_cannot_dispute_a_second_twice() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + 100);
        _settle(key, 100, 0, 0);
        vm.startPrank(user);
        book.dispute(key, 60);
        vm.stopPrank();
        _verdict(key, 60, false);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.DisputedAlready.selector, _id(key), 41, 40));
        vm.prank(user);
        book.dispute(key, 41);
    }

    function test_a_disputing_user_who_lies_pays_the_host() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + 100);
        _settle(key, 100, 0, 0);
        vm.prank(user);
        book.dispute(key, 100);
        _verdict(key, 100, false);
        assertEq(_earned(coe), 2 * _host(100, 0), "pay and the user's bond");
        _assertConserved(key);
    }

    // ---------------------------------- never-run host that would keep its bond

    function test_never_run_host_cannot_save_its_bond_by_declining_late() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + 21);
        _requireNoWayOut(key, _order(_services()));
    }

    function test_never_run_host_cannot_save_its_bond_by_expiry() public {
        Order memory order = _order(_services());
        order.duration = PREPAY;
        LeaseKey memory key = _openOne(order);
        vm.warp(START + PREPAY);
        _requireNoWayOut(key, order);
    }

    function test_never_run_host_cannot_save_its_bond_by_the_end_of_grace() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + PREPAY + GRACE);
        _requireNoWayOut(key, _order(_services()));
    }

    function test_never_run_host_cannot_save_its_bond_where_the_order_is_cancelled() public {
        LeaseKey memory key = _openOne();
        vm.prank(user);
        book.cancel(key.orderHash);
        vm.warp(START + PREPAY);
        _requireNoWayOut(key, _order(_services()));
    }

    /// @notice A renewal after a gap moves the origin, from which the host's time to start counts.
    function test_never_run_host_cannot_win_time_by_renewing() public {
        Order memory order = _order(_services());
        order.startWithin = PREPAY;
        LeaseKey memory key = _openOne(order);
        vm.warp(START + PREPAY + 1);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NeverStarted.selector, _id(key)));
        vm.prank(host);
        book.renew(order, key, 1);
        _requireNoWayOut(key, order);
    }

    /// @dev Past its time to start, a lease that never started ends by a no-show, which anyone may call.
    function _requireNoWayOut(LeaseKey memory key, Order memory order) private {
        bytes memory reason = abi.encodeWithSelector(ILeaseBook.NeverStarted.selector, _id(key));
        vm.expectRevert(reason);
        vm.prank(host);
        book.drain(order, _keys(key));
        vm.expectRevert(reason);
        vm.prank(host);
        book.expire(order, _keys(key));
        vm.prank(stranger);
        book.noShow(order, _keys(key));
        assertEq(book.freeOf(user), DEPOSIT + BOND, "all is back, and the bond");
        assertEq(coes.coeOf(coe).locked, 0, "nothing is locked");
        assertEq(abi.encode(coes.unassigned(coe)), abi.encode(_capacity()), "nor assigned");
        assertEq(book.fencedOf(_id(key)), 0, "nor ringed");
    }

    // ------------------------------------ never-run host that waits for its rent

    /// @notice Storage that was never there earns no rent, by whatever way the lease ends.
    function test_never_run_host_earns_no_rent_when_its_user_ends_the_lease() public {
        LeaseKey memory key = _unfunded();
        _end(key);
        _requireUnpaid(key);
    }

    function test_never_run_host_earns_no_rent_when_its_lease_is_moved() public {
        LeaseKey memory key = _unfunded();
        vm.prank(user);
        book.move(_order(_services()), _keys(key));
        _requireUnpaid(key);
    }

    function test_never_run_host_earns_no_rent_by_a_fault() public {
        LeaseKey memory key = _unfunded();
        _fault(key, uint64(vm.getBlockTimestamp()));
        _requireUnpaid(key);
    }

    function test_never_run_host_earns_no_rent_by_a_renewal() public {
        LeaseKey memory key = _unfunded();
        vm.prank(user);
        book.renew(_order(_services()), key, 1);
        assertEq(_earned(coe), 0, "earned");
        book.noShow(_order(_services()), _keys(key));
        _requireUnpaid(key);
        assertEq(book.freeOf(user), DEPOSIT + BOND, "all is back, and the bond");
    }

    function _unfunded() private returns (LeaseKey memory key) {
        key = _openOne();
        vm.warp(START + PREPAY + GRACE);
    }

    function _requireUnpaid(LeaseKey memory key) private view {
        assertEq(_earned(coe), 0, "earned");
        _assertConserved(key);
    }

    // ------------------------------- user who takes bonds by pieces too short to run

    /// @notice Whoever has less than startWithin to start in cannot be blamed for not starting.
    function test_pieces_too_short_to_start_in_cannot_be_opened_to_take_bonds() public {
        LeaseKey memory key = _openOne();
        Order memory order = _order(_services());
        vm.startPrank(user);
        book.renew(order, key, 3_000);
        vm.warp(START + 3_581);
        book.move(order, _keys(key));
        vm.stopPrank();
        _requireSkipped(0, 1, other, SkipCode.DurationUsedUp);
    }

    function test_orders_too_short_to_start_in_cannot_be_admitted_to_take_bonds() public {
        Order memory order = _order(_services());
        order.duration = order.startWithin - 1;
        bytes memory signature = _sign(USER_KEY, address(book), Typed.hash(order));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.OrderMalformed.selector, 6));
        book.admit(order, _services(), signature);
    }

    // ---------------------- user who withholds the spec to take the no-show bond

    function test_withholding_the_spec_does_not_take_the_bond_of_a_host_that_declines() public {
        LeaseKey memory key = _openOne();
        uint256 stake = coes.coeOf(coe).stake;
        vm.warp(START + 20);
        vm.prank(host);
        book.drain(_order(_services()), _keys(key));
        assertTrue(book.leaseOf(_id(key)).reason == Reason.Declined, "declined");

        vm.warp(START + 21);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LeaseNotOpen.selector, _id(key), LeaseState.Ending));
        vm.prank(user);
        book.noShow(_order(_services()), _keys(key));

        vm.warp(START + 24);
        book.finalise(_keys(key));
        assertEq(coes.coeOf(coe).stake, stake, "no stake is lost");
        assertEq(coes.coeOf(coe).locked, 0, "nor locked");
        assertEq(book.freeOf(user), DEPOSIT, "the user has its own again");
    }

    function test_withholding_the_spec_takes_no_bond_while_the_host_may_still_start() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + 20);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.MayStillStart.selector, _id(key), START + 20));
        vm.prank(user);
        book.noShow(_order(_services()), _keys(key));
    }

    function test_a_host_that_started_is_no_no_show() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + 20);
        _settle(key, 1, 0, 0);
        vm.warp(START + PREPAY);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.StartedAlready.selector, _id(key)));
        vm.prank(user);
        book.noShow(_order(_services()), _keys(key));
    }

    // ------------------------------------------- majority accusing a live host

    function test_majority_accusing_a_live_host_takes_no_bond_from_one_that_answers() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + 100);
        _settle(key, 100, 0, 0);
        uint256 stake = coes.coeOf(coe).stake;
        vm.warp(START + 160);
        _fault(key, uint64(START + 100));
        vm.prank(host);
        book.answer(key);
        vm.warp(START + 163);
        book.finalise(_keys(key));
        assertEq(coes.coeOf(coe).stake, stake, "stake");
        assertEq(coes.coeOf(coe).locked, 0, "unlocked");
        assertEq(_earned(coe), _host(100, 0), "what was settled stays");
        _assertConserved(key);
    }

    function test_majority_accusing_a_live_host_cannot_date_its_death_before_what_was_settled() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + 100);
        _settle(key, 100, 0, 0);
        bytes4 selector = ILeaseBook.DeadSinceOutOfRange.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, START + 99, START + 100, START + 100));
        this.accuse(key, uint64(START + 99));
    }

    /// @notice At most an hour of unsettled pay is lost; here ten minutes.
    function test_majority_accusing_a_live_host_denies_a_bounded_time_only() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + 500);
        vm.prank(user);
        book.renew(_order(_services()), key, 1_000);
        vm.warp(START + 1_000);
        bytes4 selector = ILeaseBook.DeadSinceOutOfRange.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, START + 399, START + 400, START + 1_000));
        this.accuse(key, uint64(START + 399));
        _fault(key, uint64(START + 400));
        assertEq(_settle(key, 1_000, 0, 0).host, _host(400, 0), "what ran before is still paid");
    }

    function test_a_dead_host_cannot_answer_after_its_lease_is_closed() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + 100);
        _fault(key, uint64(START + 50));
        vm.warp(START + 103);
        book.finalise(_keys(key));
        assertEq(book.freeOf(user), DEPOSIT + BOND, "the bond is the user's");
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LeaseNotEnding.selector, _id(key), LeaseState.Closed));
        vm.prank(host);
        book.answer(key);
    }

    function test_nobody_answers_for_a_host() public {
        LeaseKey memory key = _openOne();
        _fault(key, uint64(START));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NotTheHost.selector, host, agent));
        vm.prank(agent);
        book.answer(key);
    }

    /// @dev External, so that an expected revert is that of the book alone.
    function accuse(LeaseKey calldata key, uint64 deadSince) external {
        _fault(key, deadSince);
    }

    // ------------------------------------------------ unbonding under open leases

    function test_unbonding_under_open_leases_leaves_their_bonds() public {
        LeaseKey memory key = _openOne();
        vm.expectRevert(abi.encodeWithSelector(ICoeRegistry.StakeLocked.selector, STAKE, STAKE - BOND));
        vm.prank(host);
        coes.unbond(coe, STAKE);

        vm.prank(host);
        coes.unbond(coe, STAKE - BOND);
        vm.warp(START + 30);
        coes.withdrawUnbonded(coe);
        book.noShow(_order(_services()), _keys(key));
        assertEq(book.freeOf(user), DEPOSIT + BOND, "the bond was still there to take");
        assertEq(coes.coeOf(coe).stake, 0, "and was all that was left");
    }

    function test_unbonding_stake_backs_no_new_lease() public {
        _openOne();
        vm.prank(host);
        coes.unbond(coe, STAKE - BOND);
        _requireSkipped(1, 0, coe, SkipCode.StakeTooLow);
    }

    // --------------------------------------- an ask raised after an order was signed

    function test_an_ask_raised_after_an_order_was_signed_does_not_raise_its_rate_before_a_plan_ends() public {
        _admit();
        Order memory order = _order(_services());
        PlanEntry[] memory entries = _one(_entry(0));
        Plan memory plan = _plan(book.orderHashOf(order), entries);
        bytes[] memory signatures = _signPlan(plan);
        _raiseAsk(3);
        vm.warp(plan.deadline);
        book.open(order, _services(), plan, entries, signatures);
        assertEq(book.leaseOf(_id(_keyAt(0, 0, coe))).terms.hostRate, HOST_RATE, "the ask of before");
    }

    function test_an_ask_raised_after_an_order_was_signed_never_passes_its_ceiling() public {
        _admit();
        _raiseAsk(3);
        vm.warp(START + coes.ASK_DELAY());
        _requireSkipped(0, 0, coe, SkipCode.RateAboveCeiling);
    }

    function test_an_ask_raised_after_a_lease_opened_does_not_touch_it() public {
        LeaseKey memory key = _openOne();
        _raiseAsk(3);
        vm.warp(START + 100);
        assertEq(_settle(key, 100, 10, 0).host, _host(100, 10), "rates are locked");
    }

    function _raiseAsk(uint128 times) private {
        uint128[5] memory ask = _ask();
        for (uint256 i = 0; i < 5; ++i) {
            ask[i] *= times;
        }
        vm.prank(host);
        coes.setAsk(coe, ask);
    }
}
