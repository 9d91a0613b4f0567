// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../interfaces/ILeaseBook.sol";
import {
    Counters,
    Dispute,
    Lease,
    LeaseKey,
    Order,
    Params,
    ReplicaState,
    Service,
    Ticket
} from "../interfaces/Types.sol";
import {CANCELLED, COMMITTED_UNIT, OrderRecord, Replica, StoredDispute} from "./Book.sol";
import {BookBase} from "./BookBase.sol";
import {Earnings} from "./Earnings.sol";
import {Leases} from "./Leases.sol";
import {Reading} from "./Reading.sol";
import {GWEI} from "./Units.sol";

/// @title What a lease book says about itself
abstract contract BookViews is ILeaseBook, BookBase {
    using Earnings for Earnings.Account;

    /// @inheritdoc ILeaseBook
    function orderHashOf(Order calldata order) external view returns (bytes32) {
        return Leases.hash(_context(), order);
    }

    /// @inheritdoc ILeaseBook
    function leaseIdOf(LeaseKey calldata key) external view returns (bytes32) {
        return Leases.idOf(key);
    }

    /// @inheritdoc ILeaseBook
    function ticket(Order calldata order, Service[] calldata services, LeaseKey calldata key, bytes32 imageDigest)
        external
        view
        returns (Ticket memory)
    {
        return Reading.ticket(_book, _context(), order, services, key, imageDigest);
    }

    /// @inheritdoc ILeaseBook
    function leaseOf(bytes32 leaseId) external view returns (Lease memory) {
        return Reading.leaseOf(_book, leaseId);
    }

    /// @inheritdoc ILeaseBook
    function replicaOf(bytes32 orderHash, uint16 service, uint16 replica)
        external
        view
        returns (ReplicaState state, uint16 generation, uint32 committedSeconds)
    {
        Replica storage place = Leases.replicaOf(_book, orderHash, service, replica);
        return (place.state, place.generation, place.committed);
    }

    /// @inheritdoc ILeaseBook
    function freeOf(address user) external view returns (uint256) {
        return _book.wallets[user].free;
    }

    /// @inheritdoc ILeaseBook
    function epochOf(address user) external view returns (uint64) {
        return _book.wallets[user].epoch;
    }

    /// @inheritdoc ILeaseBook
    function fencedOf(bytes32 leaseId) external view returns (uint256) {
        bytes16 handle = Leases.handleOf(leaseId);
        return Leases.fenced(_context(), _book.leases[handle].terms, _book.leases[handle].counters);
    }

    /// @inheritdoc ILeaseBook
    function orderOf(bytes32 orderHash)
        external
        view
        returns (address user, bool cancelled, uint64 admittedAt, uint256 committed)
    {
        OrderRecord storage record = _book.orders[orderHash];
        cancelled = record.admittedAt == CANCELLED;
        return (record.user, cancelled, cancelled ? 0 : record.admittedAt, record.committed * COMMITTED_UNIT);
    }

    /// @inheritdoc ILeaseBook
    function settledOf(bytes32 leaseId) external view returns (Counters memory) {
        return _book.leases[Leases.handleOf(leaseId)].counters.unpack();
    }

    /// @inheritdoc ILeaseBook
    function earnedOf(bytes32 coe) external view returns (uint256 matured, uint256 maturing, uint256 disputed) {
        Earnings.Account storage account = _book.earned[coe];
        Earnings.Account memory rolled = account.rolledTo(_maturingEpoch());
        matured = rolled.matured * GWEI;
        maturing = (uint256(rolled.previous) + rolled.current) * GWEI;
        disputed = account.disputed * GWEI;
    }

    /// @inheritdoc ILeaseBook
    function disputeOf(bytes32 leaseId) external view returns (Dispute memory) {
        StoredDispute storage record = _book.disputes[Leases.handleOf(leaseId)];
        return Dispute(record.amount, record.secondsDisputed, record.verdictUntil);
    }

    /// @inheritdoc ILeaseBook
    function fees() external view returns (uint256) {
        return _book.fees;
    }

    /// @inheritdoc ILeaseBook
    function params() external view returns (Params memory) {
        return _params();
    }
}
