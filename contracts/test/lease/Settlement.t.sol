// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Counters, PlanEntry, UsageBatch, UsageCode} from "../../src/interfaces/Types.sol";
import {Typed} from "../Typed.sol";
import {vm} from "../Vm.sol";
import {LeaseWorld} from "./LeaseWorld.sol";

contract SettlementTest is LeaseWorld {
    bytes32 private hash;
    bytes32 private leaseId;

    function setUp() public override {
        super.setUp();
        (hash, leaseId) = _openOne();
    }

    function test_usage_is_paid_to_host_royalty_and_fee() public {
        vm.warp(START + 100);
        Settled memory s = _settle(leaseId, 90, 10, 20);
        _assertCode(s, UsageCode.Accepted);
        assertEq(s.coe, coe, "coe");
        assertEq(s.asOf, START + 100, "as of");
        assertEq(s.entries, _usage(leaseId, 90, 10, 20), "entries");
        assertEq(s.host, _host(90, 30), "host");
        assertEq(s.royalty, _royalty(90, 30), "royalty");
        assertEq(s.fee, _fee(90, 30), "fee");

        assertEq(book.fees(), s.fee, "fees");
        assertEq(pool.receivedOf(images.nodeOf(DIGEST)), s.royalty, "node");
        assertEq(token.balanceOf(address(pool)), s.royalty, "pool");
        (, uint256 maturing) = book.earnedOf(coe);
        assertEq(maturing, s.host, "earned");
        (,,,, uint256 spent, uint256 fenced) = book.orderOf(hash);
        assertEq(spent, _charge(90, 30), "spent");
        assertEq(fenced, _charge(PREPAY - 90, ALLOWANCE - 30), "fenced");
        _assertConserved(leaseId);
    }

    function test_counters_are_recorded_as_settled() public {
        vm.warp(START + 100);
        _settle(leaseId, 90, 10, 20);
        Counters memory c = book.settledOf(leaseId);
        assertEq(c.secondsRun, 90, "seconds");
        assertEq(c.cpu, 36_000, "cpu");
        assertEq(c.memoryUsed, 7, "memory");
        assertEq(c.storageUsed, 8, "storage");
        assertEq(c.received, 10, "received");
        assertEq(c.sent, 20, "sent");
    }

    function test_only_the_difference_is_paid_next_time() public {
        vm.warp(START + 100);
        _settle(leaseId, 90, 10, 20);
        vm.warp(START + 200);
        Settled memory s = _settle(leaseId, 150, 10, 25);
        assertEq(s.host, _host(60, 5), "host");
        assertEq(s.royalty, _royalty(60, 5), "royalty");
        assertEq(s.fee, _fee(60, 5), "fee");
    }

    function test_a_replay_is_accepted_and_pays_nothing() public {
        vm.warp(START + 100);
        UsageBatch[] memory b = _batch(_usage(leaseId, 90, 10, 20), uint64(START + 100), AGENT_KEY);
        _settle(b);
        Settled memory s = _settle(b);
        _assertCode(s, UsageCode.Accepted);
        _assertNothingPaid(s);
    }

    function test_the_same_lease_twice_in_a_batch_is_paid_once() public {
        vm.warp(START + 100);
        Settled memory s = _settle(bytes.concat(_usage(leaseId, 90, 0, 0), _usage(leaseId, 90, 0, 0)));
        assertEq(s.codes, hex"0000", "codes");
        assertEq(s.host, _host(90, 0), "host");
    }

    function test_an_older_batch_after_a_newer_is_passed_over() public {
        vm.warp(START + 100);
        UsageBatch[] memory older = _batch(_usage(leaseId, 50, 0, 0), uint64(START + 60), AGENT_KEY);
        _settle(leaseId, 90, 0, 0);
        Settled memory s = _settle(older);
        _assertCode(s, UsageCode.CounterFell);
        _assertNothingPaid(s);
        assertEq(book.settledOf(leaseId).secondsRun, 90, "seconds stay");
    }

    function test_seconds_beyond_the_blocks_time_are_clamped() public {
        vm.warp(START + 100);
        Settled memory s = _settle(_batch(_usage(leaseId, 500, 0, 0), uint64(START + 40), AGENT_KEY));
        _assertCode(s, UsageCode.Accepted);
        assertEq(s.host, _host(40, 0), "host");
        assertEq(book.settledOf(leaseId).secondsRun, 40, "the capped value is stored");
    }

    function test_a_batch_from_before_the_lease_pays_no_seconds() public {
        vm.warp(START + 100);
        Settled memory s = _settle(_batch(_usage(leaseId, 50, 0, 0), uint64(START - 1), AGENT_KEY));
        _assertCode(s, UsageCode.Accepted);
        _assertNothingPaid(s);
    }

    function test_seconds_beyond_what_is_funded_are_clamped() public {
        vm.warp(START + 5_000);
        Settled memory s = _settle(leaseId, 5_000, 0, 0);
        assertEq(s.host, _host(PREPAY, 0), "host");
        assertEq(book.fencedOf(leaseId), _charge(0, ALLOWANCE), "what is left is transfer");
        _assertConserved(leaseId);
    }

    function test_transfer_beyond_the_allowance_is_not_billed() public {
        vm.warp(START + 100);
        assertEq(_settle(leaseId, 0, type(uint32).max, type(uint32).max).host, _host(0, ALLOWANCE), "host");
        assertEq(book.fencedOf(leaseId), _charge(PREPAY, 0), "what is left is seconds");
    }

    function test_a_falling_billed_counter_is_passed_over(uint256 which) public {
        vm.warp(START + 100);
        _settle(leaseId, 50, 10, 20);
        which = bound(which, 0, 2);
        Settled memory s = _settle(leaseId, which == 0 ? 49 : 60, which == 1 ? 9 : 15, which == 2 ? 19 : 25);
        _assertCode(s, UsageCode.CounterFell);
        _assertNothingPaid(s);
    }

    function test_a_falling_unbilled_counter_never_locks_a_lease() public {
        vm.warp(START + 100);
        _settle(leaseId, 50, 0, 0);
        bytes memory fallen = abi.encodePacked(bytes8(leaseId), uint32(60), uint48(0), uint48(0), uint48(0), uint64(0));
        Settled memory s = _settle(fallen);
        _assertCode(s, UsageCode.Accepted);
        assertEq(s.host, _host(10, 0), "host");
        Counters memory c = book.settledOf(leaseId);
        assertEq(c.cpu, 20_000, "the larger stays");
        assertEq(c.memoryUsed, 7, "memory");
        assertEq(c.storageUsed, 8, "storage");
    }

    function test_an_unknown_handle_is_passed_over_and_the_rest_is_paid() public {
        vm.warp(START + 100);
        Settled memory s = _settle(bytes.concat(_usage(keccak256("x"), 90, 0, 0), _usage(leaseId, 90, 0, 0)));
        assertEq(s.codes, abi.encodePacked(uint8(UsageCode.UnknownLease), uint8(UsageCode.Accepted)), "codes");
        assertEq(s.host, _host(90, 0), "host");
    }

    function test_another_coes_lease_is_passed_over() public {
        bytes32 other = _register("two", stranger);
        vm.warp(START + 100);
        UsageBatch[] memory b = new UsageBatch[](1);
        b[0].coe = other;
        b[0].asOf = uint64(START + 100);
        b[0].entries = _usage(leaseId, 90, 0, 0);
        b[0].signature = _sign(STRANGER_KEY, address(book), Typed.hashUsage(other, b[0].asOf, b[0].entries));
        Settled memory s = _settle(b);
        _assertCode(s, UsageCode.ForeignLease);
        _assertNothingPaid(s);
    }

    function test_a_closed_lease_is_passed_over() public {
        _end(leaseId);
        vm.warp(START + 3);
        book.finalise(_list(leaseId));
        Settled memory s = _settle(leaseId, 3, 0, 0);
        _assertCode(s, UsageCode.LeaseClosed);
        _assertNothingPaid(s);
    }

    function test_another_keys_batch_is_passed_over_and_not_logged() public {
        vm.warp(START + 100);
        _wholeBatchPassedOver(
            _batch(_usage(leaseId, 90, 0, 0), uint64(START + 100), STRANGER_KEY), UsageCode.BadSignature
        );
    }

    function test_a_changed_batch_is_passed_over() public {
        vm.warp(START + 100);
        UsageBatch[] memory b = _batch(_usage(leaseId, 50, 0, 0), uint64(START + 100), AGENT_KEY);
        b[0].entries = _usage(leaseId, 90, 0, 0);
        _wholeBatchPassedOver(b, UsageCode.BadSignature);
    }

    function test_a_malformed_signature_is_passed_over() public {
        vm.warp(START + 100);
        UsageBatch[] memory b = _batch(_usage(leaseId, 50, 0, 0), uint64(START + 100), AGENT_KEY);
        b[0].signature = hex"1234";
        _wholeBatchPassedOver(b, UsageCode.BadSignature);
    }

    function test_an_unknown_coes_batch_is_passed_over() public {
        UsageBatch[] memory b = _batch(_usage(leaseId, 50, 0, 0), uint64(START), AGENT_KEY);
        b[0].coe = keccak256("unknown");
        b[0].signature = hex"1234"; // recovers nobody, and nobody is that COE's agent
        _wholeBatchPassedOver(b, UsageCode.BadSignature);
    }

    function test_a_batch_from_the_future_is_passed_over() public {
        vm.warp(START + 100);
        _wholeBatchPassedOver(
            _batch(_usage(leaseId, 90, 0, 0), uint64(START + 101), AGENT_KEY), UsageCode.FromTheFuture
        );
    }

    function test_a_batch_of_the_wrong_length_is_passed_over() public {
        vm.warp(START + 100);
        bytes memory entries = bytes.concat(_usage(leaseId, 90, 0, 0), hex"00");
        _wholeBatchPassedOver(_batch(entries, uint64(START + 100), AGENT_KEY), UsageCode.BadLength);
        _wholeBatchPassedOver(_batch("", uint64(START + 100), AGENT_KEY), UsageCode.BadLength);
    }

    function test_a_bad_batch_does_not_hold_up_the_next() public {
        vm.warp(START + 100);
        UsageBatch[] memory both = new UsageBatch[](2);
        both[0] = _batch(_usage(leaseId, 90, 0, 0), uint64(START + 100), STRANGER_KEY)[0];
        both[1] = _batch(_usage(leaseId, 90, 0, 0), uint64(START + 100), AGENT_KEY)[0];
        assertEq(_settle(both).host, _host(90, 0), "host");
    }

    function test_replicas_of_one_image_are_credited_to_one_node() public {
        PlanEntry[] memory entries = _one(_entry(1));
        _open(hash, _services(), entries);
        bytes32 second = book.leaseIdOf(hash, 0, 1, 0, coe);
        vm.warp(START + 100);
        Settled memory s = _settle(bytes.concat(_usage(leaseId, 90, 0, 0), _usage(second, 80, 0, 0)));
        assertEq(s.royalty, _royalty(170, 0), "royalty");
        assertEq(pool.receivedOf(images.nodeOf(DIGEST)), s.royalty, "node");
        assertEq(token.balanceOf(address(pool)), s.royalty, "pool");
    }

    /// @notice However a run is cut into reports, it costs the same to the wei.
    function test_a_charge_does_not_depend_on_how_often_it_was_settled(uint256 a, uint256 b, uint256 c) public {
        a = bound(a, 0, PREPAY);
        b = bound(b, a, PREPAY);
        c = bound(c, b, PREPAY + 50);
        vm.warp(START + PREPAY + 100);
        uint256 host_ = _settle(leaseId, uint32(a), uint32(a), 0).host;
        host_ += _settle(leaseId, uint32(b), uint32(b), uint32(a)).host;
        host_ += _settle(leaseId, uint32(c), uint32(c), uint32(b)).host;
        uint256 ran = c < PREPAY ? c : PREPAY;
        uint256 moved = b + c < ALLOWANCE ? b + c : ALLOWANCE;
        assertEq(host_, _host(ran, moved), "host");
        (,,,, uint256 spent,) = book.orderOf(hash);
        assertEq(spent, _charge(ran, moved), "spent");
        assertEq(book.fencedOf(leaseId), _charge(PREPAY, ALLOWANCE) - spent, "fenced");
        _assertConserved(leaseId);
    }

    function _wholeBatchPassedOver(UsageBatch[] memory b, UsageCode usageCode) private {
        uint256 fenced = book.fencedOf(leaseId);
        Settled memory s = _settle(b);
        _assertCode(s, usageCode);
        _assertNothingPaid(s);
        assertEq(s.entries, "", "entries");
        assertEq(book.fencedOf(leaseId), fenced, "fenced");
        assertEq(book.settledOf(leaseId).secondsRun, 0, "seconds");
    }
}
