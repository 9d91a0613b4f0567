// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title DWEB: fixed supply, 18 decimals, EIP-2612 permits
/// @notice On chain id 31337 only, part of the supply sits in the contract and `faucet` hands it out.
interface IDwebToken {
    error FaucetOnLocalChainOnly(uint256 chainId);

    function faucet(address to, uint256 amount) external;
}
