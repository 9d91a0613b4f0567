// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICoeRegistry} from "../../src/interfaces/ICoeRegistry.sol";
import {vm} from "../Vm.sol";
import {CoeWorld} from "./CoeWorld.sol";

/// @title Falls of an ask are in force at once, rises after ASK_DELAY
contract AsksTest is CoeWorld {
    function test_a_fall_is_in_force_at_once() public {
        uint128[5] memory lower = [uint128(1e9), 1, 0, 1e9, 1e11];
        _expectEmit();
        emit ICoeRegistry.AskSet(coe, lower, uint64(START + BOOK_DELAY));
        _setAsk(lower);
        assertPrices(_offer().ask, lower, "offer");
        assertPrices(_record().nextAsk, lower, "next");
        assertEq(_record().nextAskFrom, 0, "nothing waits");
    }

    function test_a_rise_waits_in_each_dimension_by_itself() public {
        uint128[5] memory mixed = [uint128(3e9), 5e8, 1e7, 2e9, 1];
        uint64 from = uint64(vm.getBlockTimestamp()) + ASK_DELAY;
        _expectEmit();
        emit ICoeRegistry.AskSet(coe, mixed, from);
        _setAsk(mixed);
        assertPrices(_offer().ask, [uint128(2e9), 5e8, 1e7, 1e9, 1], "only falls");
        assertPrices(_record().nextAsk, mixed, "next");
        assertEq(_record().nextAskFrom, from, "from");

        vm.warp(from - 1);
        assertEq(_offer().ask[0], 2e9, "one second before");
        vm.warp(from);
        assertPrices(_offer().ask, mixed, "in force without a call");
        assertPrices(_record().ask, mixed, "record");
        assertEq(_record().nextAskFrom, 0, "nothing waits any more");
    }

    function test_a_rise_that_came_into_force_is_the_ask_from_which_the_next_change_counts() public {
        _setAsk([uint128(3e9), 1e9, 1e7, 1e9, 2e11]);
        vm.warp(vm.getBlockTimestamp() + ASK_DELAY);
        _setAsk([uint128(3e9), 2e9, 1e7, 1e9, 2e11]);
        assertPrices(_offer().ask, [uint128(3e9), 1e9, 1e7, 1e9, 2e11], "the first rise stays");
    }

    function test_setting_a_waiting_rise_again_starts_its_time_again() public {
        _setAsk([uint128(3e9), 1e9, 1e7, 1e9, 2e11]);
        vm.warp(vm.getBlockTimestamp() + ASK_DELAY - 1);
        _setAsk([uint128(4e9), 1e9, 1e7, 1e9, 2e11]);
        vm.warp(vm.getBlockTimestamp() + 1);
        assertEq(_offer().ask[0], 2e9, "neither is in force");
        vm.warp(vm.getBlockTimestamp() + ASK_DELAY - 1);
        assertEq(_offer().ask[0], 4e9, "the later one is");
    }

    function test_a_fall_while_a_rise_waits_is_not_lost_when_the_rise_comes() public {
        _setAsk([uint128(3e9), 1e9, 1e7, 1e9, 2e11]);
        _setAsk([uint128(3e9), 5e8, 1e7, 1e9, 2e11]);
        vm.warp(vm.getBlockTimestamp() + ASK_DELAY);
        assertPrices(_offer().ask, [uint128(3e9), 5e8, 1e7, 1e9, 2e11], "both");
    }

    function test_a_rise_that_waits_can_be_taken_back() public {
        _setAsk([uint128(3e9), 1e9, 1e7, 1e9, 2e11]);
        _setAsk(_ask());
        assertEq(_record().nextAskFrom, 0, "nothing waits");
        vm.warp(vm.getBlockTimestamp() + ASK_DELAY);
        assertPrices(_offer().ask, _ask(), "as before");
    }

    function test_only_the_host_sets_asks() public {
        _expect(abi.encodeWithSelector(ICoeRegistry.NotTheHost.selector, HOST, STRANGER));
        vm.prank(STRANGER);
        coes.setAsk(coe, _ask());
        _expect(abi.encodeWithSelector(ICoeRegistry.CoeUnknown.selector, bytes32(0)));
        coes.setAsk(bytes32(0), _ask());
    }

    function testFuzz_an_ask_that_is_too_wide_is_refused_everywhere(uint256 resource, uint128 price) public {
        resource = bound(resource, 0, 4);
        uint128 most = resource < 4 ? 2 ** 48 - 1 : 2 ** 64 - 1;
        price = uint128(bound(price, uint256(most) + 1, type(uint128).max));
        uint128[5] memory ask = _ask();
        ask[resource] = price;
        bytes memory reason = abi.encodeWithSelector(ICoeRegistry.AskTooWide.selector, resource, price, most);
        _expect(reason);
        _setAsk(ask);
        _expect(reason);
        _registerAs(address(this), "two", SPARE_KEY, 0, _capacity(), ask, LEAST, BOOK);
    }

    /// @dev Against a plain history: a price in force is one that was set ASK_DELAY ago or earlier, or one that is no
    /// higher than the price in force just before it was set.
    function testFuzz_no_rise_is_early_and_no_fall_is_late(uint32[5][6] memory prices, uint16[6] memory waits) public {
        uint128[5] memory before = _ask();
        for (uint256 n = 0; n < 6; ++n) {
            before = _ask32(_offer().ask, prices[n]);
            vm.warp(vm.getBlockTimestamp() + waits[n] % ASK_DELAY);
            assertPrices(_offer().ask, before, "too early");
            if (waits[n] >= ASK_DELAY) {
                vm.warp(vm.getBlockTimestamp() + ASK_DELAY);
                for (uint256 i = 0; i < 5; ++i) {
                    assertEq(_offer().ask[i], prices[n][i], "in force by now");
                }
            }
        }
    }

    /// @return least what must be in force until ASK_DELAY has passed
    function _ask32(uint128[5] memory inForce, uint32[5] memory prices) private returns (uint128[5] memory least) {
        uint128[5] memory ask;
        for (uint256 i = 0; i < 5; ++i) {
            ask[i] = prices[i];
            least[i] = ask[i] < inForce[i] ? ask[i] : inForce[i];
        }
        _setAsk(ask);
    }
}
