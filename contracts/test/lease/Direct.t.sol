// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICoeRegistry} from "../../src/interfaces/ICoeRegistry.sol";
import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {LeaseKey, LeaseState, Order, Plan, PlanEntry, Service, SkipCode} from "../../src/interfaces/Types.sol";
import {Typed} from "../Typed.sol";
import {vm} from "../Vm.sol";
import {LeaseWorld} from "./LeaseWorld.sol";
import {Wallet} from "./Wallet.sol";

/// @notice Leases that user and hosts open without the committee, once it has had its time.
contract DirectTest is LeaseWorld {
    uint256 private constant TIMEOUT = 10;
    uint256 private constant OTHER_HOST_KEY = 0x2001;

    bytes32 private hash;

    function setUp() public override {
        super.setUp();
        hash = _admit();
        vm.warp(START + TIMEOUT);
    }

    function test_user_and_host_open_without_the_committee_whoever_sends_it() public {
        Plan memory p = _direct(_one(_entry(0)));
        bytes memory byUser = _by(USER_KEY, p);
        vm.prank(stranger);
        book.openDirect(_order(), _services(), p, _one(_entry(0)), byUser, _list(_by(HOST_KEY, p)));
        LeaseKey memory key = _keyOf(hash, 0, 0);
        assertTrue(_stateOf(key) == LeaseState.Open, "open");
        assertEq(book.fencedOf(_id(key)), _charge(PREPAY, ALLOWANCE) + RESERVE, "fenced as by the committee");
        assertEq(coes.coeOf(coe).locked, BOND, "bond");
        _assertConserved(key);
    }

    function test_the_committee_has_its_time_first() public {
        vm.warp(START + TIMEOUT - 1);
        Plan memory p = _direct(_one(_entry(0)));
        _refused(p, abi.encodeWithSelector(ILeaseBook.TooEarlyWithoutCommittee.selector, START + TIMEOUT));
    }

    function test_a_plan_of_a_committee_is_not_opened_without_its_quorum() public {
        Plan memory p = _direct(_one(_entry(0)));
        p.committeeEpoch = 1;
        _refused(p, abi.encodeWithSelector(ILeaseBook.TooEarlyWithoutCommittee.selector, START + TIMEOUT));
    }

    function test_the_user_must_sign() public {
        Plan memory p = _direct(_one(_entry(0)));
        bytes memory byHost = _by(HOST_KEY, p);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.SignerMismatch.selector, user));
        book.openDirect(_order(), _services(), p, _one(_entry(0)), byHost, _list(byHost));
    }

    function test_the_host_must_sign() public {
        Plan memory p = _direct(_one(_entry(0)));
        bytes memory byUser = _by(USER_KEY, p);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.SignerMismatch.selector, host));
        book.openDirect(_order(), _services(), p, _one(_entry(0)), byUser, _list(byUser));
    }

    function test_the_operator_cannot_sign_for_the_user() public {
        Order memory o = _order();
        o.operator = stranger;
        Plan memory p = _direct(_one(_entry(0)));
        p.orderHash = _admit(o, _services());
        vm.warp(vm.getBlockTimestamp() + TIMEOUT);
        p.deadline = uint64(vm.getBlockTimestamp());
        bytes memory byOperator = _by(STRANGER_KEY, p);
        bytes[] memory byHost = _list(_by(HOST_KEY, p));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.SignerMismatch.selector, user));
        book.openDirect(o, _services(), p, _one(_entry(0)), byOperator, byHost);
    }

    function test_each_host_signs_for_its_own_entry() public {
        bytes32 other = _registerOther();
        PlanEntry[] memory entries = new PlanEntry[](2);
        entries[0] = _entry(0);
        entries[1] = _entry(1, 0, other);
        Plan memory p = _direct(entries);
        bytes[] memory hosts = new bytes[](2);
        hosts[0] = _by(HOST_KEY, p);
        hosts[1] = _by(HOST_KEY, p);
        bytes memory byUser = _by(USER_KEY, p);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.SignerMismatch.selector, vm.addr(OTHER_HOST_KEY)));
        book.openDirect(_order(), _services(), p, entries, byUser, hosts);

        hosts[1] = _by(OTHER_HOST_KEY, p);
        book.openDirect(_order(), _services(), p, entries, byUser, hosts);
        assertEq(coes.coeOf(coe).locked, BOND, "first");
        assertEq(coes.coeOf(other).locked, BOND, "second");
    }

    function test_there_is_one_signature_for_each_entry() public {
        Plan memory p = _direct(_one(_entry(0)));
        bytes memory byUser = _by(USER_KEY, p);
        bytes[] memory two = new bytes[](2);
        two[0] = _by(HOST_KEY, p);
        two[1] = two[0];
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.EntryCountMismatch.selector, 1, 2));
        book.openDirect(_order(), _services(), p, _one(_entry(0)), byUser, two);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.EntryCountMismatch.selector, 1, 0));
        book.openDirect(_order(), _services(), p, _one(_entry(0)), byUser, new bytes[](0));
    }

    function test_nobody_signs_for_a_coe_that_is_not_there() public {
        PlanEntry[] memory entries = _one(_entry(0, 0, keccak256("unknown")));
        Plan memory p = _direct(entries);
        bytes memory byUser = _by(USER_KEY, p);
        bytes[] memory byHost = _list(_by(HOST_KEY, p));
        vm.expectRevert(abi.encodeWithSelector(ICoeRegistry.CoeUnknown.selector, keccak256("unknown")));
        book.openDirect(_order(), _services(), p, entries, byUser, byHost);
    }

    function test_a_silent_committee_stops_no_failover() public {
        Plan memory p = _direct(_one(_entry(0)));
        book.openDirect(_order(), _services(), p, _one(_entry(0)), _by(USER_KEY, p), _list(_by(HOST_KEY, p)));
        vm.warp(START + 400); // past submitBy
        _settle(_keyOf(hash, 0, 0), 1, 0, 0);
        vm.prank(host);
        book.drain(_order(), _keys(_keyOf(hash, 0, 0)));
        PlanEntry[] memory next = _one(_entry(0, 1, coe));
        p = _direct(next);
        book.openDirect(_order(), _services(), p, next, _by(USER_KEY, p), _list(_by(HOST_KEY, p)));
        assertTrue(_stateOf(_keyOf(hash, 0, 1)) == LeaseState.Open, "the successor is open");
    }

    function test_what_skips_an_entry_of_a_plan_skips_it_here() public {
        PlanEntry memory e = _entry(0);
        e.maxHostRate = uint64(HOST_RATE - 1);
        Plan memory p = _direct(_one(e));
        bytes memory byUser = _by(USER_KEY, p);
        bytes[] memory byHost = _list(_by(HOST_KEY, p));
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.EntrySkipped(hash, 0, uint8(SkipCode.RateAbovePlan));
        book.openDirect(_order(), _services(), p, _one(e), byUser, byHost);
    }

    function test_what_refuses_a_plan_refuses_it_here() public {
        Plan memory p = _direct(_one(_entry(0)));
        p.deadline = uint64(START + TIMEOUT - 1);
        _refused(p, abi.encodeWithSelector(ILeaseBook.PlanExpired.selector, START + 9, START + 10));
        p.deadline = uint64(START + TIMEOUT + 11);
        _refused(p, abi.encodeWithSelector(ILeaseBook.PlanTooFarAhead.selector, START + 21, START + 20));
        p = _direct(_one(_entry(1)));
        _refused(
            p, abi.encodeWithSelector(ILeaseBook.EntriesMismatch.selector, p.entriesHash, Typed.hash(_one(_entry(0))))
        );
        p = _direct(_one(_entry(0)));
        p.orderHash = 0;
        _refused(p, abi.encodeWithSelector(ILeaseBook.OrderMismatch.selector, bytes32(0), hash));
        p = _direct(_one(_entry(0)));
        vm.prank(guardian);
        settings.stopOpenings();
        _refused(p, abi.encodeWithSelector(ILeaseBook.OpeningsStopped.selector));
        settings.allowOpenings();
        vm.prank(user);
        book.cancel(hash);
        _refused(p, abi.encodeWithSelector(ILeaseBook.OrderCancelledAlready.selector, hash));
    }

    function test_a_user_with_a_contract_wallet_signs_by_erc1271() public {
        Wallet wallet = new Wallet();
        token.transfer(address(wallet), DEPOSIT);
        vm.startPrank(address(wallet));
        token.approve(address(book), DEPOSIT);
        book.deposit(DEPOSIT);
        vm.stopPrank();
        Order memory o = _order();
        o.user = address(wallet);
        Plan memory p = _direct(_one(_entry(0)));
        p.orderHash = book.orderHashOf(o);
        wallet.accept(p.orderHash);
        book.admit(o, _services(), "");
        vm.warp(START + 2 * TIMEOUT);
        bytes[] memory byHost = _list(_by(HOST_KEY, p));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.SignerMismatch.selector, address(wallet)));
        book.openDirect(o, _services(), p, _one(_entry(0)), "", byHost);
        wallet.accept(Typed.digest(address(book), Typed.hash(p)));
        book.openDirect(o, _services(), p, _one(_entry(0)), "", byHost);
        assertTrue(_stateOf(_keyOf(p.orderHash, 0, 0)) == LeaseState.Open, "open");
    }

    function test_no_other_keys_open(uint256 first, uint256 second) public {
        first = bound(first, 1, type(uint128).max);
        second = bound(second, 1, type(uint128).max);
        vm.assume(first != USER_KEY || second != HOST_KEY);
        Plan memory p = _direct(_one(_entry(0)));
        bytes memory byUser = _by(first, p);
        bytes[] memory byHost = _list(_by(second, p));
        vm.expectPartialRevert(ILeaseBook.SignerMismatch.selector);
        book.openDirect(_order(), _services(), p, _one(_entry(0)), byUser, byHost);
    }

    // ------------------------------------------------------------------ helpers

    function _direct(PlanEntry[] memory entries) private view returns (Plan memory p) {
        p = _plan(hash, entries);
        p.committeeEpoch = 0;
        p.deadline = uint64(vm.getBlockTimestamp() + 10);
    }

    function _by(uint256 key, Plan memory p) private view returns (bytes memory) {
        return _sign(key, address(book), Typed.hash(p));
    }

    function _list(bytes memory signature) private pure returns (bytes[] memory signatures) {
        signatures = new bytes[](1);
        signatures[0] = signature;
    }

    function _refused(Plan memory p, bytes memory reason) private {
        bytes memory byUser = _by(USER_KEY, p);
        bytes[] memory byHost = _list(_by(HOST_KEY, p));
        Service[] memory s = _services();
        vm.expectRevert(reason);
        book.openDirect(_order(s), s, p, _one(_entry(0)), byUser, byHost);
    }

    function _registerOther() private returns (bytes32 id) {
        address other = vm.addr(OTHER_HOST_KEY);
        token.transfer(other, STAKE);
        vm.prank(other);
        token.approve(address(coes), STAKE);
        return _registerAs(other, "other", STRANGER_KEY, _capacity(), _ask(), STAKE, address(book));
    }
}
