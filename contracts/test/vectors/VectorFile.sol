// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Asserts} from "../Asserts.sol";
import {vm} from "../Vm.sol";

/// @title The golden vectors as Solidity structs
/// @notice generate.mjs beside this file writes them from docs/protocol.md; tests in C# read the same files.
abstract contract VectorFile is Asserts {
    string internal constant TERMS =
        "JsonTerms(uint32 hostRate,uint32 baseRate,uint32 hostTransfer,uint32 baseTransfer,uint16 royaltyBps,uint16 feeBps,uint32 allowanceGiB,uint16 rentShare)";

    /// @param file name without its ending
    /// @param list a list of the file, such as ".cases"
    /// @param type_ the struct of one case, as EIP-712 writes types; members are found by their names. Structs inside it
    /// have a name that no contract has: forge looks names up in the whole project, and refuses one that stands twice.
    /// @return cases to be decoded as a list of that struct
    function _read(string memory file, string memory list, string memory type_)
        internal
        view
        returns (bytes memory cases)
    {
        string memory path = string.concat(vm.projectRoot(), "/test/vectors/", file, ".json");
        cases = vm.parseJsonTypeArray(vm.readFile(path), list, type_);
    }

    /// @notice Says which case of a file failed.
    function _at(string memory what, uint256 index) internal pure returns (string memory) {
        return string.concat(what, " of case ", vm.toString(index));
    }
}
