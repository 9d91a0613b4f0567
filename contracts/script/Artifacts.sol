// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {vm} from "./Vm.sol";

/// @title Creates contracts from forge's artifacts by CREATE2
/// @dev `new X{salt: …}()` would make the compiler optimise every contract again inside the script, for minutes.
library Artifacts {
    /// @dev Part of every address: a second set on one chain would take another.
    bytes32 internal constant SALT = keccak256("Dweb 1");

    error NotCreated(string artifact);

    /// @param name of a contract whose file has the same name
    /// @param arguments of its constructor, ABI-encoded
    function create(string memory name, bytes memory arguments) internal returns (address) {
        return _create(name, bytes.concat(vm.getCode(string.concat(name, ".sol:", name)), arguments));
    }

    /// @dev What a constructor refuses for is passed on. In Solidity this exists only as `new X{salt: salt}(arguments)`, with X known to the compiler.
    function _create(string memory name, bytes memory code) private returns (address created) {
        bytes32 salt = SALT;
        assembly ("memory-safe") {
            created := create2(0, add(code, 0x20), mload(code), salt)
            if and(iszero(created), gt(returndatasize(), 0)) {
                let reason := mload(0x40)
                returndatacopy(reason, 0, returndatasize())
                revert(reason, returndatasize())
            }
        }
        if (created == address(0)) revert NotCreated(name);
    }
}
