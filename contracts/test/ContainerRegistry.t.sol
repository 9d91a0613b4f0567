// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IContainerRegistry} from "../src/interfaces/IContainerRegistry.sol";
import {Edge, Image} from "../src/interfaces/Types.sol";
import {Typed} from "./Typed.sol";
import {vm} from "./Vm.sol";
import {World} from "./World.sol";

contract ContainerRegistryTest is World {
    bytes32 private constant OTHER = keccak256("other manifest");

    function test_an_image_is_minted_to_its_publisher() public {
        Image memory i = _other();
        bytes32 node = keccak256(abi.encode(block.chainid, address(images), OTHER));
        bytes memory signature = _sign(PUBLISHER_KEY, address(images), Typed.hash(i));
        vm.expectEmit(true, true, true, true, address(images));
        emit IContainerRegistry.ImageMinted(OTHER, publisher, i.name, i.royaltyBps, Typed.hashComponents(i), node);
        vm.prank(stranger); // anybody may send what the publisher signed
        assertEq(images.mint(i, signature), uint256(OTHER), "token id");
        assertEq(images.ownerOf(uint256(OTHER)), publisher, "owner");
        assertEq(images.nodeOf(OTHER), node, "node");

        IContainerRegistry.ImageRecord memory record = images.imageOf(OTHER);
        assertTrue(record.minted && !record.revoked && !record.malicious, "flags");
        assertEq(record.royaltyBps, i.royaltyBps, "royalty");
        assertEq(record.publisher, publisher, "publisher");
        assertEq(record.componentsHash, Typed.hashComponents(i), "components");
        assertEq(record.node, node, "record's node");
        assertEq(bytes(record.name), bytes(i.name), "name");
    }

    function test_the_components_hash_needs_no_digest() public view {
        Image memory i = _other();
        bytes32 before = images.componentsHashOf(i);
        i.manifestDigest = 0;
        i.publisher = address(0);
        assertEq(images.componentsHashOf(i), before, "known before the manifest is");
        i.components[0].weight += 1;
        assertTrue(images.componentsHashOf(i) != before, "but not whatever the weights");
    }

    function test_an_image_is_its_own_node_with_its_components_as_edges() public view {
        (Edge[] memory edges, uint16 selfWeight) = pool.edgesOf(images.nodeOf(DIGEST));
        assertEq(edges.length, 1, "edges");
        assertEq(edges[0].node, releaseId, "release");
        assertEq(edges[0].weight, 3, "weight");
        assertEq(selfWeight, 1, "self");
    }

    function test_a_digest_is_minted_once() public {
        Image memory i = _image();
        _refused(i, PUBLISHER_KEY, abi.encodeWithSelector(IContainerRegistry.ImageKnown.selector, DIGEST));
    }

    function test_an_image_needs_a_digest() public {
        Image memory i = _other();
        i.manifestDigest = 0;
        _refused(i, PUBLISHER_KEY, abi.encodeWithSelector(IContainerRegistry.DigestZero.selector));
    }

    function test_royalty_stays_within_floor_and_cap() public {
        Image memory i = _other();
        i.royaltyBps = 199;
        _refused(
            i, PUBLISHER_KEY, abi.encodeWithSelector(IContainerRegistry.RoyaltyOutOfRange.selector, 199, 200, 2_000)
        );
        i.royaltyBps = 2_001;
        _refused(
            i, PUBLISHER_KEY, abi.encodeWithSelector(IContainerRegistry.RoyaltyOutOfRange.selector, 2_001, 200, 2_000)
        );
    }

    function test_components_must_be_releases() public {
        Image memory i = _other();
        i.components[0].node = images.nodeOf(DIGEST); // a node, but of an image
        _refused(
            i, PUBLISHER_KEY, abi.encodeWithSelector(IContainerRegistry.ComponentUnknown.selector, i.components[0].node)
        );
    }

    function test_too_many_components_are_refused() public {
        Image memory i = _other();
        i.components = new Edge[](33);
        _refused(i, PUBLISHER_KEY, abi.encodeWithSelector(IContainerRegistry.TooManyComponents.selector, 33, 32));
    }

    function test_only_the_publisher_signs() public {
        _refused(
            _other(), STRANGER_KEY, abi.encodeWithSelector(IContainerRegistry.SignerNotPublisher.selector, publisher)
        );
    }

    function test_a_signature_for_another_contract_is_refused() public {
        Image memory i = _other();
        bytes memory signature = _sign(PUBLISHER_KEY, address(code), Typed.hash(i));
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.SignerNotPublisher.selector, publisher));
        images.mint(i, signature);
    }

    function test_the_payee_is_whoever_owns_the_nft() public {
        bytes32 node = images.nodeOf(DIGEST);
        assertEq(images.payeeOf(node), publisher, "at first");
        vm.prank(publisher);
        images.transferFrom(publisher, stranger, uint256(DIGEST));
        assertEq(images.payeeOf(node), stranger, "after a transfer");
        assertEq(images.imageOf(DIGEST).publisher, publisher, "the publisher stays who signed");
    }

    function test_an_unknown_digest_has_no_node_no_payee_and_an_empty_record() public {
        assertTrue(!images.imageOf(OTHER).minted, "record");
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.ImageUnknown.selector, OTHER));
        images.nodeOf(OTHER);
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.ImageUnknown.selector, bytes32(0)));
        images.payeeOf(OTHER);
    }

    function _other() private view returns (Image memory i) {
        i = _image();
        i.manifestDigest = OTHER;
        i.name = "worker";
    }

    function _refused(Image memory i, uint256 key, bytes memory reason) private {
        bytes memory signature = _sign(key, address(images), Typed.hash(i));
        vm.expectRevert(reason);
        images.mint(i, signature);
    }
}
