// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Params} from "../../interfaces/Types.sol";
import {BookBase} from "../BookBase.sol";
import {Parts} from "../Book.sol";

/// @title Code that lease books delegate to, because not all of it fits into one contract
/// @notice A module is a part of a book's code that has an address of its own. It has the book's functions with the book's
/// signatures, so that a call is passed on as it came, and is never called by anybody else.
/// @dev Why this is safe: a module's constants are in its code, it declares no storage, delegates to nobody and cannot be
/// changed or destroyed; the book names its modules in its own code, and its constructor refuses one with other constants.
abstract contract BookModule is BookBase {
    error CalledDirectly();

    address private immutable _SELF = address(this);

    /// @notice Hash of what this module was told, which must be what its book was told.
    bytes32 public immutable TOLD;

    /// @dev Only as the code of a book: a module has no money, and its own storage means nothing.
    modifier onlyForABook() {
        if (address(this) == _SELF) revert CalledDirectly();
        _;
    }

    constructor(Parts memory parts, Params memory p) BookBase(parts, p) {
        TOLD = keccak256(abi.encode(parts, p));
    }
}
