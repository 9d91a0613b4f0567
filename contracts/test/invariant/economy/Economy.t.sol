// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Economy} from "./Economy.sol";
import {EconomyWorld} from "./EconomyWorld.sol";
import {Action} from "./Parts.sol";

/// @title What holds of the whole economy whatever its people do; in words in ../README.md
/// forge-config: default.invariant.runs = 256
/// forge-config: default.invariant.depth = 100
/// forge-config: default.invariant.fail-on-revert = true
contract EconomyInvariantsTest is EconomyWorld {
    Economy private economy;

    function setUp() public override {
        super.setUp();
        economy = new Economy(_contracts(), _cast());
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(economy);
    }

    function invariant_the_book_holds_exactly_what_it_owes() external view {
        economy.requireBookConserved();
    }
}
