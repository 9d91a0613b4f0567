// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Cast, Contracts} from "./Parts.sol";
import {Store} from "./Store.sol";
import {BoundsChecks} from "./checks/Bounds.sol";
import {LeaseChecks} from "./checks/Leases.sol";
import {MoneyChecks} from "./checks/Money.sol";
import {WindingDownHandler} from "./handlers/WindingDown.sol";

/// @title Everybody who takes part, what they do, what they remember and what must hold
contract Economy is WindingDownHandler, MoneyChecks, LeaseChecks, BoundsChecks {
    constructor(Contracts memory contracts, Cast memory cast) Store(contracts, cast) {
        wealthAtFirst = _wealth();
    }
}
