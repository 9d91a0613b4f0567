// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Counters, LeaseState, Reason} from "../interfaces/Types.sol";
import {Report} from "./UsageEntries.sol";

/// @notice What a lease has been settled for, and where it stands, in one word.
/// @dev From the lowest bit: seconds 27 | CPU mCPU*s 45 | memory GiB*s 41 | storage GiB*s 43 | received MiB 32 | sent MiB
/// 32 | limit 27 | state 3 | reason 4 | fault answered 1.
type PackedCounters is uint256;

using CountersLib for PackedCounters global;

/// @title The counters and the state of a lease
library CountersLib {
    uint256 internal constant CPU = 27;
    uint256 internal constant MEMORY = 72;
    uint256 internal constant STORAGE = 113;
    uint256 internal constant RECEIVED = 156;
    uint256 internal constant SENT = 188;
    uint256 internal constant LIMIT = 220;
    uint256 internal constant STATE = 247;
    uint256 internal constant REASON = 250;
    uint256 internal constant ANSWERED = 254;

    uint256 internal constant SECONDS_MASK = 2 ** 27 - 1;
    uint256 internal constant CPU_MASK = 2 ** 45 - 1;
    uint256 internal constant MEMORY_MASK = 2 ** 41 - 1;
    uint256 internal constant STORAGE_MASK = 2 ** 43 - 1;
    uint256 internal constant MIB_MASK = 2 ** 32 - 1;
    /// @dev Everything above the counters: limit, state, reason, answered.
    uint256 internal constant STANDING_MASK = type(uint256).max << LIMIT;

    /// @notice A lease that has just opened.
    /// @param seconds_ its limit, below 2^27
    function opened(uint256 seconds_) internal pure returns (PackedCounters) {
        return PackedCounters.wrap(seconds_ << LIMIT | uint256(LeaseState.Open) << STATE);
    }

    function state(PackedCounters packed) internal pure returns (LeaseState) {
        return LeaseState(((PackedCounters.unwrap(packed) >> STATE) & 0x7));
    }

    function reason(PackedCounters packed) internal pure returns (Reason) {
        return Reason(((PackedCounters.unwrap(packed) >> REASON) & 0xf));
    }

    function isAnswered(PackedCounters packed) internal pure returns (bool) {
        return ((PackedCounters.unwrap(packed) >> ANSWERED) & 0x1) == 1;
    }

    function limit(PackedCounters packed) internal pure returns (uint256) {
        return ((PackedCounters.unwrap(packed) >> LIMIT) & 0x7ffffff);
    }

    function secondsRun(PackedCounters packed) internal pure returns (uint256) {
        return PackedCounters.unwrap(packed) & SECONDS_MASK;
    }

    function received(PackedCounters packed) internal pure returns (uint256) {
        return ((PackedCounters.unwrap(packed) >> RECEIVED) & 0xffffffff);
    }

    function sent(PackedCounters packed) internal pure returns (uint256) {
        return ((PackedCounters.unwrap(packed) >> SENT) & 0xffffffff);
    }

    /// @return received | sent << 32, in MiB
    function transfer(PackedCounters packed) internal pure returns (uint256) {
        return ((PackedCounters.unwrap(packed) >> RECEIVED) & 0xffffffffffffffff);
    }

    /// @notice A lease has started once a second of it has been settled.
    function isStarted(PackedCounters packed) internal pure returns (bool) {
        return secondsRun(packed) > 0;
    }

    /// @notice Open or parked: it may still be renewed and ended.
    function isLive(PackedCounters packed) internal pure returns (bool) {
        LeaseState now_ = state(packed);
        return now_ == LeaseState.Open || now_ == LeaseState.Parked;
    }

    function withState(PackedCounters packed, LeaseState next) internal pure returns (PackedCounters) {
        return _with(packed, STATE, 3, uint256(next));
    }

    function withReason(PackedCounters packed, Reason why) internal pure returns (PackedCounters) {
        return _with(packed, REASON, 4, uint256(why));
    }

    /// @param seconds_ below 2^27
    function withLimit(PackedCounters packed, uint256 seconds_) internal pure returns (PackedCounters) {
        return _with(packed, LIMIT, 27, seconds_);
    }

    function withAnswer(PackedCounters packed) internal pure returns (PackedCounters) {
        return _with(packed, ANSWERED, 1, 1);
    }

    /// @notice The counters that a report leaves behind; limit and state stay.
    /// @dev What is not billed keeps the larger value, and its widest value when it does not fit, so that it can never
    /// lock a lease. Memory and storage are reported in 38 bits of GiB*s, so they always fit.
    /// @param paidSeconds below 2^27
    /// @param moved received | sent << 32, in MiB
    function advanced(PackedCounters packed, Report report, uint256 paidSeconds, uint256 moved)
        internal
        pure
        returns (PackedCounters)
    {
        unchecked {
            uint256 last = PackedCounters.unwrap(packed);
            uint256 cpu = Math.max(Math.min(report.cpu(), CPU_MASK), (last >> CPU) & CPU_MASK);
            uint256 memory_ = Math.max(report.memoryUsed(), (last >> MEMORY) & MEMORY_MASK);
            uint256 storage_ = Math.max(report.storageUsed(), (last >> STORAGE) & STORAGE_MASK);
            return PackedCounters.wrap(
                (last & STANDING_MASK) | paidSeconds | cpu << CPU | memory_ << MEMORY | storage_ << STORAGE | moved
                    << RECEIVED
            );
        }
    }

    /// @return counters memory and storage in MiB*s again, as multiples of 1,024
    function unpack(PackedCounters packed) internal pure returns (Counters memory counters) {
        counters.secondsRun = uint32(secondsRun(packed));
        counters.cpu = uint48(((PackedCounters.unwrap(packed) >> CPU) & 0x1fffffffffff));
        counters.memoryUsed = _mebibytes(((PackedCounters.unwrap(packed) >> MEMORY) & 0x1ffffffffff));
        counters.storageUsed = _mebibytes(((PackedCounters.unwrap(packed) >> STORAGE) & 0x7ffffffffff));
        counters.received = uint32(received(packed));
        counters.sent = uint32(sent(packed));
    }

    /// @dev A report has 48 bits of MiB*s, so what is kept has 38 bits of GiB*s and fits again.
    function _mebibytes(uint256 gibibytes) private pure returns (uint48) {
        return uint48(gibibytes << 10);
    }

    function _with(PackedCounters packed, uint256 shift, uint256 width, uint256 value)
        private
        pure
        returns (PackedCounters)
    {
        unchecked {
            // A mask of `width` ones, which is then shifted: the order is meant.
            // forge-lint: disable-next-line(incorrect-shift)
            uint256 mask = ((1 << width) - 1) << shift;
            return PackedCounters.wrap((PackedCounters.unwrap(packed) & ~mask) | (value << shift & mask));
        }
    }
}
