// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Articles} from "../../src/interfaces/IDaoFactory.sol";
import {Member} from "../../src/interfaces/IDaoShares.sol";
import {IDaoTreasury} from "../../src/interfaces/IDaoTreasury.sol";
import {vm} from "../Vm.sol";
import {Call, DaoWorld, Parts} from "./DaoWorld.sol";

/// @notice DAOs that are members of DAOs.
contract NestedDaosTest is DaoWorld {
    Parts private parent;

    /// @dev Half of the parent is the guild's, half STRANGER's. Neither keeps anything.
    function setUp() public override {
        super.setUp();
        vm.prank(address(dao.timelock));
        dao.shares.setRetainBps(0);
        parent = _create(_keepingNothing("Parent"), _two(address(dao.timelock), 50, STRANGER, 50));
    }

    function test_a_member_that_is_a_dao_is_paid_to_its_treasury() public {
        assertTrue(parent.treasury.holdingOf(address(dao.timelock)).isDao, "known from the founding");
        assertEq(parent.treasury.payoutOf(address(dao.timelock)), address(dao.treasury), "payout");
        _pay(parent, 1_000);
        vm.expectEmit(true, true, true, true, address(parent.treasury));
        emit IDaoTreasury.Drawn(address(dao.timelock), address(dao.treasury), 500);
        parent.treasury.draw(address(dao.timelock));
        assertEq(dao.treasury.owedTo(ann), 250, "and its members are owed it at once");
        assertEq(dao.treasury.draw(ann), 250, "drawn");
        assertEq(token.balanceOf(address(dao.timelock)), 0, "the timelock holds nothing");
    }

    function test_a_dao_that_gets_shares_later_is_paid_to_its_treasury_too() public {
        Parts memory other = _create(_keepingNothing("Other"), _two(BEN, 20, CAT, 1));
        vm.expectEmit(true, true, true, true, address(parent.treasury));
        emit IDaoTreasury.DaoRecognised(address(other.timelock), address(other.treasury));
        _issue(parent, address(other.timelock), 100);
        assertEq(parent.treasury.payoutOf(address(other.timelock)), address(other.treasury), "issued");
        vm.prank(address(dao.timelock));
        dao.shares.move(ann, address(other.timelock), 1);
        assertEq(dao.treasury.payoutOf(address(other.timelock)), address(other.treasury), "moved");
    }

    function test_a_dao_votes_in_a_dao_by_its_own_proposal() public {
        bytes memory save = abi.encodeCall(parent.shares.setRetainBps, (5_000));
        _skip(1);
        (address[] memory targets, uint256[] memory values, bytes[] memory calls) =
            _batch(Call(address(parent.shares), save));
        vm.prank(STRANGER);
        uint256 proposal = parent.governor.propose(targets, values, calls, "Save");
        _skip(VOTING_DELAY + 1);
        vm.prank(address(dao.timelock));
        assertEq(parent.governor.castVote(proposal, 1), 50, "with the guild's shares");
    }

    /// @notice A timelock's address follows from id and articles, so it can be a member before it exists.
    function test_a_member_that_becomes_a_dao_later_is_recognised_by_anyone() public {
        uint256 state = vm.snapshotState();
        address future = address(_create("Late", _members()).timelock);
        vm.revertToState(state);
        _issue(parent, future, 100);
        assertEq(parent.treasury.payoutOf(future), future, "an address like any other");

        Parts memory late = _create("Late", _members());
        assertEq(address(late.timelock), future, "as foreseen");
        vm.expectEmit(true, true, true, true, address(parent.treasury));
        emit IDaoTreasury.DaoRecognised(future, address(late.treasury));
        vm.prank(STRANGER);
        parent.treasury.recognise(future);
        _pay(parent, 1_000);
        parent.treasury.draw(future);
        assertEq(token.balanceOf(address(late.treasury)), 500, "paid to its treasury");

        vm.recordLogs();
        parent.treasury.recognise(future);
        assertEq(vm.getRecordedLogs().length, 0, "once is enough");
    }

    // -------------------------------------------------------------------- cycles

    function test_daos_that_are_members_of_each_other_draw_like_any_member() public {
        _issue(dao, address(parent.timelock), 100); // half of the guild is the parent's
        _pay(parent, 1 << 20);
        uint256 draws = 0;
        while (parent.treasury.owedTo(address(dao.timelock)) > 0) {
            parent.treasury.draw(address(dao.timelock));
            ++draws;
            if (dao.treasury.owedTo(address(parent.timelock)) == 0) break;
            dao.treasury.draw(address(parent.timelock));
            ++draws;
        }
        assertTrue(draws > 4 && draws < 30, "a quarter comes back each time, until nothing does");
        assertEq(_free(parent) + _free(dao), 1 << 20, "and every wei is somebody's");
        // 2^19 * (1 + 1/4 + 1/16 + ...) = 2/3 of 2^20; what stays in carries is below 200 wei.
        uint256 ofStranger = parent.treasury.owedTo(STRANGER);
        assertTrue(ofStranger <= uint256(2 << 20) / 3 && ofStranger + 800 > uint256(2 << 20) / 3, "two thirds");
    }

    function test_a_dao_may_be_its_own_member() public {
        _issue(dao, address(dao.timelock), 100);
        _pay(dao, 2_000);
        assertEq(dao.treasury.draw(address(dao.timelock)), 1_000, "paid to itself");
        assertEq(token.balanceOf(address(dao.treasury)), 2_000, "nothing left the treasury");
        assertEq(dao.treasury.owedTo(ann), 500 + 250, "and it is a receipt again");
    }

    /// @notice Every wei ends with a person or in a treasury, whatever comes in and whoever draws first.
    function test_a_ring_of_daos_loses_nothing(uint80 amount, uint24 back, uint16 turns) public {
        _issue(dao, address(parent.timelock), bound(back, 1, MOST_SHARES - 100));
        _pay(parent, amount);
        for (uint256 i = 0; i < 16; ++i) {
            if ((turns >> i) & 1 == 1) _drawIfOwed(parent, address(dao.timelock));
            else _drawIfOwed(dao, address(parent.timelock));
        }
        assertEq(_free(parent) + _free(dao), amount, "all of it");
        assertTrue(_owed(parent) <= token.balanceOf(address(parent.treasury)), "parent can pay");
        assertTrue(_owed(dao) <= token.balanceOf(address(dao.treasury)), "guild can pay");
    }

    function _drawIfOwed(Parts memory from, address member) private {
        if (from.treasury.owedTo(member) > 0) from.treasury.draw(member);
    }

    function _free(Parts memory d) private view returns (uint256) {
        return token.balanceOf(address(d.treasury));
    }

    function _owed(Parts memory d) private view returns (uint256 sum) {
        address[6] memory all = [ann, BEN, CAT, STRANGER, address(dao.timelock), address(parent.timelock)];
        for (uint256 i = 0; i < all.length; ++i) {
            sum += d.treasury.owedTo(all[i]);
        }
        sum += d.treasury.pot().carry + d.treasury.pot().reserve;
    }

    function _keepingNothing(string memory name) private pure returns (Articles memory a) {
        a = _articles(name);
        a.retainBps = 0;
    }
}
