// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Deployed, Plan} from "./Deployed.sol";

/// @title A deployment in one call, for tests
interface IFixture {
    /// @notice Deploys, wires and verifies. The plan's governor must not be the fixture.
    function deploy(Plan calldata plan) external returns (Deployed memory deployed);
}
