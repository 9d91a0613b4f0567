// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../src/interfaces/Types.sol";
import {Rates} from "../src/lease/Rates.sol";
import {PackedTerms, TermsLib} from "../src/lease/Terms.sol";
import {VectorFile} from "./vectors/VectorFile.sol";

contract VectorsRatesTest is VectorFile {
    using TermsLib for Terms;

    struct RatesCase {
        uint128[5] ask;
        uint128[5] ref;
        uint64[5] reserved;
        uint16 royaltyBps;
        uint16 feeBps;
        bool fits;
        Terms terms;
        uint256 bond; // wei
        uint256 rent; // gwei a second
    }

    string private constant CASE =
        "RatesCase(uint128[5] ask,uint128[5] ref,uint64[5] reserved,uint16 royaltyBps,uint16 feeBps,bool fits,JsonTerms terms,uint256 bond,uint256 rent)";

    function test_an_ask_a_reference_price_and_a_reservation_lock_the_rates_of_the_vectors() public view {
        RatesCase[] memory cases = abi.decode(_read("rates", ".cases", string.concat(CASE, TERMS)), (RatesCase[]));
        assertEq(cases.length, 200, "cases");
        for (uint256 i = 0; i < cases.length; ++i) {
            RatesCase memory c = cases[i];
            (bool fits, PackedTerms locked) = Rates.lock(c.ask, c.ref, c.reserved, c.royaltyBps, c.feeBps);
            assertTrue(fits == c.fits, _at("fits", i));
            if (fits) _assertSame(locked.unpack(), c, i);
        }
    }

    function test_terms_pass_through_their_packed_word_unchanged() public view {
        RatesCase[] memory cases = abi.decode(_read("rates", ".cases", string.concat(CASE, TERMS)), (RatesCase[]));
        for (uint256 i = 0; i < cases.length; ++i) {
            if (!cases[i].fits) continue;
            PackedTerms packed = cases[i].terms.pack(type(uint24).max, 2 ** 28 - 1, type(uint32).max);
            _assertSame(packed.unpack(), cases[i], i);
            assertEq(packed.coe(), type(uint24).max, _at("coe", i));
            assertEq(packed.node(), 2 ** 28 - 1, _at("node", i));
            assertEq(packed.time(), type(uint32).max, _at("time", i));
        }
    }

    function _assertSame(Terms memory found, RatesCase memory c, uint256 i) private pure {
        assertEq(abi.encode(found), abi.encode(c.terms), _at("terms", i));
        PackedTerms packed = found.pack(1, 1, 1);
        assertEq(packed.bond(), c.bond, _at("bond", i));
        assertEq(packed.rent(), c.rent, _at("rent", i));
    }
}
