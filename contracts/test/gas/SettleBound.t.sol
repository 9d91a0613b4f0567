// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {LeaseKey, Order, Plan, PlanEntry, Service, UsageBatch} from "../../src/interfaces/Types.sol";
import {vm} from "../Vm.sol";
import {GasWorld} from "./GasWorld.sol";
import {TxGas} from "./TxGas.sol";

/// @title What a settlement costs at most: the first one of each lease, COE and image, so that accounts are written for the first time
/// @dev The control plane derives from these figures how much it puts into a transaction; its tests hold its bound against them.
/// forge-config: default.isolate = true
contract SettleBoundGas is GasWorld {
    uint256 private constant FEW = 20;
    uint256 private constant MANY = 100;
    string private constant GROUP = "settlement";

    LeaseKey[] private keys;

    function test_one_lease() public {
        _open(1, 1, 1);
        _measure("1 lease, 1 COE, 1 image", 1, false);
    }

    function test_leases_of_one_coe_and_one_image() public {
        _open(FEW, 1, 1);
        _measure("20 leases, 1 COE, 1 image", 1, false);
    }

    function test_leases_of_as_many_images() public {
        _open(FEW, IMAGES, 1);
        _measure("20 leases, 1 COE, 20 images", 1, false);
    }

    function test_leases_of_ten_coes() public {
        _open(FEW, 1, COES);
        _measure("20 leases, 10 COEs, 1 image", COES, false);
    }

    function test_images_one_after_the_other() public {
        _open(MANY, IMAGES, 1);
        _measure("100 leases, 1 COE, 20 images one after the other", 1, false);
    }

    /// @dev Each entry changes the image, so each looks for its node among those before it.
    function test_images_in_turn() public {
        _open(MANY, IMAGES, 1);
        _measure("100 leases, 1 COE, 20 images in turn", 1, true);
    }

    function _open(uint256 leases, uint256 imageCount, uint256 coeCount) private {
        uint256 perImage = leases / imageCount;
        uint256 perCoe = leases / coeCount;
        Service[] memory s = _servicesOf(imageCount, uint16(perImage));
        for (uint256 i = 0; i < imageCount; ++i) {
            s[i].reserved = [uint64(10), 16, 16, 1, 1];
        }
        Order memory o = _orderOf(s, "bound");
        bytes32 orderHash = _admit(o, s);
        PlanEntry[] memory entries = new PlanEntry[](leases);
        for (uint256 i = 0; i < leases; ++i) {
            entries[i] = _entryOf(i / perImage, i % perImage, coeIds[i / perCoe]);
        }
        Plan memory p = _plan(orderHash, entries);
        book.open(o, s, p, entries, _signPlan(p));
        for (uint256 i = 0; i < leases; ++i) {
            keys.push(_keyOf(orderHash, entries[i]));
            assertTrue(book.leaseOf(_id(keys[i])).limit > 0, "opened");
        }
    }

    function _measure(string memory name, uint256 coeCount, bool inTurn) private {
        vm.warp(START + 100);
        bytes memory data = abi.encodeCall(ILeaseBook.settle, (_batches(coeCount, inTurn), address(this)));
        uint256 used = TxGas.measure(address(book), data);
        assertEq(book.settledOf(_id(keys[keys.length - 1])).secondsRun, 100, "settled");
        vm.snapshotValue(GROUP, name, used);
    }

    function _batches(uint256 coeCount, bool inTurn) private view returns (UsageBatch[] memory b) {
        b = new UsageBatch[](coeCount);
        uint256 perCoe = keys.length / coeCount;
        uint256 perImage = keys.length / IMAGES;
        for (uint256 c = 0; c < coeCount; ++c) {
            bytes memory entries;
            for (uint256 i = 0; i < perCoe; ++i) {
                uint256 place = inTurn ? i % IMAGES * perImage + i / IMAGES : c * perCoe + i;
                entries = bytes.concat(entries, _usageEntry(keys[place], 100));
            }
            b[c] = _batchOf(coeIds[c], _agentKey(c), entries);
        }
    }
}
