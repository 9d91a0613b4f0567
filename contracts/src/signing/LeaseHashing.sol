// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Fault, Order, Plan, PlanEntry, Service, Upgrade, Verdict} from "../interfaces/Types.sol";

/// @title Typed data of orders, plans and usage
/// @notice The domain is {name "Dweb", version "1", chainId, verifyingContract = the lease book}.
library LeaseHashing {
    bytes32 internal constant ORDER = keccak256(
        "Order(address user,Service[] services,uint128 maxTotal,uint32 duration,uint32 prepay,uint64 submitBy,uint32 startWithin,uint16 maxRoyaltyBps,uint16 maxFeeBps,uint8 upgradePolicy,address operator,uint64 userEpoch,bytes32 salt)Service(bytes32 imageDigest,bytes32 specHash,uint16 replicas,uint64[5] reserved,uint128[5] ceiling,uint64 regionMask,uint128 minStake,bytes32 placementHash)"
    );

    bytes32 internal constant SERVICE = keccak256(
        "Service(bytes32 imageDigest,bytes32 specHash,uint16 replicas,uint64[5] reserved,uint128[5] ceiling,uint64 regionMask,uint128 minStake,bytes32 placementHash)"
    );

    bytes32 internal constant PLAN = keccak256(
        "Plan(bytes32 orderHash,PlanEntry[] entries,uint64 committeeEpoch,uint64 deadline)PlanEntry(uint16 service,uint16 replica,uint16 generation,bytes32 coe,uint64 maxHostRate)"
    );

    bytes32 internal constant PLAN_ENTRY =
        keccak256("PlanEntry(uint16 service,uint16 replica,uint16 generation,bytes32 coe,uint64 maxHostRate)");

    bytes32 internal constant UPGRADE = keccak256(
        "Upgrade(bytes32 orderHash,bytes32 imageDigest,PlanEntry[] entries,uint32 overlap,uint64 committeeEpoch,uint64 deadline)PlanEntry(uint16 service,uint16 replica,uint16 generation,bytes32 coe,uint64 maxHostRate)"
    );

    bytes32 internal constant FAULT =
        keccak256("Fault(bytes32 leaseId,uint64 deadSince,uint64 committeeEpoch,uint64 deadline)");

    bytes32 internal constant VERDICT =
        keccak256("Verdict(bytes32 leaseId,uint32 disputedSeconds,bool refund,uint64 committeeEpoch,uint64 deadline)");

    bytes32 internal constant USAGE_BATCH = keccak256("UsageBatch(bytes32 coe,uint64 asOf,bytes32 entriesHash)");

    /// @notice hashStruct of an order. The struct holds `servicesHash` where the typed data has `Service[] services`,
    /// and every other member is one word, so its ABI encoding is the encoding of EIP-712.
    function hash(Order calldata order) internal pure returns (bytes32) {
        return keccak256(abi.encode(ORDER, order));
    }

    /// @notice `servicesHash`: keccak256 of the concatenated hashStructs.
    function hash(Service[] calldata services) internal pure returns (bytes32) {
        bytes32[] memory words = new bytes32[](services.length);
        for (uint256 i = 0; i < services.length; ++i) {
            words[i] = _hash(services[i]);
        }
        return keccak256(abi.encodePacked(words));
    }

    /// @dev A fixed array encodes as keccak256 of its five 32-byte words.
    function _hash(Service calldata service) private pure returns (bytes32) {
        return keccak256(
            abi.encode(
                SERVICE,
                service.imageDigest,
                service.specHash,
                service.replicas,
                keccak256(abi.encode(service.reserved)),
                keccak256(abi.encode(service.ceiling)),
                service.regionMask,
                service.minStake,
                service.placementHash
            )
        );
    }

    /// @notice hashStruct of a plan; `entriesHash` stands where the typed data has `PlanEntry[] entries`.
    function hash(Plan calldata plan) internal pure returns (bytes32) {
        return keccak256(abi.encode(PLAN, plan));
    }

    /// @notice hashStruct of an upgrade; `entriesHash` stands where the typed data has `PlanEntry[] entries`.
    function hash(Upgrade calldata plan) internal pure returns (bytes32) {
        return keccak256(abi.encode(UPGRADE, plan));
    }

    /// @notice hashStruct of a fault.
    function hash(Fault calldata found) internal pure returns (bytes32) {
        return keccak256(abi.encode(FAULT, found));
    }

    /// @notice hashStruct of a verdict.
    function hash(Verdict calldata verdict) internal pure returns (bytes32) {
        return keccak256(abi.encode(VERDICT, verdict));
    }

    /// @notice `entriesHash` of a plan or upgrade: keccak256 of the concatenated hashStructs.
    function hash(PlanEntry[] calldata entries) internal pure returns (bytes32) {
        bytes32[] memory words = new bytes32[](entries.length);
        for (uint256 i = 0; i < entries.length; ++i) {
            words[i] = keccak256(abi.encode(PLAN_ENTRY, entries[i]));
        }
        return keccak256(abi.encodePacked(words));
    }

    /// @notice hashStruct of a usage batch.
    function hashUsage(bytes32 coe, uint64 asOf, bytes calldata entries) internal pure returns (bytes32) {
        return keccak256(abi.encode(USAGE_BATCH, coe, asOf, keccak256(entries)));
    }
}
