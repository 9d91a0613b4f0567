// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {Order, PlanEntry, Service} from "../../src/interfaces/Types.sol";
import {Typed} from "../Typed.sol";
import {vm} from "../Vm.sol";
import {LeaseWorld} from "./LeaseWorld.sol";

/// @dev A contract wallet that accepts one digest, or misbehaves.
contract Wallet {
    bytes32 public accepted;
    uint256 public answerLength = 32;
    bool public burns;

    function accept(bytes32 digest) external {
        accepted = digest;
    }

    function misbehave(uint256 length, bool burn) external {
        answerLength = length;
        burns = burn;
    }

    function isValidSignature(bytes32 digest, bytes calldata) external view returns (bytes4) {
        while (burns) {}
        bytes memory answer = new bytes(answerLength);
        if (answerLength >= 4) {
            bytes4 magic = digest == accepted ? this.isValidSignature.selector : bytes4(0xffffffff);
            for (uint256 i = 0; i < 4; ++i) {
                answer[i] = magic[i];
            }
        }
        assembly ("memory-safe") {
            return(add(answer, 0x20), mload(answer))
        }
    }
}

contract OrdersTest is LeaseWorld {
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

        (address of_, bool cancelled, uint64 admittedAt, bytes32 servicesHash, uint256 spent, uint256 fenced) =
            book.orderOf(digest);
        assertEq(of_, user, "user");
        assertTrue(!cancelled, "cancelled");
        assertEq(admittedAt, START, "admitted at");
        assertEq(servicesHash, Typed.hash(s), "services");
        assertEq(spent + fenced, 0, "no money moves");
        assertEq(book.freeOf(user), DEPOSIT, "free");
    }

    function test_an_order_is_admitted_once() public {
        bytes32 hash = _admit();
        _refused(_order(_services()), USER_KEY, abi.encodeWithSelector(ILeaseBook.OrderKnown.selector, hash));
    }

    function test_services_must_be_the_signed_ones() public {
        Service[] memory s = _services();
        Order memory o = _order(s);
        bytes memory signature = _sign(USER_KEY, address(book), Typed.hash(o));
        s[0].specHash = keccak256("another spec");
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.ServicesMismatch.selector, o.servicesHash, Typed.hash(s)));
        book.admit(o, s, signature);
    }

    function test_an_order_is_admitted_until_its_last_second() public {
        vm.warp(START + 300);
        _admit();
        Order memory o = _order(_services());
        o.salt = 0;
        vm.warp(START + 301);
        _refused(o, USER_KEY, abi.encodeWithSelector(ILeaseBook.OrderExpired.selector, START + 300, START + 301));
    }

    function test_another_wallets_signature_is_refused() public {
        _refused(_order(_services()), STRANGER_KEY, abi.encodeWithSelector(ILeaseBook.SignerMismatch.selector, user));
    }

    function test_an_order_for_another_chain_is_refused() public {
        Order memory o = _order(_services());
        bytes memory signature = _sign(USER_KEY, address(book), Typed.hash(o));
        vm.chainId(10);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.SignerMismatch.selector, user));
        book.admit(o, _services(), signature);
    }

    function test_an_order_for_another_contract_is_refused() public {
        Order memory o = _order(_services());
        bytes memory signature = _sign(USER_KEY, address(coes), Typed.hash(o));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.SignerMismatch.selector, user));
        book.admit(o, _services(), signature);
    }

    function test_every_member_of_an_order_is_signed(uint256 field) public {
        Order memory o = _order(_services());
        bytes memory signature = _sign(USER_KEY, address(book), Typed.hash(o));
        field = bound(field, 0, 9);
        if (field == 0) o.maxTotal += 1;
        if (field == 1) o.duration += 1;
        if (field == 2) o.prepay += 1;
        if (field == 3) o.submitBy += 1;
        if (field == 4) o.startWithin += 1;
        if (field == 5) o.maxRoyaltyBps += 1;
        if (field == 6) o.maxFeeBps += 1;
        if (field == 7) o.upgradePolicy += 1;
        if (field == 8) o.operator = stranger;
        if (field == 9) o.salt = 0;
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.SignerMismatch.selector, user));
        book.admit(o, _services(), signature);
    }

    function test_malformed_orders_are_refused_by_field() public {
        Order memory o = _order(_services());
        o.user = address(0);
        _malformed(o, 0);
        o = _order(_services());
        o.maxTotal = 0;
        _malformed(o, 2);
        o = _order(_services());
        o.duration = 0;
        _malformed(o, 3);
        o.duration = 2 ** 27;
        _malformed(o, 3);
        o = _order(_services());
        o.prepay = 0;
        _malformed(o, 4);
        o = _order(_services());
        o.startWithin = 19;
        _malformed(o, 6);
        o.startWithin = o.prepay + 1;
        _malformed(o, 6);
        o = _order(_services());
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

    function test_a_cancelled_order_opens_nothing_more() public {
        bytes32 hash = _admit();
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.OrderCancelled(hash);
        vm.prank(user);
        book.cancel(hash);
        (, bool cancelled,,,,) = book.orderOf(hash);
        assertTrue(cancelled, "cancelled");
        _openRefused(hash, abi.encodeWithSelector(ILeaseBook.OrderCancelledAlready.selector, hash));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.OrderCancelledAlready.selector, hash));
        vm.prank(user);
        book.cancel(hash);
    }

    function test_live_leases_survive_a_cancellation() public {
        (bytes32 hash, bytes32 leaseId) = _openOne();
        vm.prank(user);
        book.cancel(hash);
        vm.warp(START + 60);
        assertEq(_settle(leaseId, 60, 0, 0).host, _host(60, 0), "still paid");
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
        bytes32 hash = _admit();
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.EpochRaised(user, 1);
        vm.prank(user);
        assertEq(book.raiseEpoch(), 1, "raised");
        assertEq(book.epochOf(user), 1, "epoch");
        (, bool cancelled,,,,) = book.orderOf(hash);
        assertTrue(cancelled, "cancelled");
        _openRefused(hash, abi.encodeWithSelector(ILeaseBook.OrderFromOldEpoch.selector, 0, 1));

        Order memory o = _order(_services());
        o.salt = 0;
        _refused(o, USER_KEY, abi.encodeWithSelector(ILeaseBook.OrderFromOldEpoch.selector, 0, 1));
        o.userEpoch = 1;
        _admit(o, _services());
    }

    function test_a_contract_wallet_signs_by_erc1271() public {
        (Wallet wallet, Order memory o) = _walletOrder();
        wallet.accept(book.orderHashOf(o));
        book.admit(o, _services(), "");
    }

    function test_a_contract_wallet_that_disagrees_is_refused() public {
        (Wallet wallet, Order memory o) = _walletOrder();
        _walletRefused(wallet, o);
    }

    function test_a_contract_wallet_cannot_answer_short() public {
        (Wallet wallet, Order memory o) = _walletOrder();
        wallet.accept(book.orderHashOf(o));
        wallet.misbehave(31, false);
        _walletRefused(wallet, o);
    }

    function test_a_contract_wallet_cannot_burn_more_than_its_gas() public {
        (Wallet wallet, Order memory o) = _walletOrder();
        wallet.misbehave(32, true);
        uint256 before = gasleft();
        _walletRefused(wallet, o);
        assertTrue(before - gasleft() < 400_000, "bounded");
    }

    function test_a_contract_wallets_long_answer_is_not_copied() public {
        (Wallet wallet, Order memory o) = _walletOrder();
        wallet.accept(book.orderHashOf(o));
        wallet.misbehave(4_000, false);
        book.admit(o, _services(), "");
    }

    function _walletOrder() private returns (Wallet wallet, Order memory o) {
        wallet = new Wallet();
        o = _order(_services());
        o.user = address(wallet);
    }

    function _walletRefused(Wallet wallet, Order memory o) private {
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.SignerMismatch.selector, address(wallet)));
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
        PlanEntry[] memory entries = _one(_entry(0));
        bytes[] memory signatures = _signPlan(_plan(hash, entries));
        vm.expectRevert(reason);
        book.open(_services(), _plan(hash, entries), entries, signatures);
    }
}
