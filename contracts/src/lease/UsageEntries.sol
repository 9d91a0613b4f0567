// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The counters of one entry, as 240 bits: seconds 32 | cpu 48 | memory 48 | storage 48 | received 32 | sent 32,
/// from the highest.
type Report is uint256;

using ReportLib for Report global;

/// @title What an entry reports
library ReportLib {
    function secondsRun(Report report) internal pure returns (uint256) {
        return Report.unwrap(report) >> 208;
    }

    /// @return mCPU*s
    function cpu(Report report) internal pure returns (uint256) {
        return (Report.unwrap(report) >> 160) & 0xffffffffffff;
    }

    /// @return whole GiB*s
    function memoryUsed(Report report) internal pure returns (uint256) {
        return (Report.unwrap(report) >> 122) & 0x3fffffffff;
    }

    /// @return whole GiB*s
    function storageUsed(Report report) internal pure returns (uint256) {
        return (Report.unwrap(report) >> 74) & 0x3fffffffff;
    }

    /// @return MiB
    function received(Report report) internal pure returns (uint256) {
        return (Report.unwrap(report) >> 32) & 0xffffffff;
    }

    /// @return MiB
    function sent(Report report) internal pure returns (uint256) {
        return Report.unwrap(report) & 0xffffffff;
    }
}

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

    /// @param index below count: nobody else looks at it
    /// @dev Plain version, which checks bounds that are known to hold:
    /// `handle = bytes16(entries[index * 46:index * 46 + 16]);`
    /// `report = Report.wrap(uint240(bytes30(entries[index * 46 + 16:index * 46 + 46])));`
    function read(bytes calldata entries, uint256 index) internal pure returns (bytes16 handle, Report report) {
        assembly ("memory-safe") {
            let start := add(entries.offset, mul(index, 46))
            handle := and(calldataload(start), not(0xffffffffffffffffffffffffffffffff))
            report := shr(16, calldataload(add(start, 16)))
        }
    }
}
