// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICoeRegistry} from "../../src/interfaces/ICoeRegistry.sol";
import {vm} from "../Vm.sol";
import {CoeWorld} from "./CoeWorld.sol";

/// @title What a host says about its COE
contract SettingsTest is CoeWorld {
    function test_capacity_may_grow_and_shrink_down_to_what_is_assigned() public {
        uint64[5] memory taken = [uint64(1), 2, 3, 4, 5];
        _assign(BOOK, taken, 0);
        _expectEmit();
        emit ICoeRegistry.CapacitySet(coe, taken);
        _setCapacity(taken);
        assertAmounts(coes.unassigned(coe), [uint64(0), 0, 0, 0, 0], "full");
        _setCapacity(_capacity());
        assertAmounts(coes.unassigned(coe), [uint64(3_999), 8_190, 99_997, 996, 95], "grown again");
    }

    function testFuzz_capacity_never_falls_below_what_is_assigned(uint256 resource, uint64 taken, uint64 wanted)
        public
    {
        resource = bound(resource, 0, 4);
        taken = uint64(bound(taken, 1, _capacity()[resource]));
        uint64[5] memory reserved;
        reserved[resource] = taken;
        _assign(BOOK, reserved, 0);
        uint64[5] memory capacity = _capacity();
        capacity[resource] = wanted = uint64(bound(wanted, 0, taken - 1));
        _expect(abi.encodeWithSelector(ICoeRegistry.CapacityBelowAssigned.selector, resource, wanted, taken));
        _setCapacity(capacity);
    }

    function testFuzz_an_amount_that_is_too_wide_is_refused_everywhere(uint256 resource, uint64 amount) public {
        resource = bound(resource, 0, 4);
        uint64 most = uint64(1 << [36, 36, 44, 32, 36][resource]) - 1;
        amount = uint64(bound(amount, uint256(most) + 1, type(uint64).max));
        uint64[5] memory capacity = _capacity();
        capacity[resource] = amount;
        bytes memory reason = abi.encodeWithSelector(ICoeRegistry.CapacityTooWide.selector, resource, amount, most);
        _expect(reason);
        _setCapacity(capacity);
        _expect(reason);
        _registerAs(address(this), "two", SPARE_KEY, 0, capacity, _ask(), LEAST, BOOK);
    }

    function test_capacity_is_never_none() public {
        uint64[5] memory none;
        vm.expectRevert(ICoeRegistry.CapacityEmpty.selector);
        _setCapacity(none);
    }

    function test_endpoint_attributes_and_payee_are_the_hosts_to_set() public {
        vm.startPrank(HOST);
        _expectEmit();
        emit ICoeRegistry.EndpointSet(coe, "https://elsewhere.example");
        coes.setEndpoint(coe, "https://elsewhere.example");
        _expectEmit();
        emit ICoeRegistry.AttributesSet(coe, "{\"gpu\":false}");
        coes.setAttributes(coe, "{\"gpu\":false}");
        _expectEmit();
        emit ICoeRegistry.PayeeSet(coe, SPARE);
        coes.setPayee(coe, SPARE);
        vm.stopPrank();

        assertEq(bytes(_record().endpoint), "https://elsewhere.example", "endpoint");
        assertEq(bytes(_record().attributes), "{\"gpu\":false}", "attributes");
        assertEq(_record().payee, SPARE, "payee");
        assertEq(coes.payeeOf(coe), SPARE, "payee of");
    }

    function test_a_payee_of_none_is_refused() public {
        vm.expectRevert(ICoeRegistry.PayeeZero.selector);
        vm.prank(HOST);
        coes.setPayee(coe, address(0));
    }

    function test_nobody_but_the_host_sets_anything() public {
        bytes memory reason = abi.encodeWithSelector(ICoeRegistry.NotTheHost.selector, HOST, address(this));
        _expect(reason);
        coes.setCapacity(coe, _capacity());
        _expect(reason);
        coes.setEndpoint(coe, "");
        _expect(reason);
        coes.setAttributes(coe, "");
        _expect(reason);
        coes.setPayee(coe, SPARE);
        _expect(reason);
        coes.rotateAgent(coe, SPARE, "");
        _expect(reason);
        coes.setOsImage(coe, bytes32(0));
        _expect(reason);
        coes.setDraining(coe, true);
        _expect(reason);
        coes.acceptBook(coe, OTHER);
        _expect(reason);
        coes.unbond(coe, 1);
    }

    // ------------------------------------------------------------------ agent

    function test_a_rotated_key_replaces_the_former() public {
        _expectEmit();
        emit ICoeRegistry.AgentRotated(coe, AGENT, SPARE);
        _rotate(SPARE, _consent(SPARE_KEY, coe));
        (address agent,) = coes.signerOf(coe);
        assertEq(agent, SPARE, "signer");
        assertEq(coes.agentOf(coe), SPARE, "agent");
        assertEq(coes.coeOfAgent(SPARE), coe, "new key");
        assertEq(coes.coeOfAgent(AGENT), coe, "the former stays this COE's");
    }

    function test_a_key_of_none_is_refused() public {
        vm.expectRevert(ICoeRegistry.AgentZero.selector);
        _rotate(address(0), "");
    }

    // ------------------------------------------------------------- host image

    function test_a_published_host_image_may_be_claimed_and_dropped() public {
        os.set(OS_IMAGE, true);
        _expectEmit();
        emit ICoeRegistry.OsImageSet(coe, OS_IMAGE);
        _claim(OS_IMAGE);
        assertEq(_record().osImage, OS_IMAGE, "claimed");
        assertTrue(!_offer().osRevoked, "usable");
        os.set(OS_IMAGE, false);
        assertTrue(_offer().osRevoked, "revoked later");
        _claim(bytes32(0));
        assertTrue(!_offer().osRevoked, "claims none");
    }

    function test_a_host_image_that_is_not_usable_is_not_claimed() public {
        _expect(abi.encodeWithSelector(ICoeRegistry.OsImageNotUsable.selector, OS_IMAGE));
        _claim(OS_IMAGE);
    }

    function test_a_coe_that_claims_no_host_image_asks_nobody_about_it() public {
        vm.etch(address(os), hex"fe"); // a call would use up all gas
        assertTrue(!_offer().osRevoked, "no answer needed");
    }

    function _setCapacity(uint64[5] memory capacity) private {
        vm.prank(HOST);
        coes.setCapacity(coe, capacity);
    }

    function _rotate(address agent, bytes memory consent) private {
        vm.prank(HOST);
        coes.rotateAgent(coe, agent, consent);
    }

    function _claim(bytes32 osImage) private {
        vm.prank(HOST);
        coes.setOsImage(coe, osImage);
    }
}
