// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {LeaseKey} from "../../src/interfaces/Types.sol";
import {vm} from "../Vm.sol";
import {LeaseWorld} from "./LeaseWorld.sol";

/// @dev An epoch of maturing is 4 s here, and START begins one.
contract PayoutTest is LeaseWorld {
    LeaseKey private key;
    uint256 private pay;

    function setUp() public override {
        super.setUp();
        key = _openOne();
        vm.warp(START + 40);
        _settle(key, 40, 0, 0);
        pay = _host(40, 0);
    }

    function test_pay_matures_two_epochs_after_the_one_it_was_settled_in() public {
        _earned(0, pay);
        vm.warp(START + 47);
        _earned(0, pay);
        vm.warp(START + 48);
        _earned(pay, 0);
    }

    function test_pay_of_the_last_second_of_an_epoch_matures_one_epoch_later() public {
        vm.warp(START + 43);
        _settle(key, 43, 0, 0);
        vm.warp(START + 48);
        _earned(_host(43, 0), 0);
    }

    function test_pay_of_several_epochs_matures_in_turn() public {
        vm.warp(START + 44);
        _settle(key, 44, 0, 0);
        vm.warp(START + 48);
        _settle(key, 48, 0, 0);
        _earned(_host(40, 0), _host(8, 0));
        vm.warp(START + 52);
        _earned(_host(44, 0), _host(4, 0));
        vm.warp(START + 1_000);
        _earned(_host(48, 0), 0);
    }

    function test_dust_settlements_do_not_postpone_maturing() public {
        for (uint32 i = 41; i < 48; ++i) {
            vm.warp(START + i);
            _settle(key, i, 0, 0);
        }
        vm.warp(START + 48);
        _earned(_host(43, 0), _host(4, 0));
    }

    function test_matured_pay_goes_to_the_host_whoever_asks() public {
        vm.warp(START + 48);
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.EarningsWithdrawn(coe, host, pay);
        vm.prank(stranger);
        assertEq(book.withdrawEarned(coe), pay, "amount");
        assertEq(token.balanceOf(host), pay, "host");
        _earned(0, 0);
        _assertConserved(key);
    }

    function test_matured_pay_goes_to_the_payee_that_the_host_has_set() public {
        vm.prank(host);
        coes.setPayee(coe, treasury);
        vm.warp(START + 48);
        book.withdrawEarned(coe);
        assertEq(token.balanceOf(treasury), pay, "payee");
        assertEq(token.balanceOf(host), 0, "host");
    }

    function test_maturing_pay_cannot_be_withdrawn() public {
        bytes memory reason = abi.encodeWithSelector(ILeaseBook.NothingEarned.selector, coe);
        vm.expectRevert(reason);
        book.withdrawEarned(coe);
        vm.warp(START + 48);
        book.withdrawEarned(coe);
        vm.expectRevert(reason);
        book.withdrawEarned(coe);
    }

    function test_withdrawing_leaves_what_is_maturing() public {
        vm.warp(START + 48);
        _settle(key, 48, 0, 0);
        book.withdrawEarned(coe);
        _earned(0, _host(8, 0));
    }

    function test_rent_matures_like_pay() public {
        vm.warp(START + PREPAY + 8);
        _end(key);
        _earned(pay, 8 * RENT * 1e9);
        vm.warp(START + PREPAY + 16);
        _earned(pay + 8 * RENT * 1e9, 0);
    }

    function test_fees_go_to_the_treasury_whoever_asks() public {
        uint256 fee = _fee(40, 0);
        assertEq(book.fees(), fee, "fees");
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.FeesWithdrawn(treasury, fee);
        vm.prank(stranger);
        assertEq(book.withdrawFees(), fee, "amount");
        assertEq(token.balanceOf(treasury), fee, "treasury");
        assertEq(book.fees(), 0, "none left");
        vm.expectRevert(ILeaseBook.AmountZero.selector);
        book.withdrawFees();
    }

    function test_every_party_gets_its_share_of_a_lease() public {
        vm.warp(START + 60);
        _end(key);
        vm.warp(START + 63);
        _settle(key, 60, 100, 100);
        book.finalise(_keys(key));
        vm.warp(START + 80);
        book.withdrawEarned(coe);
        book.withdrawFees();
        uint256 rest = book.freeOf(user);
        vm.prank(user);
        book.withdraw(rest);

        bytes32 image = images.nodeOf(DIGEST);
        pool.pull(image, 0);
        pool.pull(image, 1);
        pool.pull(releaseId, 0);
        pool.pay(image);
        pool.pay(releaseId);

        uint256 royalty = _royalty(60, 200);
        assertEq(token.balanceOf(host), _host(60, 200), "host");
        assertEq(token.balanceOf(treasury), _fee(60, 200), "treasury");
        assertEq(token.balanceOf(coder), royalty * 3 / 4, "code owner");
        assertEq(token.balanceOf(publisher), royalty - royalty * 3 / 4, "publisher");
        assertEq(token.balanceOf(user), DEPOSIT - _charge(60, 200), "user");
        assertEq(token.balanceOf(address(book)) + token.balanceOf(address(pool)), 0, "nothing is left behind");
    }

    function test_pay_matures_after_one_to_two_epochs_whenever_it_is_settled(uint256 when, uint256 later) public {
        when = bound(when, 100, PREPAY);
        later = bound(later, 0, 20);
        vm.warp(START + when);
        _settle(key, uint32(when), 0, 0);
        uint256 last = _host(when - 40, 0);
        vm.warp(START + when + later);
        (uint256 matured, uint256 maturing,) = book.earnedOf(coe);
        assertEq(matured + maturing, pay + last, "earned");
        if (later <= 4) assertEq(maturing, last, "not within an epoch");
        if (later >= 8) assertEq(maturing, 0, "not longer than two");
        assertEq(book.withdrawEarned(coe), matured, "what is said to have matured is paid");
        assertEq(token.balanceOf(host), matured, "host");
        _assertConserved(key);
    }

    function _earned(uint256 matured, uint256 maturing) private view {
        (uint256 a, uint256 b,) = book.earnedOf(coe);
        assertEq(a, matured, "matured");
        assertEq(b, maturing, "maturing");
    }
}
