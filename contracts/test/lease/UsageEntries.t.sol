// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Counters} from "../../src/interfaces/Types.sol";
import {UsageEntries} from "../../src/lease/UsageEntries.sol";
import {Asserts} from "../Asserts.sol";
import {vm} from "../Vm.sol";

contract UsageEntriesTest is Asserts {
    struct Entry {
        bytes16 handle;
        Counters counters;
    }

    /// forge-config: default.fuzz.runs = 2000
    function test_every_entry_is_read_as_it_was_packed(Entry[3] memory all, uint256 index) public view {
        index = bound(index, 0, 2);
        bytes memory packed = bytes.concat(_pack(all[0]), _pack(all[1]), _pack(all[2]));
        assertEq(packed.length, 3 * 46, "46 bytes a lease");
        assertEq(this.count(packed), 3, "count");
        assertTrue(this.isWellFormed(packed), "well formed");
        (bytes16 handle, Counters memory c) = this.read(packed, index);
        assertEq(bytes32(handle), bytes32(all[index].handle), "handle");
        assertEq(abi.encode(c), abi.encode(all[index].counters), "counters");
    }

    /// forge-config: default.fuzz.runs = 2000
    function test_only_whole_entries_are_well_formed(uint256 length) public view {
        length = bound(length, 0, 460);
        assertTrue(this.isWellFormed(new bytes(length)) == (length > 0 && length % 46 == 0), "well formed");
    }

    function test_nothing_is_read_beyond_the_last_entry() public {
        vm.expectRevert();
        this.read(new bytes(46), 1);
    }

    function read(bytes calldata entries, uint256 index) external pure returns (bytes16, Counters memory) {
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
