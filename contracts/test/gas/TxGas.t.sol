// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Asserts} from "../Asserts.sol";
import {vm} from "../Vm.sol";
import {TxGas} from "./TxGas.sol";

/// @dev Something to call: an empty function, and one that writes a slot.
contract Slot {
    uint256 public value;

    function nothing(bytes calldata) external pure {}

    function write(uint256 to) external {
        value = to;
    }
}

/// forge-config: default.isolate = true
contract TxGasTest is Asserts {
    Slot private slot = new Slot();

    function test_calldata_costs_16_gas_a_byte_and_4_for_a_zero() public {
        uint256 none = TxGas.measure(address(slot), abi.encodeCall(Slot.nothing, (new bytes(64))));
        bytes memory full = new bytes(64);
        for (uint256 i = 0; i < full.length; ++i) {
            full[i] = 0x01;
        }
        uint256 all = TxGas.measure(address(slot), abi.encodeCall(Slot.nothing, (full)));
        assertEq(all - none, 64 * 12, "difference of 64 bytes");
        assertEq(TxGas.intrinsic(full) - TxGas.intrinsic(new bytes(64)), 64 * 12, "as computed");
    }

    function test_a_slot_is_cold_and_clean_in_every_transaction() public {
        slot.write(1);
        uint256 first = TxGas.measure(address(slot), abi.encodeCall(Slot.write, (2)));
        uint256 second = TxGas.measure(address(slot), abi.encodeCall(Slot.write, (3)));
        assertEq(first, second, "the same write costs the same");
        assertTrue(first > TxGas.intrinsic(abi.encodeCall(Slot.write, (2))) + 5_000, "a cold load and a first write");
    }
}

contract TxGasWithoutIsolationTest is Asserts {
    function test_gas_is_not_measured_without_isolation() public {
        vm.expectRevert(TxGas.NotIsolated.selector);
        this.measure();
    }

    function measure() external {
        TxGas.measure(address(1), "");
    }
}
