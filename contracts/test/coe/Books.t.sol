// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {CoeParams} from "../../src/coe/CoeParams.sol";
import {ICoeRegistry} from "../../src/interfaces/ICoeRegistry.sol";
import {vm} from "../Vm.sol";
import {CoeWorld} from "./CoeWorld.sol";

/// @title A lease book needs the governor, time, and each host
contract BooksTest is CoeWorld {
    address private constant NEXT = address(0xB3);

    function test_the_first_book_of_a_registry_may_assign_at_once() public {
        coes = ICoeRegistry(_registry(CoeParams(ASK_DELAY, UNBONDING, BOOK_DELAY, 0)));
        _expectEmit();
        emit ICoeRegistry.BookProposed(NEXT, uint64(vm.getBlockTimestamp()));
        coes.proposeBook(NEXT);
        assertTrue(!coes.isBook(NEXT), "proposed only");
        _expectEmit();
        emit ICoeRegistry.BookAuthorised(NEXT, 0);
        coes.authoriseBook(NEXT);
        assertTrue(coes.isBook(NEXT), "book");
    }

    function test_only_one_book_is_the_first_even_when_none_is_authorised_yet() public {
        coes = ICoeRegistry(_registry(CoeParams(ASK_DELAY, UNBONDING, BOOK_DELAY, 0)));
        coes.proposeBook(BOOK);
        coes.proposeBook(NEXT);
        uint256 from = vm.getBlockTimestamp() + BOOK_DELAY;
        _expect(abi.encodeWithSelector(ICoeRegistry.BookTooEarly.selector, NEXT, from));
        coes.authoriseBook(NEXT);
    }

    function testFuzz_a_later_book_waits_out_its_delay(uint256 waited) public {
        waited = bound(waited, 0, 2 * BOOK_DELAY);
        uint64 from = uint64(vm.getBlockTimestamp()) + BOOK_DELAY;
        _expectEmit();
        emit ICoeRegistry.BookProposed(NEXT, from);
        coes.proposeBook(NEXT);
        vm.warp(vm.getBlockTimestamp() + waited);
        if (waited < BOOK_DELAY) {
            _expect(abi.encodeWithSelector(ICoeRegistry.BookTooEarly.selector, NEXT, from));
        } else {
            _expectEmit();
            emit ICoeRegistry.BookAuthorised(NEXT, 2);
        }
        coes.authoriseBook(NEXT);
        assertTrue(coes.isBook(NEXT) == (waited >= BOOK_DELAY), "book");
    }

    function test_anyone_may_authorise_a_book_whose_time_has_come() public {
        coes.proposeBook(NEXT);
        vm.warp(vm.getBlockTimestamp() + BOOK_DELAY);
        vm.prank(STRANGER);
        coes.authoriseBook(NEXT);
        assertTrue(coes.isBook(NEXT), "book");
    }

    function test_only_the_governor_proposes_a_book() public {
        _expect(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, STRANGER));
        vm.prank(STRANGER);
        coes.proposeBook(NEXT);
    }

    function test_a_book_is_proposed_and_authorised_once() public {
        bytes memory reason = abi.encodeWithSelector(ICoeRegistry.BookKnown.selector, BOOK);
        _expect(reason);
        coes.proposeBook(BOOK);
        _expect(reason);
        coes.authoriseBook(BOOK);
    }

    function test_what_was_never_proposed_is_not_authorised() public {
        _expect(abi.encodeWithSelector(ICoeRegistry.BookUnknown.selector, NEXT));
        coes.authoriseBook(NEXT);
        _expect(abi.encodeWithSelector(ICoeRegistry.BookUnknown.selector, address(0)));
        coes.proposeBook(address(0));
    }

    function test_the_thirty_third_book_is_refused() public {
        for (uint160 i = 3; i <= 32; ++i) {
            coes.proposeBook(address(0xB000 + i));
        }
        vm.expectRevert(ICoeRegistry.TooManyBooks.selector);
        coes.proposeBook(NEXT);
    }

    function test_the_last_of_all_books_is_a_bit_of_its_own() public {
        for (uint160 i = 3; i <= 32; ++i) {
            coes.proposeBook(address(0xB000 + i));
        }
        vm.warp(vm.getBlockTimestamp() + BOOK_DELAY);
        address last = address(0xB000 + 32);
        _expectEmit();
        emit ICoeRegistry.BookAuthorised(last, 31);
        coes.authoriseBook(last);
        _accept(last);
        assertTrue(coes.accepts(coe, last) && coes.accepts(coe, BOOK) && !coes.accepts(coe, OTHER), "bits");
    }

    function test_a_host_accepts_a_book_for_one_coe() public {
        bytes32 second = _register("two", SPARE_KEY, BOOK);
        _expectEmit();
        emit ICoeRegistry.BookAccepted(coe, OTHER);
        _accept(OTHER);
        assertTrue(coes.accepts(coe, OTHER) && coes.offerOf(coe, OTHER).accepted, "accepted");
        assertTrue(!coes.accepts(second, OTHER) && !coes.offerOf(second, OTHER).accepted, "not for the other COE");
    }

    function test_a_book_is_accepted_once_and_not_before_it_is_authorised() public {
        _expect(abi.encodeWithSelector(ICoeRegistry.BookKnown.selector, BOOK));
        _accept(BOOK);
        coes.proposeBook(NEXT);
        _expect(abi.encodeWithSelector(ICoeRegistry.BookUnknown.selector, NEXT));
        _accept(NEXT);
    }
}
