// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICoeRegistry} from "../../../src/interfaces/ICoeRegistry.sol";
import {vm} from "../../Vm.sol";
import {CoeWorld} from "../../coe/CoeWorld.sol";
import {CoeHandler} from "./CoeHandler.sol";

/// @title What holds of a COE registry whatever hosts and books do; in words in README.md
contract CoeInvariantsTest is CoeWorld {
    CoeHandler private handler;

    function setUp() public override {
        super.setUp();
        bytes32[] memory ids = new bytes32[](3);
        ids[0] = coe;
        ids[1] = _register("two", SPARE_KEY, BOOK);
        _fund(STRANGER, STAKE);
        ids[2] = _registerAs(STRANGER, "three", THIRD_KEY, 7, _capacity(), _ask(), STAKE, BOOK);
        for (uint256 i = 0; i < 3; ++i) {
            vm.prank(i < 2 ? HOST : STRANGER);
            coes.acceptBook(ids[i], OTHER);
        }
        handler = new CoeHandler(coes, token, [BOOK, OTHER], ids);
        token.transfer(address(handler), 1e26);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_what_is_taken_is_what_books_hold_and_never_more_than_there_is() external view {
        for (uint256 i = 0; i < handler.countOfCoes(); ++i) {
            ICoeRegistry.Coe memory c = coes.coeOf(handler.idOf(i));
            (uint64[5] memory reserved, uint256 bonds) = handler.heldOf(i);
            assertAmounts(c.assigned, reserved, "assigned = held by books");
            assertEq(c.locked, bonds, "locked = bonds of books");
            assertTrue(c.locked <= c.stake, "locked <= stake");
            for (uint256 k = 0; k < 5; ++k) {
                assertTrue(c.assigned[k] <= c.capacity[k], "assigned <= capacity");
            }
        }
    }

    function invariant_tokens_held_are_stakes_and_what_unbonds() external view {
        uint256 owed = 0;
        for (uint256 i = 0; i < handler.countOfCoes(); ++i) {
            ICoeRegistry.Coe memory c = coes.coeOf(handler.idOf(i));
            owed += c.stake + c.unbonding;
        }
        assertEq(token.balanceOf(address(coes)), owed, "held = owed");
    }

    function invariant_no_ask_rises_above_what_was_announced_when_a_plan_was_signed_before_its_deadline()
        external
        view
    {
        for (uint256 i = 0; i < handler.countOfCoes(); ++i) {
            uint128[5] memory ask = coes.coeOf(handler.idOf(i)).ask;
            uint128[5] memory signed = handler.announcedWhenSigned(i);
            assertTrue(vm.getBlockTimestamp() < handler.signedAt(i) + ASK_DELAY, "the plan is open");
            for (uint256 k = 0; k < 5; ++k) {
                assertTrue(ask[k] <= signed[k], "ask <= announced ask");
            }
        }
    }
}
