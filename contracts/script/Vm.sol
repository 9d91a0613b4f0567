// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The cheatcodes of forge that tests and scripts here use
interface Vm {
    // Time, callers, state.
    function warp(uint256 timestamp) external;
    /// @notice Seconds; the optimiser takes block.timestamp for a constant within a test and keeps the value from before a warp.
    function getBlockTimestamp() external view returns (uint256 timestamp);
    function chainId(uint256 id) external;
    /// @notice As getBlockTimestamp, for block.chainid.
    function getChainId() external view returns (uint256 id);
    function prank(address sender) external;
    function startPrank(address sender) external;
    function stopPrank() external;
    function deployCode(string calldata artifact) external returns (address);
    function deployCode(string calldata artifact, bytes calldata arguments) external returns (address);
    function getCode(string calldata artifact) external view returns (bytes memory);
    function getDeployedCode(string calldata artifact) external view returns (bytes memory);
    function etch(address target, bytes calldata code) external;
    function load(address target, bytes32 slot) external view returns (bytes32);
    function store(address target, bytes32 slot, bytes32 value) external;
    function snapshotState() external returns (uint256 id);
    function revertToState(uint256 id) external returns (bool);
    function revertToStateAndDelete(uint256 id) external returns (bool);

    // Expectations.
    function expectRevert(bytes4 selector) external;
    function expectRevert(bytes calldata data) external;
    function expectRevert() external;
    function expectPartialRevert(bytes4 selector) external;
    function expectEmit(bool topic1, bool topic2, bool topic3, bool data, address emitter) external;
    function mockCall(address target, bytes calldata data, bytes calldata answer) external;
    function clearMockedCalls() external;
    function assume(bool condition) external pure;
    function pauseGasMetering() external;

    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    struct Gas {
        uint64 gasLimit;
        uint64 gasTotalUsed; // of the whole transaction, where the test is isolated
        uint64 gasMemoryUsed;
        int64 gasRefunded;
        uint64 gasRemaining;
    }

    function lastCallGas() external view returns (Gas memory);
    function snapshotGasLastCall(string calldata group, string calldata name) external returns (uint256);
    function snapshotValue(string calldata group, string calldata name, uint256 value) external;
    function cool(address target) external;

    function recordLogs() external;
    function getRecordedLogs() external returns (Log[] memory);

    // Keys.
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function addr(uint256 key) external pure returns (address);
    function label(address account, string calldata name) external;

    // Scripts.
    function startBroadcast() external;
    function stopBroadcast() external;
    function projectRoot() external view returns (string memory);
    function readFile(string calldata path) external view returns (string memory);
    function writeFile(string calldata path, string calldata text) external;
    function envString(string calldata name) external view returns (string memory);
    function envOr(string calldata name, string calldata otherwise) external view returns (string memory);
    function envOr(string calldata name, address otherwise) external view returns (address);
    function envOr(string calldata name, uint256 otherwise) external view returns (uint256);
    function envOr(string calldata name, string calldata delimiter, address[] calldata otherwise)
        external
        view
        returns (address[] memory);
    function envOr(string calldata name, string calldata delimiter, uint256[] calldata otherwise)
        external
        view
        returns (uint256[] memory);
    function envAddress(string calldata name, string calldata delimiter) external view returns (address[] memory);
    function parseJsonUint(string calldata json, string calldata key) external pure returns (uint256);
    function parseJsonUintArray(string calldata json, string calldata key) external pure returns (uint256[] memory);
    function parseJsonTypeArray(string calldata json, string calldata key, string calldata type_)
        external
        pure
        returns (bytes memory);
    function parseJsonBool(string calldata json, string calldata key) external pure returns (bool);
    function parseJsonString(string calldata json, string calldata key) external pure returns (string memory);
    function parseBytes(string calldata text) external pure returns (bytes memory);
    function replace(string calldata text, string calldata from, string calldata to)
        external
        pure
        returns (string memory);
    function toLowercase(string calldata text) external pure returns (string memory);
    function toString(bytes32 value) external pure returns (string memory);
    function toString(bytes calldata value) external pure returns (string memory);
    function toString(address value) external pure returns (string memory);
    function toString(uint256 value) external pure returns (string memory);
}

/// @dev Where forge answers cheatcodes.
Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
