// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Deployed, Deployment, Plan} from "../script/Deployment.sol";

/// @title The script's deployment as a contract
/// @dev Tests create it from its artifact, so that the compiler handles what it deploys once and not in every test.
contract Fixture {
    function deploy(Plan calldata plan) external returns (Deployed memory deployed) {
        deployed = Deployment.deploy(plan, address(this));
        Deployment.verify(deployed, plan);
    }
}
