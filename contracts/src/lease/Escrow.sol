// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ILeaseBook} from "../interfaces/ILeaseBook.sol";
import {BookBase} from "./BookBase.sol";
import {Earnings} from "./Earnings.sol";
import {GWEI} from "./Units.sol";

/// @title Tokens in and out of a lease book
/// @notice What users put in and take out again, what hosts have earned, what the treasury gets.
abstract contract Escrow is ILeaseBook, BookBase, ReentrancyGuardTransient {
    using Earnings for Earnings.Account;
    using SafeERC20 for IERC20;

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
        uint256 free = _book.wallets[msg.sender].free;
        if (amount > free) revert FreeBalanceTooLow(msg.sender, free, amount);

        _book.wallets[msg.sender].free = uint128(free - amount);
        emit Withdrawn(msg.sender, amount);
        TOKEN.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc ILeaseBook
    function withdrawEarned(bytes32 coe) external nonReentrant returns (uint256 amount) {
        amount = _book.earned[coe].take(_maturingEpoch()) * GWEI;
        if (amount == 0) revert NothingEarned(coe);

        address payee = COES.payeeOf(coe);
        emit EarningsWithdrawn(coe, payee, amount);
        TOKEN.safeTransfer(payee, amount);
    }

    /// @inheritdoc ILeaseBook
    function withdrawFees() external nonReentrant returns (uint256 amount) {
        amount = _book.fees;
        if (amount == 0) revert AmountZero();

        _book.fees = 0;
        emit FeesWithdrawn(TREASURY, amount);
        TOKEN.safeTransfer(TREASURY, amount);
    }

    /// @dev The payer is always the user who is credited. The token's supply fits 128 bits.
    function _take(address user, uint256 amount) private {
        if (amount == 0) revert AmountZero();
        TOKEN.safeTransferFrom(user, address(this), amount);
        _book.wallets[user].free += uint128(amount);
        emit Deposited(user, user, amount);
    }
}
