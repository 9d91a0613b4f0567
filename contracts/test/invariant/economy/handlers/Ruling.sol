// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {vm} from "../../../Vm.sol";
import {Action} from "../Parts.sol";
import {HostingHandler} from "./Hosting.sol";

/// @title The governor sets prices within bounds, the guardian stops openings, time passes
abstract contract RulingHandler is HostingHandler {
    function setTariff(uint256 seed) external acts(Action.SetTariff, seed) {
        vm.startPrank(dweb.governor);
        dweb.settings.setFee(uint16(_between(1, 500)));
        dweb.settings.setBounty(uint16(_roll(5_001)));
        vm.stopPrank();
        _did(Action.SetTariff);
    }

    function setReferencePrices(uint256 seed) external acts(Action.SetReferencePrices, seed) {
        uint128[5] memory prices = [uint128(1e9), 5e8, 1e7, 1e9, 1e11];
        for (uint256 r = 0; r < 5; ++r) {
            prices[r] = uint128(uint256(prices[r]) * _roll(300) / 100);
        }
        vm.prank(dweb.governor);
        dweb.settings.setReferencePrices(prices);
        _did(Action.SetReferencePrices);
    }

    /// @dev Whoever opens next lets the governor allow it again.
    function stopOpenings(uint256 seed) external acts(Action.StopOpenings, seed) {
        vm.prank(dweb.guardian);
        dweb.settings.stopOpenings();
        _did(Action.StopOpenings);
    }

    /// @dev Seconds, minutes or hours.
    function pass(uint256 seed) external acts(Action.Pass, seed) {
        uint256 how = _roll(4);
        if (how < 2) _wait(_between(1, 20));
        else if (how == 2) _wait(_between(20, 600));
        else _wait(_between(600, 40_000));
        _did(Action.Pass);
    }
}
