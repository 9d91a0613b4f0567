// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev A token that calls somebody in the middle of every transfer, before any balance moves.
contract HookedToken is ERC20 {
    address private _target;
    bytes private _data;
    bool public succeeded;
    bytes public answer;

    constructor(address holder) ERC20("Hooked", "HOOK") {
        _mint(holder, 1e27);
    }

    function hook(address target, bytes calldata data) external {
        (_target, _data) = (target, data);
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (_target != address(0)) {
            (succeeded, answer) = _target.call(_data);
        }
        super._update(from, to, amount);
    }
}
