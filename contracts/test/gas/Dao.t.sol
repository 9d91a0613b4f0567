// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {vm} from "../Vm.sol";
import {DaoWorld} from "../dao/DaoWorld.sol";

/// @title Draws from a DAO's treasury, in whole transactions
/// @dev Everybody has drawn before, so every word is in use.
/// forge-config: default.isolate = true
contract DaoGas is DaoWorld {
    function setUp() public override {
        super.setUp();
        _pay(dao, 1_009e18);
        dao.treasury.draw(ann);
        dao.treasury.draw(BEN);
        _pay(dao, 1_013e18 + 1);
    }

    function test_a_draw_with_a_receipt_and_retention() public {
        dao.treasury.draw(ann); // an address without zero bytes, which costs most
        _record("draw from a DAO with a new receipt");
    }

    function test_a_draw_without_a_receipt() public {
        dao.treasury.draw(BEN);
        dao.treasury.draw(ann);
        _record("draw from a DAO");
    }

    function _record(string memory name) private {
        uint256 used = vm.lastCallGas().gasTotalUsed;
        assertTrue(used > 21_000, "a whole transaction");
        vm.snapshotValue("dao", name, used);
    }
}
