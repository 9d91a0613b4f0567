// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

import {IDaoFactory} from "../../src/interfaces/IDaoFactory.sol";
import {IDaoGovernor} from "../../src/interfaces/IDaoGovernor.sol";
import {vm} from "../Vm.sol";
import {Call, DaoWorld} from "./DaoWorld.sol";

interface IRules {
    function setVotingDelay(uint48 delay) external;
    function setVotingPeriod(uint32 period) external;
    function setProposalThreshold(uint256 threshold) external;
    function updateQuorumNumerator(uint256 percent) external;
    function updateTimelock(address timelock) external;
    function quorumNumerator() external view returns (uint256);
}

/// @notice What founders may not agree on, no later proposal may bring about.
/// forge-config: default.fuzz.runs = 500
contract ChangedRulesTest is DaoWorld {
    IRules private rules;
    uint256 private _decided;

    function setUp() public override {
        super.setUp();
        rules = IRules(address(dao.governor));
    }

    function testFuzz_a_later_voting_delay_is_as_bounded_as_the_first(uint48 delay) public {
        bool fits = delay >= 1 && delay <= 30 days;
        _decide(
            abi.encodeCall(IRules.setVotingDelay, (delay)),
            fits,
            abi.encodeWithSelector(IDaoFactory.VotingDelayOutOfRange.selector, delay, 30 days)
        );
        assertEq(dao.governor.votingDelay(), fits ? delay : VOTING_DELAY, "delay");
    }

    function testFuzz_a_later_voting_period_is_as_bounded_as_the_first(uint32 period) public {
        bool fits = period >= 1 && period <= 90 days;
        _decide(
            abi.encodeCall(IRules.setVotingPeriod, (period)),
            fits,
            abi.encodeWithSelector(IDaoFactory.VotingPeriodOutOfRange.selector, period, 90 days)
        );
        assertEq(dao.governor.votingPeriod(), fits ? period : VOTING_PERIOD, "period");
    }

    function testFuzz_a_later_quorum_is_as_bounded_as_the_first(uint256 percent) public {
        percent = bound(percent, 0, 300);
        bool fits = percent >= 1 && percent <= 100;
        _decide(
            abi.encodeCall(IRules.updateQuorumNumerator, (percent)),
            fits,
            abi.encodeWithSelector(IDaoFactory.QuorumOutOfRange.selector, percent)
        );
        assertEq(rules.quorumNumerator(), fits ? percent : 40, "quorum");
    }

    function testFuzz_a_later_timelock_delay_is_as_bounded_as_the_first(uint256 delay) public {
        delay = bound(delay, 0, 200 days);
        bool fits = delay >= 1 && delay <= 90 days;
        if (!fits) {
            vm.expectRevert(abi.encodeWithSelector(IDaoFactory.TimelockDelayOutOfRange.selector, delay, 90 days));
        }
        vm.prank(address(dao.timelock));
        dao.timelock.updateDelay(delay);
        assertEq(dao.timelock.getMinDelay(), fits ? delay : TIMELOCK_DELAY, "delay");
    }

    function test_each_bound_itself_may_be_decided() public {
        _decide(abi.encodeCall(IRules.setVotingDelay, (1)), true, "");
        _decide(abi.encodeCall(IRules.setVotingDelay, (30 days)), true, "");
        _decide(abi.encodeCall(IRules.setVotingPeriod, (1)), true, "");
        _decide(abi.encodeCall(IRules.setVotingPeriod, (90 days)), true, "");
        _decide(abi.encodeCall(IRules.updateQuorumNumerator, (1)), true, "");
        _decide(abi.encodeCall(IRules.updateQuorumNumerator, (100)), true, "");
        vm.startPrank(address(dao.timelock));
        dao.timelock.updateDelay(1);
        dao.timelock.updateDelay(90 days);
        vm.stopPrank();
        assertEq(dao.timelock.getMinDelay(), 90 days, "timelock");
    }

    function test_each_value_beyond_its_bound_is_refused() public {
        _decide(abi.encodeCall(IRules.setVotingDelay, (0)), false, _delay(0));
        _decide(abi.encodeCall(IRules.setVotingDelay, (30 days + 1)), false, _delay(30 days + 1));
        _decide(abi.encodeCall(IRules.setVotingPeriod, (0)), false, _period(0));
        _decide(abi.encodeCall(IRules.setVotingPeriod, (90 days + 1)), false, _period(90 days + 1));
        _decide(abi.encodeCall(IRules.updateQuorumNumerator, (0)), false, _quorum(0));
        _decide(abi.encodeCall(IRules.updateQuorumNumerator, (101)), false, _quorum(101));
    }

    // ------------------------------------------------------------------- threshold

    function test_a_threshold_is_lowered_freely() public {
        _decide(abi.encodeCall(IRules.setProposalThreshold, (10)), true, "");
        _decide(abi.encodeCall(IRules.setProposalThreshold, (0)), true, "");
        assertEq(dao.governor.proposalThreshold(), 0, "none");
    }

    function test_attack_a_threshold_that_nobody_can_meet() public {
        _decide(
            abi.encodeCall(IRules.setProposalThreshold, (51)),
            false,
            abi.encodeWithSelector(IDaoFactory.ThresholdOutOfReach.selector, 51, 10)
        );
        _decide(
            abi.encodeCall(IDaoGovernor.raiseProposalThreshold, (51, ann)),
            false,
            abi.encodeWithSelector(IDaoFactory.ThresholdOutOfReach.selector, 51, 50)
        );
        _decide(
            abi.encodeCall(IDaoGovernor.raiseProposalThreshold, (1, STRANGER)),
            false,
            abi.encodeWithSelector(IDaoFactory.ThresholdOutOfReach.selector, 1, 0)
        );
        assertEq(dao.governor.proposalThreshold(), 10, "as it was");
    }

    function test_a_threshold_is_raised_up_to_the_shares_of_a_member_that_is_named() public {
        _decide(abi.encodeCall(IDaoGovernor.raiseProposalThreshold, (50, ann)), true, "");
        assertEq(dao.governor.proposalThreshold(), 50, "raised");
        _propose(dao, Call(address(dao.governor), abi.encodeCall(IRules.setProposalThreshold, (1))), "lower it again");
    }

    /// @dev What counts are the shares at the time, not those of the founding.
    function test_a_member_that_grew_may_be_named_for_more() public {
        _issue(dao, BEN, 70);
        _decide(abi.encodeCall(IDaoGovernor.raiseProposalThreshold, (100, BEN)), true, "");
        assertEq(dao.governor.proposalThreshold(), 100, "raised");
    }

    // ------------------------------------------------------------------- by whom

    function test_attack_a_timelock_without_bounds_put_in_the_place_of_a_daos_own() public {
        address other = address(new TimelockController(0, new address[](0), new address[](1), address(this)));
        _decide(
            abi.encodeCall(IRules.updateTimelock, (other)),
            false,
            abi.encodeWithSelector(IDaoGovernor.TimelockFixed.selector)
        );
    }

    function test_nobody_changes_a_rule_but_by_proposal() public {
        bytes memory reason = abi.encodeWithSelector(IGovernor.GovernorOnlyExecutor.selector, ann);
        vm.startPrank(ann);
        vm.expectRevert(reason);
        rules.setVotingDelay(1);
        vm.expectRevert(reason);
        rules.setProposalThreshold(0);
        vm.expectRevert(reason);
        IDaoGovernor(address(rules)).raiseProposalThreshold(11, ann);
        vm.expectRevert(reason);
        rules.updateQuorumNumerator(1);
        vm.expectRevert(abi.encodeWithSelector(TimelockController.TimelockUnauthorizedCaller.selector, ann));
        dao.timelock.updateDelay(1);
        vm.stopPrank();
    }

    /// @dev The whole path: the governor takes calls to itself from what it is executing only.
    function _decide(bytes memory data, bool fits, bytes memory reason) private {
        Call memory what = Call(address(rules), data);
        string memory title = vm.toString(++_decided);
        uint256 proposal = _propose(dao, what, title);
        _skip(dao.governor.votingDelay() + 1);
        _vote(dao, proposal, ann, 1);
        _vote(dao, proposal, BEN, 1);
        _vote(dao, proposal, CAT, 1);
        _skip(dao.governor.votingPeriod());
        _queue(dao, what, title);
        _skip(dao.timelock.getMinDelay());
        if (!fits) vm.expectRevert(reason);
        _execute(dao, what, title);
    }

    function _delay(uint256 delay) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IDaoFactory.VotingDelayOutOfRange.selector, delay, 30 days);
    }

    function _period(uint256 period) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IDaoFactory.VotingPeriodOutOfRange.selector, period, 90 days);
    }

    function _quorum(uint256 percent) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IDaoFactory.QuorumOutOfRange.selector, percent);
    }
}
