// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token that tells an account when tokens of its move, as DWEB never does
contract HookedToken is ERC20("Hooked", "HOOK") {
    address private listener;

    constructor(address holder) {
        _mint(holder, 1e27);
    }

    function tell(address account) external {
        listener = account;
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (listener != address(0) && (from == listener || to == listener)) Reenterer(listener).tokensMoved();
    }
}

/// @title An account that calls somebody else whenever tokens of its move
contract Reenterer {
    address private target;
    bytes private data;
    uint256 public calls; // when tokens moved
    bytes public answer; // to the last of them

    /// @notice Calls as this account.
    function act(address to, bytes calldata what) external returns (bool ok) {
        (ok,) = to.call(what);
    }

    /// @notice What to call when tokens move.
    function arm(address to, bytes calldata what) external {
        (target, data) = (to, what);
    }

    function tokensMoved() external {
        if (target == address(0)) return;
        ++calls;
        (, answer) = target.call(data);
    }
}
