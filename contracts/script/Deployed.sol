// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICodeRegistry} from "../src/interfaces/ICodeRegistry.sol";
import {ICoeOsRegistry} from "../src/interfaces/ICoeOsRegistry.sol";
import {ICoeRegistry} from "../src/interfaces/ICoeRegistry.sol";
import {IContainerRegistry} from "../src/interfaces/IContainerRegistry.sol";
import {Articles, IDaoFactory} from "../src/interfaces/IDaoFactory.sol";
import {Member} from "../src/interfaces/IDaoShares.sol";
import {IDwebToken} from "../src/interfaces/IDwebToken.sol";
import {ILeaseBook} from "../src/interfaces/ILeaseBook.sol";
import {IProtocolSettings} from "../src/interfaces/IProtocolSettings.sol";
import {IRoyaltyPool} from "../src/interfaces/IRoyaltyPool.sol";
import {ISchedulerCommittee} from "../src/interfaces/ISchedulerCommittee.sol";
import {Params} from "../src/interfaces/Types.sol";
import {CoeParams} from "../src/coe/CoeParams.sol";

/// @notice What a deployment is told.
struct Plan {
    address holder; // gets the token's supply
    address governor; // owns committee, pool, COE registry and settings in the end; zero: the protocol DAO's timelock
    address treasury; // fees and the commons are paid to it; zero: the protocol DAO's treasury
    address guardian;
    Articles articles; // of the protocol DAO
    Member[] members; // none: no protocol DAO is made
    address[] committee;
    uint8 quorum;
    uint16 feeBps;
    uint16 bountyBps;
    uint128[5] referencePrices;
    Params params;
    CoeParams coeParams;
    uint64 channelDelay;
}

/// @notice What a deployment made.
struct Deployed {
    IDwebToken token;
    IDaoFactory daos;
    IProtocolSettings settings;
    ISchedulerCommittee committee;
    IRoyaltyPool pool;
    ICodeRegistry code;
    IContainerRegistry images;
    ICoeOsRegistry os;
    ICoeRegistry coes;
    ILeaseBook book;
    address governor;
    address treasury;
}
