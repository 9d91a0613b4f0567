// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Params} from "../../src/interfaces/Types.sol";
import {vm} from "../Vm.sol";
import {Doors} from "./Doors.sol";
import {LeaseWorld} from "./LeaseWorld.sol";

/// @dev What a lease book says of its modules.
interface IBookOfModules {
    function OPENING() external view returns (address);
    function RUNNING() external view returns (address);
    function ENDING() external view returns (address);
}

/// @title The code that a lease book delegates to
contract ModulesTest is LeaseWorld {
    error CalledDirectly();
    error ModuleForAnotherBook(address module);

    function test_a_module_does_nothing_for_who_calls_it_directly() public {
        IBookOfModules modules = IBookOfModules(address(book));
        _requireClosed(modules.OPENING(), Doors.opening());
        _requireClosed(modules.RUNNING(), Doors.running());
        _requireClosed(modules.ENDING(), Doors.ending());
    }

    function test_a_book_refuses_a_module_that_was_told_otherwise(uint256 which) public {
        which = bound(which, 0, 2);
        bytes memory told = _told(_params());
        Params memory other = _params();
        other.grace += 1;
        string[3] memory names = ["Opening", "Running", "Ending"];
        address[3] memory modules;
        for (uint256 i = 0; i < 3; ++i) {
            string memory artifact = string.concat(names[i], "Module.sol:", names[i], "Module");
            modules[i] = vm.deployCode(artifact, i == which ? _told(other) : told);
        }
        vm.expectRevert(abi.encodeWithSelector(ModuleForAnotherBook.selector, modules[which]));
        this.create(bytes.concat(told, abi.encode(modules)));
    }

    function create(bytes calldata arguments) external {
        bytes memory creation = bytes.concat(vm.getCode("LeaseBook.sol:LeaseBook"), arguments);
        // Plain words: `new LeaseBook(arguments)`, passing on why it refuses.
        assembly ("memory-safe") {
            if iszero(create(0, add(creation, 0x20), mload(creation))) {
                returndatacopy(0, 0, returndatasize())
                revert(0, returndatasize())
            }
        }
    }

    function _requireClosed(address module, bytes[] memory doors) private {
        for (uint256 i = 0; i < doors.length; ++i) {
            (bool done, bytes memory refusal) = module.call(doors[i]);
            assertTrue(!done, "refused");
            assertEq(refusal, abi.encodeWithSelector(CalledDirectly.selector), "for who calls");
        }
    }

    function _told(Params memory p) private view returns (bytes memory) {
        return bytes.concat(
            abi.encode(address(token), address(coes), address(images), address(committee)),
            abi.encode(address(pool), address(settings), treasury, p)
        );
    }
}
