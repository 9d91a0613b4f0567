// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Lease} from "../../../../src/interfaces/Types.sol";
import {vm} from "../../../Vm.sol";
import {LeaseGhost, Sight} from "../Parts.sol";
import {Store} from "../Store.sol";

/// @title What nobody can take, and nobody can keep from another
abstract contract BoundsChecks is Store {
    /// @notice A COE with any agent, beside one member of the committee: rate x funded wall time + allowance + rent over
    /// grace, of the leases that a quorum, or user and host, opened; and the bonds that a quorum gave it.
    function _requireHostsBounded(Sight memory sight) internal view {
        uint256[HOUSE] memory most;
        for (uint256 i = 0; i < leases.length; ++i) {
            LeaseGhost storage ghost = leases[i];
            Lease memory lease = sight.leases[i];
            uint256 time = uint256(lease.terms.hostRate) * (_fundedSeconds(ghost) + ghost.gaps * times.grace);
            uint256 transfer = uint256(lease.terms.hostTransfer) * lease.terms.allowanceGiB * 1_024;
            most[ghost.site] += (time + transfer) * GWEI;
        }
        for (uint256 i = 0; i < HOUSE; ++i) {
            (uint256 matured, uint256 maturing, uint256 disputed) = dweb.book.earnedOf(sites[i].id);
            uint256 taken = matured + maturing + disputed + earners[i].withdrawn + earners[i].lost;
            assertTrue(taken <= most[i] + earners[i].won, "a host takes no more than its leases allow");
        }
    }

    /// @dev Tried, and undone.
    function _requireFreeBalancesLeave() internal {
        uint256 here = vm.snapshotState();
        for (uint256 i = 0; i <= HOUSE; ++i) {
            address user = i == HOUSE ? stranger : users[i].account;
            uint256 free = dweb.book.freeOf(user);
            if (free == 0) continue;
            uint256 before = dweb.token.balanceOf(user);
            vm.prank(user);
            dweb.book.withdraw(free);
            assertEq(dweb.token.balanceOf(user) - before, free, "what is free can be taken out at any time");
        }
        vm.revertToStateAndDelete(here);
    }
}
