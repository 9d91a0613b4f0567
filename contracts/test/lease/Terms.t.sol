// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../../src/interfaces/Types.sol";
import {PackedTerms, TermsLib} from "../../src/lease/Terms.sol";
import {Asserts} from "../Asserts.sol";

contract TermsTest is Asserts {
    function test_what_is_packed_is_unpacked(Terms memory t, uint24 coe, uint32 node, uint32 origin, uint32 end)
        public
        pure
    {
        t = _within(t);
        node = uint32(bound(node, 0, 2 ** 28 - 1));
        PackedTerms packed = TermsLib.pack(t, coe, node, origin);
        _assertHolds(packed, t, coe, node);
        assertEq(packed.time(), origin, "origin");
        packed = packed.withTime(end);
        _assertHolds(packed, t, coe, node);
        assertEq(packed.time(), end, "end");
    }

    /// @notice Every field at its widest fills the word, and every field alone leaves the others at nothing.
    function test_the_fields_fill_the_word_without_touching() public pure {
        Terms memory t = _widest();
        uint256 word = PackedTerms.unwrap(TermsLib.pack(t, type(uint24).max, 2 ** 28 - 1, type(uint32).max));
        assertEq(word, type(uint256).max, "no bit is left over");
        Terms memory none;
        _assertHolds(TermsLib.pack(none, type(uint24).max, 0, type(uint32).max), none, type(uint24).max, 0);
        _assertHolds(TermsLib.pack(none, 0, 2 ** 28 - 1, 0), none, 0, 2 ** 28 - 1);
    }

    function test_only_a_word_of_nothing_is_no_lease() public pure {
        Terms memory t;
        assertTrue(TermsLib.pack(t, 0, 0, 0).isNone(), "nothing");
        t.hostRate = 1;
        assertTrue(!TermsLib.pack(t, 0, 0, 0).isNone(), "a rate is at least one");
    }

    function test_the_bond_is_an_hour_of_the_hosts_rate() public pure {
        Terms memory t;
        t.hostRate = 7;
        assertEq(TermsLib.pack(t, 1, 1, 1).bond(), 7 * 3_600 * 1e9, "bond");
    }

    function test_rent_is_a_share_of_the_rate_floored() public pure {
        Terms memory t;
        t.hostRate = 1_276;
        t.rentShare = 32;
        assertEq(TermsLib.pack(t, 1, 1, 1).rent(), 9, "9.97 gwei a second");
        t.rentShare = 4_095;
        assertEq(TermsLib.pack(t, 1, 1, 1).rent(), 1_275, "never more than the rate");
    }

    function test_a_charge_is_the_formula_to_the_wei(Terms memory t, uint32 ran, uint32 moved) public pure {
        t = _within(t);
        ran = uint32(bound(ran, 0, 2 ** 27 - 1));
        PackedTerms packed = TermsLib.pack(t, 1, 1, 1);
        (uint256 host, uint256 base) = packed.charge(ran, moved);
        assertEq(host, uint256(t.hostRate) * ran + uint256(t.hostTransfer) * moved, "host");
        assertEq(base, uint256(t.baseRate) * ran + uint256(t.baseTransfer) * moved, "base");
        uint256 bps = uint256(t.royaltyBps) + t.feeBps;
        assertEq(packed.total(ran, moved), host * 1e9 + base * 1e9 * bps / 10_000, "total");
        assertEq(base * 1e9 * bps % 10_000, 0, "nothing is lost to rounding");
    }

    function test_a_charge_of_parts_is_the_charge_of_their_sum(Terms memory t, uint32[4] memory amounts) public pure {
        PackedTerms packed = TermsLib.pack(_within(t), 1, 1, 1);
        uint256 parts = packed.total(amounts[0], amounts[1]) + packed.total(amounts[2], amounts[3]);
        uint256 whole = packed.total(uint256(amounts[0]) + amounts[2], uint256(amounts[1]) + amounts[3]);
        assertEq(whole, parts, "sum of parts");
    }

    function test_the_widest_charge_fits_an_orders_total() public pure {
        PackedTerms packed = TermsLib.pack(_widest(), 1, 1, 1);
        uint256 most = packed.total(2 ** 27 - 1, packed.allowance());
        assertEq(packed.allowance(), (2 ** 20 - 1) * 1_024, "allowance in MiB");
        assertTrue(most <= type(uint128).max, "fits");
        assertEq(most % 1e5, 0, "whole units of what an order commits");
    }

    function _widest() private pure returns (Terms memory) {
        return Terms({
            hostRate: type(uint32).max,
            baseRate: type(uint32).max,
            hostTransfer: 2 ** 26 - 1,
            baseTransfer: 2 ** 26 - 1,
            royaltyBps: 2 ** 13 - 1,
            feeBps: 2 ** 11 - 1,
            allowanceGiB: 2 ** 20 - 1,
            rentShare: 2 ** 12 - 1
        });
    }

    /// @dev Any terms, each member brought within its width.
    function _within(Terms memory t) private pure returns (Terms memory) {
        t.hostTransfer %= 2 ** 26;
        t.baseTransfer %= 2 ** 26;
        t.royaltyBps %= 2 ** 13;
        t.feeBps %= 2 ** 11;
        t.allowanceGiB %= 2 ** 20;
        t.rentShare %= 2 ** 12;
        return t;
    }

    function _assertHolds(PackedTerms packed, Terms memory t, uint24 coe, uint32 node) private pure {
        assertEq(abi.encode(packed.unpack()), abi.encode(t), "terms");
        assertEq(packed.coe(), coe, "COE");
        assertEq(packed.node(), node, "node");
        assertEq(packed.hostRate(), t.hostRate, "host rate");
        assertEq(packed.royaltyBps(), t.royaltyBps, "royalty");
        assertEq(packed.feeBps(), t.feeBps, "fee");
        assertEq(packed.allowance(), uint256(t.allowanceGiB) * 1_024, "allowance");
    }
}
