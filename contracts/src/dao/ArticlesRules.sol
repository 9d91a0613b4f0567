// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Articles, IDaoFactory} from "../interfaces/IDaoFactory.sol";
import {Member} from "../interfaces/IDaoShares.sol";

/// @title What the voting rules of a DAO may be, at its founding and ever after
/// @notice Members and their shares are checked where they are kept, by the shares; the part that is kept, by the treasury.
library ArticlesRules {
    /// @notice Seconds.
    uint256 internal constant LONGEST_VOTING_DELAY = 30 days;
    /// @notice Seconds.
    uint256 internal constant LONGEST_VOTING_PERIOD = 90 days;
    /// @notice Seconds.
    uint256 internal constant LONGEST_TIMELOCK_DELAY = 90 days;

    function check(Articles calldata articles, Member[] calldata members) internal pure {
        requireVotingDelay(articles.votingDelay);
        requireVotingPeriod(articles.votingPeriod);
        requireTimelockDelay(articles.timelockDelay);
        requireQuorum(articles.quorumPercent);
        requireThreshold(articles.proposalThreshold, _largest(members));
    }

    function requireVotingDelay(uint256 delay) internal pure {
        if (delay == 0 || delay > LONGEST_VOTING_DELAY) {
            revert IDaoFactory.VotingDelayOutOfRange(delay, LONGEST_VOTING_DELAY);
        }
    }

    function requireVotingPeriod(uint256 period) internal pure {
        if (period == 0 || period > LONGEST_VOTING_PERIOD) {
            revert IDaoFactory.VotingPeriodOutOfRange(period, LONGEST_VOTING_PERIOD);
        }
    }

    function requireTimelockDelay(uint256 delay) internal pure {
        if (delay == 0 || delay > LONGEST_TIMELOCK_DELAY) {
            revert IDaoFactory.TimelockDelayOutOfRange(delay, LONGEST_TIMELOCK_DELAY);
        }
    }

    function requireQuorum(uint256 percent) internal pure {
        if (percent == 0 || percent > 100) revert IDaoFactory.QuorumOutOfRange(percent);
    }

    /// @dev A threshold above what any member holds would be a DAO that can never propose, not even a lower one.
    /// @param reachable shares that some member holds
    function requireThreshold(uint256 threshold, uint256 reachable) internal pure {
        if (threshold > reachable) revert IDaoFactory.ThresholdOutOfReach(threshold, reachable);
    }

    function _largest(Member[] calldata members) private pure returns (uint256 largest) {
        for (uint256 i = 0; i < members.length; ++i) {
            if (members[i].shares > largest) largest = members[i].shares;
        }
    }
}
