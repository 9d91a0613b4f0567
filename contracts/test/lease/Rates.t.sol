// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../../src/interfaces/Types.sol";
import {Rates} from "../../src/lease/Rates.sol";
import {Asserts} from "../Asserts.sol";

contract RatesTest is Asserts {
    uint128[5] private none;

    function test_rates_are_whole_gwei_rounded_down() public view {
        Terms memory t = _lock([uint128(1e9), 5e8, 1e7, 1e9, 1_999_999_999], none, [uint64(3), 3, 99, 0, 7]);
        assertEq(t.hostRate, 5, "3 + 1.5 + 0.99 gwei a second");
        assertEq(t.baseRate, 5, "base");
        assertEq(t.hostTransfer, 1, "1.999 gwei a MiB");
        assertEq(t.allowanceGiB, 7, "allowance");
        assertEq(Rates.allowance(t), 7_168, "MiB");
    }

    function test_a_rate_of_nothing_becomes_one_gwei() public view {
        Terms memory t = _lock(none, none, [uint64(1), 1, 1, 1, 1]);
        assertEq(t.hostRate, 1, "host");
        assertEq(t.baseRate, 1, "base");
        assertEq(t.hostTransfer, 0, "transfer");
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

    function test_the_bond_is_an_hour_of_the_hosts_rate() public view {
        Terms memory t = _lock([uint128(7e9), 0, 0, 0, 0], none, [uint64(1), 0, 0, 0, 0]);
        assertEq(Rates.bond(t), 7 * 3_600 * 1e9, "bond");
    }

    function test_the_widest_values_do_not_overflow() public view {
        uint128 top = type(uint128).max;
        uint64 most = type(uint64).max;
        (bool fits,) = Rates.lock([top, top, top, top, top], none, [most, most, most, most, most], 2_000, 500);
        assertTrue(!fits, "refused, not wrapped");

        uint128 widest = uint128(uint256(type(uint32).max) * 1e9);
        uint64[5] memory reserved = [uint64(1), 0, 0, 0, 2 ** 20 - 1];
        (bool ok, Terms memory t) = Rates.lock([widest, 0, 0, 0, widest], none, reserved, 2_000, 500);
        assertTrue(ok, "fits");
        uint256 s = 2 ** 27 - 1;
        uint256 m = Rates.allowance(t);
        assertEq(Rates.total(t, s, m), uint256(type(uint32).max) * (s + m) * 12_500 * 1e5, "12,500 bps in all");
        assertTrue(Rates.total(t, s, m) < type(uint128).max, "an order's total holds it");
    }

    function test_a_charge_is_linear(uint32[4] memory rates, uint32[4] memory amounts, uint16 r, uint16 f) public pure {
        Terms memory t = Terms(rates[0], rates[1], rates[2], rates[3], r, f, 0);
        uint256 parts = Rates.total(t, amounts[0], amounts[1]) + Rates.total(t, amounts[2], amounts[3]);
        uint256 whole = Rates.total(t, uint256(amounts[0]) + amounts[2], uint256(amounts[1]) + amounts[3]);
        assertEq(whole, parts, "sum of parts");
    }

    function test_royalty_and_fee_are_basis_points_of_the_base(uint32 base, uint32 s, uint16 r, uint16 f) public pure {
        Terms memory t = Terms(1, base, 0, 0, r, f, 0);
        (, uint256 royalty, uint256 fee) = Rates.charge(t, s, 0);
        uint256 wei_ = uint256(base) * s * 1e9;
        assertEq(royalty, wei_ * r / 10_000, "royalty, and nothing is lost to rounding");
        assertEq(fee, wei_ * f / 10_000, "fee");
        assertEq(wei_ * r % 10_000, 0, "exact");
    }

    function _lock(uint128[5] memory ask, uint128[5] memory ref, uint64[5] memory reserved)
        private
        pure
        returns (Terms memory t)
    {
        bool fits;
        (fits, t) = Rates.lock(ask, ref, reserved, 500, 100);
        assertTrue(fits, "fits");
    }
}
