// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Counters} from "../interfaces/Types.sol";

/// @title The packed entries of a usage batch
/// @notice 38 bytes a lease, big endian:
/// handle 8 | seconds 4 | cpu mCPU*s 6 | memory MiB*s 6 | storage MiB*s 6 | received MiB 4 | sent MiB 4.
library UsageEntries {
    uint256 internal constant SIZE = 38;

    function isWellFormed(bytes calldata entries) internal pure returns (bool) {
        return entries.length > 0 && entries.length % SIZE == 0;
    }

    function count(bytes calldata entries) internal pure returns (uint256) {
        return entries.length / SIZE;
    }

    function read(bytes calldata entries, uint256 index)
        internal
        pure
        returns (bytes8 handle, Counters memory reported)
    {
        bytes calldata entry = entries[index * SIZE:(index + 1) * SIZE];
        handle = bytes8(entry[0:8]);
        reported = Counters({
            secondsRun: uint32(bytes4(entry[8:12])),
            cpu: uint48(bytes6(entry[12:18])),
            memoryUsed: uint48(bytes6(entry[18:24])),
            storageUsed: uint48(bytes6(entry[24:30])),
            received: uint32(bytes4(entry[30:34])),
            sent: uint32(bytes4(entry[34:38]))
        });
    }
}
