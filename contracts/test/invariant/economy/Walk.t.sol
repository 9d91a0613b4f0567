// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {vm} from "../../Vm.sol";
import {Economy} from "./Economy.sol";
import {EconomyWorld} from "./EconomyWorld.sol";
import {Action} from "./Parts.sol";
import {Steps} from "./Steps.sol";

/// @title Whether the actions that the invariants are driven through succeed, and how often
contract EconomyWalkTest is EconomyWorld {
    uint256 private constant WALKS = 20;
    uint256 private constant LENGTH = 100;
    uint256 private constant LEAST = 10;

    error Failed(bytes action, bytes answer);
    error SeldomSucceeds(string action, uint256 calls, uint256 successes);

    /// @dev The walks are as long as those of the invariants, and always the same.
    function test_every_action_succeeds_many_times() public {
        vm.pauseGasMetering();
        Economy economy = new Economy(_contracts(), _cast());
        bytes4[] memory steps = Steps.selectors();
        uint256[2][] memory counts = new uint256[2][](steps.length);
        uint256 start = vm.snapshotState();
        for (uint256 walk = 0; walk < WALKS; ++walk) {
            _walk(economy, steps, walk);
            _add(economy, counts);
            assertTrue(vm.revertToState(start), "back");
            vm.warp(START);
        }
        _report(counts);
    }

    function _walk(Economy economy, bytes4[] memory steps, uint256 walk) private {
        for (uint256 step = 0; step < LENGTH; ++step) {
            uint256 seed = uint256(keccak256(abi.encode(walk, step)));
            bytes memory action = abi.encodeWithSelector(steps[seed % steps.length], seed);
            (bool passed, bytes memory answer) = address(economy).call(action);
            if (!passed) revert Failed(action, answer);
        }
        economy.requireAll();
    }

    function _add(Economy economy, uint256[2][] memory counts) private view {
        for (uint256 i = 0; i < counts.length; ++i) {
            (uint256 calls, uint256 successes) = economy.callsOf(Action(i));
            counts[i][0] += calls;
            counts[i][1] += successes;
        }
    }

    function _report(uint256[2][] memory counts) private {
        string[] memory names = Steps.names();
        for (uint256 i = 0; i < counts.length; ++i) {
            string memory done = string.concat(vm.toString(counts[i][1]), " of ", vm.toString(counts[i][0]));
            emit Steps.log_named_string(names[i], done);
        }
        for (uint256 i = 0; i < counts.length; ++i) {
            if (counts[i][1] < LEAST) revert SeldomSucceeds(names[i], counts[i][0], counts[i][1]);
        }
    }
}
