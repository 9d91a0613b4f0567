// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {Image, LeaseKey, LeaseState, Order, PlanEntry, SkipCode, Upgrade} from "../../src/interfaces/Types.sol";
import {Typed} from "../Typed.sol";
import {vm} from "../Vm.sol";
import {AttackWorld} from "./AttackWorld.sol";

/// @notice What a quorum could put in a running image's place.
contract UpgradeAttacksTest is AttackWorld {
    bytes32 private constant NEXT = keccak256("next manifest");
    bytes32 private constant EVIL = keccak256("evil manifest");

    Order private order;
    LeaseKey private key;

    function setUp() public override {
        super.setUp();
        _mint(PUBLISHER_KEY, NEXT);
        _mint(STRANGER_KEY, EVIL);
    }

    function test_upgrade_to_an_image_the_channel_does_not_point_to_is_passed_over() public {
        _openFollowing(1);
        _point(DIGEST);
        _requireRefused(NEXT);
        _requireRefused(EVIL);
    }

    function test_upgrade_before_the_channel_has_moved_is_passed_over() public {
        _openFollowing(1);
        _point(DIGEST);
        _point(NEXT);
        vm.warp(vm.getBlockTimestamp() + CHANNEL_DELAY - 1);
        _requireRefused(NEXT);
        vm.warp(vm.getBlockTimestamp() + 1);
        _upgrade(NEXT);
        assertTrue(_stateOf(key) == LeaseState.Ending, "now it is carried out");
        assertTrue(_stateOf(_next()) == LeaseState.Open, "its successor runs");
    }

    /// @notice A channel that points nowhere gives a quorum no leave to move what runs.
    function test_upgrade_to_no_image_where_the_channel_points_nowhere_is_passed_over() public {
        _openFollowing(1);
        _requireRefused(bytes32(0));
    }

    function test_upgrade_to_no_image_where_the_channels_image_is_revoked_is_passed_over() public {
        _openFollowing(1);
        _point(NEXT);
        vm.prank(publisher);
        images.revoke(NEXT, "broken");
        _requireRefused(NEXT);
        _requireRefused(bytes32(0));
    }

    function test_upgrade_to_a_malicious_image_is_passed_over() public {
        _openFollowing(1);
        _point(NEXT);
        vm.prank(guardian);
        images.markMalicious(NEXT, "miner");
        _requireRefused(NEXT);
    }

    function test_upgrade_by_a_channel_of_the_same_name_of_somebody_else_is_passed_over() public {
        _openFollowing(1);
        vm.prank(stranger);
        images.moveChannel("stable", EVIL);
        _requireRefused(EVIL);
    }

    /// @notice A quorum may not restart or move a lease by an upgrade that changes nothing.
    function test_upgrade_to_the_image_that_runs_already_is_passed_over() public {
        _openFollowing(1);
        _point(DIGEST);
        _requireRefused(DIGEST);
    }

    /// @notice A failover takes the channel's image, but not one that asks more than the order allows.
    function test_upgrade_to_a_dearer_image_than_the_user_allows_stops_no_failover() public {
        _openFollowing(1);
        bytes32 dearer = _mintAnother("web", 1_001);
        _point(dearer);
        vm.prank(user);
        book.move(order, _keys(key));
        _open(order, _services(), _one(_entryAt(0, 1, coe)));
        assertEq(book.leaseOf(_id(_next())).node, images.imageOf(DIGEST).nodeIndex, "the image that was ordered");
    }

    function test_upgrade_of_an_order_that_forbids_it_is_refused() public {
        _openFollowing(0);
        _point(NEXT);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.UpgradeNotAllowed.selector, key.orderHash));
        this.upgrade(NEXT);
    }

    function test_upgrade_beside_the_old_lease_is_bounded() public {
        _openFollowing(1);
        _point(NEXT);
        PlanEntry[] memory entries = _one(_entryAt(0, 1, coe));
        Upgrade memory plan = _planned(NEXT, entries);
        plan.overlap = 601;
        bytes[] memory signatures = _signUpgrade(plan);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.OverlapTooLong.selector, 601, 600));
        book.upgrade(order, _services(), plan, entries, _keys(key), signatures);
    }

    function test_upgrade_that_cannot_open_leaves_what_runs() public {
        _openFollowing(1);
        _point(NEXT);
        vm.prank(guardian);
        coes.setSuspended(coe, true);
        _expectSkip(key.orderHash, SkipCode.CoeInactive);
        _upgrade(NEXT);
        assertTrue(_stateOf(key) == LeaseState.Open, "goes on");
    }

    function test_upgrade_of_another_replica_than_the_entry_names_is_passed_over() public {
        _openFollowing(1);
        _point(NEXT);
        PlanEntry[] memory entries = _one(_entryAt(1, 1, coe));
        Upgrade memory plan = _planned(NEXT, entries);
        bytes[] memory signatures = _signUpgrade(plan);
        _expectSkip(key.orderHash, SkipCode.WrongGeneration);
        book.upgrade(order, _services(), plan, entries, _keys(key), signatures);
        assertTrue(_stateOf(key) == LeaseState.Open, "goes on");
    }

    function upgrade(bytes32 image) external {
        _upgrade(image);
    }

    function _requireRefused(bytes32 image) private {
        _expectSkip(key.orderHash, SkipCode.NotUpgradable);
        _upgrade(image);
        assertTrue(_stateOf(key) == LeaseState.Open, "the lease goes on");
        assertTrue(_stateOf(_next()) == LeaseState.None, "nothing opened");
    }

    function _upgrade(bytes32 image) private {
        PlanEntry[] memory entries = _one(_entryAt(0, 1, coe));
        Upgrade memory plan = _planned(image, entries);
        book.upgrade(order, _services(), plan, entries, _keys(key), _signUpgrade(plan));
    }

    function _planned(bytes32 image, PlanEntry[] memory entries) private view returns (Upgrade memory) {
        return Upgrade(key.orderHash, image, Typed.hash(entries), 0, 1, uint64(vm.getBlockTimestamp() + 5));
    }

    function _next() private view returns (LeaseKey memory next) {
        next = _keyOf(key.orderHash, 0, 1);
    }

    function _openFollowing(uint8 policy) private {
        order = _order(_services());
        order.upgradePolicy = policy;
        _admit(order, _services());
        _open(order, _services(), _one(_entry(0)));
        key = _keyOf(book.orderHashOf(order), 0, 0);
    }

    function _point(bytes32 image) private {
        vm.prank(publisher);
        images.moveChannel("stable", image);
    }

    function _mint(uint256 signer, bytes32 digest) private {
        Image memory image = _image();
        image.publisher = vm.addr(signer);
        image.manifestDigest = digest;
        images.mint(image, _sign(signer, address(images), Typed.hash(image)));
    }
}
