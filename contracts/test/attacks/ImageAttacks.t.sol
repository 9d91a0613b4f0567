// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IContainerRegistry} from "../../src/interfaces/IContainerRegistry.sol";
import {Edge, Image, LeaseKey, Order, Service, Ticket} from "../../src/interfaces/Types.sol";
import {Typed} from "../Typed.sol";
import {vm} from "../Vm.sol";
import {AttackWorld} from "./AttackWorld.sol";

/// @notice Taking somebody's image, or leaving its authors out.
contract ImageAttacksTest is AttackWorld {
    bytes32 private constant STRIPPED = keccak256("the same layers under another manifest");

    // ------------------------------------------------------------- digest squatting

    /// @notice The manifest is annotated with its publisher and the hash of its components. A squatter's record says
    /// something else, and what an agent reads in its ticket does not agree with the manifest.
    function test_digest_squatting_leaves_a_record_that_the_manifest_contradicts() public {
        Image memory true_ = _image();
        true_.manifestDigest = keccak256("not minted yet");
        Image memory squat = _image();
        squat.manifestDigest = true_.manifestDigest;
        squat.publisher = stranger;
        squat.components = new Edge[](0);
        images.mint(squat, _sign(STRANGER_KEY, address(images), Typed.hash(squat)));

        Service[] memory services = _services();
        services[0].imageDigest = squat.manifestDigest;
        Order memory order = _order(services);
        _admit(order, services);
        _open(order, services, _one(_entry(0)));
        LeaseKey memory key = _keyOf(book.orderHashOf(order), 0, 0);
        Ticket memory seen = book.ticket(order, services, key, squat.manifestDigest);
        assertTrue(seen.imagePublisher != true_.publisher, "not the annotated publisher");
        assertTrue(seen.imageComponentsHash != Typed.hashComponents(true_), "nor the annotated components");
        assertEq(images.imageOf(DIGEST).componentsHash, Typed.hashComponents(_image()), "as an honest one has");
    }

    function test_digest_squatting_in_the_publishers_name_needs_its_signature() public {
        Image memory squat = _image();
        squat.manifestDigest = keccak256("not minted yet");
        squat.components = new Edge[](0);
        bytes memory signature = _sign(STRANGER_KEY, address(images), Typed.hash(squat));
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.SignerNotPublisher.selector, publisher));
        images.mint(squat, signature);
    }

    function test_digest_squatting_of_a_minted_image_is_refused() public {
        Image memory squat = _image();
        squat.publisher = stranger;
        bytes memory signature = _sign(STRANGER_KEY, address(images), Typed.hash(squat));
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.ImageKnown.selector, DIGEST));
        images.mint(squat, signature);
    }

    /// @notice A ticket cannot be made to show a good image for a lease that runs another.
    function test_a_ticket_shows_no_other_image_than_the_leases() public {
        LeaseKey memory key = _openOne();
        Image memory other_ = _image();
        other_.manifestDigest = STRIPPED;
        images.mint(other_, _sign(PUBLISHER_KEY, address(images), Typed.hash(other_)));
        vm.expectRevert(abi.encodeWithSignature("ImageMismatch(bytes32)", STRIPPED));
        book.ticket(_order(_services()), _services(), key, STRIPPED);
    }

    // ------------------------------ a stripped re-mint that must cost its user no less

    /// @notice An image that names its authors may ask the least royalty; leaving them out cannot go below that.
    function test_a_stripped_re_mint_costs_its_user_no_less(uint32 ran, uint32 received) public {
        ran = uint32(bound(ran, 1, PREPAY));
        (uint16 floor,) = settings.royaltyRange();
        uint256 whole = _costOf(_minted(keccak256("whole"), floor, 1, _image().components), ran, received);
        uint256 stripped = _costOf(_minted(STRIPPED, floor, 0, new Edge[](0)), ran, received);
        assertEq(stripped, whole, "to the wei");
    }

    function test_a_stripped_re_mint_below_the_floor_is_refused() public {
        (uint16 floor, uint16 cap) = settings.royaltyRange();
        Image memory image = _image();
        image.manifestDigest = STRIPPED;
        image.royaltyBps = floor - 1;
        image.components = new Edge[](0);
        bytes memory signature = _sign(PUBLISHER_KEY, address(images), Typed.hash(image));
        bytes4 selector = IContainerRegistry.RoyaltyOutOfRange.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, floor - 1, floor, cap));
        images.mint(image, signature);
    }

    function test_what_a_stripped_re_mint_assigns_to_nobody_is_the_commons() public {
        (uint16 floor,) = settings.royaltyRange();
        bytes32 digest = _minted(STRIPPED, floor, 0, new Edge[](0));
        _costOf(digest, 100, 0);
        uint256 royalty = HOST_RATE * 100 * floor * 1e5;
        pool.pull(images.nodeOf(digest), 0);
        assertEq(pool.pay(bytes32(0)), royalty, "all of it");
        assertEq(token.balanceOf(treasury), royalty, "to the protocol's treasury");
    }

    /// @notice User and host that settle privately for next to nothing still owe royalties by the reference prices.
    function test_a_host_that_asks_nothing_saves_nobody_the_royalty() public {
        uint128[5] memory free;
        vm.prank(host);
        coes.setAsk(coe, free);
        LeaseKey memory key = _openOne();
        vm.warp(START + 100);
        Settled memory s = _settle(key, 100, 0, 0);
        uint256 base = 500 + 128 + 10 + 10; // gwei a second by the reference prices; MiB cost half a gwei
        assertEq(s.host, 100 * 1e9, "the least rate");
        assertEq(s.royalty, base * 100 * ROYALTY_BPS * 1e5, "royalty of the reference");
        assertEq(s.fee, base * 100 * FEE_BPS * 1e5, "and so the fee");
    }

    function _minted(bytes32 digest, uint16 bps, uint16 self, Edge[] memory components) private returns (bytes32) {
        Image memory image = _image();
        image.manifestDigest = digest;
        image.royaltyBps = bps;
        image.selfWeight = self;
        image.components = components;
        images.mint(image, _sign(PUBLISHER_KEY, address(images), Typed.hash(image)));
        return digest;
    }

    /// @return wei that running the image so long took from its user
    function _costOf(bytes32 digest, uint32 ran, uint32 received) private returns (uint256) {
        uint256 before = book.freeOf(user);
        Service[] memory services = _services();
        services[0].imageDigest = digest;
        Order memory order = _order(services);
        order.submitBy = uint64(vm.getBlockTimestamp());
        _admit(order, services);
        _open(order, services, _one(_entry(0)));
        LeaseKey memory key = _keyOf(book.orderHashOf(order), 0, 0);
        vm.warp(vm.getBlockTimestamp() + ran);
        _settle(key, ran, received, 0);
        _end(key);
        vm.warp(vm.getBlockTimestamp() + _params().lateReports);
        book.finalise(_keys(key));
        return before - book.freeOf(user);
    }
}
