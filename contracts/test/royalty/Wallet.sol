// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";

import {ICodeRegistry} from "../../src/interfaces/ICodeRegistry.sol";

/// @dev A contract wallet that accepts one digest, or answers what it should not. It knows no ERC-721 hook.
contract Wallet {
    bytes32 public accepted;
    bytes public answer;
    bool public burns;

    function accept(bytes32 digest) external {
        accepted = digest;
    }

    function lie(bytes calldata with) external {
        answer = with;
    }

    function burn() external {
        burns = true;
    }

    function createRepository(ICodeRegistry code, string calldata name) external returns (uint256) {
        return code.createRepository(name, address(this));
    }

    function isValidSignature(bytes32 digest, bytes calldata) external view returns (bytes4) {
        while (burns) {}
        bytes memory lie_ = answer;
        if (lie_.length > 0) {
            assembly ("memory-safe") {
                return(add(lie_, 0x20), mload(lie_))
            }
        }
        return digest == accepted ? this.isValidSignature.selector : bytes4(0);
    }
}

/// @dev Uses the hook of a safe transfer to act as the NFT's new owner, and hands it on.
contract GreedyReceiver {
    ICodeRegistry private immutable CODE;
    address private immutable FRIEND;
    bool public wasOwner;

    constructor(ICodeRegistry code, address friend) {
        CODE = code;
        FRIEND = friend;
    }

    function onERC721Received(address, address, uint256 id, bytes calldata) external returns (bytes4) {
        wasOwner = IERC721(address(CODE)).ownerOf(id) == address(this);
        CODE.setDelegate(id, FRIEND, true);
        IERC721(address(CODE)).transferFrom(address(this), FRIEND, id);
        return this.onERC721Received.selector;
    }
}
