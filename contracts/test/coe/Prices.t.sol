// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PriceList} from "../../src/coe/Prices.sol";
import {Asserts} from "../Asserts.sol";

contract PricesTest is Asserts {
    function test_each_price_holds_its_widest_value_and_touches_no_other() public pure {
        for (uint256 i = 0; i < 5; ++i) {
            uint128[5] memory prices;
            prices[i] = i < 4 ? 2 ** 48 - 1 : 2 ** 64 - 1;
            assertEq(PriceList.most(i), prices[i], "most");
            assertEq(PriceList.firstTooWide(prices), 5, "fits");
            assertEq(abi.encode(PriceList.pack(prices).unpack()), abi.encode(prices), "comes back");
            ++prices[i];
            assertEq(PriceList.firstTooWide(prices), i, "one more");
        }
    }

    function testFuzz_what_fits_comes_back(uint48[4] memory four, uint64 transfer) public pure {
        uint128[5] memory prices = [uint128(four[0]), four[1], four[2], four[3], transfer];
        assertEq(PriceList.firstTooWide(prices), 5, "fits");
        assertEq(abi.encode(PriceList.pack(prices).unpack()), abi.encode(prices), "same");
    }

    function testFuzz_the_first_that_is_too_wide_is_named(uint128[5] memory prices, uint256 narrow) public pure {
        narrow = bound(narrow, 0, 5);
        for (uint256 i = 0; i < narrow; ++i) {
            prices[i] &= 2 ** 48 - 1;
        }
        uint256 plain = 0;
        while (plain < 5 && prices[plain] < (plain < 4 ? 2 ** 48 : 2 ** 64)) ++plain;
        assertEq(PriceList.firstTooWide(prices), plain, "first");
    }
}
