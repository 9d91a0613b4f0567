// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Fault, LeaseKey, Order, Params} from "../../interfaces/Types.sol";
import {Parts} from "../Book.sol";
import {Ending} from "../Ending.sol";
import {BookModule} from "./BookModule.sol";

/// @title How leases end: `Ending` as a module of the lease book
contract EndingModule is BookModule {
    constructor(Parts memory parts, Params memory p) BookModule(parts, p) {}

    function end(LeaseKey[] calldata keys) external onlyForABook {
        Ending.end(_book, _context(), keys);
    }

    function move(Order calldata order, LeaseKey[] calldata keys) external onlyForABook {
        Ending.move(_book, _context(), order, keys);
    }

    function drain(Order calldata order, LeaseKey[] calldata keys) external onlyForABook {
        Ending.drain(_book, _context(), order, keys);
    }

    function fault(Order calldata order, LeaseKey calldata key, Fault calldata found, bytes[] calldata signatures)
        external
        onlyForABook
    {
        Ending.fault(_book, _context(), order, key, found, signatures);
    }

    function answer(LeaseKey calldata key) external onlyForABook {
        Ending.answer(_book, _context(), key);
    }

    function noShow(Order calldata order, LeaseKey[] calldata keys) external onlyForABook {
        Ending.noShow(_book, _context(), order, keys);
    }

    function expire(Order calldata order, LeaseKey[] calldata keys) external onlyForABook {
        Ending.expire(_book, _context(), order, keys);
    }

    function stopMalicious(bytes32 imageDigest, LeaseKey[] calldata keys) external onlyForABook {
        Ending.stopMalicious(_book, _context(), imageDigest, keys);
    }

    function finalise(LeaseKey[] calldata keys) external onlyForABook {
        Ending.finalise(_book, _context(), keys);
    }
}
