// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

import {IDwebToken} from "./interfaces/IDwebToken.sol";

/// @title DWEB: fixed supply, 18 decimals, EIP-2612 permits (domain "Dweb", version "1")
/// @dev Nothing mints after the constructor.
contract DwebToken is IDwebToken, ERC20Permit {
    /// @notice One billion DWEB in all, on every chain.
    uint256 public constant SUPPLY = 1_000_000_000e18;

    uint256 private constant LOCAL_CHAIN = 31337;

    /// @param holder gets the whole supply; on the local chain half of it, the other half is the faucet's
    constructor(address holder) ERC20("Dweb", "DWEB") ERC20Permit("Dweb") {
        uint256 forFaucet = block.chainid == LOCAL_CHAIN ? SUPPLY / 2 : 0;
        if (forFaucet > 0) _mint(address(this), forFaucet);
        _mint(holder, SUPPLY - forFaucet);
    }

    /// @inheritdoc IDwebToken
    function faucet(address to, uint256 amount) external {
        if (block.chainid != LOCAL_CHAIN) revert FaucetOnLocalChainOnly(block.chainid);
        _transfer(address(this), to, amount);
    }
}
