// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";
import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";

import {Articles, IDaoFactory} from "../interfaces/IDaoFactory.sol";
import {IDaoShares, Member} from "../interfaces/IDaoShares.sol";
import {IDaoTreasury} from "../interfaces/IDaoTreasury.sol";
import {DaoTreasury} from "./DaoTreasury.sol";

/// @title The articles of a DAO
/// @notice Every holder votes for itself, so the votes of a member *are* its shares: one history, no second balance.
/// @dev Shares and treasury need each other. The constructor makes the treasury, so both are immutable in each other
/// from the first block on: there is no wiring to call, to forget or to call twice.
contract DaoShares is IDaoShares, Votes {
    /// @notice The most shares of a DAO, so that a carry stays below a millionth of a millionth of a token.
    uint256 public constant MOST_SHARES = 1_000_000;

    address private immutable TIMELOCK;
    IDaoTreasury private immutable TREASURY;

    /// @inheritdoc IDaoShares
    string public name;
    /// @inheritdoc IDaoShares
    string public uri;
    /// @inheritdoc IDaoShares
    bytes32 public textHash;

    modifier byProposal() {
        _onlyTimelock();
        _;
    }

    /// @param timelock_ the only one who can change anything here
    /// @param token what the treasury divides
    /// @param factory knows the treasuries of members that are DAOs
    constructor(Articles memory articles, Member[] memory members, address timelock_, IERC20 token, IDaoFactory factory)
        EIP712("Dweb DAO shares", "1")
    {
        TIMELOCK = timelock_;
        _setText(articles.name, articles.uri, articles.textHash);
        for (uint256 i = 0; i < members.length; ++i) {
            if (sharesOf(members[i].account) != 0) revert MemberTwice(members[i].account);
            _requireIssuable(members[i].account, members[i].shares);
            _issue(members[i].account, members[i].shares);
        }
        if (members.length == 0) revert NoSharesLeft();
        TREASURY = new DaoTreasury(token, timelock_, factory, articles.retainBps, members);
    }

    /// @inheritdoc IDaoShares
    function issue(address to, uint256 amount) external byProposal {
        _requireIssuable(to, amount);
        TREASURY.moveShares(address(0), to, amount);
        _issue(to, amount);
    }

    /// @inheritdoc IDaoShares
    function retire(address from, uint256 amount) external byProposal {
        _requireShares(from, amount);
        if (amount == totalShares()) revert NoSharesLeft();
        TREASURY.moveShares(from, address(0), amount);
        _transferVotingUnits(from, address(0), amount);
        emit SharesRetired(from, amount, totalShares());
    }

    /// @inheritdoc IDaoShares
    function move(address from, address to, uint256 amount) external byProposal {
        _requireShares(from, amount);
        if (to == address(0)) revert MemberZero();
        TREASURY.moveShares(from, to, amount);
        _transferVotingUnits(from, to, amount);
        emit SharesMoved(from, to, amount);
    }

    /// @inheritdoc IDaoShares
    function setText(string calldata name_, string calldata uri_, bytes32 textHash_) external byProposal {
        _setText(name_, uri_, textHash_);
    }

    /// @inheritdoc IDaoShares
    function setRetainBps(uint16 retainBps_) external byProposal {
        TREASURY.setRetainBps(retainBps_);
    }

    /// @inheritdoc IDaoShares
    function retainBps() external view returns (uint16) {
        return TREASURY.pot().retainBps;
    }

    /// @inheritdoc IDaoShares
    function timelock() external view returns (address) {
        return TIMELOCK;
    }

    /// @inheritdoc IDaoShares
    function treasury() external view returns (IDaoTreasury) {
        return TREASURY;
    }

    /// @inheritdoc IDaoShares
    function sharesOf(address member) public view returns (uint256) {
        return getVotes(member);
    }

    /// @inheritdoc IDaoShares
    function totalShares() public view returns (uint256) {
        return _getTotalSupply();
    }

    /// @notice Every member is its own delegate, always.
    function delegates(address account) public pure override(Votes, IVotes) returns (address) {
        return account;
    }

    /// @notice Seconds since 1970.
    function clock() public view override(Votes, IERC6372) returns (uint48) {
        return Time.timestamp();
    }

    /// @notice As ERC-6372 has it.
    // forge-lint: disable-next-line(mixed-case-function)
    function CLOCK_MODE() public pure override(Votes, IERC6372) returns (string memory) {
        return "mode=timestamp";
    }

    /// @dev Both ways to delegate, by call and by signature, come through here.
    function _delegate(address account, address to) internal pure override {
        revert DelegationRefused(account, to);
    }

    function _getVotingUnits(address account) internal view override returns (uint256) {
        return sharesOf(account);
    }

    function _issue(address to, uint256 amount) private {
        _transferVotingUnits(address(0), to, amount);
        emit SharesIssued(to, amount, totalShares());
    }

    function _setText(string memory name_, string memory uri_, bytes32 textHash_) private {
        if (bytes(name_).length == 0) revert NameEmpty();
        name = name_;
        uri = uri_;
        textHash = textHash_;
        emit TextSet(name_, uri_, textHash_);
    }

    function _requireIssuable(address to, uint256 amount) private view {
        if (to == address(0)) revert MemberZero();
        if (amount == 0) revert SharesZero(to);
        uint256 total = totalShares();
        if (amount > MOST_SHARES - total) revert SharesTooMany(total, amount, MOST_SHARES);
    }

    function _requireShares(address member, uint256 amount) private view {
        if (amount == 0) revert SharesZero(member);
        uint256 held = sharesOf(member);
        if (amount > held) revert SharesTooFew(member, held, amount);
    }

    function _onlyTimelock() private view {
        if (msg.sender != TIMELOCK) revert NotTheTimelock(msg.sender);
    }
}
