// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";

import {IDaoTreasury} from "./IDaoTreasury.sol";

/// @notice A member and its shares.
struct Member {
    address account;
    uint256 shares; // 1..1,000,000
}

/// @title The articles of a DAO: who its members are, with how many shares, and what they have agreed
/// @notice Shares cannot be transferred, approved or delegated. Everything here changes by proposal only: the one caller
/// is the DAO's timelock. Votes are read by timestamp; a member votes with the shares it had at a proposal's snapshot.
interface IDaoShares is IERC5805 {
    event SharesIssued(address indexed to, uint256 amount, uint256 total);
    event SharesRetired(address indexed from, uint256 amount, uint256 total);
    event SharesMoved(address indexed from, address indexed to, uint256 amount);
    event TextSet(string name, string uri, bytes32 textHash);

    error NotTheTimelock(address caller);
    error MemberZero();
    error MemberTwice(address member);
    error SharesZero(address member);
    error SharesTooFew(address member, uint256 held, uint256 wanted);
    error SharesTooMany(uint256 total, uint256 added, uint256 most);
    error NoSharesLeft();
    error DelegationRefused(address member, address to);
    error NameEmpty();

    /// @notice Adds shares. What was earned before stays with those who earned it. By proposal.
    /// @param amount at least 1; all shares together stay at most 1,000,000
    function issue(address to, uint256 amount) external;
    /// @notice Takes shares away; what they have earned stays owed. By proposal.
    /// @param amount 1..the member's shares; at least one share is left in the DAO
    function retire(address from, uint256 amount) external;
    /// @notice Moves shares from one member to another; what they have earned stays with the first. By proposal.
    /// @param amount 1..the first member's shares
    function move(address from, address to, uint256 amount) external;
    /// @notice Says anew what the DAO is called and where its text is. By proposal.
    /// @param name not empty
    /// @param uri where the text can be read
    /// @param textHash keccak256 of the text
    function setText(string calldata name, string calldata uri, bytes32 textHash) external;
    /// @notice Sets which part of later receipts is kept for proposals. By proposal.
    /// @param retainBps basis points, 0..10,000
    function setRetainBps(uint16 retainBps) external;

    function name() external view returns (string memory);
    function uri() external view returns (string memory);
    function textHash() external view returns (bytes32);
    /// @notice Basis points of each receipt that are kept for proposals.
    function retainBps() external view returns (uint16);
    function sharesOf(address member) external view returns (uint256);
    /// @notice All shares, 1..1,000,000.
    function totalShares() external view returns (uint256);
    function timelock() external view returns (address);
    function treasury() external view returns (IDaoTreasury);
}
