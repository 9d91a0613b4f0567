// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../interfaces/ILeaseBook.sol";
import {Order, Service} from "../interfaces/Types.sol";
import {LeaseHashing} from "../signing/LeaseHashing.sol";
import {Signatures} from "../signing/Signatures.sol";
import {Book, CANCELLED, Context, OrderRecord} from "./Book.sol";
import {Leases} from "./Leases.sol";

/// @title Orders: none -> admitted -> cancelled
/// @notice An order is its EIP-712 digest and is admitted once; no money sits in it.
library Admission {
    /// @dev Seconds keep 27 bits in a lease: four years.
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

    /// @dev A contract wallet is asked here and never again.
    function admit(
        Book storage book,
        Context memory context,
        Order calldata order,
        Service[] calldata services,
        bytes calldata signature
    ) internal returns (bytes32 orderHash) {
        orderHash = Leases.hash(context, order);
        if (book.orders[orderHash].user != address(0)) revert ILeaseBook.OrderKnown(orderHash);
        requireServices(order, services);
        if (block.timestamp > order.submitBy) revert ILeaseBook.OrderExpired(order.submitBy, block.timestamp);
        uint64 epoch = book.wallets[order.user].epoch;
        if (order.userEpoch < epoch) revert ILeaseBook.OrderFromOldEpoch(order.userEpoch, epoch);
        _requireWellFormed(order, services, context.params.minStartWithin);
        if (!Signatures.isValid(order.user, orderHash, signature)) revert ILeaseBook.SignerMismatch(order.user);

        book.orders[orderHash] = OrderRecord({user: order.user, admittedAt: uint32(block.timestamp), committed: 0});
        emit ILeaseBook.OrderAdmitted(orderHash, order.user, order, services);
    }

    function cancel(Book storage book, bytes32 orderHash) internal {
        OrderRecord storage record = book.orders[orderHash];
        if (record.user == address(0)) revert ILeaseBook.OrderUnknown(orderHash);
        if (record.user != msg.sender) revert ILeaseBook.NotTheUser(record.user, msg.sender);
        if (record.admittedAt == CANCELLED) revert ILeaseBook.OrderCancelledAlready(orderHash);

        record.admittedAt = CANCELLED;
        emit ILeaseBook.OrderCancelled(orderHash);
    }

    /// @dev Reverts unless these are the services that the order was signed for.
    function requireServices(Order calldata order, Service[] calldata services) internal pure {
        bytes32 servicesHash = LeaseHashing.hash(services);
        if (servicesHash != order.servicesHash) {
            revert ILeaseBook.ServicesMismatch(order.servicesHash, servicesHash);
        }
    }

    function _requireWellFormed(Order calldata order, Service[] calldata services, uint256 minStartWithin)
        private
        pure
    {
        if (order.user == address(0)) revert ILeaseBook.OrderMalformed(FIELD_USER);
        if (!_areWellFormed(services)) revert ILeaseBook.OrderMalformed(FIELD_SERVICES);
        if (order.maxTotal == 0) revert ILeaseBook.OrderMalformed(FIELD_MAX_TOTAL);
        if (order.duration == 0 || order.duration >= DURATION_BOUND) {
            revert ILeaseBook.OrderMalformed(FIELD_DURATION);
        }
        if (order.prepay == 0) revert ILeaseBook.OrderMalformed(FIELD_PREPAY);
        bool inTime = order.startWithin <= order.prepay && order.startWithin <= order.duration;
        if (order.startWithin < minStartWithin || !inTime) revert ILeaseBook.OrderMalformed(FIELD_START_WITHIN);
        if (order.upgradePolicy > LAST_UPGRADE_POLICY) revert ILeaseBook.OrderMalformed(FIELD_UPGRADE_POLICY);
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
