// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Counters, LeaseKey, UsageBatch, UsageCode} from "../../src/interfaces/Types.sol";
import {vm} from "../Vm.sol";
import {AttackWorld} from "./AttackWorld.sol";

/// @notice What an agent's counters could do beyond telling what ran.
contract UsageAttacksTest is AttackWorld {
    // -------------------------------------------------- one huge unbilled counter

    /// @notice CPU, memory and storage are recorded, not billed: whatever was once reported, the lease goes on.
    function test_one_huge_unbilled_counter_locks_nothing(uint48[3] memory huge, uint48[3] memory later) public {
        LeaseKey memory key = _openOne();
        vm.warp(START + 100);
        _assertCode(_settle(_usageOf(key, 100, huge)), UsageCode.Accepted);
        vm.warp(START + 200);
        Settled memory s = _settle(_usageOf(key, 200, later));
        _assertCode(s, UsageCode.Accepted);
        assertEq(s.host, _host(100, 0), "the next seconds are paid as ever");
        Counters memory settled = book.settledOf(_id(key));
        assertEq(settled.secondsRun, 200, "seconds");
        assertTrue(settled.cpu >= _min(_max(huge[0], later[0]), 2 ** 45 - 1), "the larger stays, as wide as it fits");
        assertEq(settled.memoryUsed, _max(huge[1], later[1]) >> 10 << 10, "memory in GiB");
        assertEq(settled.storageUsed, _max(huge[2], later[2]) >> 10 << 10, "storage in GiB");
        assertEq(settled.received + settled.sent, 0, "no counter spills into another");
        assertEq(book.leaseOf(_id(key)).limit, PREPAY, "nor into the limit");
    }

    /// @notice Transfer is billed up to what the user allowed, seconds up to the wall clock.
    function test_huge_billed_counters_are_clamped(uint32 ran, uint32 received, uint32 sent, uint32 wall) public {
        wall = uint32(bound(wall, 0, 5_000));
        LeaseKey memory key = _openOne();
        vm.warp(START + wall);
        Settled memory s = _settle(key, ran, received, sent);
        _assertCode(s, UsageCode.Accepted);
        uint256 payable_ = _min(ran, _min(wall, PREPAY));
        uint256 moved = _min(uint256(received) + sent, ALLOWANCE);
        assertEq(s.host, _host(payable_, moved), "host");
        assertEq(s.royalty, _royalty(payable_, moved), "royalty");
        assertEq(s.fee, _fee(payable_, moved), "fee");
        _assertConserved(key);
    }

    // ------------------------------- dust settlements that would postpone maturing

    function test_dust_settlements_do_not_postpone_maturing() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + 100);
        _settle(key, 100, 0, 0);
        for (uint32 i = 1; i <= 2 * _params().maturingEpoch; ++i) {
            vm.warp(START + 100 + i);
            _settle(key, 100 + i, 0, 0);
        }
        (uint256 matured,,) = book.earnedOf(coe);
        assertTrue(matured >= _host(100, 0), "two epochs later it is the host's");
        assertEq(book.withdrawEarned(coe), matured, "and paid");
        assertEq(token.balanceOf(host), matured, "to it");
    }

    function test_empty_settlements_do_not_postpone_maturing() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + 100);
        UsageBatch[] memory same = _batch(_usage(key, 100, 0, 0), uint64(START + 100), AGENT_KEY);
        _settle(same);
        for (uint32 i = 1; i <= 2 * _params().maturingEpoch; ++i) {
            vm.warp(START + 100 + i);
            _settle(same);
        }
        assertEq(book.withdrawEarned(coe), _host(100, 0), "all of it");
    }

    // ----------------------------------------------------------- bad company

    /// @notice An entry that cannot be settled takes none of its neighbours with it.
    function test_a_bad_entry_does_not_stop_the_good_ones_around_it() public {
        LeaseKey memory key = _openOne();
        LeaseKey memory next = _openAt(1, 0, coe);
        LeaseKey memory foreign = _openAt(2, 0, other);
        vm.warp(START + 100);
        bytes memory bad = bytes.concat(_usage(_keyAt(9, 9, coe), 100, 0, 0), _usage(foreign, 100, 0, 0));
        Settled memory s = _settle(bytes.concat(_usage(key, 100, 0, 0), bad, _usage(next, 100, 0, 0)));
        bytes memory codes =
            abi.encodePacked(UsageCode.Accepted, UsageCode.UnknownLease, UsageCode.ForeignLease, UsageCode.Accepted);
        assertEq(s.codes, codes, "codes");
        assertEq(s.host, 2 * _host(100, 0), "both good ones are paid");
    }

    function test_a_bad_batch_does_not_stop_the_good_ones_around_it() public {
        LeaseKey memory key = _openOne();
        LeaseKey memory next = _openAt(1, 0, other);
        vm.warp(START + 100);
        UsageBatch[] memory batches = new UsageBatch[](4);
        batches[0] = _report(coe, OTHER_AGENT_KEY, _usage(key, 100, 0, 0));
        batches[1] = _report(coe, AGENT_KEY, _usage(key, 100, 0, 0));
        batches[2] = _report(coe, AGENT_KEY, hex"00");
        batches[3] = _report(other, OTHER_AGENT_KEY, _usage(next, 100, 0, 0));
        book.settle(batches, address(0));
        assertEq(_earned(coe), _host(100, 0), "one");
        assertEq(_earned(other), _host(100, 0), "two");
    }

    function test_a_report_from_the_future_is_refused() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + 100);
        Settled memory s = _settle(_batch(_usage(key, 600, 0, 0), uint64(START + 600), AGENT_KEY));
        _assertCode(s, UsageCode.FromTheFuture);
        _assertNothingPaid(s);
    }

    function test_a_rotated_agent_key_signs_no_more() public {
        LeaseKey memory key = _openOne();
        _rotate(0xA9);
        vm.warp(START + 100);
        Settled memory s = _settle(key, 100, 0, 0);
        _assertCode(s, UsageCode.BadSignature);
        _assertNothingPaid(s);
    }

    function _usageOf(LeaseKey memory key, uint32 ran, uint48[3] memory unbilled) private view returns (bytes memory) {
        bytes memory first = abi.encodePacked(bytes16(_id(key)), ran, unbilled[0], unbilled[1], unbilled[2]);
        return bytes.concat(first, bytes8(0));
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }

    function _max(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a : b;
    }
}
