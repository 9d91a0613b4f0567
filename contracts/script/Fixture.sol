// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Deployed, Plan} from "./Deployed.sol";
import {Deployment} from "./Deployment.sol";
import {IFixture} from "./IFixture.sol";
import {Wiring} from "./Wiring.sol";

/// @title The script's deployment as a contract
/// @dev Tests create it from its artifact, so that the compiler handles what it deploys once and not in every test.
contract Fixture is IFixture {
    function deploy(Plan calldata plan) external returns (Deployed memory deployed) {
        deployed = Deployment.deploy(plan, address(this));
        Wiring.verify(deployed, plan);
    }
}
