// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Counters} from "../src/interfaces/Types.sol";
import {UsageEntries} from "../src/lease/UsageEntries.sol";
import {VectorFile} from "./vectors/VectorFile.sol";

contract VectorsUsageTest is VectorFile {
    using UsageEntries for bytes;

    struct UsageCase {
        bytes16 handle;
        uint32 secondsRun;
        uint48 cpu;
        uint48 memoryUsed;
        uint48 storageUsed;
        uint32 received;
        uint32 sent;
        bytes packed;
    }

    function test_packed_entries_read_as_the_vectors_say_alone_and_in_a_batch() public view {
        string memory type_ =
            "UsageCase(bytes16 handle,uint32 secondsRun,uint48 cpu,uint48 memoryUsed,uint48 storageUsed,uint32 received,uint32 sent,bytes packed)";
        UsageCase[] memory cases = abi.decode(_read("usage", ".entries", type_), (UsageCase[]));
        assertEq(cases.length, 40, "cases");

        bytes memory batch;
        for (uint256 i = 0; i < cases.length; ++i) {
            assertTrue(this.isWellFormed(cases[i].packed), _at("length", i));
            _assertSame(cases[i], cases[i].packed, 0, i);
            batch = bytes.concat(batch, cases[i].packed);
        }
        for (uint256 i = 0; i < cases.length; ++i) {
            _assertSame(cases[i], batch, i, i);
        }
        assertTrue(!this.isWellFormed(bytes.concat(batch, hex"00")), "a byte too many");
    }

    function isWellFormed(bytes calldata entries) external pure returns (bool) {
        return entries.isWellFormed() && entries.count() == entries.length / 46;
    }

    function read(bytes calldata entries, uint256 index) external pure returns (bytes16, Counters memory) {
        return entries.read(index);
    }

    function _assertSame(UsageCase memory c, bytes memory entries, uint256 place, uint256 i) private view {
        (bytes16 handle, Counters memory found) = this.read(entries, place);
        assertEq(bytes32(handle), bytes32(c.handle), _at("handle", i));
        assertEq(found.secondsRun, c.secondsRun, _at("seconds", i));
        assertEq(found.cpu, c.cpu, _at("cpu", i));
        assertEq(found.memoryUsed, c.memoryUsed, _at("memory", i));
        assertEq(found.storageUsed, c.storageUsed, _at("storage", i));
        assertEq(found.received, c.received, _at("received", i));
        assertEq(found.sent, c.sent, _at("sent", i));
    }
}
