// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What one replica reserves, in 184 bits
/// @notice CPU mCPU 36 | memory MiB 36 | storage MiB 44 | bandwidth Mbit/s 32 | transfer GiB 36, from the lowest bit: the
/// widths that the COE registry keeps capacity in, so what was assigned always fits.
library Reservation {
    error ReservationTooWide();

    function pack(uint64[5] memory reserved) internal pure returns (uint192 packed) {
        bool fits = reserved[0] < 2 ** 36 && reserved[1] < 2 ** 36 && reserved[2] < 2 ** 44 && reserved[3] < 2 ** 32
            && reserved[4] < 2 ** 36;
        if (!fits) revert ReservationTooWide();
        packed = uint192(reserved[0]) | uint192(reserved[1]) << 36 | uint192(reserved[2]) << 72 | uint192(reserved[3])
            << 116 | uint192(reserved[4]) << 148;
    }

    function unpack(uint192 packed) internal pure returns (uint64[5] memory reserved) {
        reserved[0] = uint64(packed & (2 ** 36 - 1));
        reserved[1] = uint64((packed >> 36) & (2 ** 36 - 1));
        reserved[2] = uint64((packed >> 72) & (2 ** 44 - 1));
        reserved[3] = uint64((packed >> 116) & (2 ** 32 - 1));
        reserved[4] = uint64((packed >> 148) & (2 ** 36 - 1));
    }

    /// @notice What a parked lease gives back, and takes again when it is resumed: CPU, memory and bandwidth.
    function withoutStorage(uint192 packed) internal pure returns (uint64[5] memory reserved) {
        reserved = unpack(packed);
        reserved[2] = 0;
        reserved[4] = 0;
    }

    /// @notice What a parked lease still holds: storage, and the transfer it has not used.
    function storageOnly(uint192 packed) internal pure returns (uint64[5] memory reserved) {
        reserved = unpack(packed);
        reserved[0] = 0;
        reserved[1] = 0;
        reserved[3] = 0;
    }
}
