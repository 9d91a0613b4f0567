// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Five amounts of resources in one word, from the lowest bit: CPU 36 bits (mCPU) | memory 36 (MiB) |
/// storage 44 (MiB) | bandwidth 32 (Mbit/s) | transfer 36 (GiB). Above each lane lies a guard bit, 0 at rest.
type Capacity is uint192;

using Capacities for Capacity global;

/// @title Sums and comparisons of five resources at once
/// @dev The guard bits keep a borrow of one lane out of the next, so that one subtraction compares all five.
library Capacities {
    uint256 internal constant CPU_BITS = 36;
    uint256 internal constant MEMORY_BITS = 36;
    uint256 internal constant STORAGE_BITS = 44;
    uint256 internal constant BANDWIDTH_BITS = 32;
    uint256 internal constant TRANSFER_BITS = 36;

    uint256 internal constant MEMORY_AT = CPU_BITS + 1;
    uint256 internal constant STORAGE_AT = MEMORY_AT + MEMORY_BITS + 1;
    uint256 internal constant BANDWIDTH_AT = STORAGE_AT + STORAGE_BITS + 1;
    uint256 internal constant TRANSFER_AT = BANDWIDTH_AT + BANDWIDTH_BITS + 1;

    // forge-lint: disable-next-item(unsafe-typecast) a constant of 189 bits
    uint192 internal constant GUARDS = uint192(
        2 ** CPU_BITS + 2 ** (MEMORY_AT + MEMORY_BITS) + 2 ** (STORAGE_AT + STORAGE_BITS) + 2
            ** (BANDWIDTH_AT + BANDWIDTH_BITS) + 2 ** (TRANSFER_AT + TRANSFER_BITS)
    );

    // forge-lint: disable-next-item(unsafe-typecast) five lanes and their guard bits are 189 bits
    /// @return fits false when an amount is wider than its lane; the other result is zero then
    function tryPack(uint64[5] memory amounts) internal pure returns (bool fits, Capacity packed) {
        uint256 cpu = amounts[0];
        uint256 memory_ = amounts[1];
        uint256 storage_ = amounts[2];
        uint256 bandwidth = amounts[3];
        uint256 transfer = amounts[4];
        uint256 beyond = (cpu >> CPU_BITS) | (memory_ >> MEMORY_BITS) | (storage_ >> STORAGE_BITS)
            | (bandwidth >> BANDWIDTH_BITS) | (transfer >> TRANSFER_BITS);
        if (beyond != 0) return (false, Capacity.wrap(0));
        packed = Capacity.wrap(
            uint192(
                cpu | (memory_ << MEMORY_AT) | (storage_ << STORAGE_AT) | (bandwidth << BANDWIDTH_AT)
                    | (transfer << TRANSFER_AT)
            )
        );
        return (true, packed);
    }

    // forge-lint: disable-next-item(unsafe-typecast) each lane is cut out of its word
    /// @return amounts what was packed
    function unpack(Capacity packed) internal pure returns (uint64[5] memory amounts) {
        uint256 word = Capacity.unwrap(packed);
        amounts[0] = uint64(word & most(0));
        amounts[1] = uint64((word >> MEMORY_AT) & most(1));
        amounts[2] = uint64((word >> STORAGE_AT) & most(2));
        amounts[3] = uint64((word >> BANDWIDTH_AT) & most(3));
        amounts[4] = uint64((word >> TRANSFER_AT) & most(4));
    }

    // forge-lint: disable-next-item(unsafe-typecast) constants of 44, 32 and 36 bits
    /// @notice The largest amount of a resource that fits its lane.
    function most(uint256 resource) internal pure returns (uint64) {
        if (resource == 2) return uint64(2 ** STORAGE_BITS - 1);
        if (resource == 3) return uint64(2 ** BANDWIDTH_BITS - 1);
        return uint64(2 ** CPU_BITS - 1); // memory and transfer are as wide as CPU
    }

    /// @notice Whether a part is in no dimension more than the whole.
    /// @dev Plain version: `for (i = 0..4) if (part[i] > whole[i]) return false; return true;`
    /// A lane of `whole + 2^width - part` keeps its guard bit exactly when `part <= whole`.
    function covers(Capacity whole, Capacity part) internal pure returns (bool) {
        unchecked {
            return ((Capacity.unwrap(whole) | GUARDS) - Capacity.unwrap(part)) & GUARDS == GUARDS;
        }
    }

    /// @notice The sum. Only where a capacity covers it: a lane that overflows would leave its guard bit set.
    /// @dev Plain version: `for (i = 0..4) sum[i] = a[i] + b[i];`
    function plus(Capacity a, Capacity b) internal pure returns (Capacity) {
        unchecked {
            return Capacity.wrap(Capacity.unwrap(a) + Capacity.unwrap(b));
        }
    }

    /// @notice The rest. Only of a part that the whole covers: a borrow would run into the next lane.
    /// @dev Plain version: `for (i = 0..4) rest[i] = whole[i] - part[i];`
    function minus(Capacity whole, Capacity part) internal pure returns (Capacity) {
        unchecked {
            return Capacity.wrap(Capacity.unwrap(whole) - Capacity.unwrap(part));
        }
    }

    function isZero(Capacity packed) internal pure returns (bool) {
        return Capacity.unwrap(packed) == 0;
    }
}
