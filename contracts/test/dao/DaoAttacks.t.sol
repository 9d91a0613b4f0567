// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IDaoShares} from "../../src/interfaces/IDaoShares.sol";
import {IDaoTreasury} from "../../src/interfaces/IDaoTreasury.sol";
import {vm} from "../Vm.sol";
import {Call, DaoWorld} from "./DaoWorld.sol";
import {HookToken, ITokenHook} from "./HookToken.sol";

/// @dev While it is being paid it tries one call on the treasury, and keeps why that failed.
contract Reenterer is ITokenHook {
    IDaoTreasury private immutable TREASURY;
    bytes public attempt;
    bytes public refusal;
    bool public got;

    constructor(IDaoTreasury treasury) {
        TREASURY = treasury;
    }

    function willTry(bytes calldata attempt_) external {
        attempt = attempt_;
    }

    function beforeTokens(uint256) external {
        (got, refusal) = address(TREASURY).call(attempt);
    }
}

/// @notice What a member or a stranger could try, one test an attack. The token is worse than DWEB.
contract DaoAttacksTest is DaoWorld {
    HookToken private hooks;

    function _token() internal override returns (IERC20) {
        hooks = new HookToken();
        return hooks;
    }

    // --------------------------------------------------------------------- votes

    function test_flash_votes_weigh_nothing() public {
        Call memory what = Call(address(dao.shares), abi.encodeCall(dao.shares.setRetainBps, (0)));
        uint256 proposal = _propose(dao, what, "x");
        _skip(VOTING_DELAY + 1);
        _issue(dao, STRANGER, 500_000); // after the snapshot
        assertEq(_vote(dao, proposal, STRANGER, 0), 0, "weight");
        assertEq(_vote(dao, proposal, ann, 1), 50, "members vote with what they had");
        assertEq(dao.governor.quorum(dao.governor.proposalSnapshot(proposal)), 40, "nor does the quorum move");
        _skip(VOTING_PERIOD);
        assertEq(uint256(dao.governor.state(proposal)), uint256(IGovernor.ProposalState.Succeeded), "passed");
    }

    function test_shares_that_move_do_not_vote_twice() public {
        Call memory what = Call(address(dao.shares), abi.encodeCall(dao.shares.setRetainBps, (0)));
        uint256 proposal = _propose(dao, what, "x");
        _skip(VOTING_DELAY + 1);
        _vote(dao, proposal, ann, 1);
        vm.prank(address(dao.timelock));
        dao.shares.move(ann, STRANGER, 50);
        assertEq(_vote(dao, proposal, STRANGER, 1), 0, "weight");
    }

    function test_votes_of_this_very_second_cannot_be_read() public {
        vm.expectPartialRevert(bytes4(keccak256("ERC5805FutureLookup(uint256,uint48)")));
        dao.shares.getPastVotes(ann, vm.getBlockTimestamp());
    }

    // ------------------------------------------------------------------- payouts

    function test_delegation_moves_no_payout() public {
        _pay(1_000);
        vm.expectRevert(abi.encodeWithSelector(IDaoShares.DelegationRefused.selector, BEN, STRANGER));
        vm.prank(BEN);
        dao.shares.delegate(STRANGER);
        assertEq(dao.treasury.owedTo(BEN), 270, "ben");
        assertEq(dao.treasury.owedTo(STRANGER), 0, "stranger");
    }

    function test_a_share_change_does_not_move_what_was_earned() public {
        _pay(1_000);
        vm.startPrank(address(dao.timelock));
        dao.shares.retire(BEN, 30);
        dao.shares.issue(STRANGER, 900_000);
        vm.stopPrank();
        assertEq(dao.treasury.draw(BEN), 270, "who is voted out takes it along");
        vm.expectRevert(abi.encodeWithSelector(IDaoTreasury.NothingOwed.selector, STRANGER));
        dao.treasury.draw(STRANGER);
        assertEq(dao.treasury.owedTo(ann), 450, "who stays is not diluted backwards");
    }

    function test_shares_that_come_and_go_between_two_receipts_earn_nothing() public {
        _pay(1_000);
        vm.startPrank(address(dao.timelock));
        dao.shares.issue(STRANGER, 100);
        dao.shares.retire(STRANGER, 100);
        vm.stopPrank();
        _pay(1_000);
        assertEq(dao.treasury.owedTo(STRANGER), 0, "nothing");
        assertEq(dao.treasury.owedTo(ann), 900, "both receipts by old shares");
    }

    function test_a_donation_just_before_a_draw_is_a_receipt_like_any_other() public {
        _pay(1_000);
        dao.treasury.draw(BEN);
        _pay(2_000);
        assertEq(dao.treasury.draw(BEN), 540, "its part of the donation only");
        assertEq(dao.treasury.owedTo(ann), 450 + 900, "everybody has theirs");
        assertEq(dao.treasury.pot().reserve, 300, "and the reserve");
    }

    function test_dust_is_carried_not_lost() public {
        for (uint256 i = 0; i < 1_000; ++i) {
            _pay(1);
            dao.treasury.sync();
        }
        assertEq(dao.treasury.pot().perShare, 10, "a thousand single wei, nothing kept of any");
        assertEq(dao.treasury.pot().carry, 0, "none left");
    }

    // ----------------------------------------------------------------- receivers

    function test_a_payment_that_fails_blocks_only_that_member() public {
        _pay(1_000);
        hooks.setBlocked(BEN, true);
        vm.expectRevert(abi.encodeWithSelector(HookToken.Blocked.selector, BEN));
        dao.treasury.draw(BEN);
        assertEq(dao.treasury.draw(ann), 450, "others are paid");
        vm.prank(address(dao.timelock));
        dao.treasury.spend(STRANGER, 100);
        vm.prank(address(dao.timelock));
        dao.shares.retire(BEN, 30);
        hooks.setBlocked(BEN, false);
        assertEq(dao.treasury.draw(BEN), 270, "and it is kept for later");
    }

    /// @notice In the moment of the call the payment is still in the balance: a sync would count it as a receipt.
    function test_a_receiver_that_calls_back_gets_nothing_more() public {
        Reenterer thief = new Reenterer(dao.treasury);
        _issue(dao, address(thief), 100);
        hooks.setHooked(address(thief), true);
        _requireRefused(thief, abi.encodeCall(dao.treasury.sync, ()));
        _requireRefused(thief, abi.encodeCall(dao.treasury.draw, (address(thief))));
        _requireRefused(thief, abi.encodeCall(dao.treasury.draw, (ann)));
        assertEq(token.balanceOf(address(thief)), 3 * 900, "its half of three receipts");
    }

    function test_money_that_is_spent_cannot_come_back_as_a_receipt() public {
        Reenterer thief = new Reenterer(dao.treasury);
        hooks.setHooked(address(thief), true);
        thief.willTry(abi.encodeCall(dao.treasury.sync, ()));
        _pay(1_000);
        vm.prank(address(dao.timelock));
        dao.treasury.spend(address(thief), 100);
        assertTrue(!thief.got(), "refused");
        assertEq(dao.treasury.pot().accounted, token.balanceOf(address(dao.treasury)), "counted once");
    }

    function _requireRefused(Reenterer thief, bytes memory attempt) private {
        thief.willTry(attempt);
        _pay(2_000);
        dao.treasury.draw(address(thief));
        assertTrue(!thief.got(), "refused");
        bytes memory wanted = abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        assertEq(thief.refusal(), wanted, "by the guard");
        assertEq(dao.treasury.pot().accounted, token.balanceOf(address(dao.treasury)), "counted once");
    }

    function _pay(uint256 amount) private {
        _pay(dao, amount);
    }
}
