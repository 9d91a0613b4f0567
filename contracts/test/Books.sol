// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../src/interfaces/ILeaseBook.sol";
import {vm} from "./Vm.sol";

/// @title Creates a lease book with its modules from their artifacts
library Books {
    /// @param told what book and modules are told, ABI-encoded: the contracts it works with and its parameters
    function create(bytes memory told) internal returns (ILeaseBook) {
        address opening = vm.deployCode("OpeningModule.sol:OpeningModule", told);
        address running = vm.deployCode("RunningModule.sol:RunningModule", told);
        address ending = vm.deployCode("EndingModule.sol:EndingModule", told);
        bytes memory arguments = bytes.concat(told, abi.encode(opening, running, ending));
        return ILeaseBook(vm.deployCode("LeaseBook.sol:LeaseBook", arguments));
    }
}
