// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Counters, LeaseState, Reason} from "../../src/interfaces/Types.sol";
import {CountersLib, PackedCounters} from "../../src/lease/Counters.sol";
import {Report} from "../../src/lease/UsageEntries.sol";
import {Asserts} from "../Asserts.sol";

contract CountersTest is Asserts {
    function test_a_lease_opens_with_its_limit_and_nothing_run() public pure {
        PackedCounters packed = CountersLib.opened(2 ** 27 - 1);
        Counters memory none;
        assertEq(abi.encode(packed.unpack()), abi.encode(none), "counters");
        assertTrue(packed.state() == LeaseState.Open && packed.reason() == Reason.None, "state");
        assertEq(packed.limit(), 2 ** 27 - 1, "limit");
        assertTrue(!packed.isStarted() && !packed.isAnswered() && packed.isLive(), "standing");
    }

    function test_open_and_parked_leases_are_live_and_no_others() public pure {
        PackedCounters packed = CountersLib.opened(1);
        for (uint256 i = 0; i <= uint256(type(LeaseState).max); ++i) {
            LeaseState state = LeaseState(i);
            bool live = state == LeaseState.Open || state == LeaseState.Parked;
            assertTrue(packed.withState(state).isLive() == live, "live");
        }
    }

    function test_standing_and_counters_do_not_touch_each_other(
        Counters memory reported,
        uint256 paid,
        uint256 limit,
        uint256 state,
        uint256 reason
    ) public pure {
        paid = bound(paid, 0, 2 ** 27 - 1);
        limit = bound(limit, 0, 2 ** 27 - 1);
        state = bound(state, 0, uint256(type(LeaseState).max));
        reason = bound(reason, 0, uint256(type(Reason).max));
        PackedCounters packed = _advanced(CountersLib.opened(7), reported, paid);
        bytes memory counters = abi.encode(packed.unpack());
        packed = packed.withLimit(limit).withState(LeaseState(state)).withReason(Reason(reason)).withAnswer();
        assertEq(abi.encode(packed.unpack()), counters, "counters");
        assertEq(packed.limit(), limit, "limit");
        assertEq(uint256(packed.state()), state, "state");
        assertEq(uint256(packed.reason()), reason, "reason");
        assertTrue(packed.isAnswered(), "answered");
        assertTrue(packed.isStarted() == (paid > 0), "started");

        Counters memory none;
        packed = _advanced(packed, none, paid);
        assertEq(packed.limit(), limit, "limit stays");
        assertEq(uint256(packed.state()), state, "state stays");
        assertEq(uint256(packed.reason()), reason, "reason stays");
        assertTrue(packed.isAnswered(), "the answer stays");
    }

    function test_billed_counters_are_kept_whole_and_others_as_they_fit(Counters memory reported, uint256 paid)
        public
        pure
    {
        paid = bound(paid, 0, 2 ** 27 - 1);
        Counters memory c = _advanced(CountersLib.opened(1), reported, paid).unpack();
        assertEq(c.secondsRun, paid, "what was paid");
        assertEq(c.received, reported.received, "received");
        assertEq(c.sent, reported.sent, "sent");
        assertEq(c.cpu, reported.cpu < 2 ** 45 ? reported.cpu : 2 ** 45 - 1, "cpu");
        assertEq(c.memoryUsed, reported.memoryUsed / 1_024 * 1_024, "memory");
        assertEq(c.storageUsed, reported.storageUsed / 1_024 * 1_024, "storage");
    }

    function test_what_is_not_billed_never_falls(Counters memory first, Counters memory second) public pure {
        PackedCounters packed = _advanced(CountersLib.opened(1), first, 1);
        Counters memory before = packed.unpack();
        Counters memory c = _advanced(packed, second, 2).unpack();
        Counters memory alone = _advanced(CountersLib.opened(1), second, 2).unpack();
        assertEq(c.cpu, before.cpu > alone.cpu ? before.cpu : alone.cpu, "the larger cpu");
        assertEq(c.memoryUsed, before.memoryUsed > alone.memoryUsed ? before.memoryUsed : alone.memoryUsed, "memory");
        assertEq(
            c.storageUsed, before.storageUsed > alone.storageUsed ? before.storageUsed : alone.storageUsed, "storage"
        );
    }

    function _advanced(PackedCounters packed, Counters memory c, uint256 paid) private pure returns (PackedCounters) {
        bytes30 entry = bytes30(abi.encodePacked(c.secondsRun, c.cpu, c.memoryUsed, c.storageUsed, c.received, c.sent));
        return packed.advanced(Report.wrap(uint240(entry)), paid, c.received | uint256(c.sent) << 32);
    }
}
