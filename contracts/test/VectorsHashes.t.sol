// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Fault, Order, Plan, PlanEntry, Service, Upgrade, Verdict} from "../src/interfaces/Types.sol";
import {LeaseHashing} from "../src/signing/LeaseHashing.sol";
import {Typed} from "./Typed.sol";
import {VectorFile} from "./vectors/VectorFile.sol";
import {vm} from "./Vm.sol";

/// @title What users, schedulers and agents sign for a lease book
contract VectorsHashesTest is VectorFile {
    struct OrderVector {
        Order order;
        Service[] services;
        uint64 chainId;
        address verifyingContract;
        bytes32 structHash;
        bytes32 digest;
    }

    struct PlanVector {
        Plan plan;
        PlanEntry[] entries;
        uint64 chainId;
        address verifyingContract;
        bytes32 structHash;
        bytes32 digest;
    }

    struct UpgradeVector {
        Upgrade upgrade;
        PlanEntry[] entries;
        uint64 chainId;
        address verifyingContract;
        bytes32 structHash;
        bytes32 digest;
    }

    struct FaultVector {
        Fault fault;
        uint64 chainId;
        address verifyingContract;
        bytes32 structHash;
        bytes32 digest;
    }

    struct VerdictVector {
        Verdict verdict;
        uint64 chainId;
        address verifyingContract;
        bytes32 structHash;
        bytes32 digest;
    }

    struct Batch {
        bytes32 coe;
        uint64 asOf;
        bytes entries;
    }

    struct BatchVector {
        Batch batch;
        bytes32 entriesHash;
        uint64 chainId;
        address verifyingContract;
        bytes32 structHash;
        bytes32 digest;
    }

    struct TypeVector {
        string name;
        string encoding;
        bytes32 hash;
    }

    string private constant SIGNED = "uint64 chainId,address verifyingContract,bytes32 structHash,bytes32 digest)";
    string private constant ENTRY =
        "JsonPlanEntry(uint16 service,uint16 replica,uint16 generation,bytes32 coe,uint64 maxHostRate)";

    function test_orders_hash_as_the_vectors_say() public {
        string memory type_ = string.concat(
            "OrderVector(JsonOrder order,JsonService[] services,",
            SIGNED,
            "JsonOrder(address user,bytes32 servicesHash,uint128 maxTotal,uint32 duration,uint32 prepay,uint64 submitBy,uint32 startWithin,uint16 maxRoyaltyBps,uint16 maxFeeBps,uint8 upgradePolicy,address operator,uint64 userEpoch,bytes32 salt)",
            "JsonService(bytes32 imageDigest,bytes32 specHash,uint16 replicas,uint64[5] reserved,uint128[5] ceiling,uint64 regionMask,uint128 minStake,bytes32 placementHash)"
        );
        OrderVector[] memory cases = abi.decode(_read("hashes", ".orders", type_), (OrderVector[]));
        for (uint256 i = 0; i < cases.length; ++i) {
            OrderVector memory c = cases[i];
            assertEq(this.hashServices(c.services), c.order.servicesHash, _at("services", i));
            assertEq(this.hashOrder(c.order), c.structHash, _at("order", i));
            _assertDigest(c.chainId, c.verifyingContract, c.structHash, c.digest, i);
        }
        assertEq(cases.length, 20, "cases");
    }

    function test_plans_hash_as_the_vectors_say() public {
        string memory type_ = string.concat(
            "PlanVector(JsonPlan plan,JsonPlanEntry[] entries,",
            SIGNED,
            "JsonPlan(bytes32 orderHash,bytes32 entriesHash,uint64 committeeEpoch,uint64 deadline)",
            ENTRY
        );
        PlanVector[] memory cases = abi.decode(_read("hashes", ".plans", type_), (PlanVector[]));
        for (uint256 i = 0; i < cases.length; ++i) {
            PlanVector memory c = cases[i];
            assertEq(this.hashEntries(c.entries), c.plan.entriesHash, _at("entries", i));
            assertEq(this.hashPlan(c.plan), c.structHash, _at("plan", i));
            _assertDigest(c.chainId, c.verifyingContract, c.structHash, c.digest, i);
        }
        assertEq(cases.length, 20, "cases");
    }

    function test_upgrades_hash_as_the_vectors_say() public {
        string memory type_ = string.concat(
            "UpgradeVector(JsonUpgrade upgrade,JsonPlanEntry[] entries,",
            SIGNED,
            "JsonUpgrade(bytes32 orderHash,bytes32 imageDigest,bytes32 entriesHash,uint32 overlap,uint64 committeeEpoch,uint64 deadline)",
            ENTRY
        );
        UpgradeVector[] memory cases = abi.decode(_read("hashes", ".upgrades", type_), (UpgradeVector[]));
        for (uint256 i = 0; i < cases.length; ++i) {
            UpgradeVector memory c = cases[i];
            assertEq(this.hashEntries(c.entries), c.upgrade.entriesHash, _at("entries", i));
            assertEq(this.hashUpgrade(c.upgrade), c.structHash, _at("upgrade", i));
            _assertDigest(c.chainId, c.verifyingContract, c.structHash, c.digest, i);
        }
        assertEq(cases.length, 20, "cases");
    }

    function test_faults_hash_as_the_vectors_say() public {
        string memory type_ = string.concat(
            "FaultVector(JsonFault fault,",
            SIGNED,
            "JsonFault(bytes32 leaseId,uint64 deadSince,uint64 committeeEpoch,uint64 deadline)"
        );
        FaultVector[] memory cases = abi.decode(_read("hashes", ".faults", type_), (FaultVector[]));
        for (uint256 i = 0; i < cases.length; ++i) {
            FaultVector memory c = cases[i];
            assertEq(this.hashFault(c.fault), c.structHash, _at("fault", i));
            _assertDigest(c.chainId, c.verifyingContract, c.structHash, c.digest, i);
        }
        assertEq(cases.length, 20, "cases");
    }

    function test_verdicts_hash_as_the_vectors_say() public {
        string memory type_ = string.concat(
            "VerdictVector(JsonVerdict verdict,",
            SIGNED,
            "JsonVerdict(bytes32 leaseId,uint32 disputedSeconds,bool refund,uint64 committeeEpoch,uint64 deadline)"
        );
        VerdictVector[] memory cases = abi.decode(_read("hashes", ".verdicts", type_), (VerdictVector[]));
        for (uint256 i = 0; i < cases.length; ++i) {
            VerdictVector memory c = cases[i];
            assertEq(this.hashVerdict(c.verdict), c.structHash, _at("verdict", i));
            _assertDigest(c.chainId, c.verifyingContract, c.structHash, c.digest, i);
        }
        assertEq(cases.length, 20, "cases");
    }

    function test_usage_batches_hash_as_the_vectors_say() public {
        string memory type_ = string.concat(
            "BatchVector(JsonBatch batch,bytes32 entriesHash,",
            SIGNED,
            "JsonBatch(bytes32 coe,uint64 asOf,bytes entries)"
        );
        BatchVector[] memory cases = abi.decode(_read("hashes", ".batches", type_), (BatchVector[]));
        for (uint256 i = 0; i < cases.length; ++i) {
            BatchVector memory c = cases[i];
            assertEq(keccak256(c.batch.entries), c.entriesHash, _at("entries", i));
            assertEq(this.hashUsage(c.batch.coe, c.batch.asOf, c.batch.entries), c.structHash, _at("batch", i));
            _assertDigest(c.chainId, c.verifyingContract, c.structHash, c.digest, i);
        }
        assertEq(cases.length, 20, "cases");
    }

    function test_type_hashes_are_those_of_the_vectors() public view {
        TypeVector[] memory types = abi.decode(
            _read("hashes", ".types", "TypeVector(string name,string encoding,bytes32 hash)"), (TypeVector[])
        );
        uint256 found = 0;
        for (uint256 i = 0; i < types.length; ++i) {
            bytes32 ours = _typeHash(keccak256(bytes(types[i].name)));
            if (ours == 0) continue;
            assertEq(ours, types[i].hash, types[i].name);
            ++found;
        }
        assertEq(found, 8, "types that the lease book hashes");
    }

    function hashOrder(Order calldata order) external pure returns (bytes32) {
        return LeaseHashing.hash(order);
    }

    function hashServices(Service[] calldata services) external pure returns (bytes32) {
        return LeaseHashing.hash(services);
    }

    function hashPlan(Plan calldata plan) external pure returns (bytes32) {
        return LeaseHashing.hash(plan);
    }

    function hashEntries(PlanEntry[] calldata entries) external pure returns (bytes32) {
        return LeaseHashing.hash(entries);
    }

    function hashUpgrade(Upgrade calldata upgrade) external pure returns (bytes32) {
        return LeaseHashing.hash(upgrade);
    }

    function hashFault(Fault calldata fault) external pure returns (bytes32) {
        return LeaseHashing.hash(fault);
    }

    function hashVerdict(Verdict calldata verdict) external pure returns (bytes32) {
        return LeaseHashing.hash(verdict);
    }

    function hashUsage(bytes32 coe, uint64 asOf, bytes calldata entries) external pure returns (bytes32) {
        return LeaseHashing.hashUsage(coe, asOf, entries);
    }

    function _typeHash(bytes32 name) private pure returns (bytes32) {
        if (name == keccak256("Order")) return LeaseHashing.ORDER;
        if (name == keccak256("Service")) return LeaseHashing.SERVICE;
        if (name == keccak256("Plan")) return LeaseHashing.PLAN;
        if (name == keccak256("PlanEntry")) return LeaseHashing.PLAN_ENTRY;
        if (name == keccak256("Upgrade")) return LeaseHashing.UPGRADE;
        if (name == keccak256("Fault")) return LeaseHashing.FAULT;
        if (name == keccak256("Verdict")) return LeaseHashing.VERDICT;
        if (name == keccak256("UsageBatch")) return LeaseHashing.USAGE_BATCH;
        return 0;
    }

    function _assertDigest(uint64 chainId, address verifier, bytes32 structHash, bytes32 wanted, uint256 i) private {
        vm.chainId(chainId);
        assertEq(Typed.digest(verifier, structHash), wanted, _at("digest", i));
    }
}
