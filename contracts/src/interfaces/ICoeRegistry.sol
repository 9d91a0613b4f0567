// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Container Orchestration Environments: who offers what, at what price, with which key
interface ICoeRegistry {
    enum Status {
        None,
        Active,
        Draining,
        Suspended
    }

    struct Coe {
        address host;
        address agent; // the key that signs heartbeats and usage
        Status status;
        uint8 region; // 0..63
        uint64[5] capacity;
        uint64[5] assigned;
        uint128[5] ask;
        uint256 stake;
        uint256 locked; // bonds of leases that are not closed
        string name;
        string endpoint;
    }

    event CoeRegistered(bytes32 indexed coe, address indexed host, address agent, string name, uint8 region);
    event CapacitySet(bytes32 indexed coe, uint64[5] capacity);
    event AskSet(bytes32 indexed coe, uint128[5] ask);
    event EndpointSet(bytes32 indexed coe, string endpoint);
    event Staked(bytes32 indexed coe, uint256 amount);
    event Assigned(bytes32 indexed coe, address indexed book, uint64[5] reserved, uint256 bond);
    event Released(bytes32 indexed coe, address indexed book, uint64[5] reserved, uint256 bond);
    event BookAuthorised(address indexed book);

    error CoeKnown(bytes32 coe);
    error CoeUnknown(bytes32 coe);
    error AgentTaken(address agent, bytes32 coe);
    error NotTheHost(address host, address caller);
    error NotABook(address caller);
    error RegionOutOfRange(uint8 region);
    error NameEmpty();
    error CapacityEmpty();
    error AgentZero();

    /// @notice Registers a COE of the caller. Its id is derived from chain, registry, host and name.
    /// @param stake wei taken from the caller's allowance
    function register(
        string calldata name,
        address agent,
        uint8 region,
        uint64[5] calldata capacity,
        uint128[5] calldata ask,
        string calldata endpoint,
        uint256 stake
    ) external returns (bytes32 coe);

    function coeIdOf(address host, string calldata name) external view returns (bytes32);
    function coeOf(bytes32 coe) external view returns (Coe memory);
    function agentOf(bytes32 coe) external view returns (address);
    function coeOfAgent(address agent) external view returns (bytes32);
    function unassigned(bytes32 coe) external view returns (uint64[5] memory);

    /// @notice Takes capacity and locks a bond. Only by an authorised lease book; false when either does not suffice.
    function assign(bytes32 coe, uint64[5] calldata reserved, uint256 bond) external returns (bool);
    /// @notice Gives capacity back. Never reverts for a book that took it.
    function release(bytes32 coe, uint64[5] calldata reserved) external;
    /// @notice Unlocks a bond. Never reverts for a book that locked it.
    function unlock(bytes32 coe, uint256 bond) external;
    /// @notice Lets a lease book assign. By the governor.
    function authoriseBook(address book) external;
    function isBook(address book) external view returns (bool);
}
