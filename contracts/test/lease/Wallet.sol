// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A contract wallet that accepts one digest, or misbehaves
contract Wallet {
    bytes32 public accepted;
    uint256 public answerLength = 32;
    bool public burns;

    function accept(bytes32 digest) external {
        accepted = digest;
    }

    function misbehave(uint256 length, bool burn) external {
        answerLength = length;
        burns = burn;
    }

    function isValidSignature(bytes32 digest, bytes calldata) external view returns (bytes4) {
        while (burns) {}
        bytes memory answer = new bytes(answerLength);
        if (answerLength >= 4) {
            bytes4 magic = digest == accepted ? this.isValidSignature.selector : bytes4(0xffffffff);
            for (uint256 i = 0; i < 4; ++i) {
                answer[i] = magic[i];
            }
        }
        // Plain version, which could only answer 32 bytes: `return bytes4(answer);`
        assembly ("memory-safe") {
            return(add(answer, 0x20), mload(answer))
        }
    }
}
