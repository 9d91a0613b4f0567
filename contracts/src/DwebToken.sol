// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IDwebToken} from "./interfaces/IDwebToken.sol";

/// @title DWEB: fixed supply, 18 decimals, EIP-2612 permits (domain "Dweb", version "1"), votes by timestamp
/// @notice An account votes with what it holds once it has delegated, to itself or another.
/// @dev Nothing mints after the constructor.
contract DwebToken is IDwebToken, ERC20Permit, ERC20Votes {
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

    /// @notice Votes are counted at timestamps, in seconds.
    function clock() public view override returns (uint48) {
        return SafeCast.toUint48(block.timestamp);
    }

    /// @notice What `clock` counts, as ERC-6372 writes it.
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @notice The nonce of an account's next permit or delegation by signature.
    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
