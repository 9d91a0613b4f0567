// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Lease, LeaseState, UsageBatch} from "../../../../src/interfaces/Types.sol";
import {Typed} from "../../../Typed.sol";
import {vm} from "../../../Vm.sol";
import {Action, LeaseGhost} from "../Parts.sol";
import {FundingHandler} from "./Funding.sol";

/// @title Agents report, truthfully or not, and anybody settles
abstract contract SettlingHandler is FundingHandler {
    uint256 private constant MALICIOUS = 2;

    function settleHonestly(uint256 seed) external acts(Action.SettleHonestly, seed) {
        (bool found, uint256 i) = _find(_isUnclosed);
        if (!found) {
            if (!_openFresh()) return;
            i = leases.length - 1;
        }
        _settleHonestly(i);
        _did(Action.SettleHonestly);
    }

    /// @dev A batch of each COE, with all of its leases that are not closed.
    function settleEverything(uint256 seed) external acts(Action.SettleEverything, seed) {
        UsageBatch[] memory batches = new UsageBatch[](HOUSE);
        bool any = false;
        for (uint256 site = 0; site < HOUSE; ++site) {
            bytes memory entries;
            for (uint256 i = 0; i < leases.length; ++i) {
                if (leases[i].site == site && _isUnclosed(leases[i])) {
                    entries = bytes.concat(entries, _truth(leases[i]));
                    any = true;
                }
            }
            batches[site] = _batch(site, uint64(vm.getBlockTimestamp()), entries);
        }
        if (!any) return;
        _settle(batches);
        for (uint256 i = 0; i < leases.length; ++i) {
            _requirePaid(leases[i]);
        }
        _did(Action.SettleEverything);
    }

    /// @notice An agent that says anything, about anybody's leases, whenever it likes. A settlement never reverts.
    function settleMaliciously(uint256 seed) external acts(Action.SettleMaliciously, seed) {
        UsageBatch[] memory batches = new UsageBatch[](_between(1, 3));
        for (uint256 b = 0; b < batches.length; ++b) {
            bytes memory entries;
            uint256 count = _between(1, 5);
            for (uint256 n = 0; n < count; ++n) {
                entries = bytes.concat(entries, _lie());
            }
            if (_roll(10) == 0) entries = bytes.concat(entries, hex"00");
            batches[b] = _batch(MALICIOUS, uint64(_wrongTime()), entries);
            if (_roll(6) == 0) batches[b].coe = sites[_roll(HOUSE)].id;
            if (_roll(10) == 0) batches[b].signature = hex"1234";
            // Signed for the COE of another: by a key that is not that COE's.
            if (_roll(6) == 0) {
                batches[b].coe = sites[0].id;
                bytes32 structHash = Typed.hashUsage(sites[0].id, batches[b].asOf, entries);
                batches[b].signature = _sign(sites[MALICIOUS].agentKey, structHash);
            }
        }
        uint256[2] memory others = [_everEarned(0), _everEarned(1)];
        _settle(batches);
        assertEq(_everEarned(0), others[0], "a foreign agent moves nothing of the first COE");
        assertEq(_everEarned(1), others[1], "a foreign agent moves nothing of the second COE");
        _did(Action.SettleMaliciously);
    }

    // --------------------------------------------------------------- internal

    function _findStarted() internal override returns (bool found, uint256 i) {
        (found, i) = _find(_isStarted);
        if (found) return (found, i);
        (found, i) = _find(_isUnstarted);
        if (!found) {
            if (!_openFresh()) return (false, 0);
            i = leases.length - 1;
        }
        _wait(1 + _roll(10));
        _settleHonestly(i);
        found = _isStarted(leases[i]);
    }

    function _settleHonestly(uint256 i) internal {
        UsageBatch[] memory batches = new UsageBatch[](1);
        batches[0] = _batch(leases[i].site, uint64(vm.getBlockTimestamp()), _truth(leases[i]));
        _settle(batches);
        _requirePaid(leases[i]);
        _see(leases[i], _lease(leases[i]));
    }

    /// @dev A bounty is what the one who is named for it has more, in its proportion to the fees that came in.
    function _settle(UsageBatch[] memory batches) private {
        address to = _anyone();
        uint256 free = dweb.book.freeOf(to);
        uint256 fees = dweb.book.fees();
        if (_roll(2) == 0) vm.prank(stranger);
        dweb.book.settle(batches, to);
        uint256 bounty = dweb.book.freeOf(to) - free;
        fees = dweb.book.fees() - fees + bounty;
        uint256 due = to == address(0) ? 0 : fees * dweb.settings.tariff().bountyBps / 10_000;
        assertEq(bounty, due, "bounty");
        assertTrue(bounty * 2 <= fees, "a bounty is at most half of the fee");
        accounts[to].bounties += bounty;
        bountiesPaid += bounty;
    }

    /// @notice What an honest agent reports: all seconds that were funded, and some transfer.
    function _truth(LeaseGhost storage ghost) private returns (bytes memory) {
        uint256 ran = _fundedSeconds(ghost);
        if (ran < ghost.secondsSeen) ran = ghost.secondsSeen; // a fault was dated before some of it
        uint32 received = ghost.receivedSeen;
        uint32 sent = ghost.sentSeen;
        if (received < 2 ** 31) received += uint32(_roll(400));
        if (sent < 2 ** 31) sent += uint32(_roll(400));
        return abi.encodePacked(
            bytes16(ghost.id), uint32(ran), uint48(ran * 400), uint48(ran * 128), uint48(ran * 512), received, sent
        );
    }

    /// @notice A host is never unpaid: what was funded and reported in time is settled.
    function _requirePaid(LeaseGhost storage ghost) private view {
        if (ghost.state == LeaseState.Closed) return;
        Lease memory lease = _lease(ghost);
        uint256 due = _fundedSeconds(ghost);
        if (due > lease.limit) due = lease.limit;
        assertTrue(lease.settled.secondsRun >= due, "what was funded and reported is paid");
    }

    function _lie() private returns (bytes memory) {
        bytes16 handle = bytes16(keccak256(abi.encode(_roll(1e9))));
        LeaseGhost memory ghost;
        (bool own, uint256 i) = _find(_isItsOwn);
        if (leases.length > 0 && _roll(8) != 0) {
            // Of its own leases most can be taken; the others are closed or somebody else's.
            ghost = leases[own && _roll(2) == 0 ? i : _roll(leases.length)];
            handle = bytes16(ghost.id);
        }
        uint32 ran = _wrong(ghost.secondsSeen);
        uint32 received = _wrong(ghost.receivedSeen);
        uint32 sent = _wrong(ghost.sentSeen);
        return
            abi.encodePacked(
                handle, ran, uint48(_roll(2 ** 48)), type(uint48).max, uint48(_roll(2 ** 48)), received, sent
            );
    }

    /// @notice Huge, less than last time, the same, or a little more.
    function _wrong(uint32 last) private returns (uint32) {
        uint256 how = _roll(6);
        if (how == 0) return type(uint32).max;
        if (how == 1) return uint32(_roll(2 ** 32));
        if (how == 2 && last > 0) return last - 1;
        if (how == 3 || last > 2 ** 31) return last;
        return last + uint32(_roll(1_000));
    }

    function _wrongTime() private returns (uint256) {
        uint256 how = _roll(8);
        if (how == 0) return vm.getBlockTimestamp() + 1 + _roll(10_000);
        if (how == 1) return _roll(vm.getBlockTimestamp());
        if (how < 4) return vm.getBlockTimestamp() - _roll(20);
        return vm.getBlockTimestamp();
    }

    function _isItsOwn(LeaseGhost storage ghost) private view returns (bool) {
        return ghost.site == MALICIOUS && _isLive(ghost);
    }

    function _everEarned(uint256 site) private view returns (uint256) {
        (uint256 matured, uint256 maturing, uint256 disputed) = dweb.book.earnedOf(sites[site].id);
        return matured + maturing + disputed;
    }
}
