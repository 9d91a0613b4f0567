// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../interfaces/ILeaseBook.sol";
import {LeaseKey, Verdict} from "../interfaces/Types.sol";
import {LeaseHashing} from "../signing/LeaseHashing.sol";
import {Book, Context, StoredDispute, StoredLease} from "./Book.sol";
import {Earnings} from "./Earnings.sol";
import {Leases} from "./Leases.sol";
import {Quorum} from "./Quorum.sol";
import {GWEI} from "./Units.sol";

/// @title Disputes about seconds that were settled and not served
/// @notice The user sets pay of the last two epochs aside, against a bond of the same amount. The committee finds for the
/// user, who gets both, or for the host, who gets both; without a verdict in time each gets its own back. Only what has
/// not matured can be disputed, each second once, one dispute a lease at a time. Royalty and fee stand.
library Disputing {
    using Earnings for Earnings.Account;

    function dispute(Book storage book, Context memory context, LeaseKey calldata key, uint32 secondsDisputed)
        internal
    {
        (bytes32 leaseId, StoredLease storage lease) = Leases.find(book, key);
        address user = book.orders[key.orderHash].user;
        if (user != msg.sender) revert ILeaseBook.NotTheUser(user, msg.sender);
        StoredDispute storage record = book.disputes[Leases.handleOf(leaseId)];
        if (record.verdictUntil != 0) revert ILeaseBook.DisputeOpenAlready(leaseId);
        uint256 left = lease.counters.secondsRun() - record.secondsDisputed;
        if (secondsDisputed > left) revert ILeaseBook.DisputedAlready(leaseId, secondsDisputed, left);

        uint64 amount =
            book.earned[key.coe].setAside(Leases.maturingEpoch(context), secondsDisputed * lease.terms.hostRate());
        if (amount == 0) revert ILeaseBook.NothingToDispute(leaseId);
        uint256 bond = amount * GWEI;
        uint256 free = book.wallets[user].free;
        if (bond > free) revert ILeaseBook.FreeBalanceTooLow(user, free, bond);
        book.wallets[user].free = uint128(free - bond);
        record.amount = amount;
        record.secondsDisputed += secondsDisputed;
        record.verdictUntil = uint32(block.timestamp + context.params.verdictTime);
        emit ILeaseBook.DisputeOpened(leaseId, key.coe, record.secondsDisputed, bond, record.verdictUntil);
    }

    function decide(
        Book storage book,
        Context memory context,
        LeaseKey calldata key,
        Verdict calldata verdict,
        bytes[] calldata signatures
    ) internal {
        (bytes32 leaseId, StoredDispute storage record) = _findOpen(book, key);
        if (verdict.leaseId != leaseId || verdict.disputedSeconds != record.secondsDisputed) {
            revert ILeaseBook.VerdictMismatch(verdict.leaseId, verdict.disputedSeconds, record.secondsDisputed);
        }
        if (block.timestamp > record.verdictUntil) revert ILeaseBook.VerdictTooLate(leaseId, record.verdictUntil);
        Quorum.require_(context, LeaseHashing.hash(verdict), verdict.committeeEpoch, verdict.deadline, signatures);

        uint256 both = 2 * uint256(record.amount);
        if (verdict.refund) _finish(book, context, key, leaseId, record, both, 0);
        else _finish(book, context, key, leaseId, record, 0, both);
    }

    function lapse(Book storage book, Context memory context, LeaseKey calldata key) internal {
        (bytes32 leaseId, StoredDispute storage record) = _findOpen(book, key);
        if (block.timestamp <= record.verdictUntil) {
            revert ILeaseBook.VerdictStillOpen(leaseId, record.verdictUntil);
        }
        _finish(book, context, key, leaseId, record, record.amount, record.amount);
    }

    function _findOpen(Book storage book, LeaseKey calldata key)
        private
        view
        returns (bytes32 leaseId, StoredDispute storage record)
    {
        leaseId = Leases.idOf(key);
        record = book.disputes[Leases.handleOf(leaseId)];
        if (record.verdictUntil == 0) revert ILeaseBook.DisputeUnknown(leaseId);
    }

    /// @param toUser gwei
    /// @param toHost gwei
    function _finish(
        Book storage book,
        Context memory context,
        LeaseKey calldata key,
        bytes32 leaseId,
        StoredDispute storage record,
        uint256 toUser,
        uint256 toHost
    ) private {
        Earnings.Account storage account = book.earned[key.coe];
        account.disputed -= record.amount;
        record.amount = 0;
        record.verdictUntil = 0;
        account.addMatured(Leases.maturingEpoch(context), toHost);
        book.wallets[book.orders[key.orderHash].user].free += uint128(toUser * GWEI);
        emit ILeaseBook.DisputeClosed(leaseId, key.coe, toUser * GWEI, toHost * GWEI);
    }
}
