// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What the governor of a DAO has beside OpenZeppelin's
/// @notice The rules of voting change by proposal, within the bounds of the founding (IDaoFactory has their errors).
interface IDaoGovernor {
    error TimelockFixed();

    /// @notice Sets how many shares a proposer has to hold, by naming a member who holds so many: a threshold that nobody
    /// can meet would end a DAO's proposals, the one that lowers it included. `setProposalThreshold` only lowers it.
    /// By proposal.
    function raiseProposalThreshold(uint256 threshold, address member) external;
}
