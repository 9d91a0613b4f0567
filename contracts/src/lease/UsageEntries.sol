// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Counters} from "../interfaces/Types.sol";

/// @title The packed entries of a usage batch
/// @notice 46 bytes a lease, big endian:
/// handle 16 | seconds 4 | cpu mCPU*s 6 | memory MiB*s 6 | storage MiB*s 6 | received MiB 4 | sent MiB 4.
library UsageEntries {
    uint256 internal constant SIZE = 46;

    function isWellFormed(bytes calldata entries) internal pure returns (bool) {
        return entries.length > 0 && entries.length % SIZE == 0;
    }

    function count(bytes calldata entries) internal pure returns (uint256) {
        return entries.length / SIZE;
    }

    /// @param index below count
    function read(bytes calldata entries, uint256 index)
        internal
        pure
        returns (bytes16 handle, Counters memory reported)
    {
        uint256 start = index * SIZE;
        handle = bytes16(entries[start:start + 16]);
        // The thirty bytes after the handle as one number: cheaper than six slices with their bounds.
        uint256 word = uint240(bytes30(entries[start + 16:start + SIZE]));
        reported.secondsRun = uint32(word >> 208);
        reported.cpu = uint48(word >> 160);
        reported.memoryUsed = uint48(word >> 112);
        reported.storageUsed = uint48(word >> 64);
        reported.received = uint32(word >> 32);
        reported.sent = uint32(word);
    }
}
