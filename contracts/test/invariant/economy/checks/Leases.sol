// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICoeRegistry} from "../../../../src/interfaces/ICoeRegistry.sol";
import {Lease, LeaseState, ReplicaState} from "../../../../src/interfaces/Types.sol";
import {LeaseGhost, OrderGhost, Sight} from "../Parts.sol";
import {Store} from "../Store.sol";

/// @title What holds of each lease, each replica and each COE
abstract contract LeaseChecks is Store {
    function _requirePaidForFundedTimeOnly(Sight memory sight) internal view {
        for (uint256 i = 0; i < leases.length; ++i) {
            LeaseGhost storage ghost = leases[i];
            Lease memory lease = sight.leases[i];
            assertTrue(lease.settled.secondsRun <= _fundedSeconds(ghost), "settled <= funded wall time");
            assertTrue(lease.settled.secondsRun <= lease.limit, "settled <= limit");
            assertTrue(
                lease.limit <= uint256(ghost.accrued) + ghost.fundedUntil - ghost.fundedFrom, "limit <= funded time"
            );
            assertTrue(ghost.rentSeconds <= ghost.gaps * times.grace, "rent <= grace for each gap");
        }
    }

    function _requireTermsKept(Sight memory sight) internal view {
        for (uint256 i = 0; i < leases.length; ++i) {
            Lease memory lease = sight.leases[i];
            assertEq(keccak256(abi.encode(lease.terms)), leases[i].terms, "terms are locked");
            assertTrue(lease.terms.feeBps >= 1, "a fee is at least a basis point");
            assertTrue(lease.terms.baseRate >= lease.terms.hostRate, "base rate >= host rate");
        }
    }

    function _requireClosedForGood(Sight memory sight) internal view {
        for (uint256 i = 0; i < leases.length; ++i) {
            if (leases[i].state != LeaseState.Closed) continue;
            assertEq(_hash(sight.leases[i]), leases[i].closed, "a closed lease never changes");
            assertEq(sight.fenced[i], 0, "nothing is ring-fenced for a closed lease");
        }
    }

    /// @notice Per replica: limits of its leases (settled seconds of closed ones) together, one live lease at most.
    function _requireReplicaCaps(Sight memory sight) internal view {
        uint256 places = orders.length * SERVICES * REPLICAS;
        uint256[] memory sums = new uint256[](places);
        uint256[] memory live = new uint256[](places);
        for (uint256 i = 0; i < leases.length; ++i) {
            LeaseGhost storage ghost = leases[i];
            uint256 place = (ghost.order * SERVICES + ghost.key.service) * REPLICAS + ghost.key.replica;
            sums[place] += sight.leases[i].limit;
            if (ghost.state == LeaseState.Open || ghost.state == LeaseState.Parked) ++live[place];
        }
        for (uint256 place = 0; place < places; ++place) {
            _requireReplica(place, sums[place], live[place]);
        }
    }

    function _requireCapacityAndBonds() internal view {
        for (uint256 s = 0; s < HOUSE; ++s) {
            uint64[5] memory assigned;
            uint256 bonds = 0;
            for (uint256 i = 0; i < leases.length; ++i) {
                if (leases[i].site != s || leases[i].state == LeaseState.Closed) continue;
                bonds += leases[i].bond;
                _addReserved(leases[i], assigned);
            }
            ICoeRegistry.Coe memory coe = dweb.coes.coeOf(sites[s].id);
            assertEq(coe.locked, bonds, "locked = bonds of leases that are not closed");
            assertTrue(coe.locked <= coe.stake, "locked <= stake");
            for (uint256 r = 0; r < 5; ++r) {
                assertEq(coe.assigned[r], assigned[r], "assigned = reserved by live leases");
                assertTrue(coe.assigned[r] <= coe.capacity[r], "assigned <= capacity");
            }
        }
    }

    // --------------------------------------------------------------- internal

    function _requireReplica(uint256 place, uint256 sum, uint256 live) private view {
        OrderGhost storage order = orders[place / (SERVICES * REPLICAS)];
        uint16 service = uint16(place / REPLICAS % SERVICES);
        (ReplicaState state,, uint32 committed) = dweb.book.replicaOf(order.id, service, uint16(place % REPLICAS));
        assertEq(committed, sum, "committed seconds = limits of its leases");
        assertTrue(committed <= order.order.duration, "limits <= duration");
        assertEq(live, state == ReplicaState.Live ? 1 : 0, "a replica is live with one lease");
    }

    /// @dev A parked lease holds storage, and the transfer that it has not used.
    function _addReserved(LeaseGhost storage ghost, uint64[5] memory sum) private view {
        bool open = ghost.state == LeaseState.Open;
        if (!open && ghost.state != LeaseState.Parked) return;
        uint64[5] memory reserved = _reservedBy(ghost);
        for (uint256 r = 0; r < 5; ++r) {
            if (open || r == 2 || r == 4) sum[r] += reserved[r];
        }
    }
}
