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

    /// @notice The same for a contract that delegates to libraries of src/lease, which are created first.
    function createLinked(string memory name, string[] memory libraries, bytes memory arguments)
        internal
        returns (address)
    {
        string memory file = string.concat(vm.projectRoot(), "/out/", name, ".sol/", name, ".json");
        string memory code = vm.parseJsonString(vm.readFile(file), ".bytecode.object");
        for (uint256 i = 0; i < libraries.length; ++i) {
            code = vm.replace(code, _placeholder(libraries[i]), _hexOf(create(libraries[i], "")));
        }
        return _create(name, bytes.concat(vm.parseBytes(code), arguments));
    }

    /// @dev What the compiler leaves where a library's address goes: 17 bytes of the hash of its name, in hexadecimal.
    function _placeholder(string memory name) private pure returns (string memory) {
        bytes32 hash = keccak256(bytes(string.concat("src/lease/", name, ".sol:", name)));
        bytes memory digits = bytes(vm.toString(hash));
        bytes memory first = new bytes(34);
        for (uint256 i = 0; i < 34; ++i) {
            first[i] = digits[i + 2];
        }
        return string.concat("__$", string(first), "$__");
    }

    function _hexOf(address account) private pure returns (string memory) {
        bytes memory digits = bytes(vm.toLowercase(vm.toString(account)));
        bytes memory bare = new bytes(40);
        for (uint256 i = 0; i < 40; ++i) {
            bare[i] = digits[i + 2];
        }
        return string(bare);
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
