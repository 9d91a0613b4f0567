// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {ILeaseBook} from "../interfaces/ILeaseBook.sol";
import {Order, Service} from "../interfaces/Types.sol";
import {LeaseHashing} from "../signing/LeaseHashing.sol";
import {Signatures} from "../signing/Signatures.sol";

/// @title Orders: none -> admitted -> cancelled
/// @notice An order is its EIP-712 digest and is admitted once; no money sits in it.
abstract contract Orders is ILeaseBook, EIP712 {
    struct OrderRecord {
        address user;
        uint64 admittedAt;
        uint32 duration;
        bytes32 servicesHash;
        uint128 maxTotal;
        uint64 submitBy;
        uint64 userEpoch;
        uint32 prepay;
        uint16 maxRoyaltyBps;
        uint16 maxFeeBps;
        bool cancelled;
        uint128 spent;
        uint128 fenced;
    }

    /// @dev Seconds keep 27 bits when leases are packed: four years.
    uint32 internal constant DURATION_BOUND = 2 ** 27;
    uint16 internal constant MOST_REPLICAS = 256;
    uint8 internal constant LAST_UPGRADE_POLICY = 1;

    // Members of the typed data by position, as OrderMalformed names them.
    uint8 internal constant FIELD_USER = 0;
    uint8 internal constant FIELD_SERVICES = 1;
    uint8 internal constant FIELD_MAX_TOTAL = 2;
    uint8 internal constant FIELD_DURATION = 3;
    uint8 internal constant FIELD_PREPAY = 4;
    uint8 internal constant FIELD_START_WITHIN = 6;
    uint8 internal constant FIELD_UPGRADE_POLICY = 9;

    /// @inheritdoc ILeaseBook
    uint64 public immutable MIN_START_WITHIN;

    mapping(bytes32 orderHash => OrderRecord) internal _orders;
    /// @inheritdoc ILeaseBook
    mapping(address user => uint64) public epochOf;

    constructor(uint64 minStartWithin) EIP712("Dweb", "1") {
        MIN_START_WITHIN = minStartWithin;
    }

    /// @inheritdoc ILeaseBook
    /// @dev A contract wallet is asked here and never again.
    function admit(Order calldata order, Service[] calldata services, bytes calldata signature)
        external
        returns (bytes32 orderHash)
    {
        orderHash = orderHashOf(order);
        if (_orders[orderHash].user != address(0)) revert OrderKnown(orderHash);
        bytes32 servicesHash = LeaseHashing.hash(services);
        if (servicesHash != order.servicesHash) revert ServicesMismatch(order.servicesHash, servicesHash);
        if (block.timestamp > order.submitBy) revert OrderExpired(order.submitBy, block.timestamp);
        if (order.userEpoch < epochOf[order.user]) revert OrderFromOldEpoch(order.userEpoch, epochOf[order.user]);
        _requireWellFormed(order, services);
        if (!Signatures.isValid(order.user, orderHash, signature)) revert SignerMismatch(order.user);

        _orders[orderHash] = OrderRecord({
            user: order.user,
            admittedAt: uint64(block.timestamp),
            duration: order.duration,
            servicesHash: servicesHash,
            maxTotal: order.maxTotal,
            submitBy: order.submitBy,
            userEpoch: order.userEpoch,
            prepay: order.prepay,
            maxRoyaltyBps: order.maxRoyaltyBps,
            maxFeeBps: order.maxFeeBps,
            cancelled: false,
            spent: 0,
            fenced: 0
        });
        emit OrderAdmitted(orderHash, order.user, order, services);
    }

    /// @inheritdoc ILeaseBook
    function cancel(bytes32 orderHash) external {
        OrderRecord storage order = _orders[orderHash];
        if (order.user == address(0)) revert OrderUnknown(orderHash);
        if (order.user != msg.sender) revert NotTheUser(order.user, msg.sender);
        if (order.cancelled) revert OrderCancelledAlready(orderHash);

        order.cancelled = true;
        emit OrderCancelled(orderHash);
    }

    /// @inheritdoc ILeaseBook
    function raiseEpoch() external returns (uint64 epoch) {
        epoch = ++epochOf[msg.sender];
        emit EpochRaised(msg.sender, epoch);
    }

    /// @inheritdoc ILeaseBook
    function orderHashOf(Order calldata order) public view returns (bytes32) {
        return _hashTypedDataV4(LeaseHashing.hash(order));
    }

    /// @inheritdoc ILeaseBook
    function orderOf(bytes32 orderHash)
        external
        view
        returns (address user, bool cancelled, uint64 admittedAt, bytes32 servicesHash, uint256 spent, uint256 fenced)
    {
        OrderRecord storage order = _orders[orderHash];
        user = order.user;
        cancelled = order.cancelled || order.userEpoch < epochOf[user];
        return (user, cancelled, order.admittedAt, order.servicesHash, order.spent, order.fenced);
    }

    /// @dev Reverts unless leases of the order may be opened for the first time now.
    function _requireOpenable(bytes32 orderHash, Service[] calldata services)
        internal
        view
        returns (OrderRecord storage order)
    {
        order = _orders[orderHash];
        if (order.user == address(0)) revert OrderUnknown(orderHash);
        if (order.cancelled) revert OrderCancelledAlready(orderHash);
        uint64 epoch = epochOf[order.user];
        if (order.userEpoch < epoch) revert OrderFromOldEpoch(order.userEpoch, epoch);
        if (block.timestamp > order.submitBy) revert OrderExpired(order.submitBy, block.timestamp);
        bytes32 servicesHash = LeaseHashing.hash(services);
        if (servicesHash != order.servicesHash) revert ServicesMismatch(order.servicesHash, servicesHash);
    }

    function _requireWellFormed(Order calldata order, Service[] calldata services) private view {
        if (order.user == address(0)) revert OrderMalformed(FIELD_USER);
        if (!_areWellFormed(services)) revert OrderMalformed(FIELD_SERVICES);
        if (order.maxTotal == 0) revert OrderMalformed(FIELD_MAX_TOTAL);
        if (order.duration == 0 || order.duration >= DURATION_BOUND) revert OrderMalformed(FIELD_DURATION);
        if (order.prepay == 0) revert OrderMalformed(FIELD_PREPAY);
        if (order.startWithin < MIN_START_WITHIN || order.startWithin > order.prepay) {
            revert OrderMalformed(FIELD_START_WITHIN);
        }
        if (order.upgradePolicy > LAST_UPGRADE_POLICY) revert OrderMalformed(FIELD_UPGRADE_POLICY);
    }

    function _areWellFormed(Service[] calldata services) private pure returns (bool) {
        if (services.length == 0 || services.length > type(uint16).max) return false;
        for (uint256 i = 0; i < services.length; ++i) {
            Service calldata service = services[i];
            if (service.imageDigest == bytes32(0)) return false;
            if (service.replicas == 0 || service.replicas > MOST_REPLICAS) return false;
        }
        return true;
    }
}
