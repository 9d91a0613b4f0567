// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Reservation} from "../../src/lease/Reservation.sol";
import {Asserts} from "../Asserts.sol";
import {vm} from "../Vm.sol";

contract ReservationTest is Asserts {
    function test_what_is_packed_is_unpacked(uint64[5] memory reserved) public pure {
        uint64[5] memory widths = _widths();
        for (uint256 i = 0; i < 5; ++i) {
            reserved[i] = uint64(reserved[i] % (uint256(1) << widths[i]));
        }
        assertEq(abi.encode(Reservation.unpack(Reservation.pack(reserved))), abi.encode(reserved), "reserved");
    }

    function test_parking_splits_a_reservation_into_two_parts(uint64[5] memory reserved) public pure {
        for (uint256 i = 0; i < 5; ++i) {
            reserved[i] %= 2 ** 32;
        }
        uint64[5] memory given = Reservation.withoutStorage(Reservation.pack(reserved));
        uint64[5] memory kept = Reservation.storageOnly(Reservation.pack(reserved));
        for (uint256 i = 0; i < 5; ++i) {
            assertEq(uint256(given[i]) + kept[i], reserved[i], "the parts are the whole");
            assertTrue(given[i] == 0 || kept[i] == 0, "and nothing is in both");
        }
        assertEq(kept[2], reserved[2], "storage is kept");
        assertEq(kept[4], reserved[4], "and the transfer that is left");
    }

    function test_each_dimension_fits_at_its_widest_and_no_wider() public {
        uint64[5] memory widths = _widths();
        for (uint256 i = 0; i < 5; ++i) {
            uint64[5] memory reserved;
            reserved[i] = uint64((uint256(1) << widths[i]) - 1);
            assertEq(abi.encode(Reservation.unpack(this.pack(reserved))), abi.encode(reserved), "the widest");
            reserved[i] += 1;
            vm.expectRevert(Reservation.ReservationTooWide.selector);
            this.pack(reserved);
        }
    }

    function pack(uint64[5] calldata reserved) external pure returns (uint192) {
        return Reservation.pack(reserved);
    }

    function _widths() private pure returns (uint64[5] memory) {
        return [uint64(36), 36, 44, 32, 36];
    }
}
