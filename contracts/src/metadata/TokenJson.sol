// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

/// @title JSON that an NFT keeps on chain, piece by piece
/// @notice Each function answers one member, `"key":value`; `uri` joins them to an object. Keys are ours and need no
/// escaping; text is somebody else's and is escaped.
library TokenJson {
    function text(string memory key, string memory value) internal pure returns (string memory) {
        return string.concat('"', key, '":"', Strings.escapeJSON(value), '"');
    }

    function account(string memory key, address value) internal pure returns (string memory) {
        return string.concat('"', key, '":"', Strings.toChecksumHexString(value), '"');
    }

    /// @notice A word as 0x and 64 lower-case hex digits.
    function word(string memory key, bytes32 value) internal pure returns (string memory) {
        return string.concat('"', key, '":"', Strings.toHexString(uint256(value), 32), '"');
    }

    function number(string memory key, uint256 value) internal pure returns (string memory) {
        return string.concat('"', key, '":', Strings.toString(value));
    }

    function flag(string memory key, bool value) internal pure returns (string memory) {
        return string.concat('"', key, '":', value ? "true" : "false");
    }

    function object(string memory key, string memory members) internal pure returns (string memory) {
        return string.concat('"', key, '":{', members, "}");
    }

    /// @notice Members with a comma between them.
    function join(string memory first, string memory second) internal pure returns (string memory) {
        return string.concat(first, ",", second);
    }

    /// @return a `data:` URI of the object with these members
    function uri(string memory members) internal pure returns (string memory) {
        return string.concat("data:application/json;base64,", Base64.encode(bytes(string.concat("{", members, "}"))));
    }
}
