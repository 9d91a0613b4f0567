// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    Edge,
    Fault,
    Image,
    Order,
    Plan,
    PlanEntry,
    Release,
    Service,
    Upgrade,
    Verdict
} from "../src/interfaces/Types.sol";
import {vm} from "./Vm.sol";

/// @title EIP-712 as a signer does it: written from the type strings, sharing nothing with the contracts
library Typed {
    function hashConsent(bytes32 coe) internal pure returns (bytes32) {
        return keccak256(abi.encode(keccak256("AgentConsent(bytes32 coe)"), coe));
    }

    function digest(address verifier, bytes32 structHash) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Dweb"),
                keccak256("1"),
                vm.getChainId(),
                verifier
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function hash(Order memory o) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Order(address user,Service[] services,uint128 maxTotal,uint32 duration,uint32 prepay,uint64 submitBy,uint32 startWithin,uint16 maxRoyaltyBps,uint16 maxFeeBps,uint8 upgradePolicy,address operator,uint64 userEpoch,bytes32 salt)Service(bytes32 imageDigest,bytes32 specHash,uint16 replicas,uint64[5] reserved,uint128[5] ceiling,uint64 regionMask,uint128 minStake,bytes32 placementHash)"
        );
        bytes memory first =
            abi.encode(typeHash, o.user, o.servicesHash, o.maxTotal, o.duration, o.prepay, o.submitBy, o.startWithin);
        return keccak256(
            bytes.concat(
                first, abi.encode(o.maxRoyaltyBps, o.maxFeeBps, o.upgradePolicy, o.operator, o.userEpoch, o.salt)
            )
        );
    }

    function hash(Service[] memory services) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Service(bytes32 imageDigest,bytes32 specHash,uint16 replicas,uint64[5] reserved,uint128[5] ceiling,uint64 regionMask,uint128 minStake,bytes32 placementHash)"
        );
        bytes memory all;
        for (uint256 i = 0; i < services.length; ++i) {
            Service memory s = services[i];
            bytes memory reserved;
            bytes memory ceiling;
            for (uint256 r = 0; r < 5; ++r) {
                reserved = bytes.concat(reserved, bytes32(uint256(s.reserved[r])));
                ceiling = bytes.concat(ceiling, bytes32(uint256(s.ceiling[r])));
            }
            bytes memory first = abi.encode(typeHash, s.imageDigest, s.specHash, s.replicas);
            bytes memory second =
                abi.encode(keccak256(reserved), keccak256(ceiling), s.regionMask, s.minStake, s.placementHash);
            all = bytes.concat(all, keccak256(bytes.concat(first, second)));
        }
        return keccak256(all);
    }

    function hash(Plan memory p) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256(
                    "Plan(bytes32 orderHash,PlanEntry[] entries,uint64 committeeEpoch,uint64 deadline)PlanEntry(uint16 service,uint16 replica,uint16 generation,bytes32 coe,uint64 maxHostRate)"
                ),
                p.orderHash,
                p.entriesHash,
                p.committeeEpoch,
                p.deadline
            )
        );
    }

    function hash(PlanEntry[] memory entries) internal pure returns (bytes32) {
        bytes32 typeHash =
            keccak256("PlanEntry(uint16 service,uint16 replica,uint16 generation,bytes32 coe,uint64 maxHostRate)");
        bytes memory all;
        for (uint256 i = 0; i < entries.length; ++i) {
            PlanEntry memory e = entries[i];
            all = bytes.concat(
                all, keccak256(abi.encode(typeHash, e.service, e.replica, e.generation, e.coe, e.maxHostRate))
            );
        }
        return keccak256(all);
    }

    function hash(Upgrade memory u) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Upgrade(bytes32 orderHash,bytes32 imageDigest,PlanEntry[] entries,uint32 overlap,uint64 committeeEpoch,uint64 deadline)PlanEntry(uint16 service,uint16 replica,uint16 generation,bytes32 coe,uint64 maxHostRate)"
        );
        return keccak256(
            abi.encode(
                typeHash, u.orderHash, u.imageDigest, u.entriesHash, uint256(u.overlap), u.committeeEpoch, u.deadline
            )
        );
    }

    function hash(Fault memory f) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256("Fault(bytes32 leaseId,uint64 deadSince,uint64 committeeEpoch,uint64 deadline)");
        return keccak256(abi.encode(typeHash, f.leaseId, f.deadSince, f.committeeEpoch, f.deadline));
    }

    function hash(Verdict memory v) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Verdict(bytes32 leaseId,uint32 disputedSeconds,bool refund,uint64 committeeEpoch,uint64 deadline)"
        );
        return keccak256(abi.encode(typeHash, v.leaseId, v.disputedSeconds, v.refund, v.committeeEpoch, v.deadline));
    }

    function hashUsage(bytes32 coe, uint64 asOf, bytes memory entries) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256("UsageBatch(bytes32 coe,uint64 asOf,bytes32 entriesHash)"), coe, asOf, keccak256(entries)
            )
        );
    }

    function hash(Edge[] memory edges) internal pure returns (bytes32) {
        bytes memory all;
        for (uint256 i = 0; i < edges.length; ++i) {
            all = bytes.concat(
                all,
                keccak256(
                    abi.encode(keccak256("Edge(bytes32 node,uint16 weight)"), edges[i].node, uint256(edges[i].weight))
                )
            );
        }
        return keccak256(all);
    }

    function hash(Release memory r) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256(
                    "Release(uint256 repository,string version,bytes32 sourceDigest,string uri,string license,uint16 selfWeight,Edge[] upstream)Edge(bytes32 node,uint16 weight)"
                ),
                r.repository,
                keccak256(bytes(r.version)),
                r.sourceDigest,
                keccak256(bytes(r.uri)),
                keccak256(bytes(r.license)),
                r.selfWeight,
                hash(r.upstream)
            )
        );
    }

    function hash(Image memory i) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256(
                    "Image(address publisher,bytes32 manifestDigest,string name,uint16 royaltyBps,uint16 selfWeight,Edge[] components)Edge(bytes32 node,uint16 weight)"
                ),
                i.publisher,
                i.manifestDigest,
                keccak256(bytes(i.name)),
                i.royaltyBps,
                i.selfWeight,
                hash(i.components)
            )
        );
    }

    function hashComponents(Image memory i) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256(
                    "Components(uint16 royaltyBps,uint16 selfWeight,Edge[] components)Edge(bytes32 node,uint16 weight)"
                ),
                i.royaltyBps,
                i.selfWeight,
                hash(i.components)
            )
        );
    }
}
