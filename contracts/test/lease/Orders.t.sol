// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {LeaseKey, Order, Plan, PlanEntry, Service} from "../../src/interfaces/Types.sol";
import {Typed} from "../Typed.sol";
import {vm} from "../Vm.sol";
import {LeaseWorld} from "./LeaseWorld.sol";
import {Wallet} from "./Wallet.sol";

contract OrdersTest is LeaseWorld {
    // ---------------------------------------------------------------- admission

    function test_an_admitted_order_is_known_by_its_digest_and_logged_whole() public {
        Service[] memory s = _services();
        Order memory o = _order(s);
        bytes32 digest = Typed.digest(address(book), Typed.hash(o));
        bytes memory signature = _signDigest(USER_KEY, digest);
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.OrderAdmitted(digest, user, o, s);
        vm.prank(stranger); // anybody may send what the user signed
        assertEq(book.admit(o, s, signature), digest, "hash");
        assertEq(book.orderHashOf(o), digest, "view");

        (address of_, bool cancelled, uint64 admittedAt, uint256 committed) = book.orderOf(digest);
        assertEq(of_, user, "user");
        assertTrue(!cancelled, "cancelled");
        assertEq(admittedAt, START, "admitted at");
        assertEq(committed, 0, "no money moves");
        assertEq(book.freeOf(user), DEPOSIT, "free");
    }

    function test_an_order_is_admitted_once() public {
        bytes32 hash = _admit();
        _refused(_order(), USER_KEY, abi.encodeWithSelector(ILeaseBook.OrderKnown.selector, hash));
    }

    function test_a_cancelled_order_is_not_admitted_again() public {
        bytes32 hash = _admit();
        vm.prank(user);
        book.cancel(hash);
        _refused(_order(), USER_KEY, abi.encodeWithSelector(ILeaseBook.OrderKnown.selector, hash));
    }

    function test_services_must_be_the_signed_ones() public {
        Service[] memory s = _services();
        Order memory o = _order(s);
        bytes memory signature = _sign(USER_KEY, address(book), Typed.hash(o));
        s[0].specHash = keccak256("another spec");
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.ServicesMismatch.selector, o.servicesHash, Typed.hash(s)));
        book.admit(o, s, signature);
    }

    function test_every_member_of_a_service_is_signed(uint256 field) public {
        Service[] memory s = _services();
        Order memory o = _order(s);
        bytes memory signature = _sign(USER_KEY, address(book), Typed.hash(o));
        field = bound(field, 0, 15);
        if (field == 0) s[0].imageDigest = 0;
        if (field == 1) s[0].specHash = 0;
        if (field == 2) s[0].replicas += 1;
        if (field == 3) s[0].regionMask += 1;
        if (field == 4) s[0].minStake += 1;
        if (field == 5) s[0].placementHash = keccak256("spread");
        if (field > 5 && field < 11) s[0].reserved[field - 6] += 1;
        if (field > 10) s[0].ceiling[field - 11] += 1;
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.ServicesMismatch.selector, o.servicesHash, Typed.hash(s)));
        book.admit(o, s, signature);
    }

    function test_an_order_is_admitted_until_its_last_second() public {
        vm.warp(START + 300);
        _admit();
        Order memory o = _order();
        o.salt = 0;
        vm.warp(START + 301);
        _refused(o, USER_KEY, abi.encodeWithSelector(ILeaseBook.OrderExpired.selector, START + 300, START + 301));
    }

    function test_another_wallets_signature_is_refused() public {
        _refused(_order(), STRANGER_KEY, abi.encodeWithSelector(ILeaseBook.SignerMismatch.selector, user));
    }

    function test_a_malformed_signature_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.SignerMismatch.selector, user));
        book.admit(_order(), _services(), hex"1234");
    }

    function test_an_order_for_another_chain_is_refused() public {
        Order memory o = _order();
        bytes memory signature = _sign(USER_KEY, address(book), Typed.hash(o));
        vm.chainId(10);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.SignerMismatch.selector, user));
        book.admit(o, _services(), signature);
    }

    function test_an_order_for_another_contract_is_refused() public {
        Order memory o = _order();
        bytes memory signature = _sign(USER_KEY, address(coes), Typed.hash(o));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.SignerMismatch.selector, user));
        book.admit(o, _services(), signature);
    }

    function test_every_member_of_an_order_is_signed(uint256 field) public {
        Order memory o = _order();
        bytes memory signature = _sign(USER_KEY, address(book), Typed.hash(o));
        field = bound(field, 0, 10);
        if (field == 0) o.maxTotal += 1;
        if (field == 1) o.duration += 1;
        if (field == 2) o.prepay += 1;
        if (field == 3) o.submitBy += 1;
        if (field == 4) o.startWithin += 1;
        if (field == 5) o.maxRoyaltyBps += 1;
        if (field == 6) o.maxFeeBps += 1;
        if (field == 7) o.upgradePolicy += 1;
        if (field == 8) o.operator = stranger;
        if (field == 9) o.userEpoch += 1;
        if (field == 10) o.salt = 0;
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.SignerMismatch.selector, user));
        book.admit(o, _services(), signature);
    }

    function test_only_the_users_own_key_admits(uint256 key) public {
        key = bound(key, 1, type(uint128).max);
        vm.assume(key != USER_KEY);
        _refused(_order(), key, abi.encodeWithSelector(ILeaseBook.SignerMismatch.selector, user));
    }

    function test_an_order_within_its_bounds_is_admitted_as_it_is(uint256[5] memory seed) public {
        Order memory o = _order();
        o.maxTotal = uint128(bound(seed[0], 1, type(uint128).max));
        o.duration = uint32(bound(seed[1], 20, 2 ** 27 - 1));
        o.prepay = uint32(bound(seed[2], 20, type(uint32).max));
        o.startWithin = uint32(bound(seed[3], 20, o.prepay < o.duration ? o.prepay : o.duration));
        o.submitBy = uint64(bound(seed[4], START, type(uint64).max));
        assertEq(_admit(o, _services()), Typed.digest(address(book), Typed.hash(o)), "digest");
    }

    function test_malformed_orders_are_refused_by_field() public {
        Order memory o = _order();
        o.user = address(0);
        _malformed(o, 0);
        o = _order();
        o.maxTotal = 0;
        _malformed(o, 2);
        o = _order();
        o.duration = 0;
        _malformed(o, 3);
        o.duration = 2 ** 27;
        _malformed(o, 3);
        o = _order();
        o.prepay = 0;
        _malformed(o, 4);
        o = _order();
        o.startWithin = 19;
        _malformed(o, 6);
        o.startWithin = o.prepay + 1;
        _malformed(o, 6);
        o.startWithin = o.prepay;
        o.duration = o.prepay - 1;
        _malformed(o, 6);
        o = _order();
        o.upgradePolicy = 2;
        _malformed(o, 9);
    }

    function test_malformed_services_are_refused() public {
        _malformed(new Service[](0));
        Service[] memory s = _services();
        s[0].replicas = 0;
        _malformed(s);
        s[0].replicas = 257;
        _malformed(s);
        s[0].replicas = 256;
        s[0].imageDigest = 0;
        _malformed(s);
    }

    // ------------------------------------------------------------- cancellation

    function test_a_cancelled_order_opens_nothing_more() public {
        bytes32 hash = _admit();
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.OrderCancelled(hash);
        vm.prank(user);
        book.cancel(hash);
        (, bool cancelled, uint64 admittedAt,) = book.orderOf(hash);
        assertTrue(cancelled, "cancelled");
        assertEq(admittedAt, 0, "admitted at");
        bytes memory reason = abi.encodeWithSelector(ILeaseBook.OrderCancelledAlready.selector, hash);
        _openRefused(hash, reason);
        vm.expectRevert(reason);
        vm.prank(user);
        book.cancel(hash);
    }

    function test_a_cancelled_order_is_not_renewed() public {
        LeaseKey memory key = _openOne();
        vm.startPrank(user);
        book.cancel(key.orderHash);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.OrderCancelledAlready.selector, key.orderHash));
        book.renew(_order(), key, 10);
        vm.stopPrank();
    }

    function test_live_leases_survive_a_cancellation() public {
        LeaseKey memory key = _openOne();
        vm.prank(user);
        book.cancel(key.orderHash);
        vm.warp(START + 60);
        assertEq(_settle(key, 60, 0, 0).host, _host(60, 0), "still paid");
        _assertConserved(key);
    }

    function test_only_the_user_cancels() public {
        bytes32 hash = _admit();
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NotTheUser.selector, user, stranger));
        vm.prank(stranger);
        book.cancel(hash);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.OrderUnknown.selector, bytes32(0)));
        book.cancel(0);
    }

    function test_raising_the_epoch_cancels_every_older_order() public {
        LeaseKey memory key = _openOne();
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.EpochRaised(user, 1);
        vm.prank(user);
        assertEq(book.raiseEpoch(), 1, "raised");
        assertEq(book.epochOf(user), 1, "epoch");
        bytes memory reason = abi.encodeWithSelector(ILeaseBook.OrderFromOldEpoch.selector, 0, 1);
        _openRefused(key.orderHash, reason);
        vm.expectRevert(reason);
        vm.prank(user);
        book.renew(_order(), key, 10);

        Order memory o = _order();
        o.salt = 0;
        _refused(o, USER_KEY, reason);
        o.userEpoch = 1;
        _admit(o, _services());
    }

    function test_an_epoch_is_its_users_own() public {
        _admit();
        vm.prank(stranger);
        book.raiseEpoch();
        assertEq(book.epochOf(user), 0, "epoch");
        _open(_order(), _services(), _one(_entry(0)));
    }

    // ---------------------------------------------------------- contract wallets

    function test_a_contract_wallet_signs_by_erc1271() public {
        (Wallet wallet, Order memory o) = _walletOrder();
        bytes32 digest = book.orderHashOf(o);
        wallet.accept(digest);
        book.admit(o, _services(), "");
        (address of_,,,) = book.orderOf(digest);
        assertEq(of_, address(wallet), "user");
    }

    function test_a_contract_wallet_is_asked_once_and_never_again() public {
        (Wallet wallet, Order memory o) = _walletOrder();
        token.transfer(address(wallet), DEPOSIT);
        vm.startPrank(address(wallet));
        token.approve(address(book), DEPOSIT);
        book.deposit(DEPOSIT);
        vm.stopPrank();
        wallet.accept(book.orderHashOf(o));
        book.admit(o, _services(), "");
        wallet.accept(0);
        _open(o, _services(), _one(_entry(0)));
        assertEq(book.freeOf(address(wallet)), DEPOSIT - _charge(PREPAY, ALLOWANCE) - RESERVE, "the wallet pays");
    }

    function test_a_contract_wallet_that_disagrees_is_refused() public {
        (, Order memory o) = _walletOrder();
        _walletRefused(o);
    }

    function test_a_contract_wallet_cannot_answer_short() public {
        (Wallet wallet, Order memory o) = _walletOrder();
        wallet.accept(book.orderHashOf(o));
        wallet.misbehave(31, false);
        _walletRefused(o);
        wallet.misbehave(0, false);
        _walletRefused(o);
    }

    function test_a_contract_wallet_cannot_burn_more_than_its_gas() public {
        (Wallet wallet, Order memory o) = _walletOrder();
        wallet.misbehave(32, true);
        uint256 before = gasleft();
        _walletRefused(o);
        assertTrue(before - gasleft() < 400_000, "bounded");
    }

    function test_a_contract_wallets_long_answer_is_not_copied() public {
        (Wallet wallet, Order memory o) = _walletOrder();
        wallet.accept(book.orderHashOf(o));
        wallet.misbehave(4_000, false);
        book.admit(o, _services(), "");
    }

    // ------------------------------------------------------------------ helpers

    function _walletOrder() private returns (Wallet wallet, Order memory o) {
        wallet = new Wallet();
        o = _order();
        o.user = address(wallet);
    }

    function _walletRefused(Order memory o) private {
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.SignerMismatch.selector, o.user));
        book.admit(o, _services(), "");
    }

    function _refused(Order memory o, uint256 key, bytes memory reason) private {
        bytes memory signature = _sign(key, address(book), Typed.hash(o));
        vm.expectRevert(reason);
        book.admit(o, _services(), signature);
    }

    function _malformed(Order memory o, uint8 field) private {
        _refused(o, USER_KEY, abi.encodeWithSelector(ILeaseBook.OrderMalformed.selector, field));
    }

    function _malformed(Service[] memory s) private {
        Order memory o = _order(s);
        bytes memory signature = _sign(USER_KEY, address(book), Typed.hash(o));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.OrderMalformed.selector, 1));
        book.admit(o, s, signature);
    }

    function _openRefused(bytes32 hash, bytes memory reason) private {
        PlanEntry[] memory entries = _one(_entry(1));
        Plan memory p = _plan(hash, entries);
        bytes[] memory signatures = _signPlan(p);
        vm.expectRevert(reason);
        book.open(_order(), _services(), p, entries, signatures);
    }
}
