// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

/// @title Did this account sign this digest?
library Signatures {
    /// @dev Enough for a multisignature wallet of a dozen owners, too little to grief whoever relays the transaction.
    uint256 internal constant WALLET_GAS = 200_000;

    /// @notice What is signed for typed data: keccak256(0x1901 ++ domain separator ++ hashStruct).
    function typedDataDigest(bytes32 domain, bytes32 structHash) internal pure returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(domain, structHash);
    }

    /// @notice ECDSA first; if that is not the signer's and the signer has code, ERC-1271 with bounded gas and
    /// returndata.
    function isValid(address signer, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        if (signer == address(0)) return false;
        if (recover(digest, signature) == signer) return true;
        return signer.code.length > 0 && _acceptedByWallet(signer, digest, signature);
    }

    /// @return signer the key behind an ECDSA signature, zero when it is malformed
    function recover(bytes32 digest, bytes calldata signature) internal pure returns (address signer) {
        (signer,,) = ECDSA.tryRecoverCalldata(digest, signature);
    }

    /// @dev Plain version, which would copy returndata of any length:
    /// `(bool ok, bytes memory answer) = wallet.staticcall{gas: WALLET_GAS}(data);`
    /// `return ok && answer.length >= 32 && bytes32(answer) == bytes32(IERC1271.isValidSignature.selector);`
    function _acceptedByWallet(address wallet, bytes32 digest, bytes calldata signature) private view returns (bool) {
        bytes memory data = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
        uint256 gasBound = WALLET_GAS;
        bool ok;
        bytes32 answer;
        assembly ("memory-safe") {
            ok := staticcall(gasBound, wallet, add(data, 0x20), mload(data), 0x00, 0x20)
            ok := and(ok, gt(returndatasize(), 0x1f))
            answer := mload(0x00)
        }
        return ok && answer == bytes32(IERC1271.isValidSignature.selector);
    }
}
