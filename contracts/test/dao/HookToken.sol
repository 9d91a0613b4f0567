// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

interface ITokenHook {
    function beforeTokens(uint256 amount) external;
}

/// @title A token worse than DWEB: it refuses some receivers, and calls others before it moves the balance
contract HookToken is ERC20 {
    error Blocked(address account);

    mapping(address account => bool) public blocked;
    mapping(address account => bool) public hooked;

    constructor() ERC20("Hook", "HOOK") {
        _mint(msg.sender, 1e27);
    }

    function setBlocked(address account, bool value) external {
        blocked[account] = value;
    }

    function setHooked(address account, bool value) external {
        hooked[account] = value;
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (blocked[to]) revert Blocked(to);
        if (hooked[to]) ITokenHook(to).beforeTokens(amount);
        super._update(from, to, amount);
    }
}
