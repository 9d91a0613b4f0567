// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../src/interfaces/Types.sol";
import {PackedTerms, TermsLib} from "../src/lease/Terms.sol";
import {VectorFile} from "./vectors/VectorFile.sol";

contract VectorsChargesTest is VectorFile {
    using TermsLib for Terms;

    struct Used {
        uint256 secondsRun;
        uint256 mebibytes;
    }

    /// @dev All in wei.
    struct Amounts {
        uint256 host;
        uint256 royalty;
        uint256 fee;
    }

    struct ChargesCase {
        Terms terms;
        uint256 limit;
        uint256 grace;
        Used first;
        Used second;
        Amounts charge;
        Amounts paid;
        uint256 rent; // gwei a second
        uint256 reserve; // wei
        uint256 fence; // wei, after the second settlement
    }

    string private constant CASE =
        "ChargesCase(JsonTerms terms,uint256 limit,uint256 grace,JsonUsed first,JsonUsed second,JsonAmounts charge,JsonAmounts paid,uint256 rent,uint256 reserve,uint256 fence)JsonUsed(uint256 secondsRun,uint256 mebibytes)JsonAmounts(uint256 host,uint256 royalty,uint256 fee)";

    function test_usage_costs_what_the_vectors_say() public view {
        ChargesCase[] memory cases = _cases();
        for (uint256 i = 0; i < cases.length; ++i) {
            ChargesCase memory c = cases[i];
            PackedTerms packed = c.terms.pack(1, 1, 1);
            _assertSame(_charge(packed, c.second.secondsRun, c.second.mebibytes), c.charge, i);
            uint256 sum = c.charge.host + c.charge.royalty + c.charge.fee;
            assertEq(packed.total(c.second.secondsRun, c.second.mebibytes), sum, _at("total", i));
        }
    }

    /// A settlement pays for what came since the last one; the charge of that is the difference of both charges.
    function test_a_settlement_pays_the_difference_of_two_cumulative_charges() public view {
        ChargesCase[] memory cases = _cases();
        for (uint256 i = 0; i < cases.length; ++i) {
            ChargesCase memory c = cases[i];
            PackedTerms packed = c.terms.pack(1, 1, 1);
            uint256 secondsMore = c.second.secondsRun - c.first.secondsRun;
            _assertSame(_charge(packed, secondsMore, c.second.mebibytes - c.first.mebibytes), c.paid, i);
        }
    }

    function test_what_stays_ring_fenced_is_what_may_still_be_owed_and_the_rent_of_grace() public view {
        ChargesCase[] memory cases = _cases();
        for (uint256 i = 0; i < cases.length; ++i) {
            ChargesCase memory c = cases[i];
            PackedTerms packed = c.terms.pack(1, 1, 1);
            assertEq(packed.rent(), c.rent, _at("rent", i));
            assertEq(packed.rent() * c.grace * 1e9, c.reserve, _at("reserve", i));
            uint256 most = packed.total(c.limit, packed.allowance());
            uint256 settled = packed.total(c.second.secondsRun, c.second.mebibytes);
            assertEq(most - settled + c.reserve, c.fence, _at("fence", i));
        }
    }

    function _cases() private view returns (ChargesCase[] memory cases) {
        cases = abi.decode(_read("charges", ".cases", string.concat(CASE, TERMS)), (ChargesCase[]));
        assertEq(cases.length, 200, "cases");
    }

    function _charge(PackedTerms packed, uint256 secondsRun, uint256 mebibytes)
        private
        pure
        returns (Amounts memory a)
    {
        (uint256 host, uint256 base) = packed.charge(secondsRun, mebibytes);
        a.host = host * 1e9;
        a.royalty = base * packed.royaltyBps() * 1e5;
        a.fee = base * packed.feeBps() * 1e5;
    }

    function _assertSame(Amounts memory found, Amounts memory wanted, uint256 i) private pure {
        assertEq(found.host, wanted.host, _at("host", i));
        assertEq(found.royalty, wanted.royalty, _at("royalty", i));
        assertEq(found.fee, wanted.fee, _at("fee", i));
    }
}
