// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {Counters, LeaseKey, UsageBatch, UsageCode} from "../../src/interfaces/Types.sol";
import {Typed} from "../Typed.sol";
import {vm} from "../Vm.sol";
import {LeaseWorld} from "./LeaseWorld.sol";

/// @notice What a signed report pays while a lease is open, ending and parked, and every code that passes one over.
contract SettlementTest is LeaseWorld {
    LeaseKey private key;
    bytes32 private leaseId;

    function setUp() public override {
        super.setUp();
        key = _openOne();
        leaseId = _id(key);
        vm.warp(START + 100);
    }

    function test_usage_is_paid_to_host_royalty_and_fee() public {
        Settled memory s = _settle(key, 90, 10, 20);
        _assertCode(s, UsageCode.Accepted);
        assertEq(s.coe, coe, "coe");
        assertEq(s.asOf, START + 100, "as of");
        assertEq(s.entries, _usage(key, 90, 10, 20), "entries");
        assertEq(s.host, _host(90, 30), "host");
        assertEq(s.royalty, _royalty(90, 30), "royalty");
        assertEq(s.fee, _fee(90, 30), "fee");

        assertEq(book.fees(), s.fee, "fees");
        assertEq(pool.receivedOf(images.nodeOf(DIGEST)), s.royalty, "node");
        assertEq(token.balanceOf(address(pool)), s.royalty, "pool");
        assertEq(_earned(), s.host, "earned");
        assertEq(book.fencedOf(leaseId), _charge(PREPAY - 90, ALLOWANCE - 30) + RESERVE, "fenced");
        (,,, uint256 committed) = book.orderOf(key.orderHash);
        assertEq(committed, _charge(PREPAY, ALLOWANCE) + RESERVE, "money changes its kind, not its order");
        _assertConserved(key);
    }

    function test_counters_are_recorded_as_settled() public {
        bytes memory entry =
            abi.encodePacked(bytes16(leaseId), uint32(90), uint48(36_000), uint48(7_167), uint48(8_193), uint64(5));
        _settle(entry);
        Counters memory c = book.settledOf(leaseId);
        assertEq(c.secondsRun, 90, "seconds");
        assertEq(c.cpu, 36_000, "cpu");
        assertEq(c.memoryUsed, 6 * 1_024, "memory, in whole GiB*s");
        assertEq(c.storageUsed, 8 * 1_024, "storage, in whole GiB*s");
        assertEq(c.received, 0, "received");
        assertEq(c.sent, 5, "sent");
    }

    function test_only_the_difference_is_paid_next_time() public {
        _settle(key, 90, 10, 20);
        vm.warp(START + 200);
        Settled memory s = _settle(key, 150, 10, 25);
        assertEq(s.host, _host(60, 5), "host");
        assertEq(s.royalty, _royalty(60, 5), "royalty");
        assertEq(s.fee, _fee(60, 5), "fee");
    }

    function test_a_replay_is_accepted_and_pays_nothing() public {
        UsageBatch[] memory b = _batch(_usage(key, 90, 10, 20), uint64(START + 100), AGENT_KEY);
        _settle(b);
        Settled memory s = _settle(b);
        _assertCode(s, UsageCode.Accepted);
        _assertNothingPaid(s);
    }

    function test_the_same_lease_twice_in_a_batch_is_paid_once() public {
        Settled memory s = _settle(bytes.concat(_usage(key, 90, 0, 0), _usage(key, 90, 0, 0)));
        assertEq(s.codes, hex"0000", "codes");
        assertEq(s.host, _host(90, 0), "host");
    }

    function test_an_older_batch_after_a_newer_is_passed_over() public {
        UsageBatch[] memory older = _batch(_usage(key, 50, 0, 0), uint64(START + 60), AGENT_KEY);
        _settle(key, 90, 0, 0);
        Settled memory s = _settle(older);
        _assertCode(s, UsageCode.CounterFell);
        _assertNothingPaid(s);
        assertEq(book.settledOf(leaseId).secondsRun, 90, "seconds stay");
    }

    // ------------------------------------------------------------------- clamps

    function test_seconds_beyond_the_blocks_time_are_clamped() public {
        Settled memory s = _settle(_batch(_usage(key, 500, 0, 0), uint64(START + 40), AGENT_KEY));
        _assertCode(s, UsageCode.Accepted);
        assertEq(s.host, _host(40, 0), "host");
        assertEq(book.settledOf(leaseId).secondsRun, 40, "the capped value is stored");
    }

    function test_a_batch_from_before_the_lease_pays_no_seconds() public {
        Settled memory s = _settle(_batch(_usage(key, 50, 0, 0), uint64(START - 1), AGENT_KEY));
        _assertCode(s, UsageCode.Accepted);
        _assertNothingPaid(s);
    }

    /// @notice Seconds were clamped to a younger block first: what was paid is never taken back.
    function test_an_older_block_takes_no_paid_second_back() public {
        _settle(key, 90, 0, 0);
        Settled memory s = _settle(_batch(_usage(key, 95, 0, 0), uint64(START + 40), AGENT_KEY));
        _assertCode(s, UsageCode.Accepted);
        _assertNothingPaid(s);
        assertEq(book.settledOf(leaseId).secondsRun, 90, "seconds stay");
    }

    function test_seconds_beyond_what_is_funded_are_clamped() public {
        vm.warp(START + 5_000);
        assertEq(_settle(key, 5_000, 0, 0).host, _host(PREPAY, 0), "host");
        assertEq(book.fencedOf(leaseId), _charge(0, ALLOWANCE) + RESERVE, "what is left is transfer");
        _assertConserved(key);
    }

    function test_seconds_beyond_the_end_are_clamped_and_a_block_before_it_is_no_bound() public {
        _end(key);
        UsageBatch[] memory early = _batch(_usage(key, 400, 0, 0), uint64(START + 40), AGENT_KEY);
        assertEq(_settle(early).host, _host(100, 0), "host");
    }

    function test_seconds_beyond_the_parking_are_clamped() public {
        _settle(key, 10, 0, 0);
        vm.prank(user);
        book.park(key);
        vm.warp(START + 200);
        assertEq(_settle(key, 400, 0, 0).host, _host(90, 0), "host");
        _assertConserved(key);
    }

    function test_transfer_beyond_the_allowance_is_not_billed() public {
        assertEq(_settle(key, 0, type(uint32).max, type(uint32).max).host, _host(0, ALLOWANCE), "host");
        assertEq(book.fencedOf(leaseId), _charge(PREPAY, 0) + RESERVE, "what is left is seconds");
        assertEq(book.settledOf(leaseId).sent, type(uint32).max, "the counter is kept as it is");
    }

    function test_an_agent_that_reports_no_difference_pays_nobody() public {
        Settled memory s = _settle(key, 0, 0, 0);
        _assertCode(s, UsageCode.Accepted);
        _assertNothingPaid(s);
        assertEq(token.balanceOf(address(pool)), 0, "pool");
    }

    // -------------------------------------------------------------------- codes

    function test_a_falling_billed_counter_is_passed_over(uint256 which) public {
        _settle(key, 50, 10, 20);
        which = bound(which, 0, 2);
        Settled memory s = _settle(key, which == 0 ? 49 : 60, which == 1 ? 9 : 15, which == 2 ? 19 : 25);
        _assertCode(s, UsageCode.CounterFell);
        _assertNothingPaid(s);
    }

    function test_a_falling_unbilled_counter_never_locks_a_lease() public {
        _settle(key, 50, 0, 0);
        Settled memory s =
            _settle(abi.encodePacked(bytes16(leaseId), uint32(60), uint48(0), uint48(0), uint48(0), uint64(0)));
        _assertCode(s, UsageCode.Accepted);
        assertEq(s.host, _host(10, 0), "host");
        Counters memory c = book.settledOf(leaseId);
        assertEq(c.cpu, 20_000, "the larger stays");
        assertEq(c.memoryUsed, 7_168, "memory");
        assertEq(c.storageUsed, 8_192, "storage");
    }

    function test_a_huge_unbilled_counter_never_locks_a_lease() public {
        bytes memory widest = abi.encodePacked(type(uint48).max, type(uint48).max, type(uint48).max, uint64(0));
        _settle(bytes.concat(abi.encodePacked(bytes16(leaseId), uint32(50)), widest));
        Counters memory c = book.settledOf(leaseId);
        assertEq(c.cpu, 2 ** 45 - 1, "the widest that is kept");
        assertEq(c.memoryUsed, (2 ** 38 - 1) << 10, "memory");
        assertEq(c.storageUsed, (2 ** 38 - 1) << 10, "storage");
        assertEq(_settle(key, 60, 0, 0).host, _host(10, 0), "and the next report is paid");
    }

    function test_an_unknown_handle_is_passed_over_and_the_rest_is_paid() public {
        Settled memory s = _settle(bytes.concat(_usage(_keyOf(0, 0, 0), 90, 0, 0), _usage(key, 90, 0, 0)));
        assertEq(s.codes, abi.encodePacked(uint8(UsageCode.UnknownLease), uint8(UsageCode.Accepted)), "codes");
        assertEq(s.host, _host(90, 0), "host");
    }

    function test_another_coes_lease_is_passed_over() public {
        bytes32 other = _register("two", STRANGER_KEY);
        UsageBatch[] memory b = new UsageBatch[](1);
        b[0].coe = other;
        b[0].asOf = uint64(START + 100);
        b[0].entries = _usage(key, 90, 0, 0);
        b[0].signature = _sign(STRANGER_KEY, address(book), Typed.hashUsage(other, b[0].asOf, b[0].entries));
        Settled memory s = _settle(b);
        _assertCode(s, UsageCode.ForeignLease);
        _assertNothingPaid(s);
    }

    function test_a_closed_lease_is_passed_over() public {
        _end(key);
        vm.warp(START + 103);
        book.finalise(_keys(key));
        Settled memory s = _settle(key, 100, 0, 0);
        _assertCode(s, UsageCode.LeaseClosed);
        _assertNothingPaid(s);
        assertEq(book.settledOf(leaseId).secondsRun, 0, "a closed lease never changes");
    }

    function test_another_keys_batch_is_passed_over_and_not_logged() public {
        _passedOver(_batch(_usage(key, 90, 0, 0), uint64(START + 100), STRANGER_KEY), UsageCode.BadSignature);
    }

    function test_no_key_but_the_agents_is_paid_for(uint256 signer) public {
        signer = bound(signer, 1, type(uint128).max);
        vm.assume(signer != AGENT_KEY);
        _passedOver(_batch(_usage(key, 90, 0, 0), uint64(START + 100), signer), UsageCode.BadSignature);
    }

    function test_a_former_key_of_the_agent_is_passed_over() public {
        _rotate(STRANGER_KEY);
        _passedOver(_batch(_usage(key, 90, 0, 0), uint64(START + 100), AGENT_KEY), UsageCode.BadSignature);
        Settled memory s = _settle(_batch(_usage(key, 90, 0, 0), uint64(START + 100), STRANGER_KEY));
        assertEq(s.host, _host(90, 0), "the new key's is paid");
    }

    function test_a_changed_batch_is_passed_over(uint256 member) public {
        UsageBatch[] memory b = _batch(_usage(key, 50, 0, 0), uint64(START + 60), AGENT_KEY);
        member = bound(member, 0, 2);
        if (member == 0) b[0].entries = _usage(key, 90, 0, 0);
        if (member == 1) b[0].asOf += 1;
        if (member == 2) b[0].coe = _register("two", STRANGER_KEY);
        _passedOver(b, UsageCode.BadSignature);
    }

    function test_a_malformed_signature_is_passed_over() public {
        UsageBatch[] memory b = _batch(_usage(key, 50, 0, 0), uint64(START + 100), AGENT_KEY);
        b[0].signature = hex"1234";
        _passedOver(b, UsageCode.BadSignature);
    }

    function test_an_unknown_coes_batch_is_passed_over() public {
        UsageBatch[] memory b = _batch(_usage(key, 50, 0, 0), uint64(START), AGENT_KEY);
        b[0].coe = keccak256("unknown");
        b[0].signature = hex"1234"; // recovers nobody, and nobody is that COE's agent
        _passedOver(b, UsageCode.BadSignature);
    }

    function test_a_batch_from_the_future_is_passed_over() public {
        _passedOver(_batch(_usage(key, 90, 0, 0), uint64(START + 101), AGENT_KEY), UsageCode.FromTheFuture);
    }

    function test_a_batch_of_the_wrong_length_is_passed_over() public {
        bytes memory entries = bytes.concat(_usage(key, 90, 0, 0), hex"00");
        _passedOver(_batch(entries, uint64(START + 100), AGENT_KEY), UsageCode.BadLength);
        _passedOver(_batch("", uint64(START + 100), AGENT_KEY), UsageCode.BadLength);
    }

    function test_a_bad_batch_does_not_hold_up_the_next() public {
        UsageBatch[] memory both = new UsageBatch[](2);
        both[0] = _batch(_usage(key, 90, 0, 0), uint64(START + 100), STRANGER_KEY)[0];
        both[1] = _batch(_usage(key, 90, 0, 0), uint64(START + 100), AGENT_KEY)[0];
        assertEq(_settle(both).host, _host(90, 0), "host");
    }

    function test_a_settlement_of_nothing_pays_nobody() public {
        book.settle(new UsageBatch[](0), stranger);
        assertEq(book.freeOf(stranger), 0, "bounty");
    }

    // ---------------------------------------------------------------- royalties

    function test_replicas_of_one_image_are_credited_to_one_node() public {
        LeaseKey memory second = _keyOf(key.orderHash, 1, 0);
        vm.warp(START);
        _open(_order(), _services(), _one(_entry(1)));
        vm.warp(START + 100);
        Settled memory s = _settle(bytes.concat(_usage(key, 90, 0, 0), _usage(second, 80, 0, 0)));
        assertEq(s.royalty, _royalty(170, 0), "royalty");
        assertEq(pool.receivedOf(images.nodeOf(DIGEST)), s.royalty, "node");
        assertEq(token.balanceOf(address(pool)), s.royalty, "pool");
    }

    // ------------------------------------------------------------------- bounty

    function test_whoever_settles_gets_a_part_of_the_fee() public {
        uint256 bounty = _fee(90, 0) * BOUNTY_BPS / 10_000;
        UsageBatch[] memory b = _batch(_usage(key, 90, 0, 0), uint64(START + 100), AGENT_KEY);
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.BountyPaid(stranger, bounty);
        book.settle(b, stranger);
        assertEq(book.freeOf(stranger), bounty, "bounty");
        assertEq(book.fees(), _fee(90, 0) - bounty, "the rest is a fee");
        assertTrue(2 * bounty <= _fee(90, 0), "at most half");
        book.settle(b, stranger);
        assertEq(book.freeOf(stranger), bounty, "a replay earns no more");
    }

    function test_without_a_taker_the_fee_is_whole() public {
        book.settle(_batch(_usage(key, 90, 0, 0), uint64(START + 100), AGENT_KEY), address(0));
        assertEq(book.fees(), _fee(90, 0), "fees");
        assertEq(book.freeOf(address(0)), 0, "nobody's");
    }

    function test_a_bounty_of_nothing_is_not_paid() public {
        settings.setBounty(0);
        book.settle(_batch(_usage(key, 90, 0, 0), uint64(START + 100), AGENT_KEY), stranger);
        assertEq(book.freeOf(stranger), 0, "bounty");
        assertEq(book.fees(), _fee(90, 0), "fees");
    }

    // --------------------------------------------------------------------- fuzz

    /// @notice However a run is cut into reports, it costs the same to the wei.
    function test_a_charge_does_not_depend_on_how_often_it_was_settled(uint256 a, uint256 b, uint256 c) public {
        a = bound(a, 0, PREPAY);
        b = bound(b, a, PREPAY);
        c = bound(c, b, PREPAY + 50);
        vm.warp(START + PREPAY + 100);
        uint256 host_ = _settle(key, uint32(a), uint32(a), 0).host;
        host_ += _settle(key, uint32(b), uint32(b), uint32(a)).host;
        host_ += _settle(key, uint32(c), uint32(c), uint32(b)).host;
        uint256 ran = c < PREPAY ? c : PREPAY;
        uint256 moved = b + c < ALLOWANCE ? b + c : ALLOWANCE;
        assertEq(host_, _host(ran, moved), "host");
        assertEq(book.fencedOf(leaseId), _charge(PREPAY - ran, ALLOWANCE - moved) + RESERVE, "fenced");
        _assertConserved(key);
    }

    function test_payable_is_the_least_of_reported_funded_and_vouched_for(uint32 reported, uint256 asOf, uint256 now_)
        public
    {
        now_ = bound(now_, 0, 3 * PREPAY);
        asOf = bound(asOf, 0, now_);
        vm.warp(START + now_);
        Settled memory s = _settle(_batch(_usage(key, reported, 0, 0), uint64(START + asOf), AGENT_KEY));
        uint256 payable_ = reported < PREPAY ? reported : PREPAY;
        if (asOf < payable_) payable_ = asOf;
        assertEq(s.host, _host(payable_, 0), "host");
        assertEq(s.royalty, _royalty(payable_, 0), "royalty");
        assertEq(s.fee, _fee(payable_, 0), "fee");
        assertEq(book.settledOf(leaseId).secondsRun, payable_, "the capped value is stored");
    }

    function test_any_two_reports_leave_counters_that_never_fell(uint32[4] memory first, uint32[4] memory second)
        public
    {
        vm.warp(START + PREPAY);
        _settle(_wild(first));
        Counters memory before = book.settledOf(leaseId);
        _settle(_wild(second));
        Counters memory c = book.settledOf(leaseId);
        assertTrue(c.secondsRun >= before.secondsRun && c.secondsRun <= PREPAY, "seconds");
        assertTrue(c.cpu >= before.cpu, "cpu");
        assertTrue(c.memoryUsed >= before.memoryUsed, "memory");
        assertTrue(c.storageUsed >= before.storageUsed, "storage");
        assertTrue(c.received >= before.received && c.sent >= before.sent, "transfer");
        _assertConserved(key);
    }

    // ------------------------------------------------------------------ helpers

    function _wild(uint32[4] memory v) private view returns (bytes memory) {
        bytes memory unbilled = abi.encodePacked(uint48(v[1]) << 16, uint48(v[2]) << 16, uint48(v[3]) << 16);
        return bytes.concat(abi.encodePacked(bytes16(leaseId), v[0]), unbilled, abi.encodePacked(v[1], v[2]));
    }

    function _passedOver(UsageBatch[] memory b, UsageCode usageCode) private {
        uint256 fenced = book.fencedOf(leaseId);
        Settled memory s = _settle(b);
        _assertCode(s, usageCode);
        _assertNothingPaid(s);
        assertEq(s.entries, "", "entries");
        assertEq(book.fencedOf(leaseId), fenced, "fenced");
        assertEq(book.settledOf(leaseId).secondsRun, 0, "seconds");
    }
}
