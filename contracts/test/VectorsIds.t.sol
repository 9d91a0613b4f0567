// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICodeRegistry} from "../src/interfaces/ICodeRegistry.sol";
import {ICoeOsRegistry} from "../src/interfaces/ICoeOsRegistry.sol";
import {ICoeRegistry} from "../src/interfaces/ICoeRegistry.sol";
import {IContainerRegistry} from "../src/interfaces/IContainerRegistry.sol";
import {IProtocolSettings} from "../src/interfaces/IProtocolSettings.sol";
import {IRoyaltyPool} from "../src/interfaces/IRoyaltyPool.sol";
import {Image, LeaseKey} from "../src/interfaces/Types.sol";
import {Leases} from "../src/lease/Leases.sol";
import {Typed} from "./Typed.sol";
import {VectorFile} from "./vectors/VectorFile.sol";
import {vm} from "./Vm.sol";

/// @dev Stands where a vector's lease book stands.
contract LeaseNames {
    function idOf(LeaseKey calldata key) external view returns (bytes32 id, bytes16 handle) {
        id = Leases.idOf(key);
        handle = Leases.handleOf(id);
    }
}

contract VectorsIdsTest is VectorFile {
    uint256 private constant PUBLISHER_KEY = 0x1005;

    struct LeaseId {
        uint64 chainId;
        address book;
        LeaseKey key;
        bytes32 id;
        bytes16 handle;
    }

    struct CoeId {
        uint64 chainId;
        address registry;
        address host;
        string name;
        bytes32 id;
    }

    struct RepositoryId {
        uint64 chainId;
        address registry;
        address owner;
        string name;
        bytes32 id;
    }

    struct ReleaseId {
        uint64 chainId;
        address registry;
        uint256 repository;
        string version;
        bytes32 id;
    }

    struct ImageNodeId {
        uint64 chainId;
        address registry;
        bytes32 manifestDigest;
        bytes32 id;
    }

    struct OsImageId {
        uint64 chainId;
        address registry;
        address signer;
        bytes32 rootHash;
        bytes32 manifestDigest;
        bytes32 id;
    }

    function test_lease_ids_and_their_handles_are_those_of_the_vectors() public {
        string memory type_ =
            "LeaseId(uint64 chainId,address book,JsonLeaseKey key,bytes32 id,bytes16 handle)JsonLeaseKey(bytes32 orderHash,uint16 service,uint16 replica,uint16 generation,bytes32 coe)";
        LeaseId[] memory cases = abi.decode(_read("ids", ".leases", type_), (LeaseId[]));
        bytes memory code = address(new LeaseNames()).code;
        for (uint256 i = 0; i < cases.length; ++i) {
            LeaseId memory c = cases[i];
            _place(c.chainId, c.book, code);
            (bytes32 id, bytes16 handle) = LeaseNames(c.book).idOf(c.key);
            assertEq(id, c.id, _at("id", i));
            assertEq(bytes32(handle), bytes32(c.handle), _at("handle", i));
        }
        assertEq(cases.length, 20, "cases");
    }

    function test_coe_ids_are_those_of_the_vectors() public {
        string memory type_ = "CoeId(uint64 chainId,address registry,address host,string name,bytes32 id)";
        CoeId[] memory cases = abi.decode(_read("ids", ".coes", type_), (CoeId[]));
        bytes memory code = vm.getDeployedCode("CoeRegistry.sol:CoeRegistry");
        for (uint256 i = 0; i < cases.length; ++i) {
            CoeId memory c = cases[i];
            _place(c.chainId, c.registry, code);
            assertEq(ICoeRegistry(c.registry).coeIdOf(c.host, c.name), c.id, _at("id", i));
        }
        assertEq(cases.length, 20, "cases");
    }

    function test_repository_ids_are_those_of_the_vectors() public {
        string memory type_ = "RepositoryId(uint64 chainId,address registry,address owner,string name,bytes32 id)";
        RepositoryId[] memory cases = abi.decode(_read("ids", ".repositories", type_), (RepositoryId[]));
        bytes memory code = vm.getDeployedCode("CodeRegistry.sol:CodeRegistry");
        for (uint256 i = 0; i < cases.length; ++i) {
            RepositoryId memory c = cases[i];
            _place(c.chainId, c.registry, code);
            assertEq(bytes32(ICodeRegistry(c.registry).repositoryIdOf(c.owner, c.name)), c.id, _at("id", i));
        }
        assertEq(cases.length, 20, "cases");
    }

    function test_release_ids_are_those_of_the_vectors() public {
        string memory type_ = "ReleaseId(uint64 chainId,address registry,uint256 repository,string version,bytes32 id)";
        ReleaseId[] memory cases = abi.decode(_read("ids", ".releases", type_), (ReleaseId[]));
        bytes memory code = vm.getDeployedCode("CodeRegistry.sol:CodeRegistry");
        for (uint256 i = 0; i < cases.length; ++i) {
            ReleaseId memory c = cases[i];
            _place(c.chainId, c.registry, code);
            assertEq(ICodeRegistry(c.registry).releaseIdOf(c.repository, c.version), c.id, _at("id", i));
        }
        assertEq(cases.length, 20, "cases");
    }

    function test_nodes_of_images_are_those_of_the_vectors() public {
        string memory type_ = "ImageNodeId(uint64 chainId,address registry,bytes32 manifestDigest,bytes32 id)";
        ImageNodeId[] memory cases = abi.decode(_read("ids", ".imageNodes", type_), (ImageNodeId[]));
        bytes memory code = _containerRegistry();
        uint256 minted = 0;
        for (uint256 i = 0; i < cases.length; ++i) {
            ImageNodeId memory c = cases[i];
            if (c.manifestDigest == 0) continue; // no image has it
            _place(c.chainId, c.registry, code);
            _mint(IContainerRegistry(c.registry), c.manifestDigest);
            assertEq(IContainerRegistry(c.registry).nodeOf(c.manifestDigest), c.id, _at("id", i));
            ++minted;
        }
        assertTrue(minted >= 10, "too few of the vectors could be minted");
    }

    function test_ids_of_host_images_are_those_of_the_vectors() public {
        string memory type_ =
            "OsImageId(uint64 chainId,address registry,address signer,bytes32 rootHash,bytes32 manifestDigest,bytes32 id)";
        OsImageId[] memory cases = abi.decode(_read("ids", ".osImages", type_), (OsImageId[]));
        bytes memory code = vm.getDeployedCode("CoeOsRegistry.sol:CoeOsRegistry");
        for (uint256 i = 0; i < cases.length; ++i) {
            OsImageId memory c = cases[i];
            _place(c.chainId, c.registry, code);
            assertEq(ICoeOsRegistry(c.registry).osImageIdOf(c.signer, c.rootHash, c.manifestDigest), c.id, _at("id", i));
        }
        assertEq(cases.length, 20, "cases");
    }

    /// @dev A registry whose pool and settings answer only what a mint asks.
    function _containerRegistry() private returns (bytes memory code) {
        (address pool, address settings) = (address(0x9001), address(0x5E77));
        vm.mockCall(pool, abi.encodeWithSelector(IRoyaltyPool.defineNode.selector), abi.encode(uint32(1)));
        vm.mockCall(settings, abi.encodeWithSelector(IProtocolSettings.royaltyRange.selector), abi.encode(0, 10_000));
        bytes memory arguments = abi.encode(address(this), pool, settings, uint64(1));
        code = vm.deployCode("ContainerRegistry.sol:ContainerRegistry", arguments).code;
    }

    /// @dev A registry knows the nodes of its own images only.
    function _mint(IContainerRegistry registry, bytes32 manifestDigest) private {
        Image memory image;
        image.publisher = vm.addr(PUBLISHER_KEY);
        image.manifestDigest = manifestDigest;
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(PUBLISHER_KEY, Typed.digest(address(registry), Typed.hash(image)));
        registry.mint(image, abi.encodePacked(r, s, v));
    }

    function _place(uint64 chainId, address where, bytes memory code) private {
        vm.chainId(chainId);
        vm.etch(where, code);
    }
}
