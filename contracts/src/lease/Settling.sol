// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILeaseBook} from "../interfaces/ILeaseBook.sol";
import {LeaseState, UsageBatch, UsageCode} from "../interfaces/Types.sol";
import {LeaseHashing} from "../signing/LeaseHashing.sol";
import {Signatures} from "../signing/Signatures.sol";
import {Book, Context, StoredLease} from "./Book.sol";
import {PackedCounters} from "./Counters.sol";
import {Dues} from "./Dues.sol";
import {Earnings} from "./Earnings.sol";
import {Leases} from "./Leases.sol";
import {PackedTerms} from "./Terms.sol";
import {GWEI, WEI_PER_GWEI_AND_BPS} from "./Units.sol";
import {Report, UsageEntries} from "./UsageEntries.sol";

/// @title Paying for usage that agents signed
/// @notice Counters are cumulative, so a replayed, doubled or reordered batch pays nothing. What a report claims beyond
/// what was funded, or beyond what its block can vouch for, is clamped. A settlement writes one slot a lease: money was
/// committed to the order when it was ringed, so only its kind changes.
library Settling {
    using Dues for Dues.List;
    using Earnings for Earnings.Account;
    using UsageEntries for bytes;

    uint256 private constant BPS = 10_000;

    /// @dev What one batch pays, and the code of each of its entries.
    struct Sums {
        uint256 host; // gwei
        uint256 royalty; // wei
        uint256 fee; // wei
        uint32 node; // of the lease before this one, and
        uint256 toNode; // wei of royalty for it that are not among the dues yet
        bytes codes;
    }

    function settle(Book storage book, Context memory context, UsageBatch[] calldata batches, address bountyTo)
        internal
    {
        uint256 most = 0;
        for (uint256 i = 0; i < batches.length; ++i) {
            most += batches[i].entries.count();
        }
        Dues.List memory dues = Dues.create(most);
        uint256 fee = 0;
        for (uint256 i = 0; i < batches.length; ++i) {
            fee += _settleBatch(book, context, batches[i], dues);
        }
        if (fee > 0) _takeFee(book, context, fee, bountyTo);
        if (dues.nodes.length > 0) context.parts.pool.credit(dues.nodes, dues.amounts);
    }

    function _takeFee(Book storage book, Context memory context, uint256 fee, address bountyTo) private {
        uint256 bounty = 0;
        if (bountyTo != address(0)) bounty = fee * context.parts.settings.tariff().bountyBps / BPS;
        book.fees += fee - bounty;
        if (bounty == 0) return;
        book.wallets[bountyTo].free += uint128(bounty);
        emit ILeaseBook.BountyPaid(bountyTo, bounty);
    }

    /// @dev A batch that is passed over logs its code and none of its entries: nobody stands for them.
    function _settleBatch(Book storage book, Context memory context, UsageBatch calldata batch, Dues.List memory dues)
        private
        returns (uint256 fee)
    {
        (UsageCode whole, uint24 coe) = _check(context, batch);
        if (whole != UsageCode.Accepted) {
            emit ILeaseBook.UsageSettled(batch.coe, batch.asOf, 0, 0, 0, "", abi.encodePacked(uint8(whole)));
            return 0;
        }

        bytes calldata entries = batch.entries;
        uint256 count = entries.count();
        Sums memory sums;
        sums.codes = new bytes(count);
        for (uint256 i = 0; i < count; ++i) {
            UsageCode code = _settleEntry(book, coe, batch.asOf, entries, i, sums, dues);
            if (code != UsageCode.Accepted) sums.codes[i] = bytes1(uint8(code));
        }
        dues.add(sums.node, sums.toNode);
        book.earned[batch.coe].add(Leases.maturingEpoch(context), sums.host);
        emit ILeaseBook.UsageSettled(
            batch.coe, batch.asOf, sums.host * GWEI, sums.royalty, sums.fee, entries, sums.codes
        );
        return sums.fee;
    }

    function _check(Context memory context, UsageBatch calldata batch) private view returns (UsageCode, uint24) {
        if (!batch.entries.isWellFormed()) return (UsageCode.BadLength, 0);
        if (batch.asOf > block.timestamp) return (UsageCode.FromTheFuture, 0);
        bytes32 digest = Leases.digest(context, LeaseHashing.hashUsage(batch.coe, batch.asOf, batch.entries));
        address signer = Signatures.recover(digest, batch.signature);
        (address agent, uint24 coe) = context.parts.coes.signerOf(batch.coe);
        if (signer == address(0) || signer != agent) return (UsageCode.BadSignature, 0);
        return (UsageCode.Accepted, coe);
    }

    function _settleEntry(
        Book storage book,
        uint24 coe,
        uint256 asOf,
        bytes calldata entries,
        uint256 index,
        Sums memory sums,
        Dues.List memory dues
    ) private returns (UsageCode) {
        (bytes16 handle, Report report) = entries.read(index);
        StoredLease storage lease = book.leases[handle];
        PackedTerms terms = lease.terms;
        if (terms.isNone()) return UsageCode.UnknownLease;
        if (terms.coe() != coe) return UsageCode.ForeignLease;
        PackedCounters last = lease.counters;
        LeaseState state = last.state();
        if (state == LeaseState.Closed) return UsageCode.LeaseClosed;
        if (_fell(report, last)) return UsageCode.CounterFell;

        // Sums of rate x time stay far below 256 bits: see TermsLib.charge.
        unchecked {
            uint256 from = last.secondsRun();
            uint256 paid = _payable(report.secondsRun(), last.limit(), state, asOf, terms.time());
            if (paid < from) paid = from;
            uint256 moved = 0;
            uint256 transfer = last.transfer();
            if (!Leases.takesNoTransfer(last)) {
                uint256 allowance = terms.allowance();
                moved = Math.min(report.received() + report.sent(), allowance)
                    - Math.min(last.received() + last.sent(), allowance);
                transfer = report.received() | report.sent() << 32;
            }
            lease.counters = last.advanced(report, paid, transfer);

            // A charge is linear, so the charge of the differences is the difference of the charges.
            (uint256 host, uint256 base) = terms.charge(paid - from, moved);
            if (base == 0) return UsageCode.Accepted;
            base *= WEI_PER_GWEI_AND_BPS;
            uint256 royalty = base * terms.royaltyBps();
            sums.host += host;
            sums.royalty += royalty;
            sums.fee += base * terms.feeBps();
            if (terms.node() != sums.node) {
                dues.add(sums.node, sums.toNode);
                (sums.node, sums.toNode) = (terms.node(), 0);
            }
            sums.toNode += royalty;
        }
        return UsageCode.Accepted;
    }

    /// @return seconds that a report may be paid for: no more than were funded, and of an open lease no more than had
    /// passed when its agent read the chain
    function _payable(uint256 reported, uint256 limit, LeaseState state, uint256 asOf, uint256 origin)
        private
        pure
        returns (uint256)
    {
        uint256 paid = Math.min(reported, limit);
        if (state != LeaseState.Open) return paid;
        return asOf > origin ? Math.min(paid, asOf - origin) : 0;
    }

    /// @dev Reported seconds may lie above what was paid, never below: the capped value is what is kept.
    function _fell(Report report, PackedCounters last) private pure returns (bool) {
        return
            report.secondsRun() < last.secondsRun() || report.received() < last.received()
                || report.sent() < last.sent();
    }
}
