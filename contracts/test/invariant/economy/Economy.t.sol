// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Economy} from "./Economy.sol";
import {EconomyWorld} from "./EconomyWorld.sol";
import {Steps} from "./Steps.sol";

/// @title What holds of the whole economy whatever its people do; in words in ../README.md
/// @dev A seed only feeds the handlers' dice, so there is nothing that forge could learn from what it sees; and
/// shrinking is kept short, because each try is a whole run.
/// forge-config: default.invariant.shrink-run-limit = 50
/// forge-config: default.invariant.dictionary-weight = 0
/// forge-config: default.invariant.include-storage = false
/// forge-config: default.invariant.include-push-bytes = false
contract EconomyInvariantsTest is EconomyWorld {
    Economy private economy;

    function setUp() public override {
        super.setUp();
        economy = new Economy(_contracts(), _cast());
    }

    /// @dev Read by forge: what it calls.
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(economy), Steps.selectors());
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(economy);
    }

    /// @notice One campaign for all of them, since each would be driven through the same calls.
    /// @notice One campaign for all of them, since each would be driven through the same calls.
    function invariant_the_economy_holds() external {
        economy.requireAll();
    }

    /// @dev Run by forge at the end of every run.
    function afterInvariant() external {
        (uint256 calls, uint256 successes) = economy.callsInAll();
        assertTrue(2 * successes >= calls, "most actions of a run succeed");
        economy.windDown(0);
    }
}
