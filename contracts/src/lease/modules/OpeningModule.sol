// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LeaseKey, Order, Params, Plan, PlanEntry, Service, Upgrade} from "../../interfaces/Types.sol";
import {Admission} from "../Admission.sol";
import {Parts} from "../Book.sol";
import {Opening} from "../Opening.sol";
import {BookModule} from "./BookModule.sol";

/// @title How leases begin: `Admission` and `Opening` as a module of the lease book
contract OpeningModule is BookModule {
    constructor(Parts memory parts, Params memory p) BookModule(parts, p) {}

    function admit(Order calldata order, Service[] calldata services, bytes calldata signature)
        external
        onlyForABook
        returns (bytes32)
    {
        return Admission.admit(_book, _context(), order, services, signature);
    }

    function open(
        Order calldata order,
        Service[] calldata services,
        Plan calldata plan,
        PlanEntry[] calldata entries,
        bytes[] calldata signatures
    ) external onlyForABook {
        Opening.open(_book, _context(), order, services, plan, entries, signatures);
    }

    function admitAndOpen(
        Order calldata order,
        Service[] calldata services,
        bytes calldata orderSignature,
        Plan calldata plan,
        PlanEntry[] calldata entries,
        bytes[] calldata signatures
    ) external onlyForABook {
        Opening.admitAndOpen(_book, _context(), order, services, orderSignature, plan, entries, signatures);
    }

    function openDirect(
        Order calldata order,
        Service[] calldata services,
        Plan calldata plan,
        PlanEntry[] calldata entries,
        bytes calldata userSignature,
        bytes[] calldata hostSignatures
    ) external onlyForABook {
        Opening.openDirect(_book, _context(), order, services, plan, entries, userSignature, hostSignatures);
    }

    function upgrade(
        Order calldata order,
        Service[] calldata services,
        Upgrade calldata plan,
        PlanEntry[] calldata entries,
        LeaseKey[] calldata running,
        bytes[] calldata signatures
    ) external onlyForABook {
        Opening.upgrade(_book, _context(), order, services, plan, entries, running, signatures);
    }
}
