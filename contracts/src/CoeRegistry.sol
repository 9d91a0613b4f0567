// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ICoeRegistry} from "./interfaces/ICoeRegistry.sol";

/// @title Container Orchestration Environments: who offers what, at what price, with which key
/// @notice coe id = keccak256(abi.encode(chainId, this, host, keccak256(name))). The owner is the governor.
/// @dev One assigned vector and one locked sum a COE, whatever the number of lease books.
contract CoeRegistry is ICoeRegistry, Ownable {
    using SafeERC20 for IERC20;

    /// @notice Regions are bits of a 64-bit mask.
    uint8 public constant REGIONS = 64;

    IERC20 public immutable TOKEN;

    /// @inheritdoc ICoeRegistry
    mapping(address book => bool) public isBook;

    mapping(bytes32 coe => Coe) private _coes;
    mapping(address agent => bytes32 coe) private _coeOfAgent;

    modifier onlyBook() {
        if (!isBook[msg.sender]) revert NotABook(msg.sender);
        _;
    }

    constructor(IERC20 token, address governor) Ownable(governor) {
        TOKEN = token;
    }

    /// @inheritdoc ICoeRegistry
    /// @dev An agent's key belongs to one COE for ever: a usage batch can never be read as another COE's.
    function register(
        string calldata name,
        address agent,
        uint8 region,
        uint64[5] calldata capacity,
        uint128[5] calldata ask,
        string calldata endpoint,
        uint256 stake
    ) external returns (bytes32 coe) {
        if (bytes(name).length == 0) revert NameEmpty();
        if (agent == address(0)) revert AgentZero();
        if (region >= REGIONS) revert RegionOutOfRange(region);
        if (_isEmpty(capacity)) revert CapacityEmpty();
        coe = coeIdOf(msg.sender, name);
        if (_coes[coe].host != address(0)) revert CoeKnown(coe);
        if (_coeOfAgent[agent] != bytes32(0)) revert AgentTaken(agent, _coeOfAgent[agent]);

        Coe storage record = _coes[coe];
        record.host = msg.sender;
        record.agent = agent;
        record.status = Status.Active;
        record.region = region;
        record.capacity = capacity;
        record.ask = ask;
        record.stake = stake;
        record.name = name;
        record.endpoint = endpoint;
        _coeOfAgent[agent] = coe;

        emit CoeRegistered(coe, msg.sender, agent, name, region);
        emit CapacitySet(coe, capacity);
        emit AskSet(coe, ask);
        emit EndpointSet(coe, endpoint);
        if (stake > 0) {
            emit Staked(coe, stake);
            TOKEN.safeTransferFrom(msg.sender, address(this), stake);
        }
    }

    /// @inheritdoc ICoeRegistry
    function authoriseBook(address book) external onlyOwner {
        isBook[book] = true;
        emit BookAuthorised(book);
    }

    /// @inheritdoc ICoeRegistry
    function assign(bytes32 coe, uint64[5] calldata reserved, uint256 bond) external onlyBook returns (bool) {
        Coe storage record = _coes[coe];
        if (record.stake - record.locked < bond) return false;
        uint64[5] memory assigned = record.assigned;
        for (uint256 i = 0; i < 5; ++i) {
            if (record.capacity[i] - assigned[i] < reserved[i]) return false;
            assigned[i] += reserved[i];
        }

        record.assigned = assigned;
        record.locked += bond;
        emit Assigned(coe, msg.sender, reserved, bond);
        return true;
    }

    /// @inheritdoc ICoeRegistry
    function release(bytes32 coe, uint64[5] calldata reserved) external onlyBook {
        Coe storage record = _coes[coe];
        for (uint256 i = 0; i < 5; ++i) {
            record.assigned[i] -= reserved[i];
        }
        emit Released(coe, msg.sender, reserved, 0);
    }

    /// @inheritdoc ICoeRegistry
    function unlock(bytes32 coe, uint256 bond) external onlyBook {
        _coes[coe].locked -= bond;
        emit Released(coe, msg.sender, [uint64(0), 0, 0, 0, 0], bond);
    }

    /// @inheritdoc ICoeRegistry
    function coeIdOf(address host, string calldata name) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), host, keccak256(bytes(name))));
    }

    /// @inheritdoc ICoeRegistry
    /// @dev Answers an empty record, status None, for an unknown COE.
    function coeOf(bytes32 coe) external view returns (Coe memory) {
        return _coes[coe];
    }

    /// @inheritdoc ICoeRegistry
    function agentOf(bytes32 coe) external view returns (address) {
        return _coes[coe].agent;
    }

    /// @inheritdoc ICoeRegistry
    function coeOfAgent(address agent) external view returns (bytes32) {
        return _coeOfAgent[agent];
    }

    /// @inheritdoc ICoeRegistry
    function unassigned(bytes32 coe) external view returns (uint64[5] memory rest) {
        Coe storage record = _coes[coe];
        if (record.host == address(0)) revert CoeUnknown(coe);
        for (uint256 i = 0; i < 5; ++i) {
            rest[i] = record.capacity[i] - record.assigned[i];
        }
    }

    function _isEmpty(uint64[5] calldata capacity) private pure returns (bool) {
        return (capacity[0] | capacity[1] | capacity[2] | capacity[3] | capacity[4]) == 0;
    }
}
