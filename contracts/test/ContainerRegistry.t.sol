// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/interfaces/IERC165.sol";
import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IContainerRegistry} from "../src/interfaces/IContainerRegistry.sol";
import {Edge, Image} from "../src/interfaces/Types.sol";
import {Typed} from "./Typed.sol";
import {vm} from "./Vm.sol";
import {Registries} from "./royalty/Registries.sol";

contract ContainerRegistryTest is Registries {
    bytes32 private constant OTHER = keccak256("other manifest");

    // ------------------------------------------------------------------- minting

    function test_an_image_is_minted_to_its_publisher() public {
        Image memory i = _image(OTHER, "worker");
        bytes32 node = keccak256(abi.encode(block.chainid, address(images), OTHER));
        bytes memory signature = _sign(PUBLISHER_KEY, address(images), Typed.hash(i));
        vm.expectEmit(true, true, true, true, address(images));
        emit IContainerRegistry.ImageMinted(OTHER, publisher, i.name, i.royaltyBps, Typed.hashComponents(i), node);
        vm.prank(stranger); // anybody may send what the publisher signed
        assertEq(images.mint(i, signature), uint256(OTHER), "token id");
        assertEq(IERC721(address(images)).ownerOf(uint256(OTHER)), publisher, "owner");
        assertEq(images.nodeOf(OTHER), node, "node");
    }

    function test_an_images_record_says_what_was_signed() public {
        Image memory i = _image(OTHER, "worker");
        _mint(i);
        IContainerRegistry.ImageRecord memory record = images.imageOf(OTHER);
        assertTrue(record.minted && !record.revoked && !record.malicious, "flags");
        assertEq(record.royaltyBps, i.royaltyBps, "royalty");
        assertEq(record.publisher, publisher, "publisher");
        assertEq(record.componentsHash, Typed.hashComponents(i), "components");
        assertEq(record.node, images.nodeOf(OTHER), "node");
        assertEq(record.nodeIndex, pool.indexOf(record.node), "index");
        assertEq(record.supersedes, 0, "supersedes nothing");
        assertEq(bytes(record.name), bytes(i.name), "name");
    }

    function test_a_lease_book_reads_an_images_terms_at_once() public {
        (bool minted, bool revoked, bool malicious, uint16 royaltyBps, uint32 index) = images.termsOf(DIGEST);
        assertTrue(minted && !revoked && !malicious, "flags");
        assertEq(royaltyBps, 500, "royalty");
        assertEq(index, pool.indexOf(images.nodeOf(DIGEST)), "index");
        _revoke(DIGEST);
        _mark(DIGEST);
        (, revoked, malicious,,) = images.termsOf(DIGEST);
        assertTrue(revoked && malicious, "later");
        (minted,,,,) = images.termsOf(OTHER);
        assertTrue(!minted, "unknown");
    }

    function test_the_components_hash_needs_no_digest() public view {
        Image memory i = _image(OTHER, "worker");
        bytes32 before = images.componentsHashOf(i);
        i.manifestDigest = 0;
        i.publisher = address(0);
        assertEq(images.componentsHashOf(i), before, "known before the manifest is");
        i.components[0].weight += 1;
        assertTrue(images.componentsHashOf(i) != before, "but not whatever the weights");
    }

    /// @notice The record derives the hash from the pool's packed edges; it is the one that was signed.
    function testFuzz_the_record_keeps_the_components_hash(uint16[64] memory weights, uint8 count, uint16 self) public {
        Image memory i = _image(OTHER, "worker");
        i.selfWeight = self;
        i.components = new Edge[](bound(count, 0, 64));
        for (uint256 k = 0; k < i.components.length; ++k) {
            i.components[k] = Edge({node: releaseId, weight: weights[k] == 0 ? 1 : weights[k]});
        }
        _mint(i);
        assertEq(images.imageOf(OTHER).componentsHash, Typed.hashComponents(i), "hash");
    }

    function test_a_digest_is_minted_once() public {
        Image memory i = _image(DIGEST, "web");
        _refused(i, PUBLISHER_KEY, abi.encodeWithSelector(IContainerRegistry.ImageKnown.selector, DIGEST));
    }

    function test_an_image_needs_a_digest() public {
        Image memory i = _image(0, "web");
        _refused(i, PUBLISHER_KEY, abi.encodeWithSelector(IContainerRegistry.DigestZero.selector));
    }

    function testFuzz_royalty_stays_within_todays_range(uint16 royaltyBps, uint16 floor, uint16 cap) public {
        settings.setRange(floor, cap);
        Image memory i = _image(OTHER, "worker");
        i.royaltyBps = royaltyBps;
        if (royaltyBps < floor || royaltyBps > cap) {
            bytes memory reason =
                abi.encodeWithSelector(IContainerRegistry.RoyaltyOutOfRange.selector, royaltyBps, floor, cap);
            _refused(i, PUBLISHER_KEY, reason);
        } else {
            _mint(i);
            assertEq(images.imageOf(OTHER).royaltyBps, royaltyBps, "kept");
        }
    }

    function test_components_must_be_releases() public {
        Image memory i = _image(OTHER, "worker");
        i.components[0].node = images.nodeOf(DIGEST); // a node, but of an image
        _refused(
            i, PUBLISHER_KEY, abi.encodeWithSelector(IContainerRegistry.ComponentUnknown.selector, i.components[0].node)
        );
    }

    function test_at_most_64_components() public {
        Image memory i = _image(OTHER, "worker");
        i.components = new Edge[](65);
        _refused(i, PUBLISHER_KEY, abi.encodeWithSelector(IContainerRegistry.TooManyComponents.selector, 65, 64));
    }

    function test_only_the_publisher_signs() public {
        _refused(
            _image(OTHER, "worker"),
            STRANGER_KEY,
            abi.encodeWithSelector(IContainerRegistry.SignerNotPublisher.selector, publisher)
        );
    }

    function test_the_payee_is_whoever_owns_the_nft() public {
        bytes32 node = images.nodeOf(DIGEST);
        assertEq(images.payeeOf(node), publisher, "at first");
        _transfer(address(images), publisher, stranger, uint256(DIGEST));
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

    // ------------------------------------------------------------------ revoking

    function test_its_owner_revokes_an_image_once() public {
        vm.expectEmit(true, true, true, true, address(images));
        emit IContainerRegistry.ImageRevoked(DIGEST, "old");
        vm.prank(publisher);
        images.revoke(DIGEST, "old");
        assertTrue(images.imageOf(DIGEST).revoked, "revoked");
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.ImageRevokedAlready.selector, DIGEST));
        vm.prank(publisher);
        images.revoke(DIGEST, "old");
    }

    function test_a_guard_marks_an_image_malicious_once() public {
        vm.expectEmit(true, true, true, true, address(images));
        emit IContainerRegistry.ImageMarkedMalicious(DIGEST, GUARDIAN, "steals");
        vm.startPrank(GUARDIAN);
        images.markMalicious(DIGEST, "steals");
        assertTrue(images.imageOf(DIGEST).malicious && !images.imageOf(DIGEST).revoked, "malicious");
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.ImageMaliciousAlready.selector, DIGEST));
        images.markMalicious(DIGEST, "steals");
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.ImageUnknown.selector, OTHER));
        images.markMalicious(OTHER, "steals");
        vm.stopPrank();
    }

    function test_nobody_else_revokes_or_marks() public {
        vm.startPrank(stranger);
        bytes memory reason =
            abi.encodeWithSelector(IContainerRegistry.NotTheOwner.selector, DIGEST, publisher, stranger);
        vm.expectRevert(reason);
        images.revoke(DIGEST, "");
        vm.expectRevert(reason);
        images.setSupersedes(DIGEST, DIGEST);
        vm.expectRevert(reason);
        images.moveChannel("stable", DIGEST);
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.NotTheGuardian.selector, stranger));
        images.markMalicious(DIGEST, "");
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.ImageUnknown.selector, OTHER));
        images.revoke(OTHER, "");
        vm.stopPrank();
    }

    // --------------------------------------------------------------- superseding

    function test_an_image_replaces_an_older_one_of_its_publisher() public {
        _mint(_image(OTHER, "web"));
        vm.expectEmit(true, true, true, true, address(images));
        emit IContainerRegistry.SupersedesSet(OTHER, DIGEST);
        vm.prank(publisher);
        images.setSupersedes(OTHER, DIGEST);
        assertEq(images.imageOf(OTHER).supersedes, DIGEST, "link");
    }

    function test_links_between_images_cannot_go_round() public {
        _mint(_image(OTHER, "web"));
        vm.startPrank(publisher);
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.SupersedesItself.selector, OTHER));
        images.setSupersedes(OTHER, OTHER);
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.SupersedesYounger.selector, DIGEST, OTHER));
        images.setSupersedes(DIGEST, OTHER);
        vm.stopPrank();
    }

    function test_an_image_of_another_publisher_is_not_replaced() public {
        bytes32 foreign = keccak256("foreign");
        _mintBy(STRANGER_KEY, foreign, "web");
        vm.startPrank(publisher);
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.ForeignImage.selector, foreign, stranger));
        images.setSupersedes(DIGEST, foreign);
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.ForeignImage.selector, OTHER, address(0)));
        images.setSupersedes(DIGEST, OTHER);
        vm.stopPrank();
    }

    // ------------------------------------------------------------------ channels

    function test_the_first_move_of_a_channel_is_in_force_at_once() public {
        vm.expectEmit(true, true, true, true, address(images));
        emit IContainerRegistry.ChannelMoved(publisher, "web", "stable", DIGEST, uint64(START));
        _move("stable", DIGEST);
        IContainerRegistry.Channel memory channel = images.channelOf(publisher, "web", "stable");
        assertEq(channel.current, DIGEST, "current");
        assertEq(channel.next, DIGEST, "next");
        assertEq(images.stableOf(DIGEST), DIGEST, "stable");
        assertEq(images.channelOf(publisher, "web", "edge").current, 0, "edge is another channel");
    }

    function testFuzz_a_later_move_waits_for_the_delay(uint64 wait) public {
        wait = uint64(bound(wait, 0, 2 * CHANNEL_DELAY));
        _mint(_image(OTHER, "web"));
        _move("stable", DIGEST);
        _move("stable", OTHER);
        vm.warp(START + wait);
        bytes32 wanted = wait < CHANNEL_DELAY ? DIGEST : OTHER;
        assertEq(images.stableOf(DIGEST), wanted, "of the old");
        assertEq(images.stableOf(OTHER), wanted, "of the new");
        IContainerRegistry.Channel memory channel = images.channelOf(publisher, "web", "stable");
        assertEq(channel.current, wanted, "current");
        assertEq(channel.next, OTHER, "next");
        assertEq(channel.nextFrom, START + CHANNEL_DELAY, "from");
    }

    function test_a_move_that_waits_is_replaced_by_another() public {
        _mint(_image(OTHER, "web"));
        _move("stable", DIGEST);
        _move("stable", OTHER);
        vm.warp(START + CHANNEL_DELAY - 1);
        _move("stable", DIGEST); // think better of it
        vm.warp(START + 10 * CHANNEL_DELAY);
        assertEq(images.stableOf(OTHER), DIGEST, "never moved");
    }

    function test_a_move_counts_from_where_the_channel_points_now() public {
        bytes32 third = keccak256("third");
        _mint(_image(OTHER, "web"));
        _mint(_image(third, "web"));
        _move("stable", DIGEST);
        _move("stable", OTHER);
        vm.warp(START + CHANNEL_DELAY);
        _move("stable", third);
        assertEq(images.stableOf(DIGEST), OTHER, "until the delay is over");
        vm.warp(START + 2 * CHANNEL_DELAY);
        assertEq(images.stableOf(DIGEST), third, "then the third");
    }

    function test_a_channel_belongs_to_a_publisher_and_a_name() public {
        bytes32 foreign = keccak256("foreign");
        _mint(_image(OTHER, "worker"));
        _mintBy(STRANGER_KEY, foreign, "web");
        _move("stable", DIGEST);
        assertEq(images.stableOf(OTHER), 0, "another name");
        assertEq(images.stableOf(foreign), 0, "another publisher");
        assertEq(images.stableOf(keccak256("unknown")), 0, "no image");
    }

    function test_only_stable_and_edge_are_channels() public {
        vm.prank(publisher);
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.ChannelUnknown.selector, "beta"));
        images.moveChannel("beta", DIGEST);
        _move("edge", DIGEST);
        assertEq(images.channelOf(publisher, "web", "edge").current, DIGEST, "edge");
    }

    function test_whoever_bought_an_image_does_not_move_its_publishers_channel() public {
        _transfer(address(images), publisher, stranger, uint256(DIGEST));
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.ForeignImage.selector, DIGEST, publisher));
        vm.prank(stranger);
        images.moveChannel("stable", DIGEST);
    }

    function test_no_channel_points_to_a_revoked_or_malicious_image() public {
        _mint(_image(OTHER, "web"));
        _move("stable", DIGEST);
        _revoke(DIGEST);
        _mark(OTHER);
        assertEq(images.stableOf(OTHER), 0, "stable is nowhere while what it points to is revoked");
        vm.startPrank(publisher);
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.ImageNotUsable.selector, DIGEST));
        images.moveChannel("stable", DIGEST);
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.ImageNotUsable.selector, OTHER));
        images.moveChannel("stable", OTHER);
        vm.stopPrank();
    }

    function test_an_image_marked_while_its_move_waits_is_not_stable_when_the_time_comes() public {
        _mint(_image(OTHER, "web"));
        _move("stable", DIGEST);
        _move("stable", OTHER);
        _mark(OTHER);
        assertEq(images.stableOf(DIGEST), DIGEST, "before");
        vm.warp(START + CHANNEL_DELAY);
        assertEq(images.stableOf(DIGEST), 0, "nowhere");
    }

    // ------------------------------------------------------------------- resale

    function testFuzz_a_resale_pays_the_publisher_the_images_royalty(uint256 price) public {
        _transfer(address(images), publisher, stranger, uint256(DIGEST));
        (address receiver, uint256 amount) = IERC2981(address(images)).royaltyInfo(uint256(DIGEST), price);
        assertEq(receiver, publisher, "receiver");
        assertEq(amount, Math.mulDiv(price, 500, 10_000), "floored");
        (receiver, amount) = IERC2981(address(images)).royaltyInfo(uint256(OTHER), price);
        assertTrue(receiver == address(0) && amount == 0, "nothing of an unknown token");
    }

    function test_it_says_which_interfaces_it_has() public view {
        IERC165 registry = IERC165(address(images));
        assertTrue(registry.supportsInterface(type(IERC2981).interfaceId), "royalties");
        assertTrue(registry.supportsInterface(0x80ac58cd) && registry.supportsInterface(0x5b5e139f), "an NFT");
        assertTrue(!registry.supportsInterface(0xffffffff), "no nonsense");
    }

    function _move(string memory channel, bytes32 digest) private {
        vm.prank(publisher);
        images.moveChannel(channel, digest);
    }

    function _revoke(bytes32 digest) private {
        vm.prank(publisher);
        images.revoke(digest, "");
    }

    function _mark(bytes32 digest) private {
        vm.prank(GUARDIAN);
        images.markMalicious(digest, "");
    }

    function _mintBy(uint256 key, bytes32 digest, string memory name) private {
        Image memory i = _image(digest, name);
        i.publisher = vm.addr(key);
        images.mint(i, _sign(key, address(images), Typed.hash(i)));
    }

    function _refused(Image memory i, uint256 key, bytes memory reason) private {
        bytes memory signature = _sign(key, address(images), Typed.hash(i));
        vm.expectRevert(reason);
        images.mint(i, signature);
    }
}
