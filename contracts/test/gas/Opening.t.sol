// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {Fault, LeaseKey, LeaseState, Order, Plan, PlanEntry, Service, UsageBatch} from "../../src/interfaces/Types.sol";
import {vm} from "../Vm.sol";
import {GasWorld} from "./GasWorld.sol";
import {TxGas} from "./TxGas.sol";

/// @title Opening alone, in a plan of ten, and a failover
/// @dev User, COEs and image have been used before, as in use.
/// forge-config: default.isolate = true
contract OpeningGas is GasWorld {
    string private constant GROUP = "lease";

    function setUp() public override {
        super.setUp();
        Service[] memory s = _servicesOf(1, 10);
        PlanEntry[] memory entries = new PlanEntry[](10);
        for (uint256 i = 0; i < 10; ++i) {
            entries[i] = _entryOf(0, i, coeIds[i]);
        }
        _openBy(_orderOf(s, "before"), s, entries);
    }

    function test_open_alone_with_admission() public {
        (Order memory o, Service[] memory s, PlanEntry[] memory entries) = _scene(1, 1);
        uint256 used = _openBy(o, s, entries);
        vm.snapshotValue(GROUP, "open alone with admission", used);
    }

    function test_open_ten_replicas_on_one_coe() public {
        (Order memory o, Service[] memory s, PlanEntry[] memory entries) = _scene(10, 1);
        vm.snapshotValue(GROUP, "open a replica, ten on one COE with admission", _openBy(o, s, entries) / 10);
    }

    function test_open_ten_replicas_on_ten_coes() public {
        (Order memory o, Service[] memory s, PlanEntry[] memory entries) = _scene(10, 10);
        vm.snapshotValue(GROUP, "open a replica, ten on ten COEs with admission", _openBy(o, s, entries) / 10);
    }

    function test_failover_close_and_open_again() public {
        (Order memory o, Service[] memory s, PlanEntry[] memory entries) = _scene(1, 1);
        _openBy(o, s, entries);
        LeaseKey memory key = _keyOf(book.orderHashOf(o), entries[0]);
        vm.warp(START + 60);
        book.settle(_settleOne(key), address(0));
        vm.warp(START + 100);

        bytes[] memory calls = new bytes[](2);
        calls[0] = _faultCall(o, key);
        entries[0].generation = 1;
        entries[0].coe = coeIds[1];
        Plan memory p = _plan(key.orderHash, entries);
        calls[1] = abi.encodeCall(ILeaseBook.open, (o, s, p, entries, _signPlan(p)));
        bytes memory data = abi.encodeWithSignature("multicall(bytes[])", calls);
        uint256 used = TxGas.measure(address(book), data);
        assertTrue(_stateOf(key) == LeaseState.Ending, "closed");
        assertTrue(_stateOf(_keyOf(key.orderHash, entries[0])) == LeaseState.Open, "open again");
        vm.snapshotValue(GROUP, "failover: close and open again", used);
    }

    function _faultCall(Order memory o, LeaseKey memory key) private view returns (bytes memory) {
        Fault memory found = Fault({
            leaseId: _id(key), deadSince: uint64(START + 70), committeeEpoch: 1, deadline: uint64(block.timestamp + 5)
        });
        return abi.encodeCall(ILeaseBook.fault, (o, key, found, _signFault(found)));
    }

    function _settleOne(LeaseKey memory key) private view returns (UsageBatch[] memory b) {
        b = new UsageBatch[](1);
        b[0] = _batchOf(key.coe, _agentKey(0), _usageEntry(key, 60));
    }

    function _scene(uint256 replicas, uint256 coeCount)
        private
        view
        returns (Order memory o, Service[] memory s, PlanEntry[] memory entries)
    {
        s = _servicesOf(1, uint16(replicas));
        o = _orderOf(s, "scene");
        entries = new PlanEntry[](replicas);
        for (uint256 i = 0; i < replicas; ++i) {
            entries[i] = _entryOf(0, i, coeIds[i % coeCount]);
        }
    }

    function _openBy(Order memory o, Service[] memory s, PlanEntry[] memory entries) private returns (uint256 used) {
        Plan memory p = _plan(book.orderHashOf(o), entries);
        bytes memory data =
            abi.encodeCall(ILeaseBook.admitAndOpen, (o, s, _orderSignature(o), p, entries, _signPlan(p)));
        used = TxGas.measure(address(book), data);
        for (uint256 i = 0; i < entries.length; ++i) {
            assertTrue(_stateOf(_keyOf(p.orderHash, entries[i])) == LeaseState.Open, "opened");
        }
    }
}
