// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ICoeRegistry} from "../../src/interfaces/ICoeRegistry.sol";
import {vm} from "../Vm.sol";
import {CoeWorld} from "./CoeWorld.sol";
import {HookedToken, Reenterer} from "./HookedToken.sol";

/// @title Re-entrancy through the token: host and book are contracts that call back while their tokens move
contract ReentrancyTest is CoeWorld {
    Reenterer private actor;
    bytes32 private own;

    function setUp() public override {
        super.setUp();
        actor = new Reenterer();
        HookedToken(address(token)).tell(address(actor));
        token.transfer(address(actor), 2 * STAKE);
        _act(address(token), abi.encodeCall(token.approve, (address(coes), 2 * STAKE)));
        coes.proposeBook(address(actor));
        vm.warp(vm.getBlockTimestamp() + BOOK_DELAY);
        coes.authoriseBook(address(actor));
        _act(address(coes), _registration("own", SPARE_KEY));
        own = coes.coeIdOf(address(actor), "own");
        _act(address(coes), abi.encodeCall(coes.acceptBook, (own, address(actor))));
    }

    function _token() internal override returns (address) {
        return address(new HookedToken(address(this)));
    }

    function test_attack_withdrawing_unbonded_stake_twice() public {
        _act(address(coes), abi.encodeCall(coes.unbond, (own, STAKE)));
        vm.warp(vm.getBlockTimestamp() + UNBONDING);
        _arm(abi.encodeCall(coes.withdrawUnbonded, (own)));
        coes.withdrawUnbonded(own);
        _assertRefused();
        assertEq(token.balanceOf(address(actor)), 2 * STAKE, "once");
        assertEq(token.balanceOf(address(coes)), STAKE, "the other COE's stake");
    }

    function test_attack_slashing_twice() public {
        uint64[5] memory none;
        _act(address(coes), abi.encodeCall(coes.assign, (own, none, 10e18)));
        _arm(abi.encodeCall(coes.slash, (own, 10e18)));
        _act(address(coes), abi.encodeCall(coes.slash, (own, 10e18)));
        _assertRefused();
        assertEq(token.balanceOf(address(actor)), STAKE + 10e18, "once");
        assertEq(coes.coeOf(own).stake, STAKE - 10e18, "stake");
    }

    function test_attack_staking_while_a_stake_is_on_its_way() public {
        _arm(abi.encodeCall(coes.addStake, (own, 1)));
        _act(address(coes), abi.encodeCall(coes.addStake, (own, 10)));
        _assertRefused();
        assertEq(coes.coeOf(own).stake, STAKE + 10, "once");
        assertEq(token.balanceOf(address(coes)), 2 * STAKE + 10, "held");
    }

    function test_attack_registering_while_a_stake_is_on_its_way() public {
        _arm(_registration("inner", THIRD_KEY));
        _act(address(coes), _registration("outer", 0xA4));
        _assertRefused();
        assertTrue(coes.coeOf(coes.coeIdOf(address(actor), "outer")).index == 3, "the outer one");
        assertEq(coes.coeOfAgent(vm.addr(THIRD_KEY)), bytes32(0), "not the inner one");
    }

    /// @dev Stake that is recorded but not yet paid cannot leave in between: it unbonds first.
    function test_attack_unbonding_a_stake_that_is_on_its_way() public {
        _arm(abi.encodeCall(coes.unbond, (own, STAKE + 10)));
        _act(address(coes), abi.encodeCall(coes.addStake, (own, 10)));
        assertEq(coes.coeOf(own).unbonding, STAKE + 10, "unbonds");
        assertEq(token.balanceOf(address(coes)), 2 * STAKE + 10, "and is held");
    }

    function _registration(string memory name, uint256 key) private view returns (bytes memory) {
        bytes memory consent = _consent(key, _idOf(address(actor), name));
        return abi.encodeCall(coes.register, (name, vm.addr(key), consent, 0, _capacity(), _ask(), "", STAKE, BOOK));
    }

    function _arm(bytes memory data) private {
        actor.arm(address(coes), data);
    }

    function _act(address to, bytes memory data) private {
        assertTrue(actor.act(to, data), "the outer call");
    }

    function _assertRefused() private view {
        bytes memory refusal = abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        assertEq(actor.calls(), 1, "called back");
        assertEq(actor.answer(), refusal, "refused");
    }
}
