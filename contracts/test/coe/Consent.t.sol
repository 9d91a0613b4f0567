// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICoeRegistry} from "../../src/interfaces/ICoeRegistry.sol";
import {Typed} from "../Typed.sol";
import {vm} from "../Vm.sol";
import {CoeWorld} from "./CoeWorld.sol";

/// @dev Accepts any signature (ERC-1271).
contract YesWallet {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        return this.isValidSignature.selector;
    }
}

/// @title No key serves a COE that it did not agree to serve
contract ConsentTest is CoeWorld {
    uint256 private constant ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    /// @dev Keys are public, and each is one COE's for ever: taking one first would lock its owner out.
    function test_attack_a_stranger_registers_somebody_elses_agent() public {
        _fund(STRANGER, LEAST);
        _refused(STRANGER, "theirs", "");
        _refused(STRANGER, "theirs", _consent(THIRD_KEY, _idOf(STRANGER, "theirs")));
        assertEq(coes.coeOfAgent(SPARE), bytes32(0), "the key is free");
        bytes32 mine = _register("mine", SPARE_KEY, BOOK);
        assertEq(coes.coeOfAgent(SPARE), mine, "for its owner");
    }

    function test_attack_a_stranger_rotates_to_somebody_elses_agent() public {
        _fund(STRANGER, LEAST);
        bytes32 theirs = _registerAs(STRANGER, "theirs", THIRD_KEY);
        bytes memory forOther = _consent(SPARE_KEY, coe);
        _expect(_invalid(SPARE, theirs));
        vm.prank(STRANGER);
        coes.rotateAgent(theirs, SPARE, forOther);
        vm.prank(HOST);
        coes.rotateAgent(coe, SPARE, forOther);
        assertEq(coes.agentOf(coe), SPARE, "whom it agreed to serve");
    }

    /// @dev A consent seen in a pending transaction names the sender's COE.
    function test_attack_a_consent_taken_out_of_somebodys_transaction() public {
        bytes memory consent = _consent(SPARE_KEY, _idOf(HOST, "two"));
        _fund(STRANGER, LEAST);
        _refused(STRANGER, "two", consent);
        _fund(HOST, LEAST);
        _refused(HOST, "three", consent);
        vm.prank(HOST);
        coes.register("two", SPARE, consent, 0, _capacity(), _ask(), "", LEAST, BOOK);
    }

    function test_attack_a_consent_given_to_another_registry_or_on_another_chain() public {
        bytes32 id = _idOf(HOST, "two");
        _fund(HOST, LEAST);
        _refused(HOST, "two", _signed(SPARE_KEY, address(this), id));
        bytes memory consent = _consent(SPARE_KEY, id);
        vm.chainId(block.chainid + 1);
        _refused(HOST, "two", consent);
    }

    function test_attack_a_consent_used_twice() public {
        bytes memory first = _consent(AGENT_KEY, coe);
        bytes memory consent = _consent(SPARE_KEY, coe);
        vm.startPrank(HOST);
        coes.rotateAgent(coe, SPARE, consent);
        _expect(abi.encodeWithSelector(ICoeRegistry.AgentTaken.selector, SPARE, coe));
        coes.rotateAgent(coe, SPARE, consent);
        _expect(abi.encodeWithSelector(ICoeRegistry.AgentTaken.selector, AGENT, coe));
        coes.rotateAgent(coe, AGENT, first);
        vm.stopPrank();
    }

    function test_attack_a_malleated_or_cut_consent() public {
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(SPARE_KEY, Typed.digest(address(coes), Typed.hashConsent(_idOf(HOST, "two"))));
        _fund(HOST, LEAST);
        _refused(HOST, "two", abi.encodePacked(r, bytes32(ORDER - uint256(s)), v == 27 ? 28 : 27));
        _refused(HOST, "two", abi.encodePacked(r, s));
        _refused(HOST, "two", abi.encodePacked(r, s, v, v));
    }

    /// @dev Agents sign usage by themselves, which a contract cannot.
    function test_a_contract_is_no_agent() public {
        address wallet = address(new YesWallet());
        _fund(HOST, LEAST);
        _expect(_invalid(wallet, _idOf(HOST, "two")));
        vm.prank(HOST);
        coes.register("two", wallet, hex"01", 0, _capacity(), _ask(), "", LEAST, BOOK);
    }

    function testFuzz_no_key_but_the_agents_own_consents(uint256 key) public {
        key = bound(key, 1, ORDER - 1);
        if (key == SPARE_KEY) return;
        _fund(HOST, LEAST);
        _refused(HOST, "two", _consent(key, _idOf(HOST, "two")));
    }

    /// @dev SPARE has not agreed.
    function _refused(address by, string memory name, bytes memory consent) private {
        _expect(_invalid(SPARE, _idOf(by, name)));
        vm.prank(by);
        coes.register(name, SPARE, consent, 0, _capacity(), _ask(), "", LEAST, BOOK);
    }

    function _invalid(address agent, bytes32 id) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ICoeRegistry.AgentConsentInvalid.selector, agent, id);
    }
}
