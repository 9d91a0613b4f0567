// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {LeaseKey, LeaseState, Order, ReplicaState, SkipCode} from "../../src/interfaces/Types.sol";
import {vm} from "../Vm.sol";
import {AttackWorld} from "./AttackWorld.sol";

/// @notice What a quorum, a guardian, a host or a publisher could open or stop against the rules.
contract OpeningAttacksTest is AttackWorld {
    // -------------------- guardian tries to stop failover, withdrawals, closing

    function test_guardian_stops_new_orders_only() public {
        _admit();
        vm.prank(guardian);
        settings.stopOpenings();
        vm.expectRevert(ILeaseBook.OpeningsStopped.selector);
        this.openFirst();
    }

    function test_guardian_tries_to_stop_failover_and_cannot() public {
        LeaseKey memory key = _openOne();
        _guardAgainstAll();
        _fault(key, uint64(START));
        _openAt(0, 1, other);
    }

    function test_guardian_tries_to_stop_funding_and_withdrawals_and_cannot() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + 100);
        _settle(key, 100, 10, 0);
        _guardAgainstAll();
        vm.startPrank(user);
        book.renew(_order(_services()), key, 10);
        book.withdraw(book.freeOf(user));
        vm.stopPrank();
        vm.warp(START + 108);
        assertEq(book.withdrawEarned(coe), _host(100, 10), "the host is paid");
        assertEq(book.withdrawFees(), _fee(100, 10), "and the treasury");
    }

    function test_guardian_tries_to_stop_closing_and_cannot() public {
        LeaseKey memory key = _openOne();
        _guardAgainstAll();
        vm.warp(START + 100);
        assertEq(_settle(key, 100, 0, 0).host, _host(100, 0), "settled");
        vm.startPrank(user);
        book.park(key);
        book.end(_keys(key));
        vm.stopPrank();
        vm.warp(START + 103);
        book.finalise(_keys(key));
        assertEq(coes.coeOf(coe).locked, 0, "the bond is free");
        vm.prank(host);
        coes.unbond(coe, STAKE);
        vm.warp(START + 133);
        assertEq(coes.withdrawUnbonded(coe), STAKE, "and so is the stake");
    }

    /// @dev Everything that a guardian can do about what the world's order runs on.
    function _guardAgainstAll() private {
        vm.startPrank(guardian);
        settings.stopOpenings();
        coes.setSuspended(coe, true);
        vm.stopPrank();
    }

    function openFirst() external {
        _open(_order(_services()), _services(), _one(_entry(0)));
    }

    // ---------------------------------------------------- book not accepted by the host

    function test_a_book_not_accepted_by_the_host_opens_nothing_there() public {
        _admit();
        token.transfer(host, STAKE);
        vm.prank(host);
        token.approve(address(coes), STAKE);
        bytes32 shy = _registerAs(host, "shy", 0xA9, _capacity(), _ask(), STAKE, address(0));
        _requireSkipped(0, 0, shy, SkipCode.BookNotAccepted);
        assertEq(coes.coeOf(shy).locked, 0, "nothing is locked");
    }

    // ------------------------------------------------------------------ suspended COE

    function test_a_suspended_coe_opens_nothing_and_goes_on_with_what_it_runs() public {
        LeaseKey memory key = _openOne();
        vm.prank(guardian);
        coes.setSuspended(coe, true);
        _requireSkipped(1, 0, coe, SkipCode.CoeInactive);
        vm.warp(START + 100);
        assertEq(_settle(key, 100, 0, 0).host, _host(100, 0), "is paid");
    }

    function test_a_suspended_coe_takes_no_failover_and_wakes_no_parked_lease() public {
        LeaseKey memory key = _openOne();
        LeaseKey memory lost = _openAt(1, 0, other);
        vm.warp(START + 100);
        _settle(key, 100, 0, 0);
        vm.prank(user);
        book.park(key);
        vm.prank(guardian);
        coes.setSuspended(coe, true);
        _fault(lost, uint64(START + 50));
        _requireSkipped(1, 1, coe, SkipCode.CoeInactive);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.CapacityLacking.selector, coe));
        vm.prank(user);
        book.resume(_order(_services()), key, 10);
    }

    function test_a_coe_whose_host_image_is_revoked_opens_nothing() public {
        _admit();
        bytes32 root = keccak256("root");
        bytes32 typeHash =
            keccak256("OsImage(address signer,bytes32 rootHash,bytes32 manifestDigest,string channel,string version)");
        bytes32 structHash =
            keccak256(abi.encode(typeHash, publisher, root, DIGEST, keccak256("stable"), keccak256("1")));
        bytes memory signature = _sign(PUBLISHER_KEY, address(os), structHash);
        bytes32 osImage = os.publish(publisher, root, DIGEST, "stable", "1", signature);
        vm.prank(host);
        coes.setOsImage(coe, osImage);
        vm.prank(guardian);
        os.revoke(osImage, "rootkit");
        _requireSkipped(0, 0, coe, SkipCode.CoeOsRevoked);
    }

    // ----------------------------------------------------- malicious image in a failover

    function test_a_malicious_image_does_not_come_back_by_a_failover() public {
        LeaseKey memory key = _openOne();
        _fault(key, uint64(START));
        vm.prank(guardian);
        images.markMalicious(DIGEST, "miner");
        _requireSkipped(0, 1, other, SkipCode.ImageMalicious);
    }

    function test_a_malicious_image_is_stopped_by_anyone_and_for_good() public {
        LeaseKey memory key = _openOne();
        vm.prank(guardian);
        images.markMalicious(DIGEST, "miner");
        vm.prank(stranger);
        book.stopMalicious(DIGEST, _keys(key));
        assertTrue(_stateOf(key) == LeaseState.Ending, "ending");
        _requireSkipped(0, 1, other, SkipCode.SlotTaken);
        (ReplicaState state,,) = book.replicaOf(key.orderHash, 0, 0);
        assertTrue(state == ReplicaState.Done, "done");
    }

    /// @notice An owner's word stops new orders; what users already run may move on.
    function test_an_owner_that_revokes_cannot_strand_a_failover() public {
        LeaseKey memory key = _openOne();
        vm.prank(publisher);
        images.revoke(DIGEST, "old");
        _requireSkipped(1, 0, coe, SkipCode.ImageRevoked);
        _fault(key, uint64(START));
        _openAt(0, 1, other);
        bytes memory reason = abi.encodeWithSelector(ILeaseBook.ImageNotMalicious.selector, DIGEST);
        LeaseKey[] memory running = _keys(_keyAt(0, 1, other));
        vm.expectRevert(reason);
        book.stopMalicious(DIGEST, running);
    }

    // --------------------------------------------------------- tariffs that rise

    function test_a_fee_raised_after_an_order_was_signed_never_passes_its_limit() public {
        Order memory order = _order(_services());
        order.maxFeeBps = FEE_BPS;
        _admit(order, _services());
        settings.setFee(FEE_BPS + 1);
        _expectSkip(book.orderHashOf(order), SkipCode.FeeAboveMax);
        _open(order, _services(), _one(_entry(0)));
    }

    function test_reference_prices_raised_after_an_order_was_signed_never_pass_its_ceiling() public {
        _admit();
        uint128[5] memory prices = _referencePrices();
        prices[0] *= 10;
        settings.setReferencePrices(prices);
        _requireSkipped(0, 0, coe, SkipCode.ReferenceAboveCeiling);
    }
}
