// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Lease, Terms} from "../../../../src/interfaces/Types.sol";
import {Cost, Sight} from "../Parts.sol";
import {Store} from "../Store.sol";

/// @title All leases read once, and what they have cost by the formulas of docs/protocol.md
abstract contract Seeing is Store {
    uint256 private constant WEI_PER_GWEI_AND_BPS = 1e5;

    function _look() internal view returns (Sight memory sight) {
        uint256 count = leases.length;
        sight.leases = new Lease[](count);
        sight.fenced = new uint256[](count);
        sight.costs = new Cost[](count);
        for (uint256 i = 0; i < count; ++i) {
            sight.leases[i] = _lease(leases[i]);
            sight.fenced[i] = dweb.book.fencedOf(leases[i].id);
            sight.costs[i] = _costOf(sight.leases[i], leases[i].rentSeconds);
        }
    }

    function _costOf(Lease memory lease, uint256 rentSeconds) internal pure returns (Cost memory cost) {
        Terms memory t = lease.terms;
        uint256 moved = _billed(lease);
        uint256 base = uint256(t.baseRate) * lease.settled.secondsRun + uint256(t.baseTransfer) * moved;
        cost.host = (uint256(t.hostRate) * lease.settled.secondsRun + uint256(t.hostTransfer) * moved) * GWEI;
        cost.royalty = base * t.royaltyBps * WEI_PER_GWEI_AND_BPS;
        cost.fee = base * t.feeBps * WEI_PER_GWEI_AND_BPS;
        cost.rent = uint256(t.hostRate) * t.rentShare / 4_096 * rentSeconds * GWEI;
    }

    function _billed(Lease memory lease) internal pure returns (uint256 moved) {
        moved = uint256(lease.settled.received) + lease.settled.sent;
        uint256 allowance = uint256(lease.terms.allowanceGiB) * 1_024;
        if (moved > allowance) moved = allowance;
    }
}
