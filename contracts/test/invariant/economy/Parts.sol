// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICoeRegistry} from "../../../src/interfaces/ICoeRegistry.sol";
import {IContainerRegistry} from "../../../src/interfaces/IContainerRegistry.sol";
import {ILeaseBook} from "../../../src/interfaces/ILeaseBook.sol";
import {IProtocolSettings} from "../../../src/interfaces/IProtocolSettings.sol";
import {IRoyaltyPool} from "../../../src/interfaces/IRoyaltyPool.sol";
import {Lease, LeaseKey, LeaseState, Order, Reason} from "../../../src/interfaces/Types.sol";
import {IToken} from "../../IToken.sol";

/// @notice The contracts that the economy consists of, and who rules them.
struct Contracts {
    IToken token;
    IProtocolSettings settings;
    IRoyaltyPool pool;
    IContainerRegistry images;
    ICoeRegistry coes;
    ILeaseBook book;
    address treasury;
    address governor;
    address guardian;
}

/// @notice An account, and the key that signs for it (its own, or its owner's if it is a contract).
struct Person {
    address account;
    uint256 key;
}

/// @notice A COE, its host and its agent.
struct Site {
    bytes32 id;
    Person host;
    uint256 agentKey;
    address payee;
}

/// @notice Everybody who takes part. Site 2's agent and member 0 are malicious.
struct Cast {
    Person[] users; // the last is a contract that nobody can call
    Site[] sites;
    Person[] members; // by ascending account
    address coder;
    Person publisher;
    address stranger;
    bytes32 spiteful; // a royalty node whose payee cannot be asked
    bytes32[] nodes; // of the royalty graph, without images
    bytes32[] images; // manifest digests: three of one channel, then one without a channel
}

/// @notice An order, and what its services are made from.
struct OrderGhost {
    Order order;
    bytes32 id;
    uint256 user;
    bytes32 digest;
    uint256 size; // of its first service; the second is of the next
    bool cancelled;
}

/// @notice A lease as those who took part remember it.
struct LeaseGhost {
    LeaseKey key;
    bytes32 id;
    uint256 order;
    uint256 site;
    LeaseState state;
    Reason reason;
    bool answered;
    // Time: funded for `accrued` seconds before fundedFrom, and from there to fundedUntil.
    uint64 accrued;
    uint64 fundedFrom;
    uint64 fundedUntil;
    uint64 endedAt;
    uint64 rentSeconds;
    uint64 gaps; // how often rent was due
    // What nobody may change.
    bytes32 terms;
    bytes32 closed; // the whole lease, once it is closed
    uint256 bond;
    // The largest counters seen.
    uint32 secondsSeen;
    uint32 receivedSeen;
    uint32 sentSeen;
    // Its open dispute.
    uint256 disputed; // wei set aside
    uint256 verdictUntil;
}

/// @notice What one lease has cost so far, in wei.
struct Cost {
    uint256 host;
    uint256 royalty;
    uint256 fee;
    uint256 rent;
}

/// @notice All leases as the book shows them, read once for all checks; in the order of their ghosts.
struct Sight {
    Lease[] leases;
    uint256[] fenced;
    Cost[] costs;
}

/// @notice What people do. One count each.
enum Action {
    Deposit,
    Withdraw,
    AdmitAndOpen,
    OpenDirect,
    Refill,
    Cancel,
    RaiseEpoch,
    RenewByUser,
    RenewByStranger,
    ParkByUser,
    ParkByStranger,
    Resume,
    SettleHonestly,
    SettleEverything,
    SettleMaliciously,
    End,
    Move,
    Drain,
    Fault,
    Answer,
    NoShow,
    Expire,
    StopMalicious,
    Upgrade,
    PutBack,
    Finalise,
    Dispute,
    Decide,
    Lapse,
    ActAlone,
    WithdrawEarned,
    WithdrawFees,
    Pull,
    Pay,
    SetCapacity,
    SetAsk,
    AddStake,
    Unbond,
    WithdrawUnbonded,
    SetDraining,
    SetTariff,
    SetReferencePrices,
    StopOpenings,
    MoveChannel,
    Pass,
    WindDown
}
