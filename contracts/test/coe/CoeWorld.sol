// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {CoeParams} from "../../src/coe/CoeParams.sol";
import {ICoeRegistry} from "../../src/interfaces/ICoeRegistry.sol";
import {Asserts} from "../Asserts.sol";
import {Typed} from "../Typed.sol";
import {vm} from "../Vm.sol";
import {OsImages} from "./OsImages.sol";

/// @title A registry with one COE that takes leases of BOOK, but not of OTHER
/// @dev This contract is the governor and holds the tokens.
abstract contract CoeWorld is Asserts {
    address internal constant GUARDIAN = address(0x6A);
    address internal constant HOST = address(0x40);
    address internal constant STRANGER = address(0x5A);
    uint256 internal constant AGENT_KEY = 0xA1;
    uint256 internal constant SPARE_KEY = 0xA2;
    uint256 internal constant THIRD_KEY = 0xA3;
    address internal constant BOOK = address(0xB1);
    address internal constant OTHER = address(0xB2);
    bytes32 internal constant OS_IMAGE = keccak256("os image");

    uint256 internal constant START = 1_700_000_000;
    uint256 internal constant STAKE = 100e18;
    uint256 internal constant LEAST = 10e18;
    uint64 internal constant ASK_DELAY = 3_600;
    uint64 internal constant UNBONDING = 10_000;
    uint64 internal constant BOOK_DELAY = 10_001;

    address internal immutable AGENT = vm.addr(AGENT_KEY);
    address internal immutable SPARE = vm.addr(SPARE_KEY);

    IERC20 internal token;
    OsImages internal os;
    ICoeRegistry internal coes;
    bytes32 internal coe;

    function setUp() public virtual {
        vm.warp(START);
        os = new OsImages();
        token = IERC20(_token());
        coes = ICoeRegistry(_registry(CoeParams(ASK_DELAY, UNBONDING, BOOK_DELAY, LEAST)));
        _authorise(BOOK);
        _authorise(OTHER);
        coe = _register("one", AGENT_KEY, BOOK);
    }

    function _token() internal virtual returns (address) {
        return vm.deployCode("DwebToken.sol:DwebToken", abi.encode(address(this)));
    }

    function _registry(CoeParams memory params) internal returns (address) {
        uint128[5] memory prices;
        address settings = vm.deployCode(
            "ProtocolSettings.sol:ProtocolSettings", abi.encode(address(this), GUARDIAN, 100, 5_000, prices)
        );
        bytes memory arguments = abi.encode(token, os, settings, address(this), params);
        return vm.deployCode("CoeRegistry.sol:CoeRegistry", arguments);
    }

    /// @dev The first is authorised at once; for others time passes.
    function _authorise(address book) internal {
        coes.proposeBook(book);
        if (book != BOOK) vm.warp(vm.getBlockTimestamp() + BOOK_DELAY);
        coes.authoriseBook(book);
    }

    function _register(string memory name, uint256 agentKey, address book) internal returns (bytes32) {
        _fund(HOST, STAKE);
        bytes memory consent = _consent(agentKey, _idOf(HOST, name));
        address agent = vm.addr(agentKey);
        vm.prank(HOST);
        return coes.register(name, agent, consent, 5, _capacity(), _ask(), "https://coe.example", STAKE, book);
    }

    /// @dev Of a usual capacity and ask, with the least stake, which is approved already or refused.
    function _registerAs(address by, string memory name, uint256 agentKey) internal returns (bytes32) {
        return _registerAs(by, name, agentKey, 0, _capacity(), _ask(), LEAST, BOOK);
    }

    /// @dev Calls nothing but the registry, so that a test may say before what it expects of that call.
    function _registerAs(
        address by,
        string memory name,
        uint256 agentKey,
        uint8 region,
        uint64[5] memory capacity,
        uint128[5] memory ask,
        uint256 stake,
        address book
    ) internal returns (bytes32) {
        bytes memory consent = _consent(agentKey, _idOf(by, name));
        address agent = vm.addr(agentKey);
        vm.prank(by);
        return coes.register(name, agent, consent, region, capacity, ask, "", stake, book);
    }

    /// @dev What an agent signs to serve a COE.
    function _consent(uint256 agentKey, bytes32 id) internal view returns (bytes memory) {
        return _signed(agentKey, address(coes), id);
    }

    function _signed(uint256 agentKey, address registry, bytes32 id) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(agentKey, Typed.digest(registry, Typed.hashConsent(id)));
        return abi.encodePacked(r, s, v);
    }

    function _idOf(address host, string memory name) internal view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(coes), host, keccak256(bytes(name))));
    }

    function _fund(address account, uint256 amount) internal {
        token.transfer(account, amount);
        vm.prank(account);
        token.approve(address(coes), amount);
    }

    function _accept(address book) internal {
        vm.prank(HOST);
        coes.acceptBook(coe, book);
    }

    function _assign(address book, uint64[5] memory reserved, uint256 bond) internal returns (bool) {
        vm.prank(book);
        return coes.assign(coe, reserved, bond);
    }

    function _setAsk(uint128[5] memory ask) internal {
        vm.prank(HOST);
        coes.setAsk(coe, ask);
    }

    function _unbond(uint256 amount) internal {
        vm.prank(HOST);
        coes.unbond(coe, amount);
    }

    function _offer() internal view returns (ICoeRegistry.Offer memory) {
        return coes.offerOf(coe, BOOK);
    }

    function _record() internal view returns (ICoeRegistry.Coe memory) {
        return coes.coeOf(coe);
    }

    function _capacity() internal pure returns (uint64[5] memory) {
        return [uint64(4_000), 8_192, 100_000, 1_000, 100];
    }

    function _ask() internal pure returns (uint128[5] memory) {
        return [uint128(2e9), 1e9, 1e7, 1e9, 2e11];
    }

    function _expect(bytes memory reason) internal {
        vm.expectRevert(reason);
    }

    /// @dev The next call must emit the event that the test emits right after this.
    function _expectEmit() internal {
        vm.expectEmit(true, true, true, true, address(coes));
    }

    function assertAmounts(uint64[5] memory found, uint64[5] memory wanted, string memory what) internal pure {
        assertEq(abi.encode(found), abi.encode(wanted), what);
    }

    function assertPrices(uint128[5] memory found, uint128[5] memory wanted, string memory what) internal pure {
        assertEq(abi.encode(found), abi.encode(wanted), what);
    }
}
