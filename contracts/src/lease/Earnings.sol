// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title What a COE has earned, maturing by epochs
/// @notice Pay goes current -> previous -> matured as epochs pass: it matures one to two epochs after settlement.
library Earnings {
    using SafeCast for uint256;

    struct Account {
        uint128 matured;
        uint128 previous;
        uint128 current;
        uint64 epoch; // the epoch that `current` was earned in
    }

    /// @notice Adds pay earned in an epoch. Epochs never fall.
    function add(Account storage account, uint64 epoch, uint256 amount) internal {
        Account memory rolled = rolledTo(account, epoch);
        rolled.current += amount.toUint128();
        _store(account, rolled);
    }

    /// @notice Takes out all that has matured.
    function take(Account storage account, uint64 epoch) internal returns (uint256 amount) {
        Account memory rolled = rolledTo(account, epoch);
        amount = rolled.matured;
        rolled.matured = 0;
        _store(account, rolled);
    }

    /// @notice A copy of an account as it stands in an epoch.
    function rolledTo(Account memory account, uint64 epoch) internal pure returns (Account memory) {
        if (epoch == account.epoch) return account;

        bool oneLater = epoch == account.epoch + 1;
        return Account({
            matured: account.matured + account.previous + (oneLater ? 0 : account.current),
            previous: oneLater ? account.current : 0,
            current: 0,
            epoch: epoch
        });
    }

    function _store(Account storage account, Account memory rolled) private {
        account.matured = rolled.matured;
        account.previous = rolled.previous;
        account.current = rolled.current;
        account.epoch = rolled.epoch;
    }
}
