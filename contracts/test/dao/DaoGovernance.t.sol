// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";

import {vm} from "../Vm.sol";
import {Call, DaoWorld} from "./DaoWorld.sol";

/// @dev What a DAO may own.
contract Owned is Ownable {
    uint256 public value;

    constructor(address owner) Ownable(owner) {}

    function set(uint256 value_) external onlyOwner {
        value = value_;
    }
}

interface IVotingPeriod {
    function setVotingPeriod(uint32 period) external;
}

/// @notice The whole path: propose, vote, queue, execute.
contract DaoGovernanceTest is DaoWorld {
    function test_a_proposal_issues_shares() public {
        _pay(dao, 1_000);
        _pass(dao, Call(address(dao.shares), abi.encodeCall(dao.shares.issue, (STRANGER, 100))), "Welcome");
        assertEq(dao.shares.sharesOf(STRANGER), 100, "shares");
        assertEq(dao.treasury.owedTo(ann), 450, "what was earned before stays");
        assertEq(dao.treasury.owedTo(STRANGER), 0, "the newcomer starts at nothing");
    }

    function test_a_proposal_moves_and_retires_shares() public {
        _pass(dao, Call(address(dao.shares), abi.encodeCall(dao.shares.move, (BEN, CAT, 10))), "Move");
        _pass(dao, Call(address(dao.shares), abi.encodeCall(dao.shares.retire, (CAT, 5))), "Retire");
        assertEq(dao.shares.sharesOf(BEN), 20, "ben");
        assertEq(dao.shares.sharesOf(CAT), 25, "cat");
        assertEq(dao.treasury.pot().total, 95, "total");
    }

    function test_a_proposal_spends_the_reserve() public {
        _pay(dao, 1_000);
        _pass(dao, Call(address(dao.treasury), abi.encodeCall(dao.treasury.spend, (STRANGER, 100))), "Pay");
        assertEq(token.balanceOf(STRANGER), 100, "paid");
        assertEq(dao.treasury.pot().reserve, 0, "reserve");
    }

    function test_a_proposal_changes_the_retention() public {
        _pass(dao, Call(address(dao.shares), abi.encodeCall(dao.shares.setRetainBps, (2_500))), "Save");
        _pay(dao, 1_000);
        assertEq(dao.treasury.pot().reserve, 250, "kept");
    }

    function test_a_proposal_changes_the_text() public {
        bytes memory data = abi.encodeCall(dao.shares.setText, ("Order", "ipfs://x", keccak256("x")));
        _pass(dao, Call(address(dao.shares), data), "Rename");
        assertEq(bytes(dao.shares.name()), "Order", "name");
    }

    function test_a_proposal_calls_what_the_dao_owns() public {
        Owned owned = new Owned(address(dao.timelock));
        _pass(dao, Call(address(owned), abi.encodeCall(owned.set, (7))), "Set");
        assertEq(owned.value(), 7, "set");
    }

    function test_a_proposal_changes_the_rules_of_voting() public {
        _pass(dao, Call(address(dao.governor), abi.encodeCall(IVotingPeriod.setVotingPeriod, (500))), "Slower");
        assertEq(dao.governor.votingPeriod(), 500, "period");
    }

    function test_nobody_changes_the_rules_without_a_proposal() public {
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorOnlyExecutor.selector, ann));
        vm.prank(ann);
        IVotingPeriod(address(dao.governor)).setVotingPeriod(1);
    }

    // -------------------------------------------------------------------- guards

    function test_a_proposal_below_its_quorum_is_defeated() public {
        Call memory what = _retention(0);
        uint256 proposal = _propose(dao, what, "x");
        _skip(VOTING_DELAY + 1);
        assertEq(dao.governor.quorum(vm.getBlockTimestamp() - 1), 40, "quorum");
        assertEq(_vote(dao, proposal, BEN, 1), 30, "weight");
        _skip(VOTING_PERIOD);
        _requireState(proposal, IGovernor.ProposalState.Defeated);
        vm.expectRevert(_unexpected(proposal, IGovernor.ProposalState.Defeated, IGovernor.ProposalState.Succeeded));
        _queue(dao, what, "x");
    }

    function test_a_majority_against_defeats() public {
        uint256 proposal = _propose(dao, _retention(0), "x");
        _skip(VOTING_DELAY + 1);
        _vote(dao, proposal, ann, 1);
        _vote(dao, proposal, BEN, 0);
        _vote(dao, proposal, CAT, 0);
        _skip(VOTING_PERIOD);
        _requireState(proposal, IGovernor.ProposalState.Defeated); // 50 against 50
    }

    function test_nobody_votes_twice_or_late() public {
        uint256 proposal = _propose(dao, _retention(0), "x");
        _skip(VOTING_DELAY + 1);
        _vote(dao, proposal, ann, 1);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorAlreadyCastVote.selector, ann));
        _vote(dao, proposal, ann, 1);
        _skip(VOTING_PERIOD);
        vm.expectRevert(_unexpected(proposal, IGovernor.ProposalState.Succeeded, IGovernor.ProposalState.Active));
        _vote(dao, proposal, BEN, 1);
    }

    function test_a_stranger_proposes_nothing() public {
        (address[] memory targets, uint256[] memory values, bytes[] memory calls) = _batch(_retention(0));
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorInsufficientProposerVotes.selector, STRANGER, 0, 10));
        vm.prank(STRANGER);
        dao.governor.propose(targets, values, calls, "x");
    }

    function test_the_timelock_takes_its_time() public {
        Call memory what = _retention(0);
        uint256 proposal = _propose(dao, what, "x");
        _skip(VOTING_DELAY + 1);
        _vote(dao, proposal, ann, 1);
        _skip(VOTING_PERIOD);
        _requireState(proposal, IGovernor.ProposalState.Succeeded);
        _queue(dao, what, "x");
        _skip(TIMELOCK_DELAY - 1);
        vm.expectPartialRevert(TimelockController.TimelockUnexpectedOperationState.selector);
        _execute(dao, what, "x");
        _skip(1);
        _execute(dao, what, "x");
        _requireState(proposal, IGovernor.ProposalState.Executed);
        assertEq(dao.shares.retainBps(), 0, "done");
        vm.expectPartialRevert(IGovernor.GovernorUnexpectedProposalState.selector);
        _execute(dao, what, "x");
    }

    function test_its_proposer_takes_back_what_is_not_voted_on_yet() public {
        (address[] memory targets, uint256[] memory values, bytes[] memory calls) = _batch(_retention(0));
        uint256 proposal = _propose(dao, _retention(0), "x");
        bytes32 description = keccak256("x");
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, proposal, BEN));
        vm.prank(BEN);
        dao.governor.cancel(targets, values, calls, description);
        vm.prank(ann);
        dao.governor.cancel(targets, values, calls, description);
        _requireState(proposal, IGovernor.ProposalState.Canceled);
    }

    function test_nobody_but_the_governor_schedules() public {
        bytes32 role = dao.timelock.PROPOSER_ROLE();
        bytes memory data = _retention(0).data;
        vm.expectRevert(abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, ann, role));
        vm.prank(ann);
        dao.timelock.schedule(address(dao.shares), 0, data, 0, 0, TIMELOCK_DELAY);
    }

    function test_anyone_executes_what_is_due_in_the_timelock_itself() public {
        Call memory what = _retention(0);
        uint256 proposal = _propose(dao, what, "x");
        _skip(VOTING_DELAY + 1);
        _vote(dao, proposal, ann, 1);
        _skip(VOTING_PERIOD);
        _queue(dao, what, "x");
        _skip(TIMELOCK_DELAY);
        (address[] memory targets, uint256[] memory values, bytes[] memory calls) = _batch(what);
        bytes32 salt = bytes32(bytes20(address(dao.governor))) ^ keccak256("x");
        vm.prank(STRANGER);
        dao.timelock.executeBatch(targets, values, calls, 0, salt);
        _requireState(proposal, IGovernor.ProposalState.Executed);
        assertEq(dao.shares.retainBps(), 0, "done");
    }

    function _retention(uint16 bps) private view returns (Call memory) {
        return Call(address(dao.shares), abi.encodeCall(dao.shares.setRetainBps, (bps)));
    }

    function _unexpected(uint256 proposal, IGovernor.ProposalState found, IGovernor.ProposalState wanted)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(
            IGovernor.GovernorUnexpectedProposalState.selector, proposal, found, bytes32(1 << uint8(wanted))
        );
    }

    function _requireState(uint256 proposal, IGovernor.ProposalState wanted) private view {
        assertEq(uint256(dao.governor.state(proposal)), uint256(wanted), "state");
    }
}
