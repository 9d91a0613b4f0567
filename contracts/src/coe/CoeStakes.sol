// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ICoeRegistry} from "../interfaces/ICoeRegistry.sol";
import {Capacities, Capacity} from "./Capacity.sol";
import {CoeBooks} from "./CoeBooks.sol";
import {CoeRecord, CoeRecords} from "./CoeRecord.sol";

/// @title What hosts put in, and what lease books take of it
/// @notice Tokens held = stakes + what unbonds. One assigned vector and one locked sum a COE, whatever the number of
/// books.
abstract contract CoeStakes is CoeBooks, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    IERC20 public immutable TOKEN;
    /// @inheritdoc ICoeRegistry
    uint64 public immutable UNBONDING;

    mapping(bytes32 coe => CoeRecord) internal _coes;

    constructor(IERC20 token, uint64 unbonding) {
        TOKEN = token;
        UNBONDING = unbonding;
    }

    // ------------------------------------------------------------------ stake

    /// @inheritdoc ICoeRegistry
    function addStake(bytes32 coe, uint256 amount) external nonReentrant {
        _stake(coe, _known(coe), amount);
    }

    /// @inheritdoc ICoeRegistry
    /// @dev More of it while some is unbonding starts the time of all of it again.
    function unbond(bytes32 coe, uint256 amount) external {
        CoeRecord storage record = _ofHost(coe);
        uint256 free = record.freeStake();
        if (amount > free) revert StakeLocked(amount, free);

        // The stake holds the amount, and both together were once taken as a stake.
        uint64 payableAt = uint64(block.timestamp) + UNBONDING;
        record.stake -= amount.toUint96();
        record.unbonding += amount.toUint96();
        record.unbondableAt = payableAt;
        emit UnbondingStarted(coe, amount, payableAt);
    }

    /// @inheritdoc ICoeRegistry
    function withdrawUnbonded(bytes32 coe) external nonReentrant returns (uint256 amount) {
        CoeRecord storage record = _coes[coe];
        amount = record.unbonding;
        if (amount == 0) revert NothingUnbonding(coe);
        uint64 payableAt = record.unbondableAt;
        if (block.timestamp < payableAt) revert UnbondingUntil(coe, payableAt);

        record.unbonding = 0;
        address host = record.host;
        emit Unbonded(coe, host, amount);
        TOKEN.safeTransfer(host, amount);
    }

    // ------------------------------------------------------------ lease books

    /// @inheritdoc ICoeRegistry
    /// @dev A book that the host has not accepted gets false, like one that wants too much. Bonds are whole gwei.
    function assign(bytes32 coe, uint64[5] calldata reserved, uint256 bond) external returns (bool) {
        uint32 bit = _bitOfCaller();
        uint256 bondGwei = _wholeGwei(bond);
        CoeRecord storage record = _coes[coe];
        if (record.books & bit == 0) return false;
        (bool fits, Capacity wanted) = Capacities.tryPack(reserved);
        if (!fits) return false;

        Capacity assigned = record.assigned;
        uint256 lockedGwei = record.lockedGwei;
        if (!record.capacity.minus(assigned).covers(wanted)) return false;
        if (record.stake - lockedGwei * CoeRecords.GWEI < bond) return false;

        record.assigned = assigned.plus(wanted);
        record.lockedGwei = (lockedGwei + bondGwei).toUint64();
        emit Assigned(coe, msg.sender, reserved, bond);
        return true;
    }

    /// @inheritdoc ICoeRegistry
    function release(bytes32 coe, uint64[5] calldata reserved) external {
        CoeRecord storage record = _acceptedByHost(coe);
        (bool fits, Capacity given) = Capacities.tryPack(reserved);
        Capacity assigned = record.assigned;
        if (!fits || !assigned.covers(given)) revert NotTaken(coe);

        record.assigned = assigned.minus(given);
        emit Released(coe, msg.sender, reserved, 0);
    }

    /// @inheritdoc ICoeRegistry
    function unlock(bytes32 coe, uint256 bond) external {
        _unlock(coe, _acceptedByHost(coe), bond);
        uint64[5] memory none;
        emit Released(coe, msg.sender, none, bond);
    }

    /// @inheritdoc ICoeRegistry
    function slash(bytes32 coe, uint256 bond) external nonReentrant {
        CoeRecord storage record = _acceptedByHost(coe);
        _unlock(coe, record, bond);
        record.stake -= bond.toUint96();
        emit Slashed(coe, msg.sender, bond);
        TOKEN.safeTransfer(msg.sender, bond);
    }

    // --------------------------------------------------------------- internal

    /// @dev The amount is recorded before the tokens come; if they do not, nothing of it happened.
    function _stake(bytes32 coe, CoeRecord storage record, uint256 amount) internal {
        if (amount == 0) return;
        record.stake = (record.stake + amount).toUint96();
        emit Staked(coe, amount);
        TOKEN.safeTransferFrom(msg.sender, address(this), amount);
    }

    function _known(bytes32 coe) internal view returns (CoeRecord storage record) {
        record = _coes[coe];
        if (record.index == 0) revert CoeUnknown(coe);
    }

    function _ofHost(bytes32 coe) internal view returns (CoeRecord storage record) {
        record = _known(coe);
        if (record.host != msg.sender) revert NotTheHost(record.host, msg.sender);
    }

    /// @dev A book that this host never accepted has taken nothing here, whatever the governor says about it.
    function _acceptedByHost(bytes32 coe) private view returns (CoeRecord storage record) {
        uint32 bit = _bitOfCaller();
        record = _coes[coe];
        if (record.books & bit == 0) revert NotTaken(coe);
    }

    function _unlock(bytes32 coe, CoeRecord storage record, uint256 bond) private {
        uint256 bondGwei = _wholeGwei(bond);
        uint256 lockedGwei = record.lockedGwei;
        if (bondGwei > lockedGwei) revert NotTaken(coe);
        record.lockedGwei = (lockedGwei - bondGwei).toUint64();
    }

    function _wholeGwei(uint256 bond) private pure returns (uint256) {
        if (bond % CoeRecords.GWEI != 0) revert BondNotWhole(bond);
        return bond / CoeRecords.GWEI;
    }
}
