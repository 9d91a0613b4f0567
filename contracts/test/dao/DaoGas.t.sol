// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {vm} from "../Vm.sol";
import {DaoWorld} from "./DaoWorld.sol";

/// @notice Whole transactions, intrinsic gas included: in an isolated test every call is a transaction of its own.
contract DaoGasTest is DaoWorld {
    uint256 private constant DRAW_AIM = 60_000;

    /// @dev Warm: everybody has drawn before, so every word is in use.
    function setUp() public override {
        super.setUp();
        _pay(dao, 1_009e18);
        dao.treasury.draw(ann);
        dao.treasury.draw(BEN);
        _pay(dao, 1_013e18 + 1);
    }

    /// forge-config: default.isolate = true
    function test_a_draw_with_a_receipt_and_retention_stays_below_its_aim() public {
        dao.treasury.draw(ann); // an address without zero bytes, which costs most
        uint256 used = vm.lastCallGas().gasTotalUsed;
        assertTrue(used > 21_000, "a whole transaction");
        assertTrue(used <= DRAW_AIM, vm.toString(used));
    }

    /// forge-config: default.isolate = true
    function test_a_draw_without_a_receipt_stays_below_its_aim() public {
        dao.treasury.draw(BEN);
        dao.treasury.draw(ann);
        uint256 used = vm.lastCallGas().gasTotalUsed;
        assertTrue(used > 21_000, "a whole transaction");
        assertTrue(used <= DRAW_AIM, vm.toString(used));
    }
}
