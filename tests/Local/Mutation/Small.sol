// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev 1 < 2 in a comment is text, é too.
contract Small {
    bytes32 private constant TYPE = keccak256("Small(uint256 a)");
    uint256 public constant MOST = 1_000;
    event Moved(uint256 to);
    error TooMuch(uint256 amount);
    uint256 public total;
    uint64[5] private parts;

    modifier always() {
        _;
    }

    function move(uint256 amount, bool ok) external always {
        require(ok && amount > 0, "not ok");
        if (amount > MOST) revert TooMuch(amount);
        for (uint256 i = 0; i < parts.length; ++i) {
            parts[i] += 1;
        }
        total = (total + amount) /* not + */ * 2 days;
        emit Moved(amount == 0 ? 0x10 : total);
    }
}
