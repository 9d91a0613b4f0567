// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Articles, IDaoFactory} from "../interfaces/IDaoFactory.sol";
import {Member} from "../interfaces/IDaoShares.sol";

/// @title What the voting rules of new articles may be
/// @notice Members and their shares are checked where they are kept, by the shares; the part that is kept, by the treasury.
library ArticlesRules {
    /// @notice Seconds.
    uint256 internal constant LONGEST_VOTING_DELAY = 30 days;
    /// @notice Seconds.
    uint256 internal constant LONGEST_VOTING_PERIOD = 90 days;
    /// @notice Seconds.
    uint256 internal constant LONGEST_TIMELOCK_DELAY = 90 days;

    /// @dev A threshold above the largest member's shares would be a DAO that can never propose, not even a lower one.
    function check(Articles calldata articles, Member[] calldata members) internal pure {
        uint256 delay = articles.votingDelay;
        if (delay == 0 || delay > LONGEST_VOTING_DELAY) {
            revert IDaoFactory.VotingDelayOutOfRange(delay, LONGEST_VOTING_DELAY);
        }
        uint256 period = articles.votingPeriod;
        if (period == 0 || period > LONGEST_VOTING_PERIOD) {
            revert IDaoFactory.VotingPeriodOutOfRange(period, LONGEST_VOTING_PERIOD);
        }
        uint256 lock = articles.timelockDelay;
        if (lock == 0 || lock > LONGEST_TIMELOCK_DELAY) {
            revert IDaoFactory.TimelockDelayOutOfRange(lock, LONGEST_TIMELOCK_DELAY);
        }
        if (articles.quorumPercent == 0 || articles.quorumPercent > 100) {
            revert IDaoFactory.QuorumOutOfRange(articles.quorumPercent);
        }
        uint256 largest = _largest(members);
        if (articles.proposalThreshold > largest) {
            revert IDaoFactory.ThresholdOutOfReach(articles.proposalThreshold, largest);
        }
    }

    function _largest(Member[] calldata members) private pure returns (uint256 largest) {
        for (uint256 i = 0; i < members.length; ++i) {
            if (members[i].shares > largest) largest = members[i].shares;
        }
    }
}
