// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CoeParams} from "../src/coe/CoeParams.sol";
import {ICoeOsRegistry} from "../src/interfaces/ICoeOsRegistry.sol";
import {ICoeRegistry} from "../src/interfaces/ICoeRegistry.sol";
import {Image, Release} from "../src/interfaces/Types.sol";
import {EdgeHashing} from "../src/signing/EdgeHashing.sol";
import {Typed} from "./Typed.sol";
import {VectorFile} from "./vectors/VectorFile.sol";
import {vm} from "./Vm.sol";

/// @title What authors, publishers, makers of host images and agents sign
contract VectorsCodeHashesTest is VectorFile {
    struct ReleaseVector {
        Release release;
        uint64 chainId;
        address verifyingContract;
        bytes32 structHash;
        bytes32 digest;
    }

    struct ImageVector {
        Image image;
        bytes32 componentsHash;
        uint64 chainId;
        address verifyingContract;
        bytes32 structHash;
        bytes32 digest;
    }

    struct Published {
        address signer;
        bytes32 rootHash;
        bytes32 manifestDigest;
        string channel;
        string version;
    }

    struct OsImageVector {
        Published osImage;
        uint256 key;
        uint64 chainId;
        address verifyingContract;
        bytes32 digest;
    }

    struct Consent {
        bytes32 coe;
    }

    struct ConsentVector {
        Consent consent;
        address host;
        string name;
        uint256 key;
        address agent;
        uint64 chainId;
        address verifyingContract;
        bytes32 structHash;
        bytes32 digest;
    }

    string private constant SIGNED = "uint64 chainId,address verifyingContract,bytes32 structHash,bytes32 digest)";
    string private constant EDGE = "JsonEdge(bytes32 node,uint16 weight)";

    function test_releases_hash_as_the_vectors_say() public {
        string memory type_ = string.concat(
            "ReleaseVector(JsonRelease release,",
            SIGNED,
            "JsonRelease(uint256 repository,string version,bytes32 sourceDigest,string uri,string license,uint16 selfWeight,JsonEdge[] upstream)",
            EDGE
        );
        ReleaseVector[] memory cases = abi.decode(_read("hashes", ".releases", type_), (ReleaseVector[]));
        for (uint256 i = 0; i < cases.length; ++i) {
            ReleaseVector memory c = cases[i];
            assertEq(this.hashRelease(c.release), c.structHash, _at("release", i));
            _assertDigest(c.chainId, c.verifyingContract, c.structHash, c.digest, i);
        }
        assertEq(cases.length, 20, "cases");
    }

    function test_images_and_their_components_hash_as_the_vectors_say() public {
        string memory type_ = string.concat(
            "ImageVector(JsonImage image,bytes32 componentsHash,",
            SIGNED,
            "JsonImage(address publisher,bytes32 manifestDigest,string name,uint16 royaltyBps,uint16 selfWeight,JsonEdge[] components)",
            EDGE
        );
        ImageVector[] memory cases = abi.decode(_read("hashes", ".images", type_), (ImageVector[]));
        for (uint256 i = 0; i < cases.length; ++i) {
            ImageVector memory c = cases[i];
            assertEq(this.hashImage(c.image), c.structHash, _at("image", i));
            assertEq(this.hashComponents(c.image), c.componentsHash, _at("components", i));
            _assertDigest(c.chainId, c.verifyingContract, c.structHash, c.digest, i);
        }
        assertEq(cases.length, 20, "cases");
    }

    /// The registry's type string is its own affair; that it takes a signature over the vector's digest shows it.
    function test_host_images_are_published_with_a_signature_over_the_digest_of_the_vectors() public {
        string memory type_ =
            "OsImageVector(JsonPublished osImage,uint256 key,uint64 chainId,address verifyingContract,bytes32 digest)JsonPublished(address signer,bytes32 rootHash,bytes32 manifestDigest,string channel,string version)";
        OsImageVector[] memory cases = abi.decode(_read("hashes", ".osImages", type_), (OsImageVector[]));
        bytes memory code = vm.deployCode("CoeOsRegistry.sol:CoeOsRegistry", abi.encode(address(this))).code;
        uint256 published = 0;
        for (uint256 i = 0; i < cases.length; ++i) {
            OsImageVector memory c = cases[i];
            Published memory p = c.osImage;
            // The registry takes no image without a hash or a name.
            if (p.rootHash == 0 || p.manifestDigest == 0) continue;
            if (bytes(p.channel).length == 0 || bytes(p.version).length == 0) continue;
            vm.chainId(c.chainId);
            vm.etch(c.verifyingContract, code);
            bytes memory signature = _sign(c.key, c.digest);
            ICoeOsRegistry(c.verifyingContract)
                .publish(p.signer, p.rootHash, p.manifestDigest, p.channel, p.version, signature);
            ++published;
        }
        assertTrue(published >= 10, "too few of the vectors could be published");
    }

    /// As above: that the registry binds the key to this COE shows it.
    function test_agents_serve_with_a_signature_over_the_digest_of_the_vectors() public {
        string memory type_ = string.concat(
            "ConsentVector(JsonConsent consent,address host,string name,uint256 key,address agent,",
            SIGNED,
            "JsonConsent(bytes32 coe)"
        );
        ConsentVector[] memory cases = abi.decode(_read("hashes", ".consents", type_), (ConsentVector[]));
        bytes memory arguments = abi.encode(address(1), address(1), address(1), address(this), CoeParams(1, 1, 2, 0));
        bytes memory code = vm.deployCode("CoeRegistry.sol:CoeRegistry", arguments).code;
        uint256 registered = 0;
        for (uint256 i = 0; i < cases.length; ++i) {
            ConsentVector memory c = cases[i];
            assertEq(Typed.hashConsent(c.consent.coe), c.structHash, _at("consent", i));
            _assertDigest(c.chainId, c.verifyingContract, c.structHash, c.digest, i);
            if (bytes(c.name).length == 0) continue; // no COE has it
            vm.etch(c.verifyingContract, code);
            _register(ICoeRegistry(c.verifyingContract), c);
            assertEq(ICoeRegistry(c.verifyingContract).coeOfAgent(c.agent), c.consent.coe, _at("bound", i));
            ++registered;
        }
        assertTrue(registered >= 10, "too few of the vectors could be registered");
    }

    function _register(ICoeRegistry registry, ConsentVector memory c) private {
        uint64[5] memory capacity;
        capacity[0] = 1;
        uint128[5] memory ask;
        bytes memory consent = _sign(c.key, c.digest);
        vm.prank(c.host);
        registry.register(c.name, c.agent, consent, 0, capacity, ask, "", 0, address(0));
    }

    function hashRelease(Release calldata release) external pure returns (bytes32) {
        return EdgeHashing.hash(release);
    }

    function hashImage(Image calldata image) external pure returns (bytes32) {
        (bytes32 structHash,) = EdgeHashing.hash(image);
        return structHash;
    }

    function hashComponents(Image calldata image) external pure returns (bytes32) {
        return EdgeHashing.componentsHash(image);
    }

    function _sign(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _assertDigest(uint64 chainId, address verifier, bytes32 structHash, bytes32 wanted, uint256 i) private {
        vm.chainId(chainId);
        assertEq(Typed.digest(verifier, structHash), wanted, _at("digest", i));
    }
}
