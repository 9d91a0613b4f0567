// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Member} from "./IDaoShares.sol";

/// @notice What the founders of a DAO agree on. Each of it can be changed later by proposal, within the same bounds.
struct Articles {
    string name; // not empty; with the creator it makes the DAO's id
    string uri; // where the text of the articles can be read
    bytes32 textHash; // keccak256 of that text
    uint16 retainBps; // basis points of each receipt that are kept for proposals, 0..10,000
    uint32 votingDelay; // seconds from a proposal to its snapshot, 1 to 30 days
    uint32 votingPeriod; // seconds that votes are taken, 1 to 90 days
    uint32 timelockDelay; // seconds from queueing to execution, 1 to 90 days
    uint8 quorumPercent; // of all shares, 1..100
    uint32 proposalThreshold; // shares that a proposer holds, at most those of the largest member
}

/// @notice The parts of one DAO.
struct Dao {
    address creator;
    address shares;
    address governor;
    address timelock; // owns, votes and is a member in the name of the DAO
    address treasury; // where the DAO is paid
}

/// @title Makes DAOs: shares, governor, timelock and treasury in one transaction
/// @notice DAO id = keccak256(abi.encode(chainId, this, creator, name)). Addresses follow from the id and the articles.
/// Once made, a DAO answers to its own proposals only; the factory keeps no right over it.
interface IDaoFactory {
    event DaoCreated(
        bytes32 indexed id,
        address indexed creator,
        address indexed timelock,
        address shares,
        address governor,
        address treasury,
        Articles articles,
        Member[] members
    );

    error DaoKnown(bytes32 id);
    error VotingDelayOutOfRange(uint256 span, uint256 most);
    error VotingPeriodOutOfRange(uint256 span, uint256 most);
    error TimelockDelayOutOfRange(uint256 span, uint256 most);
    error QuorumOutOfRange(uint256 percent);
    error ThresholdOutOfReach(uint256 threshold, uint256 reachable);

    /// @notice Makes a DAO of the caller's articles. Reverts with the value that is out of its range.
    /// @param members at least one; each named once, with at least one share; at most 1,000,000 shares together
    function createDao(Articles calldata articles, Member[] calldata members) external returns (bytes32 id);

    function daoIdOf(address creator, string calldata name) external view returns (bytes32);
    /// @notice All zero for an id that is not known.
    function daoOf(bytes32 id) external view returns (Dao memory);
    /// @notice The id of the DAO whose timelock this is; zero for any other address. Never changes once set.
    function daoOfTimelock(address timelock) external view returns (bytes32);
    /// @notice The treasury of the DAO whose timelock this is; zero for any other address. Never changes once set.
    function treasuryOf(address timelock) external view returns (address);
}
