// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import {IDwebToken} from "../src/interfaces/IDwebToken.sol";

/// @title All faces of the token that tests look at
interface IToken is IDwebToken, IERC20Metadata, IERC20Permit {}
