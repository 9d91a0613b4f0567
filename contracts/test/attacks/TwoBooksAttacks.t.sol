// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICoeRegistry} from "../../src/interfaces/ICoeRegistry.sol";
import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {LeaseKey, Params, SkipCode, UsageBatch, UsageCode} from "../../src/interfaces/Types.sol";
import {Books} from "../Books.sol";
import {vm} from "../Vm.sol";
import {AttackWorld} from "./AttackWorld.sol";

/// @notice Two lease books over one COE.
contract TwoBooksAttacksTest is AttackWorld {
    ILeaseBook private first;
    ILeaseBook private second;

    /// @dev The second is a lease book like the first, authorised after its delay. The helpers of the world speak to
    /// `book`, so a test says which of the two that is.
    function setUp() public override {
        super.setUp();
        first = book;
        second = make(_params());
        token.transfer(user, DEPOSIT);
        vm.startPrank(user);
        token.approve(address(second), DEPOSIT);
        second.deposit(DEPOSIT);
        vm.stopPrank();
    }

    function test_two_lease_books_never_assign_more_than_there_is() public {
        _authorise();
        vm.prank(host);
        coes.setCapacity(coe, [uint64(1_000), 512, 2_048, 20, 2]); // of two replicas
        book = first;
        _openOne();
        book = second;
        _openOne();
        _requireSkipped(1, 0, coe, SkipCode.NoCapacity);
        book = first;
        _requireSkipped(1, 0, coe, SkipCode.NoCapacity);
        assertEq(coes.coeOf(coe).locked, 2 * BOND, "each has its bond");
    }

    function test_two_lease_books_never_lock_more_than_the_stake() public {
        _authorise();
        vm.prank(host);
        coes.unbond(coe, STAKE - 2 * BOND + 1);
        book = first;
        _openOne();
        book = second;
        _admit();
        _requireSkipped(0, 0, coe, SkipCode.StakeTooLow);
    }

    function test_closing_in_one_book_takes_nothing_from_the_other() public {
        _authorise();
        book = second;
        LeaseKey memory there = _openOne();
        book = first;
        LeaseKey memory here = _openOne();
        _end(here);
        vm.warp(vm.getBlockTimestamp() + 3);
        book.finalise(_keys(here));
        assertEq(coes.coeOf(coe).locked, BOND, "the other's bond");
        assertEq(uint256(coes.coeOf(coe).assigned[0]), 500, "the other's capacity");
        book = second;
        vm.warp(vm.getBlockTimestamp() + 100);
        book.noShow(_order(_services()), _keys(there));
        assertEq(second.freeOf(user), DEPOSIT + BOND, "which is there to take");
    }

    function test_usage_for_one_book_means_nothing_to_the_other() public {
        _authorise();
        book = second;
        LeaseKey memory there = _openOne();
        vm.warp(vm.getBlockTimestamp() + 100);
        UsageBatch[] memory usage = _batches(_report(coe, AGENT_KEY, _usage(there, 100, 0, 0)));
        book = first;
        Settled memory s = _settle(usage);
        _assertCode(s, UsageCode.BadSignature);
        s = _settle(_usage(_keyAt(0, 0, coe), 100, 0, 0));
        _assertCode(s, UsageCode.UnknownLease);
    }

    function test_a_second_book_waits_longer_than_it_takes_to_unbond() public {
        coes.proposeBook(address(second));
        vm.warp(START + coes.UNBONDING());
        bytes4 selector = ICoeRegistry.BookTooEarly.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, address(second), START + coes.BOOK_DELAY()));
        coes.authoriseBook(address(second));
        assertTrue(coes.BOOK_DELAY() > coes.UNBONDING(), "who distrusts it is gone by then");
    }

    /// @notice The governor may propose any book, but none that is made of these parts judges a host that is gone.
    function testFuzz_attack_a_book_whose_verdicts_come_when_a_host_is_out(uint32 late, uint32 epoch, uint32 verdict)
        public
    {
        Params memory p = _params();
        p.lateReports = uint32(bound(late, 1, 30));
        p.maturingEpoch = uint32(bound(epoch, 1, 15));
        p.verdictTime = uint32(bound(verdict, 1, 30));
        uint256 judged = p.lateReports + 2 * uint256(p.maturingEpoch) + p.verdictTime;
        if (judged >= coes.UNBONDING()) {
            vm.expectRevert(abi.encodeWithSignature("UnbondingTooShort(uint256,uint256)", coes.UNBONDING(), judged));
        }
        this.make(p);
    }

    function test_the_last_verdict_comes_before_a_host_is_out_even_at_the_widest() public {
        Params memory p = _params();
        p.verdictTime = uint32(coes.UNBONDING()) - p.lateReports - 2 * p.maturingEpoch - 1;
        this.make(p);
        p.lateReports = p.maturingEpoch = p.verdictTime = type(uint32).max;
        uint256 judged = 4 * uint256(type(uint32).max);
        vm.expectRevert(abi.encodeWithSignature("UnbondingTooShort(uint256,uint256)", coes.UNBONDING(), judged));
        this.make(p);
    }

    function make(Params memory p) public returns (ILeaseBook) {
        return Books.create(
            bytes.concat(
                abi.encode(address(token), address(coes), address(images), address(committee)),
                abi.encode(address(pool), address(settings), treasury, p)
            )
        );
    }

    function test_a_second_book_takes_nothing_from_a_host_that_did_not_accept_it() public {
        coes.proposeBook(address(second));
        vm.warp(START + coes.BOOK_DELAY());
        coes.authoriseBook(address(second));
        book = second;
        _admit();
        _requireSkipped(0, 0, coe, SkipCode.BookNotAccepted);
        vm.startPrank(address(second));
        vm.expectRevert(abi.encodeWithSelector(ICoeRegistry.NotTaken.selector, coe));
        coes.slash(coe, 1e9);
        vm.expectRevert(abi.encodeWithSelector(ICoeRegistry.NotTaken.selector, coe));
        coes.unlock(coe, 1e9);
        vm.stopPrank();
    }

    function test_a_book_that_nobody_authorised_takes_nothing() public {
        vm.startPrank(address(second));
        vm.expectRevert(abi.encodeWithSelector(ICoeRegistry.NotABook.selector, address(second)));
        coes.assign(coe, [uint64(1), 1, 1, 1, 1], 0);
        vm.expectRevert(abi.encodeWithSelector(ICoeRegistry.NotABook.selector, address(second)));
        coes.slash(coe, 1e9);
        vm.stopPrank();
    }

    function _authorise() private {
        coes.proposeBook(address(second));
        vm.warp(START + coes.BOOK_DELAY());
        coes.authoriseBook(address(second));
        vm.prank(host);
        coes.acceptBook(coe, address(second));
    }
}
