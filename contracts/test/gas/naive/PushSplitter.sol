// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title What a team would write first: a splitter that sends every payee its share at once
contract PushSplitter {
    using SafeERC20 for IERC20;

    struct Payee {
        address account;
        uint96 weight;
    }

    IERC20 private immutable TOKEN;
    Payee[] private _payees;
    uint256 private _weights;

    event Paid(address indexed payee, uint256 amount);

    constructor(IERC20 token, address[] memory payees, uint96 weight) {
        TOKEN = token;
        for (uint256 i = 0; i < payees.length; ++i) {
            _payees.push(Payee(payees[i], weight));
            _weights += weight;
        }
    }

    function distribute() external {
        uint256 amount = TOKEN.balanceOf(address(this));
        uint256 weights = _weights;
        for (uint256 i = 0; i < _payees.length; ++i) {
            Payee memory payee = _payees[i];
            uint256 share = amount * payee.weight / weights;
            emit Paid(payee.account, share);
            TOKEN.safeTransfer(payee.account, share);
        }
    }
}
