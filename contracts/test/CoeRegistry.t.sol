// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {ICoeRegistry} from "../src/interfaces/ICoeRegistry.sol";
import {vm} from "./Vm.sol";
import {World} from "./World.sol";

contract CoeRegistryTest is World {
    function setUp() public override {
        super.setUp();
        coes.authoriseBook(address(this));
    }

    function test_a_registered_coe_reads_back() public view {
        bytes32 id = keccak256(abi.encode(block.chainid, address(coes), host, keccak256(bytes("one"))));
        assertEq(coe, id, "id");
        assertEq(coes.coeIdOf(host, "one"), id, "view");
        ICoeRegistry.Coe memory c = coes.coeOf(coe);
        assertEq(c.host, host, "host");
        assertEq(c.agent, agent, "agent");
        assertTrue(c.status == ICoeRegistry.Status.Active, "status");
        assertEq(c.region, 5, "region");
        assertEq(c.stake, STAKE, "stake");
        assertEq(c.locked, 0, "locked");
        assertEq(abi.encode(c.capacity), abi.encode(_capacity()), "capacity");
        assertEq(abi.encode(c.ask), abi.encode(_ask()), "ask");
        assertEq(bytes(c.name), "one", "name");
        assertEq(bytes(c.endpoint), "https://coe.example", "endpoint");
        assertEq(coes.agentOf(coe), agent, "agent of");
        assertEq(coes.coeOfAgent(agent), coe, "coe of");
        assertEq(token.balanceOf(address(coes)), STAKE, "stake is held");
    }

    function test_registering_says_all_of_it() public {
        bytes32 id = coes.coeIdOf(stranger, "two");
        vm.expectEmit(true, true, true, true, address(coes));
        emit ICoeRegistry.CoeRegistered(id, stranger, member, "two", 63);
        vm.expectEmit(true, true, true, true, address(coes));
        emit ICoeRegistry.CapacitySet(id, _capacity());
        vm.expectEmit(true, true, true, true, address(coes));
        emit ICoeRegistry.AskSet(id, _ask());
        vm.expectEmit(true, true, true, true, address(coes));
        emit ICoeRegistry.EndpointSet(id, "");
        vm.prank(stranger);
        assertEq(coes.register("two", member, 63, _capacity(), _ask(), "", 0), id, "id");
    }

    function test_a_stake_is_taken_and_said() public {
        token.transfer(stranger, 5);
        vm.startPrank(stranger);
        token.approve(address(coes), 5);
        vm.expectEmit(true, true, true, true, address(coes));
        emit ICoeRegistry.Staked(coes.coeIdOf(stranger, "two"), 5);
        coes.register("two", member, 0, _capacity(), _ask(), "", 5);
        vm.stopPrank();
        assertEq(token.balanceOf(stranger), 0, "taken");
    }

    function test_a_stake_that_is_not_approved_registers_nothing() public {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(coes), 0, 5));
        vm.prank(stranger);
        coes.register("two", member, 0, _capacity(), _ask(), "", 5);
        assertEq(coes.coeOfAgent(member), bytes32(0), "no COE");
    }

    function test_a_name_is_registered_once_by_a_host() public {
        vm.expectRevert(abi.encodeWithSelector(ICoeRegistry.CoeKnown.selector, coe));
        vm.prank(host);
        coes.register("one", member, 0, _capacity(), _ask(), "", 0);
    }

    function test_an_agent_belongs_to_one_coe() public {
        vm.expectRevert(abi.encodeWithSelector(ICoeRegistry.AgentTaken.selector, agent, coe));
        coes.register("two", agent, 0, _capacity(), _ask(), "", 0);
    }

    function test_an_agent_is_needed() public {
        vm.expectRevert(ICoeRegistry.AgentZero.selector);
        coes.register("two", address(0), 0, _capacity(), _ask(), "", 0);
    }

    function test_a_name_is_needed() public {
        vm.expectRevert(ICoeRegistry.NameEmpty.selector);
        coes.register("", member, 0, _capacity(), _ask(), "", 0);
    }

    function test_regions_end_at_63() public {
        vm.expectRevert(abi.encodeWithSelector(ICoeRegistry.RegionOutOfRange.selector, 64));
        coes.register("two", member, 64, _capacity(), _ask(), "", 0);
    }

    function test_some_capacity_is_needed() public {
        uint64[5] memory none;
        vm.expectRevert(ICoeRegistry.CapacityEmpty.selector);
        coes.register("two", member, 0, none, _ask(), "", 0);
    }

    function test_an_unknown_coe_has_an_empty_record_and_no_capacity() public {
        assertTrue(coes.coeOf(bytes32(uint256(1))).status == ICoeRegistry.Status.None, "record");
        vm.expectRevert(abi.encodeWithSelector(ICoeRegistry.CoeUnknown.selector, bytes32(uint256(1))));
        coes.unassigned(bytes32(uint256(1)));
    }

    function test_assigning_takes_capacity_and_locks_a_bond() public {
        uint64[5] memory reserved = [uint64(1_000), 2, 3, 4, 5];
        vm.expectEmit(true, true, true, true, address(coes));
        emit ICoeRegistry.Assigned(coe, address(this), reserved, 7);
        assertTrue(coes.assign(coe, reserved, 7), "assigned");
        assertEq(abi.encode(coes.unassigned(coe)), abi.encode([uint64(3_000), 8_190, 99_997, 996, 95]), "rest");
        assertEq(coes.coeOf(coe).locked, 7, "locked");
    }

    function test_each_dimension_is_full_by_itself(uint256 dimension) public {
        dimension = bound(dimension, 0, 4);
        uint64[5] memory reserved = _capacity();
        assertTrue(coes.assign(coe, reserved, 0), "all of it");
        uint64[5] memory one;
        one[dimension] = 1;
        assertTrue(!coes.assign(coe, one, 0), "one more");
        assertEq(abi.encode(coes.coeOf(coe).assigned), abi.encode(reserved), "nothing was taken");
    }

    function test_a_reservation_near_the_width_does_not_wrap() public {
        uint64[5] memory reserved = [type(uint64).max, 0, 0, 0, 0];
        assertTrue(coes.assign(coe, [uint64(1), 0, 0, 0, 0], 0), "one");
        assertTrue(!coes.assign(coe, reserved, 0), "refused");
    }

    function test_a_bond_beyond_the_stake_is_refused() public {
        uint64[5] memory none;
        assertTrue(coes.assign(coe, none, STAKE), "all of the stake");
        assertTrue(!coes.assign(coe, none, 1), "one wei more");
        assertEq(coes.coeOf(coe).locked, STAKE, "locked");
    }

    function test_release_and_unlock_give_back() public {
        uint64[5] memory reserved = [uint64(1), 2, 3, 4, 5];
        coes.assign(coe, reserved, 7);
        vm.expectEmit(true, true, true, true, address(coes));
        emit ICoeRegistry.Released(coe, address(this), reserved, 0);
        coes.release(coe, reserved);
        assertEq(abi.encode(coes.unassigned(coe)), abi.encode(_capacity()), "capacity");
        vm.expectEmit(true, true, true, true, address(coes));
        emit ICoeRegistry.Released(coe, address(this), [uint64(0), 0, 0, 0, 0], 7);
        coes.unlock(coe, 7);
        assertEq(coes.coeOf(coe).locked, 0, "bond");
    }

    function test_only_books_assign_release_and_unlock() public {
        uint64[5] memory none;
        bytes memory reason = abi.encodeWithSelector(ICoeRegistry.NotABook.selector, stranger);
        vm.startPrank(stranger);
        vm.expectRevert(reason);
        coes.assign(coe, none, 0);
        vm.expectRevert(reason);
        coes.release(coe, none);
        vm.expectRevert(reason);
        coes.unlock(coe, 0);
        vm.stopPrank();
    }

    function test_only_the_governor_authorises_a_book() public {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger));
        vm.prank(stranger);
        coes.authoriseBook(stranger);
        vm.expectEmit(true, true, true, true, address(coes));
        emit ICoeRegistry.BookAuthorised(stranger);
        coes.authoriseBook(stranger);
        assertTrue(coes.isBook(stranger), "book");
    }
}
