// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICoeRegistry} from "../../src/interfaces/ICoeRegistry.sol";
import {vm} from "../Vm.sol";
import {CoeWorld} from "./CoeWorld.sol";

/// @title What hosts, books and the governor might try against each other
contract AttacksTest is CoeWorld {
    uint64[5] private none;
    uint64[5] private some = [uint64(1_000), 2, 3, 4, 5];

    function test_attack_unbonding_under_open_leases() public {
        _assign(BOOK, some, 60e18);
        _expect(abi.encodeWithSelector(ICoeRegistry.StakeLocked.selector, STAKE, 40e18));
        _unbond(STAKE);
        _unbond(40e18);
        vm.warp(vm.getBlockTimestamp() + UNBONDING);
        coes.withdrawUnbonded(coe);
        vm.prank(BOOK);
        coes.slash(coe, 60e18);
        assertEq(token.balanceOf(BOOK), 60e18, "the bond was there to the last wei");
        assertEq(_record().stake, 0, "nothing is left");
    }

    function test_attack_two_lease_books_over_one_coe() public {
        _accept(OTHER);
        assertTrue(_assign(BOOK, [uint64(3_000), 0, 0, 0, 60], 60e18), "first book");
        assertTrue(!_assign(OTHER, [uint64(1_001), 0, 0, 0, 0], 0), "CPU is shared");
        assertTrue(!_assign(OTHER, [uint64(0), 0, 0, 0, 41], 0), "transfer is shared");
        assertTrue(!_assign(OTHER, none, 41e18), "stake is shared");
        assertTrue(_assign(OTHER, [uint64(1_000), 0, 0, 0, 40], 40e18), "what is left");

        vm.prank(BOOK);
        coes.release(coe, [uint64(3_000), 0, 0, 0, 60]);
        vm.prank(OTHER);
        coes.release(coe, [uint64(1_000), 0, 0, 0, 40]);
        vm.prank(BOOK);
        coes.unlock(coe, 60e18);
        vm.prank(OTHER);
        coes.slash(coe, 40e18);
        assertAmounts(coes.unassigned(coe), _capacity(), "all is back");
        assertEq(_offer().freeStake, 60e18, "free");
    }

    /// @dev A plan's deadline lies at most ASK_DELAY after it was signed.
    function test_attack_an_ask_raised_after_an_order_was_signed() public {
        uint256 signedAt = vm.getBlockTimestamp();
        _setAsk([uint128(2e12), 1e12, 1e10, 1e12, 2e14]);
        vm.warp(signedAt + ASK_DELAY - 1);
        assertPrices(_offer().ask, _ask(), "the ask that was signed against");
    }

    /// @dev Announcing a rise early and setting another just before it is due would otherwise raise at no notice.
    function test_attack_a_rise_that_rides_on_an_older_one() public {
        _setAsk([uint128(3e9), 1e9, 1e7, 1e9, 2e11]);
        vm.warp(vm.getBlockTimestamp() + ASK_DELAY - 1);
        _setAsk([uint128(9e12), 1e9, 1e7, 1e9, 2e11]);
        vm.warp(vm.getBlockTimestamp() + ASK_DELAY - 1);
        assertEq(_offer().ask[0], 2e9, "still the old ask");
    }

    /// @dev It was on chain for whoever signed: a plan counts with what is announced, and its signed rate guards the user.
    function test_a_rise_announced_before_a_plan_was_signed_may_come_into_force_before_its_deadline() public {
        _setAsk([uint128(3e9), 1e9, 1e7, 1e9, 2e11]);
        vm.warp(vm.getBlockTimestamp() + 1); // signed here
        assertEq(_record().nextAsk[0], 3e9, "announced");
        assertEq(_record().nextAskFrom, vm.getBlockTimestamp() - 1 + ASK_DELAY, "and from when");
        vm.warp(vm.getBlockTimestamp() + ASK_DELAY - 1);
        assertEq(_offer().ask[0], 3e9, "in force one second before the deadline");
    }

    function test_attack_an_ask_lowered_to_win_a_plan_and_raised_in_the_same_block() public {
        _setAsk([uint128(1), 1, 1, 1, 1]);
        _setAsk(_ask());
        assertPrices(_offer().ask, [uint128(1), 1, 1, 1, 1], "the low ask holds for ASK_DELAY");
    }

    function test_attack_agent_key_reuse_across_coes() public {
        bytes memory taken = abi.encodeWithSelector(ICoeRegistry.AgentTaken.selector, AGENT, coe);
        _expect(taken);
        _registerAs(address(this), "two", AGENT_KEY);

        bytes memory consent = _consent(SPARE_KEY, coe);
        vm.prank(HOST);
        coes.rotateAgent(coe, SPARE, consent);
        _expect(taken);
        _registerAs(address(this), "two", AGENT_KEY);
        bytes32 second = _register("two", THIRD_KEY, BOOK);
        vm.startPrank(HOST);
        _expect(taken);
        coes.rotateAgent(second, AGENT, "");
        _expect(taken);
        coes.rotateAgent(coe, AGENT, "");
        _expect(abi.encodeWithSelector(ICoeRegistry.AgentTaken.selector, SPARE, coe));
        coes.rotateAgent(coe, SPARE, "");
        vm.stopPrank();
    }

    function test_attack_a_book_authorised_before_its_delay() public {
        address next = address(0xB3);
        coes.proposeBook(next);
        vm.warp(vm.getBlockTimestamp() + BOOK_DELAY - 1);
        _expect(abi.encodeWithSelector(ICoeRegistry.BookTooEarly.selector, next, vm.getBlockTimestamp() + 1));
        coes.authoriseBook(next);
        _expect(abi.encodeWithSelector(ICoeRegistry.NotABook.selector, next));
        _assign(next, none, 0);
    }

    /// @dev A host that distrusts a proposed book has its free stake out before the book may assign.
    function test_attack_a_hostile_book_that_a_host_sees_coming() public {
        address next = address(0xB3);
        coes.proposeBook(next);
        _unbond(STAKE);
        vm.warp(vm.getBlockTimestamp() + UNBONDING);
        coes.withdrawUnbonded(coe);
        assertEq(token.balanceOf(HOST), STAKE, "out");
        _expect(abi.encodeWithSelector(ICoeRegistry.BookTooEarly.selector, next, vm.getBlockTimestamp() + 1));
        coes.authoriseBook(next);
    }

    function test_attack_a_book_that_a_host_never_accepted() public {
        _assign(BOOK, some, 60e18);
        assertTrue(!_assign(OTHER, none, 0), "takes nothing");
        bytes memory reason = abi.encodeWithSelector(ICoeRegistry.NotTaken.selector, coe);
        vm.startPrank(OTHER);
        _expect(reason);
        coes.release(coe, some);
        _expect(reason);
        coes.unlock(coe, 60e18);
        _expect(reason);
        coes.slash(coe, 60e18);
        vm.stopPrank();
        assertTrue(!coes.offerOf(coe, OTHER).accepted, "and is told so");
    }

    function test_attack_packed_widths_at_their_bounds() public {
        uint64[5] memory widest = [uint64(2 ** 36 - 1), 2 ** 36 - 1, 2 ** 44 - 1, 2 ** 32 - 1, 2 ** 36 - 1];
        vm.prank(HOST);
        coes.setCapacity(coe, widest);
        for (uint256 i = 0; i < 5; ++i) {
            uint64[5] memory reserved;
            reserved[i] = widest[i];
            assertTrue(_assign(BOOK, reserved, 0), "one lane whole");
            assertTrue(!_assign(BOOK, reserved, 0), "not twice");
            reserved[i] = type(uint64).max;
            assertTrue(!_assign(BOOK, reserved, 0), "nor by wrapping round");
        }
        assertAmounts(_record().assigned, widest, "full");
        vm.prank(BOOK);
        coes.release(coe, widest);
        assertAmounts(coes.unassigned(coe), widest, "empty");
    }

    function test_attack_indexes_of_coes_used_up() public {
        bytes32 slot = bytes32(uint256(6));
        assertEq(vm.load(address(coes), slot), bytes32(uint256(1)), "the count of COEs");
        vm.store(address(coes), slot, bytes32(uint256(2 ** 24 - 2)));
        bytes32 last = _register("last", SPARE_KEY, BOOK);
        assertEq(coes.coeOf(last).index, 2 ** 24 - 1, "last index");
        vm.expectRevert(ICoeRegistry.TooManyCoes.selector);
        _registerAs(address(this), "more", THIRD_KEY);
    }
}
