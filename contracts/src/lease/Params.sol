// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ICoeRegistry} from "../interfaces/ICoeRegistry.sol";
import {IContainerRegistry} from "../interfaces/IContainerRegistry.sol";
import {IRoyaltyPool} from "../interfaces/IRoyaltyPool.sol";
import {ISchedulerCommittee} from "../interfaces/ISchedulerCommittee.sol";

/// @notice The contracts a lease book works with, for ever.
struct Parts {
    IERC20 token;
    ICoeRegistry coes;
    IContainerRegistry images;
    ISchedulerCommittee committee;
    IRoyaltyPool pool;
    address treasury;
}

/// @notice A lease book's constants, in seconds, none of them 0.
struct Params {
    uint64 lateReports; // reports are taken for so long after a lease ended
    uint64 maturingEpoch; // pay matures one to two of these after settlement
    uint64 minStartWithin; // least time an order gives a host to start
    uint64 askDelay; // a plan's deadline lies at most so far ahead
}
