// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What a test says about values; a failure reverts with both of them
abstract contract Asserts {
    error NotTrue(string what);
    error NotEqual(string what, uint256 found, uint256 wanted);
    error NotEqualWords(string what, bytes32 found, bytes32 wanted);
    error NotEqualBytes(string what, bytes found, bytes wanted);

    function assertTrue(bool holds, string memory what) internal pure {
        if (!holds) revert NotTrue(what);
    }

    function assertEq(uint256 found, uint256 wanted, string memory what) internal pure {
        if (found != wanted) revert NotEqual(what, found, wanted);
    }

    function assertEq(bytes32 found, bytes32 wanted, string memory what) internal pure {
        if (found != wanted) revert NotEqualWords(what, found, wanted);
    }

    function assertEq(address found, address wanted, string memory what) internal pure {
        if (found != wanted) revert NotEqualWords(what, bytes32(bytes20(found)), bytes32(bytes20(wanted)));
    }

    function assertEq(bytes memory found, bytes memory wanted, string memory what) internal pure {
        if (keccak256(found) != keccak256(wanted)) revert NotEqualBytes(what, found, wanted);
    }

    /// @notice Maps any value of a fuzz into [least, most].
    function bound(uint256 value, uint256 least, uint256 most) internal pure returns (uint256) {
        uint256 count = most - least + 1;
        return count == 0 ? value : least + value % count;
    }
}
