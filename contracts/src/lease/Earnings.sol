// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title What a COE has earned, maturing by epochs
/// @notice Pay goes current -> previous -> matured as epochs pass: it matures one to two epochs after it was settled,
/// however often and however little is settled. Amounts are whole gwei: 64 bits hold the whole supply many times over.
library Earnings {
    using SafeCast for uint256;

    struct Account {
        uint64 matured;
        uint64 previous;
        uint64 current;
        uint64 epoch; // the epoch that `current` was earned in
        uint64 disputed; // set aside
    }

    /// @notice Adds pay earned in an epoch. Epochs never fall.
    function add(Account storage account, uint64 epoch, uint256 amount) internal {
        if (amount == 0) return;
        Account memory rolled = rolledTo(account, epoch);
        rolled.current = (rolled.current + amount).toUint64();
        _store(account, rolled);
    }

    /// @notice Adds pay that nobody can dispute any more.
    function addMatured(Account storage account, uint64 epoch, uint256 amount) internal {
        Account memory rolled = rolledTo(account, epoch);
        rolled.matured = (rolled.matured + amount).toUint64();
        _store(account, rolled);
    }

    /// @notice Takes out all that has matured.
    function take(Account storage account, uint64 epoch) internal returns (uint256 amount) {
        Account memory rolled = rolledTo(account, epoch);
        amount = rolled.matured;
        rolled.matured = 0;
        _store(account, rolled);
    }

    /// @notice Sets aside what has not matured, up to an amount; the older pay first, which matures sooner.
    function setAside(Account storage account, uint64 epoch, uint256 most) internal returns (uint64 amount) {
        Account memory rolled = rolledTo(account, epoch);
        uint256 older = most < rolled.previous ? most : rolled.previous;
        uint256 newer = most - older < rolled.current ? most - older : rolled.current;
        amount = (older + newer).toUint64();
        rolled.previous -= older.toUint64();
        rolled.current -= newer.toUint64();
        _store(account, rolled);
        account.disputed += amount;
    }

    /// @notice A copy of an account as it stands in an epoch.
    function rolledTo(Account storage account, uint64 epoch) internal view returns (Account memory rolled) {
        rolled.matured = account.matured;
        rolled.previous = account.previous;
        rolled.current = account.current;
        rolled.epoch = account.epoch;
        if (epoch == rolled.epoch) return rolled;

        bool oneLater = epoch == rolled.epoch + 1;
        rolled.matured += rolled.previous;
        rolled.previous = rolled.current;
        rolled.current = 0;
        rolled.epoch = epoch;
        if (oneLater) return rolled;

        rolled.matured += rolled.previous;
        rolled.previous = 0;
    }

    function _store(Account storage account, Account memory rolled) private {
        account.matured = rolled.matured;
        account.previous = rolled.previous;
        account.current = rolled.current;
        account.epoch = rolled.epoch;
    }
}
