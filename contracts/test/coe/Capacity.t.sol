// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Capacities, Capacity} from "../../src/coe/Capacity.sol";
import {Asserts} from "../Asserts.sol";

/// @title The packed vector against five plain numbers
contract CapacityTest is Asserts {
    uint8[5] private widths = [36, 36, 44, 32, 36];

    function test_each_lane_holds_its_widest_value_and_touches_no_other() public view {
        for (uint256 i = 0; i < 5; ++i) {
            uint64[5] memory amounts;
            amounts[i] = uint64(1 << widths[i]) - 1;
            (bool fits, Capacity packed) = Capacities.tryPack(amounts);
            assertTrue(fits, "widest");
            assertEq(abi.encode(packed.unpack()), abi.encode(amounts), "comes back");
            assertEq(Capacities.most(i), amounts[i], "most");
            ++amounts[i];
            (fits,) = Capacities.tryPack(amounts);
            assertTrue(!fits, "one more");
        }
    }

    function test_all_lanes_full_leave_every_guard_bit_clear() public view {
        (, Capacity full) = Capacities.tryPack(_cut([type(uint64).max, 2 ** 63, 0, 1, 2], true));
        assertEq(Capacity.unwrap(full) & Capacities.GUARDS, 0, "guards");
        assertEq(Capacity.unwrap(full) | Capacities.GUARDS, (1 << 189) - 1, "189 bits in all");
    }

    function testFuzz_what_fits_comes_back(uint64[5] memory amounts) public view {
        amounts = _cut(amounts, false);
        (bool fits, Capacity packed) = Capacities.tryPack(amounts);
        assertTrue(fits, "fits");
        assertEq(abi.encode(packed.unpack()), abi.encode(amounts), "same");
        assertTrue(packed.isZero() == (keccak256(abi.encode(amounts)) == keccak256(new bytes(160))), "zero");
    }

    function testFuzz_whatever_is_wider_than_its_lane_does_not_fit(uint64[5] memory amounts) public view {
        bool plain = true;
        for (uint256 i = 0; i < 5; ++i) {
            if (amounts[i] >> widths[i] != 0) plain = false;
        }
        (bool fits,) = Capacities.tryPack(amounts);
        assertTrue(fits == plain, "fits");
    }

    /// @dev `near` draws lanes close to each other, where a borrow would show.
    function testFuzz_covers_is_five_comparisons(uint64[5] memory a, uint64[5] memory b, uint8 near) public view {
        (a, b) = _pair(a, b, near);
        bool plain = true;
        for (uint256 i = 0; i < 5; ++i) {
            if (b[i] > a[i]) plain = false;
        }
        assertTrue(_pack(a).covers(_pack(b)) == plain, "covers");
        assertTrue(_pack(a).covers(_pack(a)), "itself");
    }

    function testFuzz_minus_and_plus_are_five_of_each(uint64[5] memory a, uint64[5] memory b, uint8 near) public view {
        (a, b) = _pair(a, b, near);
        uint64[5] memory rest;
        for (uint256 i = 0; i < 5; ++i) {
            if (b[i] > a[i]) (a[i], b[i]) = (b[i], a[i]);
            rest[i] = a[i] - b[i];
        }
        assertEq(abi.encode(_pack(a).minus(_pack(b)).unpack()), abi.encode(rest), "rest");
        assertEq(abi.encode(_pack(rest).plus(_pack(b)).unpack()), abi.encode(a), "sum");
    }

    function _pair(uint64[5] memory a, uint64[5] memory b, uint8 near)
        private
        view
        returns (uint64[5] memory, uint64[5] memory)
    {
        (a, b) = (_cut(a, false), _cut(b, false));
        for (uint256 i = 0; i < 5; ++i) {
            if (near & (1 << i) != 0) b[i] = a[i] == 0 ? 0 : a[i] - b[i] % 2;
            else if (near & 32 != 0) b[i] = a[i] / 2;
        }
        return near & 64 == 0 ? (a, b) : (b, a);
    }

    function _pack(uint64[5] memory amounts) private pure returns (Capacity packed) {
        (, packed) = Capacities.tryPack(amounts);
    }

    function _cut(uint64[5] memory amounts, bool full) private view returns (uint64[5] memory) {
        for (uint256 i = 0; i < 5; ++i) {
            uint64 most = uint64(1 << widths[i]) - 1;
            amounts[i] = full ? most : amounts[i] & most;
        }
        return amounts;
    }
}
