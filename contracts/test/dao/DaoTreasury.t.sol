// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Holding, Pot} from "../../src/dao/ShareAccumulator.sol";
import {Articles} from "../../src/interfaces/IDaoFactory.sol";
import {Member} from "../../src/interfaces/IDaoShares.sol";
import {IDaoTreasury} from "../../src/interfaces/IDaoTreasury.sol";
import {vm} from "../Vm.sol";
import {DaoWorld, Parts} from "./DaoWorld.sol";

contract DaoTreasuryTest is DaoWorld {
    struct Split {
        uint256 kept;
        uint256 perShare;
        uint256 owed;
    }

    function test_it_knows_its_parts_and_founders() public view {
        assertEq(address(dao.treasury.token()), address(token), "token");
        assertEq(dao.treasury.shares(), address(dao.shares), "shares");
        assertEq(dao.treasury.timelock(), address(dao.timelock), "timelock");
        Holding memory holding = dao.treasury.holdingOf(ann);
        assertEq(holding.shares, 50, "shares of ann");
        assertTrue(!holding.isDao, "not a DAO");
        Pot memory pot = dao.treasury.pot();
        assertEq(pot.total, 100, "total");
        assertEq(pot.retainBps, 1_000, "retention");
    }

    // --------------------------------------------------------------------- sync

    function test_a_receipt_is_counted_once() public {
        _pay(dao, 1_009);
        vm.expectEmit(true, true, true, true, address(dao.treasury));
        emit IDaoTreasury.Received(1_009, 100);
        vm.prank(STRANGER);
        assertEq(dao.treasury.sync(), 1_009, "received");
        Pot memory pot = dao.treasury.pot();
        assertEq(pot.accounted, 1_009, "accounted");
        assertEq(pot.reserve, 100, "a tenth, floored");
        assertEq(pot.perShare, 9, "909 / 100");
        assertEq(pot.carry, 9, "909 % 100");

        vm.recordLogs();
        assertEq(dao.treasury.sync(), 0, "nothing twice");
        assertEq(vm.getRecordedLogs().length, 0, "and nothing to say");
    }

    function test_the_carry_goes_into_the_next_receipt() public {
        _pay(dao, 1_009);
        dao.treasury.sync();
        _pay(dao, 101);
        dao.treasury.sync();
        Pot memory pot = dao.treasury.pot();
        assertEq(pot.perShare, 10, "9 + (91 + 9) / 100");
        assertEq(pot.carry, 0, "none left");
    }

    function test_what_is_not_counted_yet_shows_in_the_views() public {
        _pay(dao, 1_000);
        assertEq(dao.treasury.owedTo(ann), 450, "ann");
        assertEq(dao.treasury.pot().reserve, 100, "reserve");
        assertEq(dao.treasury.holdingOf(ann).owed, 0, "not settled");
        assertEq(dao.treasury.owedTo(STRANGER), 0, "no member");
    }

    // --------------------------------------------------------------------- draw

    function test_anyone_may_draw_for_anyone() public {
        _pay(dao, 1_000);
        vm.expectEmit(true, true, true, true, address(dao.treasury));
        emit IDaoTreasury.Received(1_000, 100);
        vm.expectEmit(true, true, true, true, address(dao.treasury));
        emit IDaoTreasury.Drawn(BEN, BEN, 270);
        vm.prank(STRANGER);
        assertEq(dao.treasury.draw(BEN), 270, "amount");
        assertEq(token.balanceOf(BEN), 270, "paid");
        assertEq(dao.treasury.pot().accounted, 730, "accounted is lowered");
        assertEq(dao.treasury.owedTo(ann), 450, "others keep theirs");
        assertEq(dao.treasury.owedTo(CAT), 180, "others keep theirs");
    }

    function test_nothing_is_paid_twice() public {
        _pay(dao, 1_000);
        dao.treasury.draw(BEN);
        vm.expectRevert(abi.encodeWithSelector(IDaoTreasury.NothingOwed.selector, BEN));
        dao.treasury.draw(BEN);
    }

    function test_a_stranger_is_owed_nothing() public {
        _pay(dao, 1_000);
        vm.expectRevert(abi.encodeWithSelector(IDaoTreasury.NothingOwed.selector, STRANGER));
        dao.treasury.draw(STRANGER);
        assertEq(dao.treasury.payoutOf(STRANGER), STRANGER, "and would be paid itself");
    }

    // -------------------------------------------------------------------- spend

    function test_the_reserve_is_spent_by_proposal_only() public {
        _pay(dao, 1_000);
        vm.expectRevert(abi.encodeWithSelector(IDaoTreasury.NotTheTimelock.selector, ann));
        vm.prank(ann);
        dao.treasury.spend(ann, 1);

        vm.expectEmit(true, true, true, true, address(dao.treasury));
        emit IDaoTreasury.Spent(STRANGER, 60, 40);
        vm.prank(address(dao.timelock));
        dao.treasury.spend(STRANGER, 60);
        assertEq(token.balanceOf(STRANGER), 60, "paid");
        assertEq(dao.treasury.pot().accounted, 940, "accounted is lowered");
        assertEq(dao.treasury.owedTo(ann), 450, "members keep theirs");
    }

    function test_no_proposal_spends_what_members_own() public {
        _pay(dao, 1_000);
        vm.expectRevert(abi.encodeWithSelector(IDaoTreasury.AboveReserve.selector, 101, 100));
        vm.prank(address(dao.timelock));
        dao.treasury.spend(STRANGER, 101);
    }

    // ------------------------------------------------------- calls of the shares

    function test_only_the_shares_move_shares_and_set_the_retention() public {
        bytes memory reason = abi.encodeWithSelector(IDaoTreasury.NotTheShares.selector, address(dao.timelock));
        vm.startPrank(address(dao.timelock));
        vm.expectRevert(reason);
        dao.treasury.moveShares(ann, BEN, 1);
        vm.expectRevert(reason);
        dao.treasury.setRetainBps(0);
        vm.stopPrank();
    }

    function test_a_new_retention_is_for_later_receipts() public {
        _pay(dao, 1_000);
        vm.expectEmit(true, true, true, true, address(dao.treasury));
        emit IDaoTreasury.Received(1_000, 100);
        vm.expectEmit(true, true, true, true, address(dao.treasury));
        emit IDaoTreasury.RetainBpsSet(10_000);
        vm.prank(address(dao.timelock));
        dao.shares.setRetainBps(10_000);
        assertEq(dao.treasury.owedTo(ann), 450, "as agreed when it came in");
        _pay(dao, 50);
        assertEq(dao.treasury.owedTo(ann), 450, "all of it is kept");
        assertEq(dao.treasury.pot().reserve, 150, "in the reserve");
        assertEq(dao.shares.retainBps(), 10_000, "view");
    }

    function test_the_retention_is_at_most_the_whole() public {
        vm.expectRevert(abi.encodeWithSelector(IDaoTreasury.RetainAboveWhole.selector, 10_001, 10_000));
        vm.prank(address(dao.timelock));
        dao.shares.setRetainBps(10_001);
    }

    function test_only_a_dao_is_recognised() public {
        vm.expectRevert(abi.encodeWithSelector(IDaoTreasury.NotADao.selector, BEN));
        dao.treasury.recognise(BEN);
    }

    // --------------------------------------------------------------- properties

    function test_any_receipt_is_divided_by_shares(uint88 amount, uint16 bps, uint24 one, uint24 other) public {
        Articles memory articles = _articles("Fuzzed");
        articles.retainBps = uint16(bound(bps, 0, 10_000));
        articles.proposalThreshold = 0;
        Member[] memory members = _two(BEN, bound(one, 1, MOST_SHARES / 2), CAT, bound(other, 1, MOST_SHARES / 2));
        Parts memory d = _create(articles, members);
        _pay(d, amount);

        Split memory wanted;
        wanted.kept = uint256(amount) * articles.retainBps / 10_000;
        wanted.perShare = (amount - wanted.kept) / (members[0].shares + members[1].shares);
        wanted.owed = wanted.perShare * members[0].shares;
        assertEq(d.treasury.owedTo(BEN), wanted.owed, "one");
        assertEq(d.treasury.owedTo(CAT), wanted.perShare * members[1].shares, "other");
        assertEq(d.treasury.pot().reserve, wanted.kept, "kept");
        if (wanted.owed > 0) assertEq(d.treasury.draw(BEN), wanted.owed, "drawn");
        assertEq(token.balanceOf(BEN), wanted.owed, "paid");
        assertEq(_held(d), token.balanceOf(address(d.treasury)), "and all of it is somebody's");
    }

    function test_spending_takes_exactly_what_it_says(uint88 amount, uint88 spent) public {
        _pay(dao, amount);
        uint256 reserve = uint256(amount) / 10;
        uint256 wanted = bound(spent, 0, reserve);
        vm.prank(address(dao.timelock));
        dao.treasury.spend(STRANGER, wanted);
        assertEq(token.balanceOf(STRANGER), wanted, "paid");
        assertEq(dao.treasury.pot().reserve, reserve - wanted, "reserve");

        vm.expectRevert(
            abi.encodeWithSelector(IDaoTreasury.AboveReserve.selector, reserve - wanted + 1, reserve - wanted)
        );
        vm.prank(address(dao.timelock));
        dao.treasury.spend(STRANGER, reserve - wanted + 1);
    }

    /// @dev BEN's, CAT's, the reserve and the carry.
    function _held(Parts memory d) private view returns (uint256) {
        Pot memory pot = d.treasury.pot();
        return d.treasury.owedTo(BEN) + d.treasury.owedTo(CAT) + pot.reserve + pot.carry;
    }
}
