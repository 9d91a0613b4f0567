// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

import {ILeaseBook} from "../interfaces/ILeaseBook.sol";

/// @title Free balances: what a user has put in and no lease has ring-fenced
abstract contract Escrow is ILeaseBook, ReentrancyGuard {
    using SafeERC20 for IERC20;

    IERC20 public immutable TOKEN;

    mapping(address user => uint256) internal _free;

    constructor(IERC20 token) {
        TOKEN = token;
    }

    /// @inheritdoc ILeaseBook
    function deposit(uint256 amount) external nonReentrant {
        _take(msg.sender, amount);
    }

    /// @inheritdoc ILeaseBook
    function depositWithPermit(address user, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        nonReentrant
    {
        // A permit that was already used has left its allowance behind; without one the transfer below reverts.
        try IERC20Permit(address(TOKEN)).permit(user, address(this), amount, deadline, v, r, s) {} catch {}
        _take(user, amount);
    }

    /// @inheritdoc ILeaseBook
    function withdraw(uint256 amount) external nonReentrant {
        if (amount == 0) revert AmountZero();
        uint256 free = _free[msg.sender];
        if (amount > free) revert FreeBalanceTooLow(msg.sender, free, amount);

        _free[msg.sender] = free - amount;
        emit Withdrawn(msg.sender, amount);
        TOKEN.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc ILeaseBook
    function freeOf(address user) external view returns (uint256) {
        return _free[user];
    }

    /// @dev The payer is always the user who is credited.
    function _take(address user, uint256 amount) private {
        if (amount == 0) revert AmountZero();
        _free[user] += amount;
        emit Deposited(user, user, amount);
        TOKEN.safeTransferFrom(user, address(this), amount);
    }
}
