// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Prices of the five resources in one word, from the lowest bit: four of 48 bits (wei per unit and second) and
/// one of 64 (wei per MiB of transfer).
/// @dev 48 bits are 0.28 DWEB a mCPU and second, 64 bits 18 DWEB a MiB: far beyond what the rates of a lease can hold.
type Prices is uint256;

using PriceList for Prices global;

/// @title Prices of five resources, packed
library PriceList {
    uint256 internal constant BITS = 48;
    uint128 internal constant MOST = type(uint48).max;
    uint128 internal constant MOST_FOR_TRANSFER = type(uint64).max;

    /// @notice The widest price of a resource.
    function most(uint256 resource) internal pure returns (uint128) {
        return resource == 4 ? MOST_FOR_TRANSFER : MOST;
    }

    /// @return resource the first whose price is too wide; 5 when all fit
    function firstTooWide(uint128[5] memory prices) internal pure returns (uint256 resource) {
        while (resource < 5 && prices[resource] <= most(resource)) ++resource;
    }

    /// @notice Only prices that fit: see `firstTooWide`.
    function pack(uint128[5] memory prices) internal pure returns (Prices) {
        return Prices.wrap(
            uint256(prices[0]) | (uint256(prices[1]) << BITS) | (uint256(prices[2]) << (2 * BITS))
                | (uint256(prices[3]) << (3 * BITS)) | (uint256(prices[4]) << (4 * BITS))
        );
    }

    // forge-lint: disable-next-item(unsafe-typecast) each price is cut out of its word
    /// @return prices what was packed
    function unpack(Prices packed) internal pure returns (uint128[5] memory prices) {
        uint256 word = Prices.unwrap(packed);
        prices[0] = uint128(word & MOST);
        prices[1] = uint128((word >> BITS) & MOST);
        prices[2] = uint128((word >> (2 * BITS)) & MOST);
        prices[3] = uint128((word >> (3 * BITS)) & MOST);
        prices[4] = uint128(word >> (4 * BITS));
    }
}
