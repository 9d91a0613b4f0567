// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {
    GovernorVotesQuorumFraction
} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";

import {Articles} from "../interfaces/IDaoFactory.sol";
import {IDaoGovernor} from "../interfaces/IDaoGovernor.sol";
import {ArticlesRules} from "./ArticlesRules.sol";

/// @title Proposals and votes of a DAO
/// @notice Propose, vote, queue in the timelock, execute. Delay and period are seconds; votes are shares at the snapshot.
/// Changed by proposal, they stay within the bounds of the founding; the timelock is the DAO itself and never changes.
/// @dev All but these bounds is OpenZeppelin's; below them are only the choices that its modules ask for.
contract DaoGovernor is
    IDaoGovernor,
    Governor,
    GovernorSettings,
    GovernorCountingSimple,
    GovernorVotes,
    GovernorVotesQuorumFraction,
    GovernorTimelockControl
{
    constructor(Articles memory articles, IVotes shares, TimelockController timelock_)
        Governor(articles.name)
        GovernorSettings(articles.votingDelay, articles.votingPeriod, articles.proposalThreshold)
        GovernorVotes(shares)
        GovernorVotesQuorumFraction(articles.quorumPercent)
        GovernorTimelockControl(timelock_)
    {}

    function setProposalThreshold(uint256 threshold) public override {
        ArticlesRules.requireThreshold(threshold, proposalThreshold());
        super.setProposalThreshold(threshold);
    }

    /// @inheritdoc IDaoGovernor
    function raiseProposalThreshold(uint256 threshold, address member) external onlyGovernance {
        ArticlesRules.requireThreshold(threshold, token().getVotes(member));
        _setProposalThreshold(threshold);
    }

    function updateTimelock(TimelockController) public pure override {
        revert TimelockFixed();
    }

    function _setVotingDelay(uint48 delay) internal override {
        ArticlesRules.requireVotingDelay(delay);
        super._setVotingDelay(delay);
    }

    function _setVotingPeriod(uint32 period) internal override {
        ArticlesRules.requireVotingPeriod(period);
        super._setVotingPeriod(period);
    }

    function _updateQuorumNumerator(uint256 percent) internal override {
        ArticlesRules.requireQuorum(percent);
        super._updateQuorumNumerator(percent);
    }

    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.proposalThreshold();
    }

    function state(uint256 proposal) public view override(Governor, GovernorTimelockControl) returns (ProposalState) {
        return super.state(proposal);
    }

    function proposalNeedsQueuing(uint256 proposal)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (bool)
    {
        return super.proposalNeedsQueuing(proposal);
    }

    function _queueOperations(
        uint256 proposal,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calls,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposal, targets, values, calls, descriptionHash);
    }

    function _executeOperations(
        uint256 proposal,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calls,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposal, targets, values, calls, descriptionHash);
    }

    function _cancel(address[] memory targets, uint256[] memory values, bytes[] memory calls, bytes32 descriptionHash)
        internal
        override(Governor, GovernorTimelockControl)
        returns (uint256)
    {
        return super._cancel(targets, values, calls, descriptionHash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }
}
