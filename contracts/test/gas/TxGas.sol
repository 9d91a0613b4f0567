// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {vm} from "../Vm.sol";

/// @title The gas of a whole transaction
/// @notice What is counted is what the sender of the transaction would pay for: 21,000, the calldata (16 gas a byte that is not zero, 4 for one
/// that is), and the execution with every account and slot cold at its start and with its refunds (at most a fifth) taken off.
/// @dev It works in isolation only, where forge runs each call of a test as a transaction of its own: set `default.isolate = true` for the test
/// contract, as Naive.t.sol does. Without it slots would stay warm from call to call and a slot that the same test wrote before
/// would be nearly free to write again. What the measured call builds on may be done in the test itself: it is in earlier transactions.
library TxGas {
    uint256 internal constant BASE = 21_000;

    error NotIsolated();
    error CallFailed(bytes reason);

    /// @notice Sends a transaction to `target` and returns its gas. Reverts when the transaction does.
    function measure(address target, bytes memory data) internal returns (uint256) {
        _requireIsolation();
        (bool done, bytes memory answer) = target.call(data);
        if (!done) revert CallFailed(answer);
        return vm.lastCallGas().gasTotalUsed;
    }

    /// @notice The part of a transaction's gas that does not depend on what it does.
    function intrinsic(bytes memory data) internal pure returns (uint256 gas) {
        gas = BASE;
        for (uint256 i = 0; i < data.length; ++i) {
            gas += data[i] == 0 ? 4 : 16;
        }
    }

    /// @dev A transaction that does nothing costs its base, a mere call costs nothing.
    function _requireIsolation() private {
        (bool done,) = address(0xDEAD).call("");
        if (!done || vm.lastCallGas().gasTotalUsed != BASE) revert NotIsolated();
    }
}
