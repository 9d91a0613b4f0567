// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {ICoeRegistry} from "../../src/interfaces/ICoeRegistry.sol";
import {vm} from "../Vm.sol";
import {CoeWorld} from "./CoeWorld.sol";

/// @title Active, draining, suspended
contract StatusTest is CoeWorld {
    ICoeRegistry.Status private constant ACTIVE = ICoeRegistry.Status.Active;
    ICoeRegistry.Status private constant DRAINING = ICoeRegistry.Status.Draining;
    ICoeRegistry.Status private constant SUSPENDED = ICoeRegistry.Status.Suspended;

    function test_a_host_drains_and_comes_back() public {
        _expectStatus(DRAINING);
        _drain(true);
        _assertStatus(DRAINING);
        _expectStatus(ACTIVE);
        _drain(false);
        _assertStatus(ACTIVE);
    }

    function test_draining_twice_and_coming_back_twice_are_refused() public {
        _expectRefusal(ACTIVE, ACTIVE);
        _drain(false);
        _drain(true);
        _expectRefusal(DRAINING, DRAINING);
        _drain(true);
    }

    function test_guardian_and_governor_suspend() public {
        _expectStatus(SUSPENDED);
        vm.prank(GUARDIAN);
        coes.setSuspended(coe, true);
        _assertStatus(SUSPENDED);
        coes.setSuspended(coe, false);
        coes.setSuspended(coe, true);
        _assertStatus(SUSPENDED);
    }

    function test_nobody_else_suspends() public {
        _expect(abi.encodeWithSelector(ICoeRegistry.NotTheGuardian.selector, HOST));
        vm.prank(HOST);
        coes.setSuspended(coe, true);
    }

    function test_a_guardian_cannot_lift_what_it_suspended() public {
        vm.startPrank(GUARDIAN);
        coes.setSuspended(coe, true);
        _expect(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, GUARDIAN));
        coes.setSuspended(coe, false);
        vm.stopPrank();
    }

    function test_a_host_can_neither_drain_nor_undrain_out_of_a_suspension() public {
        coes.setSuspended(coe, true);
        _expectRefusal(SUSPENDED, ACTIVE);
        _drain(false);
        _expectRefusal(SUSPENDED, DRAINING);
        _drain(true);
        _assertStatus(SUSPENDED);
    }

    function test_a_lifted_suspension_leaves_an_active_coe_active() public {
        coes.setSuspended(coe, true);
        _expectStatus(ACTIVE);
        coes.setSuspended(coe, false);
        _assertStatus(ACTIVE);
    }

    function test_a_lifted_suspension_leaves_a_draining_coe_draining() public {
        _drain(true);
        coes.setSuspended(coe, true);
        _expectStatus(DRAINING);
        coes.setSuspended(coe, false);
        _assertStatus(DRAINING);
    }

    function test_suspending_twice_and_lifting_nothing_are_refused() public {
        _expectRefusal(ACTIVE, ACTIVE);
        coes.setSuspended(coe, false);
        coes.setSuspended(coe, true);
        _expectRefusal(SUSPENDED, SUSPENDED);
        coes.setSuspended(coe, true);
    }

    function test_an_unknown_coe_is_not_suspended() public {
        _expect(abi.encodeWithSelector(ICoeRegistry.CoeUnknown.selector, bytes32(0)));
        coes.setSuspended(bytes32(0), true);
    }

    function test_what_runs_on_a_suspended_coe_ends_as_on_any_other() public {
        uint64[5] memory reserved = [uint64(1), 2, 3, 4, 5];
        _assign(BOOK, reserved, 7e9);
        coes.setSuspended(coe, true);
        vm.startPrank(BOOK);
        coes.release(coe, reserved);
        coes.unlock(coe, 7e9);
        vm.stopPrank();
        _unbond(STAKE);
        assertEq(_record().unbonding, STAKE, "the host may leave");
    }

    function _drain(bool draining) private {
        vm.prank(HOST);
        coes.setDraining(coe, draining);
    }

    function _expectStatus(ICoeRegistry.Status status) private {
        _expectEmit();
        emit ICoeRegistry.StatusSet(coe, status);
    }

    function _expectRefusal(ICoeRegistry.Status from, ICoeRegistry.Status to) private {
        _expect(abi.encodeWithSelector(ICoeRegistry.StatusNotAllowed.selector, from, to));
    }

    function _assertStatus(ICoeRegistry.Status status) private view {
        assertTrue(_offer().status == status, "offer");
        assertTrue(_record().status == status, "record");
    }
}
