// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICoeRegistry} from "../../src/interfaces/ICoeRegistry.sol";
import {vm} from "../Vm.sol";
import {CoeWorld} from "./CoeWorld.sol";

/// @title What lease books take, give back and slash
contract AssignmentTest is CoeWorld {
    uint64[5] private none;
    uint64[5] private some = [uint64(1_000), 2, 3, 4, 5];

    function test_assigning_takes_capacity_and_locks_a_bond() public {
        _expectEmit();
        emit ICoeRegistry.Assigned(coe, BOOK, some, 7e9);
        assertTrue(_assign(BOOK, some, 7e9), "assigned");
        assertAmounts(coes.unassigned(coe), [uint64(3_000), 8_190, 99_997, 996, 95], "rest");
        assertAmounts(_record().assigned, some, "assigned");
        assertEq(_record().locked, 7e9, "locked");
        assertEq(_offer().freeStake, STAKE - 7e9, "free");
    }

    function testFuzz_each_dimension_is_full_by_itself(uint256 dimension, uint64 taken, uint64 wanted) public {
        dimension = bound(dimension, 0, 4);
        uint64 capacity = _capacity()[dimension];
        uint64[5] memory reserved;
        reserved[dimension] = taken = uint64(bound(taken, 0, capacity));
        assertTrue(_assign(BOOK, reserved, 0), "some");
        // Half of the cases draw next to the bound.
        reserved[dimension] = wanted % 2 == 0 ? wanted : uint64(bound(wanted, capacity - taken, capacity - taken + 1));
        bool fits = reserved[dimension] <= capacity - taken;
        assertTrue(_assign(BOOK, reserved, 0) == fits, "as far as it goes");
        assertEq(_record().assigned[dimension], fits ? taken + reserved[dimension] : taken, "taken");
    }

    function testFuzz_bonds_lock_no_more_than_the_stake(uint256 first, uint256 second) public {
        first = bound(first, 0, STAKE / 1e9) * 1e9;
        second = bound(second, 0, STAKE / 1e9 + 1) * 1e9;
        assertTrue(_assign(BOOK, none, first), "first");
        bool fits = first + second <= STAKE;
        assertTrue(_assign(BOOK, none, second) == fits, "second");
        assertEq(_record().locked, fits ? first + second : first, "locked");
    }

    function test_a_bond_that_no_stake_could_hold_is_refused() public {
        _assign(BOOK, none, 1e9);
        assertTrue(!_assign(BOOK, none, type(uint256).max / 1e9 * 1e9), "refused");
    }

    function testFuzz_a_bond_that_is_not_whole_gwei_reverts(uint256 bond) public {
        bond = bound(bond, 0, STAKE - 2e9) / 1e9 * 1e9 + 1 + bond % (1e9 - 1);
        bytes memory reason = abi.encodeWithSelector(ICoeRegistry.BondNotWhole.selector, bond);
        vm.startPrank(BOOK);
        _expect(reason);
        coes.assign(coe, none, bond);
        _expect(reason);
        coes.unlock(coe, bond);
        _expect(reason);
        coes.slash(coe, bond);
        vm.stopPrank();
    }

    function testFuzz_release_and_unlock_give_back(uint64[5] memory reserved, uint256 bond) public {
        for (uint256 i = 0; i < 5; ++i) {
            reserved[i] = uint64(bound(reserved[i], 0, _capacity()[i]));
        }
        bond = bound(bond, 0, STAKE / 1e9) * 1e9;
        assertTrue(_assign(BOOK, reserved, bond), "assigned");
        vm.startPrank(BOOK);
        _expectEmit();
        emit ICoeRegistry.Released(coe, BOOK, reserved, 0);
        coes.release(coe, reserved);
        assertAmounts(coes.unassigned(coe), _capacity(), "capacity");
        assertEq(_record().locked, bond, "the bond stays");
        _expectEmit();
        emit ICoeRegistry.Released(coe, BOOK, none, bond);
        coes.unlock(coe, bond);
        assertEq(_record().locked, 0, "bond");
        assertEq(_record().stake, STAKE, "stake");
        vm.stopPrank();
    }

    function testFuzz_slashing_takes_a_locked_bond_out_of_the_stake(uint256 bond, uint256 rest) public {
        bond = bound(bond, 0, STAKE / 1e9) * 1e9;
        rest = bound(rest, 0, (STAKE - bond) / 1e9) * 1e9;
        _assign(BOOK, none, bond + rest);
        vm.prank(BOOK);
        _expectEmit();
        emit ICoeRegistry.Slashed(coe, BOOK, bond);
        coes.slash(coe, bond);
        assertEq(_record().stake, STAKE - bond, "stake");
        assertEq(_record().locked, rest, "locked");
        assertEq(token.balanceOf(BOOK), bond, "tokens");
        assertEq(token.balanceOf(address(coes)), STAKE - bond, "held");
    }

    function testFuzz_more_than_what_is_taken_is_not_given_back(uint256 dimension, uint64 beyond, uint256 bond) public {
        _assign(BOOK, some, 7e9);
        dimension = bound(dimension, 0, 4);
        uint64[5] memory reserved = some;
        reserved[dimension] = uint64(bound(beyond, uint256(some[dimension]) + 1, type(uint64).max));
        bond = bound(bond, 8, type(uint256).max / 1e9) * 1e9;
        bytes memory reason = abi.encodeWithSelector(ICoeRegistry.NotTaken.selector, coe);
        vm.startPrank(BOOK);
        _expect(reason);
        coes.release(coe, reserved);
        _expect(reason);
        coes.unlock(coe, bond);
        _expect(reason);
        coes.slash(coe, bond);
        vm.stopPrank();
    }

    function test_nothing_is_assigned_on_an_unknown_coe() public {
        vm.prank(BOOK);
        assertTrue(!coes.assign(bytes32(0), none, 0), "refused");
    }

    function test_only_books_assign_release_unlock_and_slash() public {
        bytes memory reason = abi.encodeWithSelector(ICoeRegistry.NotABook.selector, STRANGER);
        vm.startPrank(STRANGER);
        _expect(reason);
        coes.assign(coe, none, 0);
        _expect(reason);
        coes.release(coe, none);
        _expect(reason);
        coes.unlock(coe, 0);
        _expect(reason);
        coes.slash(coe, 0);
        vm.stopPrank();
    }
}
