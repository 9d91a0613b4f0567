// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {CoeParams} from "../src/coe/CoeParams.sol";
import {ICoeRegistry} from "../src/interfaces/ICoeRegistry.sol";
import {vm} from "./Vm.sol";
import {CoeWorld} from "./coe/CoeWorld.sol";

/// @title Registering a COE, and what a registry is made with
contract CoeRegistryTest is CoeWorld {
    function test_a_registered_coe_reads_back() public view {
        bytes32 id = keccak256(abi.encode(block.chainid, address(coes), HOST, keccak256(bytes("one"))));
        assertEq(coe, id, "id");
        assertEq(coes.coeIdOf(HOST, "one"), id, "view");
        ICoeRegistry.Coe memory c = _record();
        assertEq(c.host, HOST, "host");
        assertEq(c.payee, HOST, "payee");
        assertEq(c.agent, AGENT, "agent");
        assertTrue(c.status == ICoeRegistry.Status.Active, "status");
        assertEq(c.region, 5, "region");
        assertEq(c.index, 1, "index");
        assertAmounts(c.capacity, _capacity(), "capacity");
        assertPrices(c.ask, _ask(), "ask");
        assertPrices(c.nextAsk, _ask(), "next ask");
        assertEq(c.nextAskFrom, 0, "no rise");
        assertEq(c.stake, STAKE, "stake");
        assertEq(c.locked + c.unbonding + c.unbondableAt, 0, "nothing locked or unbonding");
        assertEq(c.osImage, bytes32(0), "claims no host image");
        assertEq(bytes(c.name), "one", "name");
        assertEq(bytes(c.endpoint), "https://coe.example", "endpoint");
        assertEq(bytes(c.attributes), "", "attributes");
    }

    function test_short_views_agree_with_the_record() public view {
        (address agent, uint24 index) = coes.signerOf(coe);
        assertEq(agent, AGENT, "signer");
        assertEq(index, 1, "index");
        assertEq(coes.agentOf(coe), AGENT, "agent");
        assertEq(coes.coeOfAgent(AGENT), coe, "coe of");
        assertEq(coes.hostOf(coe), HOST, "host");
        assertEq(coes.payeeOf(coe), HOST, "payee");
        assertAmounts(coes.unassigned(coe), _capacity(), "unassigned");
        assertTrue(coes.accepts(coe, BOOK) && !coes.accepts(coe, OTHER), "books");
        assertEq(token.balanceOf(address(coes)), STAKE, "stake is held");
    }

    function test_registering_says_all_of_it() public {
        bytes32 id = coes.coeIdOf(STRANGER, "two");
        _fund(STRANGER, LEAST);
        _expectEmit();
        emit ICoeRegistry.CoeRegistered(id, STRANGER, SPARE, "two", 63, 2);
        _expectEmit();
        emit ICoeRegistry.CapacitySet(id, _capacity());
        _expectEmit();
        emit ICoeRegistry.AskSet(id, _ask(), uint64(vm.getBlockTimestamp()));
        _expectEmit();
        emit ICoeRegistry.EndpointSet(id, "");
        _expectEmit();
        emit ICoeRegistry.BookAccepted(id, OTHER);
        _expectEmit();
        emit ICoeRegistry.Staked(id, LEAST);
        assertEq(_registerAs(STRANGER, "two", SPARE_KEY, 63, _capacity(), _ask(), LEAST, OTHER), id, "id");
        assertEq(coes.coeOf(id).index, 2, "next index");
        assertEq(token.balanceOf(STRANGER), 0, "taken");
    }

    function test_a_coe_may_be_registered_before_its_host_accepts_a_book() public {
        bytes32 id = _register("two", SPARE_KEY, address(0));
        assertTrue(!coes.accepts(id, BOOK), "none");
    }

    function test_a_book_that_the_registry_does_not_know_cannot_be_accepted_at_registering() public {
        _expect(abi.encodeWithSelector(ICoeRegistry.BookUnknown.selector, STRANGER));
        _registerAs(address(this), "two", SPARE_KEY, 0, _capacity(), _ask(), LEAST, STRANGER);
    }

    function test_a_stake_that_is_not_approved_registers_nothing() public {
        _expect(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(coes), 0, LEAST));
        _registerAs(address(this), "two", SPARE_KEY);
        assertEq(coes.coeOfAgent(SPARE), bytes32(0), "no COE");
    }

    function test_a_stake_below_the_least_is_refused() public {
        _expect(abi.encodeWithSelector(ICoeRegistry.StakeTooLow.selector, LEAST - 1, LEAST));
        _registerAs(address(this), "two", SPARE_KEY, 0, _capacity(), _ask(), LEAST - 1, BOOK);
    }

    function test_a_name_is_registered_once_by_a_host() public {
        _expect(abi.encodeWithSelector(ICoeRegistry.CoeKnown.selector, coe));
        _registerAs(HOST, "one", SPARE_KEY);
    }

    function test_two_hosts_may_use_the_same_name() public {
        token.approve(address(coes), LEAST);
        bytes32 id = _registerAs(address(this), "one", SPARE_KEY);
        assertTrue(id != coe, "another id");
    }

    function test_an_agent_a_name_and_some_capacity_are_needed() public {
        uint64[5] memory none;
        vm.expectRevert(ICoeRegistry.AgentZero.selector);
        coes.register("two", address(0), "", 0, _capacity(), _ask(), "", LEAST, BOOK);
        vm.expectRevert(ICoeRegistry.NameEmpty.selector);
        _registerAs(address(this), "", SPARE_KEY);
        vm.expectRevert(ICoeRegistry.CapacityEmpty.selector);
        _registerAs(address(this), "two", SPARE_KEY, 0, none, _ask(), LEAST, BOOK);
    }

    function testFuzz_regions_end_at_63(uint8 region) public {
        token.approve(address(coes), LEAST);
        if (region > 63) _expect(abi.encodeWithSelector(ICoeRegistry.RegionOutOfRange.selector, region));
        bytes32 id = _registerAs(address(this), "two", SPARE_KEY, region, _capacity(), _ask(), LEAST, BOOK);
        if (region <= 63) assertEq(coes.offerOf(id, BOOK).region, region, "region");
    }

    function test_region_64_is_the_first_that_is_none() public {
        token.approve(address(coes), LEAST);
        _expect(abi.encodeWithSelector(ICoeRegistry.RegionOutOfRange.selector, 64));
        _registerAs(address(this), "two", SPARE_KEY, 64, _capacity(), _ask(), LEAST, BOOK);
    }

    function testFuzz_any_stake_from_the_least_up_is_held(uint256 stake) public {
        stake = bound(stake, LEAST, token.balanceOf(address(this)));
        token.approve(address(coes), stake);
        bytes32 id = _registerAs(address(this), "two", SPARE_KEY, 0, _capacity(), _ask(), stake, BOOK);
        assertEq(coes.coeOf(id).stake, stake, "stake");
        assertEq(token.balanceOf(address(coes)), STAKE + stake, "held");
    }

    function test_an_unknown_coe_has_an_empty_record_an_empty_offer_and_no_capacity() public {
        bytes32 unknown = bytes32(uint256(1));
        assertTrue(coes.coeOf(unknown).status == ICoeRegistry.Status.None, "record");
        assertTrue(coes.offerOf(unknown, BOOK).status == ICoeRegistry.Status.None, "offer");
        assertEq(coes.offerOf(unknown, BOOK).index, 0, "no index");
        assertTrue(!coes.accepts(unknown, BOOK), "takes nothing");
        _expect(abi.encodeWithSelector(ICoeRegistry.CoeUnknown.selector, unknown));
        coes.unassigned(unknown);
    }

    function test_constants_are_what_the_registry_was_made_with() public view {
        assertEq(coes.ASK_DELAY(), ASK_DELAY, "ask delay");
        assertEq(coes.UNBONDING(), UNBONDING, "unbonding");
        assertEq(coes.BOOK_DELAY(), BOOK_DELAY, "book delay");
        assertEq(coes.LEAST_STAKE(), LEAST, "least stake");
    }

    function test_a_registry_may_ask_for_no_stake() public {
        coes = ICoeRegistry(_registry(CoeParams(ASK_DELAY, UNBONDING, BOOK_DELAY, 0)));
        bytes32 id = _registerAs(address(this), "two", SPARE_KEY, 0, _capacity(), _ask(), 0, address(0));
        assertEq(coes.coeOf(id).stake, 0, "none");
    }

    /// @dev Or a host could not leave before a book that it distrusts may assign.
    function testFuzz_a_book_delay_no_longer_than_unbonding_is_refused(uint64 unbonding, uint64 delay) public {
        CoeParams memory params = CoeParams(ASK_DELAY, unbonding, delay, 0);
        if (delay <= unbonding) {
            _expect(abi.encodeWithSelector(ICoeRegistry.BookDelayTooShort.selector, delay, unbonding));
        }
        this.make(params);
    }

    function make(CoeParams calldata params) external returns (address) {
        return _registry(params);
    }
}
