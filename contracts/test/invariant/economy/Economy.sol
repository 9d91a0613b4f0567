// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Cast, Contracts, Sight} from "./Parts.sol";
import {Store} from "./Store.sol";
import {BoundsChecks} from "./checks/Bounds.sol";
import {LeaseChecks} from "./checks/Leases.sol";
import {MoneyChecks} from "./checks/Money.sol";
import {Seeing} from "./checks/Seeing.sol";
import {WindingDownHandler} from "./handlers/WindingDown.sol";

/// @title Everybody who takes part, what they do, what they remember and what must hold
contract Economy is WindingDownHandler, Seeing, MoneyChecks, LeaseChecks, BoundsChecks {
    constructor(Contracts memory contracts, Cast memory cast) Store(contracts, cast) {
        wealthAtFirst = _wealth();
    }

    /// @notice All of README.md but what the handlers require of each call themselves.
    function requireAll() external {
        Sight memory sight = _look();
        _requireBookConserved(sight);
        _requireRegistryConserved();
        _requirePoolConserved();
        _requireFreeBalances();
        _requireEarnings(sight);
        _requireFeesAndRoyalties(sight);
        _requireOrderTotals(sight);
        _requireCoalitionLoses(sight);
        _requirePaidForFundedTimeOnly(sight);
        _requireTermsKept(sight);
        _requireClosedForGood(sight);
        _requireReplicaCaps(sight);
        _requireCapacityAndBonds();
        _requireHostsBounded(sight);
        _requireFreeBalancesLeave();
    }
}
