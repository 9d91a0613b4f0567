// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICoeRegistry} from "../../src/interfaces/ICoeRegistry.sol";
import {vm} from "../Vm.sol";
import {CoeWorld} from "./CoeWorld.sol";

/// @title Stake in, and slowly out
contract StakeTest is CoeWorld {
    uint64[5] private none;

    function testFuzz_anyone_may_add_to_a_stake(uint256 amount) public {
        amount = bound(amount, 1, token.balanceOf(address(this)));
        _fund(STRANGER, amount);
        _expectEmit();
        emit ICoeRegistry.Staked(coe, amount);
        vm.prank(STRANGER);
        coes.addStake(coe, amount);
        assertEq(_record().stake, STAKE + amount, "stake");
        assertEq(token.balanceOf(address(coes)), STAKE + amount, "held");
        assertEq(token.balanceOf(STRANGER), 0, "taken");
    }

    function test_nothing_is_staked_on_an_unknown_coe() public {
        _expect(abi.encodeWithSelector(ICoeRegistry.CoeUnknown.selector, bytes32(0)));
        coes.addStake(bytes32(0), 1);
    }

    function testFuzz_only_free_stake_is_unbonded(uint256 bond, uint256 amount) public {
        bond = bound(bond, 0, STAKE / 1e9) * 1e9;
        amount = bound(amount, 0, STAKE + 1);
        _assign(BOOK, none, bond);
        uint64 payableAt = uint64(vm.getBlockTimestamp()) + UNBONDING;
        bool free = amount <= STAKE - bond;
        if (free) {
            _expectEmit();
            emit ICoeRegistry.UnbondingStarted(coe, amount, payableAt);
        } else {
            _expect(abi.encodeWithSelector(ICoeRegistry.StakeLocked.selector, amount, STAKE - bond));
        }
        _unbond(amount);
        assertEq(_record().stake, free ? STAKE - amount : STAKE, "leaves the stake at once");
        assertEq(_record().unbonding, free ? amount : 0, "unbonding");
        assertEq(_record().unbondableAt, free ? payableAt : 0, "payable at");
        assertEq(_record().locked, bond, "locked");
    }

    function testFuzz_unbonded_stake_is_paid_to_the_host_when_its_time_has_come(uint256 amount, uint256 waited) public {
        amount = bound(amount, 1, STAKE);
        waited = bound(waited, 0, 2 * UNBONDING);
        _unbond(amount);
        uint64 payableAt = uint64(vm.getBlockTimestamp()) + UNBONDING;
        vm.warp(vm.getBlockTimestamp() + waited);
        if (waited < UNBONDING) {
            _expect(abi.encodeWithSelector(ICoeRegistry.UnbondingUntil.selector, coe, payableAt));
        } else {
            _expectEmit();
            emit ICoeRegistry.Unbonded(coe, HOST, amount);
        }
        vm.prank(STRANGER);
        uint256 paid = coes.withdrawUnbonded(coe);
        assertEq(paid, waited < UNBONDING ? 0 : amount, "paid");
        assertEq(token.balanceOf(HOST), paid, "received");
        assertEq(_record().unbonding, amount - paid, "rest");
    }

    function testFuzz_unbonding_more_starts_the_time_of_all_of_it_again(uint256 first, uint256 second, uint256 waited)
        public
    {
        first = bound(first, 1, STAKE - 1);
        second = bound(second, 1, STAKE - first);
        _unbond(first);
        // Even when the first has become payable meanwhile.
        vm.warp(vm.getBlockTimestamp() + bound(waited, 0, 2 * UNBONDING));
        _unbond(second);
        assertEq(_record().unbonding, first + second, "both");
        uint64 payableAt = uint64(vm.getBlockTimestamp()) + UNBONDING;
        vm.warp(payableAt - 1);
        _expect(abi.encodeWithSelector(ICoeRegistry.UnbondingUntil.selector, coe, payableAt));
        coes.withdrawUnbonded(coe);
        vm.warp(payableAt);
        assertEq(coes.withdrawUnbonded(coe), first + second, "paid");
    }

    function test_nothing_is_paid_twice_or_without_unbonding() public {
        bytes memory reason = abi.encodeWithSelector(ICoeRegistry.NothingUnbonding.selector, coe);
        _expect(reason);
        coes.withdrawUnbonded(coe);
        _unbond(1);
        vm.warp(vm.getBlockTimestamp() + UNBONDING);
        coes.withdrawUnbonded(coe);
        _expect(reason);
        coes.withdrawUnbonded(coe);
    }

    function test_stake_that_unbonds_holds_no_new_bond_and_goes_to_the_host_not_to_the_payee() public {
        vm.prank(HOST);
        coes.setPayee(coe, SPARE);
        _unbond(STAKE - 1e9);
        assertEq(_offer().freeStake, 1e9, "free");
        assertTrue(!_assign(BOOK, none, 2e9), "refused");
        assertTrue(_assign(BOOK, none, 1e9), "what is left");
        vm.warp(vm.getBlockTimestamp() + UNBONDING);
        coes.withdrawUnbonded(coe);
        assertEq(token.balanceOf(HOST), STAKE - 1e9, "host");
        assertEq(token.balanceOf(SPARE), 0, "payee");
    }
}
