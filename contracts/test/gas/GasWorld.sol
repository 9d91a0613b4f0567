// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    Edge,
    Image,
    LeaseKey,
    Order,
    Plan,
    PlanEntry,
    Release,
    Service,
    UsageBatch
} from "../../src/interfaces/Types.sol";
import {Typed} from "../Typed.sol";
import {vm} from "../Vm.sol";
import {LeaseWorld} from "../lease/LeaseWorld.sol";

/// @title Ten COEs and twenty images of five components each
abstract contract GasWorld is LeaseWorld {
    uint256 internal constant COES = 10;
    uint256 internal constant IMAGES = 20;
    uint256 internal constant COMPONENTS = 5;

    bytes32[] internal coeIds;
    bytes32[] internal digests;
    Edge[] internal components;

    function setUp() public virtual override {
        super.setUp();
        for (uint256 i = 0; i < COMPONENTS; ++i) {
            components.push(Edge({node: _publishRelease(i), weight: uint16(10 + i)}));
        }
        for (uint256 i = 0; i < COES; ++i) {
            coeIds.push(_register(string(abi.encodePacked("coe-", bytes1(uint8(97 + i)))), _agentKey(i)));
        }
        for (uint256 i = 0; i < IMAGES; ++i) {
            digests.push(keccak256(abi.encode("image", i)));
            Image memory image = _imageOf(digests[i]);
            images.mint(image, _sign(PUBLISHER_KEY, address(images), Typed.hash(image)));
        }
    }

    function _agentKey(uint256 i) internal pure returns (uint256) {
        return 0x2000 + i;
    }

    function _imageOf(bytes32 digest) internal view returns (Image memory image) {
        image.publisher = publisher;
        image.manifestDigest = digest;
        image.name = "web";
        image.royaltyBps = ROYALTY_BPS;
        image.selfWeight = 20;
        image.components = components;
    }

    function _publishRelease(uint256 i) private returns (bytes32) {
        Release memory r = _release();
        r.version = string(abi.encodePacked("2.0.", bytes1(uint8(48 + i))));
        return code.publish(r, _sign(CODER_KEY, address(code), Typed.hash(r)));
    }

    /// @dev One service a distinct image, `replicas` of each.
    function _servicesOf(uint256 count, uint16 replicas) internal view returns (Service[] memory s) {
        s = new Service[](count);
        for (uint256 i = 0; i < count; ++i) {
            s[i] = _services()[0];
            s[i].imageDigest = digests[i];
            s[i].replicas = replicas;
            s[i].reserved = [uint64(100), 64, 128, 1, 1];
        }
    }

    function _orderOf(Service[] memory services, bytes32 salt) internal view returns (Order memory o) {
        o = _order(services);
        o.salt = salt;
    }

    function _entryOf(uint256 service, uint256 replica, bytes32 coeId) internal pure returns (PlanEntry memory) {
        return PlanEntry({
            service: uint16(service), replica: uint16(replica), generation: 0, coe: coeId, maxHostRate: type(uint64).max
        });
    }

    function _keyOf(bytes32 orderHash, PlanEntry memory e) internal pure returns (LeaseKey memory) {
        return
            LeaseKey({
                orderHash: orderHash, service: e.service, replica: e.replica, generation: e.generation, coe: e.coe
            });
    }

    function _orderSignature(Order memory o) internal view returns (bytes memory) {
        return _sign(USER_KEY, address(book), Typed.hash(o));
    }

    function _batchOf(bytes32 coeId, uint256 key, bytes memory entries) internal view returns (UsageBatch memory b) {
        b.coe = coeId;
        b.asOf = uint64(block.timestamp);
        b.entries = entries;
        b.signature = _sign(key, address(book), Typed.hashUsage(coeId, b.asOf, entries));
    }

    /// @dev All six counters move.
    function _usageEntry(LeaseKey memory key, uint32 secondsRun) internal view returns (bytes memory) {
        return abi.encodePacked(
            bytes16(_id(key)),
            secondsRun,
            uint48(secondsRun) * 90,
            uint48(secondsRun) * 60_000,
            uint48(secondsRun) * 120_000,
            secondsRun / 3,
            secondsRun / 5
        );
    }
}
