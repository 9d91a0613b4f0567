// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What the royalty pool asks the registry that defined a node
interface INodePayees {
    /// @return the account that the self edge of this node pays, today
    function payeeOf(bytes32 node) external view returns (address);
}
