// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ICoeRegistry} from "../interfaces/ICoeRegistry.sol";
import {IContainerRegistry} from "../interfaces/IContainerRegistry.sol";
import {IProtocolSettings} from "../interfaces/IProtocolSettings.sol";
import {IRoyaltyPool} from "../interfaces/IRoyaltyPool.sol";
import {ISchedulerCommittee} from "../interfaces/ISchedulerCommittee.sol";
import {Params, ReplicaState} from "../interfaces/Types.sol";
import {PackedCounters} from "./Counters.sol";
import {Earnings} from "./Earnings.sol";
import {PackedTerms} from "./Terms.sol";

/// @notice The contracts a lease book works with, for ever.
struct Parts {
    IERC20 token;
    ICoeRegistry coes;
    IContainerRegistry images;
    ISchedulerCommittee committee;
    IRoyaltyPool pool;
    IProtocolSettings settings;
    address treasury;
}

/// @notice Where the code of a lease book is that does not fit into its own: see `BookModule`.
struct Modules {
    address opening;
    address running;
    address ending;
}

/// @notice What never changes in a lease book, handed to its libraries, which have no immutables of their own.
struct Context {
    Parts parts;
    Params params;
    uint64 askDelay; // the registry's
    bytes32 domain; // EIP-712 domain separator of the book
}

/// @notice What a user has in the book. One slot.
struct Wallet {
    uint128 free; // wei
    uint64 epoch;
}

/// @notice What the chain keeps of an order; the rest comes back as calldata and is checked by its hash. One slot.
struct OrderRecord {
    address user;
    uint32 admittedAt; // CANCELLED once the user has cancelled it
    uint64 committed; // spent and ring-fenced, in units of 1e5 wei, of which every charge is a multiple
}

/// @notice The place of one replica, which leases of rising generation fill. One slot.
struct Replica {
    uint192 reserved; // Reservation
    ReplicaState state;
    uint16 generation; // of the lease that fills it, or may fill it next
    uint32 committed; // seconds: limits of live leases, settled seconds of closed ones
    uint8 turns; // Turns
}

/// @notice A lease. Two slots.
struct StoredLease {
    PackedTerms terms;
    PackedCounters counters;
}

/// @notice One slot.
struct StoredDispute {
    uint64 amount; // gwei of pay set aside; the bond is the same
    uint32 secondsDisputed; // by all disputes of the lease
    uint32 verdictUntil; // 0 when none is open
}

/// @notice The whole storage of a lease book.
/// @dev Leases are found by their handle, the first 16 bytes of their id. Calls that end or fund a lease give its key,
/// from which id and handle are derived again: 16 bytes are too many to search another order's key for, 8 were not.
struct Book {
    mapping(address user => Wallet) wallets;
    mapping(bytes32 orderHash => OrderRecord) orders;
    mapping(bytes32 orderHash => mapping(uint256 place => Replica)) replicas;
    mapping(bytes16 handle => StoredLease) leases;
    mapping(bytes16 handle => StoredDispute) disputes;
    mapping(bytes32 coe => Earnings.Account) earned;
    uint256 fees;
}

/// @dev In place of OrderRecord.admittedAt.
uint32 constant CANCELLED = type(uint32).max;

/// @dev Wei in a unit of OrderRecord.committed.
uint256 constant COMMITTED_UNIT = 1e5;
