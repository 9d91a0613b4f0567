// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LeaseState, Reason, Terms} from "../src/interfaces/Types.sol";
import {Context} from "../src/lease/Book.sol";
import {CountersLib, PackedCounters} from "../src/lease/Counters.sol";
import {Leases} from "../src/lease/Leases.sol";
import {PackedTerms, TermsLib} from "../src/lease/Terms.sol";
import {VectorFile} from "./vectors/VectorFile.sol";

contract VectorsCapsTest is VectorFile {
    using TermsLib for Terms;

    struct TransferCase {
        uint32 received;
        uint32 sent;
        uint32 allowanceGiB;
        uint256 billed;
    }

    struct Settled {
        uint256 secondsRun;
        uint256 mebibytes;
    }

    struct EndingCase {
        uint8 reason;
        Terms terms;
        uint32 grace;
        uint32 origin;
        uint256 limit;
        Settled settled;
        uint256 end;
        uint256 newLimit;
        uint256 before;
        uint256 rentPaid;
        uint256 refunded;
    }

    struct RenewalCase {
        Terms terms;
        uint32 grace;
        uint32 origin;
        uint256 limit;
        Settled settled;
        uint256 when; // the time of the renewal
        uint32 newOrigin;
        uint256 newLimit;
        uint256 before;
        uint256 rentPaid;
        uint256 taken;
    }

    string private constant SETTLED = "JsonSettled(uint256 secondsRun,uint256 mebibytes)";

    function test_transfer_beyond_the_allowance_is_not_billed() public view {
        TransferCase[] memory cases = abi.decode(
            _read("caps", ".transfer", "TransferCase(uint32 received,uint32 sent,uint32 allowanceGiB,uint256 billed)"),
            (TransferCase[])
        );
        assertEq(cases.length, 40, "cases");
        for (uint256 i = 0; i < cases.length; ++i) {
            Terms memory terms;
            terms.allowanceGiB = cases[i].allowanceGiB;
            uint256 word =
                uint256(cases[i].received) << CountersLib.RECEIVED | uint256(cases[i].sent) << CountersLib.SENT;
            uint256 billed = Leases.billed(terms.pack(1, 1, 1), PackedCounters.wrap(word));
            assertEq(billed, cases[i].billed, _at("billed", i));
        }
    }

    function test_ending_frees_what_can_no_longer_be_owed() public view {
        string memory type_ =
            "EndingCase(uint8 reason,JsonTerms terms,uint32 grace,uint32 origin,uint256 limit,JsonSettled settled,uint256 end,uint256 newLimit,uint256 before,uint256 rentPaid,uint256 refunded)";
        EndingCase[] memory cases =
            abi.decode(_read("caps", ".ending", string.concat(type_, SETTLED, TERMS)), (EndingCase[]));
        assertEq(cases.length, 60, "cases");
        for (uint256 i = 0; i < cases.length; ++i) {
            EndingCase memory c = cases[i];
            Context memory context;
            context.params.grace = c.grace;
            PackedTerms terms = c.terms.pack(1, 1, c.origin);
            PackedCounters open = _counters(c.limit, c.settled);
            assertEq(Leases.fenced(context, terms, open), c.before, _at("before", i));
            PackedCounters ended = open.withLimit(c.newLimit).withState(LeaseState.Ending).withReason(Reason(c.reason));
            uint256 after_ = Leases.fenced(context, terms, ended);
            assertEq(c.before - after_ - c.rentPaid, c.refunded, _at("refunded", i));
            if (Reason(c.reason) == Reason.Expired) continue; // nothing is kept for a replica without duration left
            assertEq(Leases.rentUntil(context, terms, open, c.end) * 1e9, c.rentPaid, _at("rent", i));
        }
    }

    function test_a_renewal_pays_rent_for_the_gap_and_refills_the_reserve() public view {
        string memory type_ =
            "RenewalCase(JsonTerms terms,uint32 grace,uint32 origin,uint256 limit,JsonSettled settled,uint256 when,uint32 newOrigin,uint256 newLimit,uint256 before,uint256 rentPaid,uint256 taken)";
        RenewalCase[] memory cases =
            abi.decode(_read("caps", ".renewal", string.concat(type_, SETTLED, TERMS)), (RenewalCase[]));
        assertEq(cases.length, 40, "cases");
        for (uint256 i = 0; i < cases.length; ++i) {
            RenewalCase memory c = cases[i];
            Context memory context;
            context.params.grace = c.grace;
            PackedTerms terms = c.terms.pack(1, 1, c.origin);
            PackedCounters open = _counters(c.limit, c.settled);
            assertEq(Leases.fenced(context, terms, open), c.before, _at("before", i));
            assertEq(Leases.rentUntil(context, terms, open, c.when) * 1e9, c.rentPaid, _at("rent", i));
            uint256 after_ = Leases.fenced(context, terms.withTime(c.newOrigin), open.withLimit(c.newLimit));
            assertEq(after_ + c.rentPaid - c.before, c.taken, _at("taken", i));
            assertEq(terms.total(c.newLimit - c.limit, 0) + c.rentPaid, c.taken, _at("seconds and rent", i));
        }
    }

    /// @dev One word of counters, as a settlement leaves them: what was transferred came in.
    function _counters(uint256 limit, Settled memory settled) private pure returns (PackedCounters) {
        uint256 word = PackedCounters.unwrap(CountersLib.opened(limit));
        return PackedCounters.wrap(word | settled.secondsRun | settled.mebibytes << CountersLib.RECEIVED);
    }
}
