// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {LeaseKey, Order, Plan, PlanEntry, Service, UsageBatch} from "../../src/interfaces/Types.sol";
import {vm} from "../Vm.sol";
import {GasWorld} from "./GasWorld.sol";
import {TxGas} from "./TxGas.sol";

/// @title A settlement of 100 leases with six counters each, five components an image
/// @dev The second settlement is measured: every slot it writes has been written before, as in use.
/// forge-config: default.isolate = true
contract SettleGas is GasWorld {
    uint256 private constant LEASES = 100;
    string private constant GROUP = "lease";

    LeaseKey[] private keys;

    function test_a_lease_in_a_settlement_over_ten_coes_and_twenty_images() public {
        _openAll(20, COES);
        _measure("settle a lease, 100 over 10 COEs and 20 images", COES);
    }

    function test_a_lease_in_a_settlement_over_one_coe_and_one_image() public {
        _openAll(1, 1);
        uint256 calldataBytes = _measure("settle a lease, 100 over 1 COE and 1 image", 1);
        vm.snapshotValue(GROUP, "calldata of a lease in a settlement, bytes", calldataBytes);
    }

    function _openAll(uint256 services, uint256 coeCount) private {
        Service[] memory s = _servicesOf(services, uint16(LEASES / services));
        for (uint256 i = 0; i < services; ++i) {
            s[i].reserved = [uint64(10), 16, 16, 1, 1];
        }
        Order memory o = _orderOf(s, "settle");
        bytes32 orderHash = _admit(o, s);
        PlanEntry[] memory entries = new PlanEntry[](LEASES);
        // COE by COE, and in each image by image, as a control plane would group them.
        for (uint256 i = 0; i < LEASES; ++i) {
            entries[i] = coeCount == 1 ? _entryOf(0, i, coeIds[0]) : _spread(i);
        }
        Plan memory p = _plan(orderHash, entries);
        book.open(o, s, p, entries, _signPlan(p));
        for (uint256 i = 0; i < LEASES; ++i) {
            keys.push(_keyOf(orderHash, entries[i]));
            assertTrue(book.leaseOf(_id(keys[i])).limit > 0, "opened");
        }
    }

    /// @dev Ten leases a COE, five of each of two images.
    function _spread(uint256 i) private view returns (PlanEntry memory) {
        return _entryOf(i / 5, i % 5, coeIds[i / 10]);
    }

    function _measure(string memory name, uint256 coeCount) private returns (uint256 calldataBytes) {
        vm.warp(START + 100);
        book.settle(_batches(100, coeCount), address(this));
        vm.warp(START + 200);
        bytes memory data = abi.encodeCall(ILeaseBook.settle, (_batches(200, coeCount), address(this)));
        uint256 used = TxGas.measure(address(book), data);
        assertEq(book.settledOf(_id(keys[LEASES - 1])).secondsRun, 200, "settled");
        vm.snapshotValue(GROUP, name, used / LEASES);
        return data.length / LEASES;
    }

    function _batches(uint32 secondsRun, uint256 coeCount) private view returns (UsageBatch[] memory b) {
        b = new UsageBatch[](coeCount);
        uint256 perCoe = LEASES / coeCount;
        for (uint256 c = 0; c < coeCount; ++c) {
            bytes memory entries;
            for (uint256 i = 0; i < perCoe; ++i) {
                entries = bytes.concat(entries, _usageEntry(keys[c * perCoe + i], secondsRun));
            }
            b[c] = _batchOf(coeIds[c], _agentKey(c), entries);
        }
    }
}
