// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

/// @title A contract that exercises every shape the bindings know; compiled into Probe.json by compile.sh
contract Probe {
    struct Part {
        uint8 small;
        uint64 wide;
        bytes32 id;
        string label;
    }

    struct Whole {
        address owner;
        Part[] parts;
        uint128[2] pair;
        bytes blob;
        bytes4 tag;
        int32 signedSmall;
        bool flag;
    }

    event Counted(address indexed sender, uint256 total, uint64 step);
    event Noted(string indexed topicText, bytes32 indexed id, uint64[2] indexed pair, string text, Part part);
    event Counted(uint256 onlyTotal);

    error TooMuch(uint256 wanted, uint256 most, address sender);
    error Refused(Part part, string reason);

    uint256 public total;
    string public greeting;

    constructor(string memory greeting_) {
        greeting = greeting_;
    }

    function add(uint64 step) external {
        if (step > 1000) revert TooMuch(step, 1000, msg.sender);
        total += step;
        emit Counted(msg.sender, total, step);
    }

    function note(string calldata text, bytes32 id, Part calldata part) external {
        emit Noted(text, id, [uint64(1), 2], text, part);
    }

    function refuse(Part calldata part) external pure {
        revert Refused(part, "because");
    }

    function fail(string calldata text) external pure {
        revert(text);
    }

    function overflow(uint8 x) external pure returns (uint8) {
        return x + 1;
    }

    function echo(Whole calldata whole, uint16[][] calldata matrix) external pure returns (Whole memory sameWhole, uint16[][] memory sameMatrix) {
        return (whole, matrix);
    }
}
