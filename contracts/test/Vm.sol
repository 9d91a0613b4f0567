// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// Scripts use the same cheatcodes, and must not pull the compiler settings of tests into what they deploy.
import {Vm, vm} from "../script/Vm.sol";
