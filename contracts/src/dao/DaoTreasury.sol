// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IDaoFactory} from "../interfaces/IDaoFactory.sol";
import {Member} from "../interfaces/IDaoShares.sol";
import {IDaoTreasury} from "../interfaces/IDaoTreasury.sol";
import {Holding, Pot, PotWords, ShareAccumulator} from "./ShareAccumulator.sol";

/// @title What a DAO earns, divided among its members by shares
/// @notice Holds one token and nothing else it would answer for. It has no generic call and is no timelock.
/// Paying a member that is a DAO is a transfer to that DAO's treasury, which counts it when somebody next calls it:
/// nothing recurses, so DAOs that are members of each other cannot hang.
/// @dev The guard is for tokens that call the receiver before they move the balance: a sync in that moment would count
/// the payment as a receipt.
contract DaoTreasury is IDaoTreasury, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;
    using ShareAccumulator for Holding;
    using ShareAccumulator for Pot;
    using ShareAccumulator for PotWords;

    IERC20 private immutable TOKEN;
    address private immutable SHARES;
    address private immutable TIMELOCK;
    IDaoFactory private immutable FACTORY;

    PotWords private _pot;
    mapping(address member => Holding) private _holdings;

    /// @dev Made by the shares, which have checked the members. What the address held before is the first receipt.
    constructor(IERC20 token_, address timelock_, IDaoFactory factory, uint16 retainBps, Member[] memory members) {
        TOKEN = token_;
        SHARES = msg.sender;
        TIMELOCK = timelock_;
        FACTORY = factory;

        uint256 total = 0;
        for (uint256 i = 0; i < members.length; ++i) {
            total += members[i].shares;
            _holdings[members[i].account].shares = members[i].shares.toUint24();
            emit HoldingSet(members[i].account, members[i].shares, 0);
            _recognise(members[i].account);
        }
        Pot memory counted;
        counted.total = total.toUint24();
        _setRetainBps(counted, retainBps);
    }

    /// @inheritdoc IDaoTreasury
    function sync() external nonReentrant returns (uint256 received) {
        Pot memory counted;
        (counted, received) = _sync();
        _pot.store(counted);
    }

    /// @inheritdoc IDaoTreasury
    function draw(address member) external nonReentrant returns (uint256 amount) {
        (Pot memory counted,) = _sync();
        Holding memory holding = _holdings[member];
        holding.settle(counted);
        amount = holding.payOut(counted);
        if (amount == 0) revert NothingOwed(member);

        _pot.store(counted);
        _store(member, holding);
        address payout = holding.isDao ? FACTORY.treasuryOf(member) : member;
        emit Drawn(member, payout, amount);
        TOKEN.safeTransfer(payout, amount);
    }

    /// @inheritdoc IDaoTreasury
    function spend(address to, uint256 amount) external nonReentrant {
        if (msg.sender != TIMELOCK) revert NotTheTimelock(msg.sender);
        (Pot memory counted,) = _sync();
        if (amount > counted.reserve) revert AboveReserve(amount, counted.reserve);

        counted.spend(amount);
        _pot.store(counted);
        emit Spent(to, amount, counted.reserve);
        TOKEN.safeTransfer(to, amount);
    }

    /// @inheritdoc IDaoTreasury
    function recognise(address member) external {
        _recognise(member);
        if (!_holdings[member].isDao) revert NotADao(member);
    }

    /// @inheritdoc IDaoTreasury
    function moveShares(address from, address to, uint256 amount) external nonReentrant {
        _onlyShares();
        (Pot memory counted,) = _sync();
        if (from != address(0)) _settle(from, counted);
        if (to != address(0)) _settle(to, counted);

        if (from == address(0)) counted.total = (counted.total + amount).toUint24();
        else _setShares(from, _holdings[from].shares - amount);
        if (to == address(0)) counted.total = (counted.total - amount).toUint24();
        else _setShares(to, _holdings[to].shares + amount);
        _pot.store(counted);
        if (to != address(0)) _recognise(to);
    }

    /// @inheritdoc IDaoTreasury
    function setRetainBps(uint16 retainBps) external nonReentrant {
        _onlyShares();
        (Pot memory counted,) = _sync();
        _setRetainBps(counted, retainBps);
    }

    /// @inheritdoc IDaoTreasury
    function owedTo(address member) external view returns (uint256) {
        Pot memory counted = pot();
        Holding memory holding = _holdings[member];
        holding.settle(counted);
        return holding.owed;
    }

    /// @inheritdoc IDaoTreasury
    function payoutOf(address member) external view returns (address) {
        return _holdings[member].isDao ? FACTORY.treasuryOf(member) : member;
    }

    /// @inheritdoc IDaoTreasury
    function holdingOf(address member) external view returns (Holding memory) {
        return _holdings[member];
    }

    /// @inheritdoc IDaoTreasury
    function token() external view returns (IERC20) {
        return TOKEN;
    }

    /// @inheritdoc IDaoTreasury
    function shares() external view returns (address) {
        return SHARES;
    }

    /// @inheritdoc IDaoTreasury
    function timelock() external view returns (address) {
        return TIMELOCK;
    }

    /// @inheritdoc IDaoTreasury
    function pot() public view returns (Pot memory counted) {
        counted = _pot.load();
        counted.sync(TOKEN.balanceOf(address(this)));
    }

    /// @dev The caller stores what it gets, together with its own change.
    function _sync() private returns (Pot memory counted, uint256 received) {
        counted = _pot.load();
        uint256 kept;
        (received, kept) = counted.sync(TOKEN.balanceOf(address(this)));
        if (received > 0) emit Received(received, kept);
    }

    function _settle(address member, Pot memory counted) private {
        Holding memory holding = _holdings[member];
        holding.settle(counted);
        _store(member, holding);
    }

    /// @dev The compiler merges the fields of a holding into one write where only one place writes them.
    function _store(address member, Holding memory holding) private {
        _holdings[member] = holding;
    }

    function _setShares(address member, uint256 amount) private {
        Holding storage holding = _holdings[member];
        holding.shares = amount.toUint24();
        emit HoldingSet(member, amount, holding.owed);
    }

    function _setRetainBps(Pot memory counted, uint16 retainBps) private {
        if (retainBps > ShareAccumulator.WHOLE) revert RetainAboveWhole(retainBps, ShareAccumulator.WHOLE);
        counted.retainBps = retainBps;
        _pot.store(counted);
        emit RetainBpsSet(retainBps);
    }

    /// @dev The answer is kept as one bit beside the shares, so that a draw for anyone else need not ask the factory.
    function _recognise(address member) private {
        if (_holdings[member].isDao) return;
        address treasury = FACTORY.treasuryOf(member);
        if (treasury == address(0)) return;
        _holdings[member].isDao = true;
        emit DaoRecognised(member, treasury);
    }

    function _onlyShares() private view {
        if (msg.sender != SHARES) revert NotTheShares(msg.sender);
    }
}
