// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Service, Terms} from "../../src/interfaces/Types.sol";
import {Rates} from "../../src/lease/Rates.sol";
import {PackedTerms} from "../../src/lease/Terms.sol";
import {Asserts} from "../Asserts.sol";

contract RatesTest is Asserts {
    uint128[5] private none;

    function test_rates_are_whole_gwei_rounded_down() public view {
        Terms memory t = _lock([uint128(1e9), 5e8, 1e7, 1e9, 1_999_999_999], none, [uint64(3), 3, 99, 0, 7]);
        assertEq(t.hostRate, 5, "3 + 1.5 + 0.99 gwei a second");
        assertEq(t.baseRate, 5, "base");
        assertEq(t.hostTransfer, 1, "1.999 gwei a MiB");
        assertEq(t.allowanceGiB, 7, "allowance");
        assertEq(t.rentShare, 0, "storage is below a gwei");
    }

    function test_a_rate_of_nothing_becomes_one_gwei() public view {
        Terms memory t = _lock(none, none, [uint64(1), 1, 1, 1, 1]);
        assertEq(t.hostRate, 1, "host");
        assertEq(t.baseRate, 1, "base");
        assertEq(t.hostTransfer, 0, "transfer");
        assertEq(t.rentShare, 0, "rent");
    }

    function test_the_base_is_the_dearer_of_ask_and_reference() public pure {
        uint128[5] memory low = [uint128(1e9), 0, 0, 0, 1e9];
        uint128[5] memory high = [uint128(3e9), 0, 0, 0, 4e9];
        uint64[5] memory reserved = [uint64(10), 0, 0, 0, 1];
        Terms memory t = _lock(low, high, reserved);
        assertEq(t.hostRate, 10, "host");
        assertEq(t.baseRate, 30, "base");
        assertEq(t.hostTransfer, 1, "host transfer");
        assertEq(t.baseTransfer, 4, "base transfer");
        t = _lock(high, low, reserved);
        assertEq(t.baseRate, 30, "never below the host's");
        assertEq(t.baseTransfer, 4, "nor the transfer");
    }

    function test_rent_is_storages_share_of_the_rate_floored() public view {
        Terms memory t = _lock([uint128(1e9), 0, 1e9, 0, 0], none, [uint64(2), 0, 1, 0, 0]);
        assertEq(t.rentShare, 1_365, "a third of 4,096");
        t = _lock([uint128(0), 0, 1e9, 0, 0], none, [uint64(0), 0, 8, 0, 0]);
        assertEq(t.rentShare, 4_095, "all of it, as far as twelve bits go");
    }

    function test_what_does_not_fit_is_refused_and_not_wrapped() public view {
        uint128 widest = uint128(uint256(type(uint32).max) * 1e9 + 1e9 - 1);
        uint64[5] memory one = [uint64(1), 0, 0, 0, 2 ** 20 - 1];
        uint128 widestTransfer = uint128(uint256(2 ** 26 - 1) * 1e9 + 1e9 - 1);
        Terms memory t = _lock([widest, 0, 0, 0, widestTransfer], none, one);
        assertEq(t.hostRate, type(uint32).max, "the widest rate");
        assertEq(t.hostTransfer, 2 ** 26 - 1, "the widest transfer rate");

        _refused([widest + 1, 0, 0, 0, 0], none, one);
        _refused(none, [widest + 1, 0, 0, 0, 0], one);
        _refused([uint128(0), 0, 0, 0, widestTransfer + 1], none, one);
        _refused(none, [uint128(0), 0, 0, 0, widestTransfer + 1], one);
        one[4] = 2 ** 20;
        _refused(none, none, one);
        uint128 top = type(uint128).max;
        uint64 most = type(uint64).max;
        _refused([top, top, top, top, top], none, [most, most, most, most, most]);
    }

    function test_rates_are_the_floor_of_the_sum(uint48[5] memory ask, uint48[5] memory ref, uint32[5] memory reserved)
        public
        pure
    {
        reserved[4] = uint32(bound(reserved[4], 0, 2 ** 20 - 1));
        (bool fits, PackedTerms packed) = Rates.lock(_wide(ask), _wide(ref), _wide(reserved), 500, 100);
        uint256 host = _sum(ask, reserved);
        uint256 ref_ = _sum(ref, reserved);
        if (host == 0) host = 1;
        uint256 base = host > ref_ ? host : ref_;
        assertTrue(fits == (base < 2 ** 32), "fits");
        if (!fits) return;
        Terms memory t = packed.unpack();
        assertEq(t.hostRate, host, "host");
        assertEq(t.baseRate, base, "base");
        assertEq(t.hostTransfer, ask[4] / 1e9, "transfer");
        assertEq(t.baseTransfer, (ask[4] > ref[4] ? ask[4] : ref[4]) / 1e9, "base transfer");
        uint256 rent = uint256(ask[2]) * reserved[2] / 1e9 * 4_096 / host;
        assertEq(t.rentShare, rent < 4_095 ? rent : 4_095, "rent");
    }

    // ------------------------------------------------------------------- ceilings

    function test_a_ceiling_bounds_the_sum_and_transfer_for_itself() public view {
        Service memory s;
        s.reserved = [uint64(1), 1, 1, 1, 1];
        s.ceiling = [uint128(10), 10, 10, 10, 10];
        assertTrue(!this.isAbove([uint128(40), 0, 0, 0, 10], s), "one may be dear when the others are not");
        assertTrue(this.isAbove([uint128(40), 1, 0, 0, 10], s), "the sum is above");
        assertTrue(this.isAbove([uint128(0), 0, 0, 0, 11], s), "transfer is above");
        s.reserved[4] = 0;
        assertTrue(!this.isAbove([uint128(0), 0, 0, 0, 11], s), "no transfer, no price");
    }

    function test_no_price_at_its_ceiling_is_above_it(uint128[5] memory prices, uint64[5] memory reserved) public view {
        Service memory s;
        s.reserved = reserved;
        for (uint256 i = 0; i < 5; ++i) {
            s.ceiling[i] = prices[i];
        }
        assertTrue(!this.isAbove(prices, s), "at the ceiling");
        for (uint256 i = 0; i < 5; ++i) {
            if (reserved[i] == 0 || prices[i] == 0) continue;
            s.ceiling[i] -= 1;
            assertTrue(this.isAbove(prices, s), "one wei above");
            s.ceiling[i] += 1;
        }
    }

    function isAbove(uint128[5] calldata prices, Service calldata service) external pure returns (bool) {
        return Rates.isAbove(prices, service.ceiling, service.reserved);
    }

    // ------------------------------------------------------------------- helpers

    function _sum(uint48[5] memory prices, uint32[5] memory reserved) private pure returns (uint256 sum) {
        for (uint256 i = 0; i < 4; ++i) {
            sum += uint256(prices[i]) * reserved[i];
        }
        sum /= 1e9;
    }

    function _wide(uint48[5] memory narrow) private pure returns (uint128[5] memory wide) {
        for (uint256 i = 0; i < 5; ++i) {
            wide[i] = narrow[i];
        }
    }

    function _wide(uint32[5] memory narrow) private pure returns (uint64[5] memory wide) {
        for (uint256 i = 0; i < 5; ++i) {
            wide[i] = narrow[i];
        }
    }

    function _refused(uint128[5] memory ask, uint128[5] memory ref, uint64[5] memory reserved) private pure {
        (bool fits, PackedTerms packed) = Rates.lock(ask, ref, reserved, 500, 100);
        assertTrue(!fits, "refused");
        assertEq(PackedTerms.unwrap(packed), 0, "and nothing is locked");
    }

    function _lock(uint128[5] memory ask, uint128[5] memory ref, uint64[5] memory reserved)
        private
        pure
        returns (Terms memory t)
    {
        (bool fits, PackedTerms packed) = Rates.lock(ask, ref, reserved, 500, 100);
        assertTrue(fits, "fits");
        t = packed.unpack();
    }
}
