// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Counters} from "../../src/interfaces/Types.sol";
import {Report, UsageEntries} from "../../src/lease/UsageEntries.sol";
import {Asserts} from "../Asserts.sol";
import {vm} from "../Vm.sol";

contract UsageEntriesTest is Asserts {
    struct Entry {
        bytes16 handle;
        Counters counters;
    }

    function test_every_entry_is_read_as_it_was_packed(Entry[3] memory all, uint256 index) public view {
        index = bound(index, 0, 2);
        bytes memory packed = bytes.concat(_pack(all[0]), _pack(all[1]), _pack(all[2]));
        assertEq(packed.length, 3 * 46, "46 bytes a lease");
        assertEq(this.count(packed), 3, "count");
        assertTrue(this.isWellFormed(packed), "well formed");
        (bytes16 handle, Report report) = this.read(packed, index);
        assertEq(bytes32(handle), bytes32(all[index].handle), "handle");
        _assertSame(report, all[index].counters);
    }

    /// @notice The word that is read is the thirty bytes after the handle, as slices with their bounds give them.
    function test_the_plain_version_reads_the_same(bytes16 handle, bytes30 counters) public view {
        (bytes16 found, Report report) = this.read(bytes.concat(handle, counters), 0);
        assertEq(bytes32(found), bytes32(handle), "handle");
        assertEq(Report.unwrap(report), uint240(counters), "counters");
    }

    function _assertSame(Report report, Counters memory c) private pure {
        assertEq(report.secondsRun(), c.secondsRun, "seconds");
        assertEq(report.cpu(), c.cpu, "cpu");
        assertEq(report.memoryUsed(), c.memoryUsed / 1_024, "whole GiB of memory");
        assertEq(report.storageUsed(), c.storageUsed / 1_024, "whole GiB of storage");
        assertEq(report.received(), c.received, "received");
        assertEq(report.sent(), c.sent, "sent");
    }

    function test_only_whole_entries_are_well_formed(uint256 length) public view {
        length = bound(length, 0, 460);
        assertTrue(this.isWellFormed(new bytes(length)) == (length > 0 && length % 46 == 0), "well formed");
    }

    function read(bytes calldata entries, uint256 index) external pure returns (bytes16, Report) {
        return UsageEntries.read(entries, index);
    }

    function count(bytes calldata entries) external pure returns (uint256) {
        return UsageEntries.count(entries);
    }

    function isWellFormed(bytes calldata entries) external pure returns (bool) {
        return UsageEntries.isWellFormed(entries);
    }

    function _pack(Entry memory e) private pure returns (bytes memory) {
        Counters memory c = e.counters;
        return abi.encodePacked(e.handle, c.secondsRun, c.cpu, c.memoryUsed, c.storageUsed, c.received, c.sent);
    }
}
