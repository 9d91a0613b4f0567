// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Edge, Lease, LeaseState, Terms} from "../../../../src/interfaces/Types.sol";
import {ICoeRegistry} from "../../../../src/interfaces/ICoeRegistry.sol";
import {LeaseGhost} from "../Parts.sol";
import {Store} from "../Store.sol";

/// @title Every wei is somebody's, and each sum is what those who took part remember
abstract contract MoneyChecks is Store {
    uint256 private constant WEI_PER_GWEI_AND_BPS = 1e5;

    /// @notice What one lease has cost so far, in wei.
    struct Cost {
        uint256 host;
        uint256 royalty;
        uint256 fee;
        uint256 rent;
    }

    // ---------------------------------------------------------- conservation

    function requireBookConserved() external view {
        uint256 sum = dweb.book.fees() + dweb.book.freeOf(stranger);
        for (uint256 i = 0; i < HOUSE; ++i) {
            (uint256 matured, uint256 maturing, uint256 disputed) = dweb.book.earnedOf(sites[i].id);
            sum += dweb.book.freeOf(users[i].account) + matured + maturing + 2 * disputed;
        }
        for (uint256 i = 0; i < leases.length; ++i) {
            if (leases[i].state != LeaseState.Closed) sum += dweb.book.fencedOf(leases[i].id);
        }
        assertEq(dweb.token.balanceOf(address(dweb.book)), sum, "tokens in the book");
    }

    function requireRegistryConserved() external view {
        uint256 sum = 0;
        for (uint256 i = 0; i < HOUSE; ++i) {
            ICoeRegistry.Coe memory coe = dweb.coes.coeOf(sites[i].id);
            uint256 left = earners[i].staked - earners[i].slashed - earners[i].unbonded;
            assertEq(coe.stake + coe.unbonding, left, "stakes but for what was slashed and paid out");
            sum += left;
        }
        assertEq(dweb.token.balanceOf(address(dweb.coes)), sum, "tokens in the registry");
    }

    function requirePoolConserved() external view {
        uint256 held = dweb.pool.accountOf(0);
        for (uint256 n = 0; n < nodes.length; ++n) {
            held += dweb.pool.accountOf(nodes[n]);
            (Edge[] memory edges, uint16 selfWeight) = dweb.pool.edgesOf(nodes[n]);
            uint256 count = selfWeight > 0 || edges.length == 0 ? edges.length + 1 : edges.length;
            for (uint256 edge = 0; edge < count; ++edge) {
                held += dweb.pool.pendingOf(nodes[n], edge);
            }
        }
        assertEq(dweb.token.balanceOf(address(dweb.pool)), held, "tokens in the pool");
        uint256 received = 0;
        for (uint256 n = nodes.length - digests.length; n < nodes.length; ++n) {
            received += dweb.pool.receivedOf(nodes[n]);
        }
        assertEq(royaltiesPaid + held, received, "paid out + held = received");
    }

    // ----------------------------------------------------------- as remembered

    /// @notice free = in - out - committed by orders + bounties + bonds won - bonds given
    function requireFreeBalances() external view {
        for (uint256 i = 0; i < HOUSE; ++i) {
            address user = users[i].account;
            uint256 free = dweb.book.freeOf(user) + _committedBy(i) + accounts[user].withdrawn + accounts[user].risked;
            assertEq(free, accounts[user].deposited + accounts[user].bounties + accounts[user].gained, "free balance");
        }
        assertEq(dweb.book.freeOf(stranger), accounts[stranger].bounties, "a stranger's free balance");
    }

    /// @notice earned by a COE = host's part of what its leases were settled for + rents + bonds won - pay lost
    function requireEarnings() external view {
        uint256[HOUSE] memory due;
        for (uint256 i = 0; i < leases.length; ++i) {
            Cost memory cost = _costOf(_lease(leases[i]), leases[i].rentSeconds);
            due[leases[i].site] += cost.host + cost.rent;
        }
        for (uint256 i = 0; i < HOUSE; ++i) {
            (uint256 matured, uint256 maturing, uint256 disputed) = dweb.book.earnedOf(sites[i].id);
            uint256 sum = matured + maturing + disputed + earners[i].withdrawn + earners[i].lost;
            assertEq(sum, due[i] + earners[i].won, "earned");
        }
    }

    /// @notice Fees and royalties are basis points of the base charge of what was settled, exactly.
    function requireFeesAndRoyalties() external view {
        uint256 fees = 0;
        uint256[] memory royalties = new uint256[](nodes.length + 1);
        for (uint256 i = 0; i < leases.length; ++i) {
            Lease memory lease = _lease(leases[i]);
            Cost memory cost = _costOf(lease, 0);
            fees += cost.fee;
            royalties[_positionOf(lease.node)] += cost.royalty;
        }
        assertEq(dweb.book.fees() + feesWithdrawn + bountiesPaid, fees, "fees");
        for (uint256 n = nodes.length - digests.length; n < nodes.length; ++n) {
            assertEq(dweb.pool.receivedOf(nodes[n]), royalties[n], "royalties of an image");
        }
    }

    /// @notice Per order: committed = ring-fenced + spent, and no more than it was signed for.
    function requireOrderTotals() external view {
        uint256[] memory sums = new uint256[](orders.length);
        for (uint256 i = 0; i < leases.length; ++i) {
            Cost memory cost = _costOf(_lease(leases[i]), leases[i].rentSeconds);
            sums[leases[i].order] +=
                dweb.book.fencedOf(leases[i].id) + cost.host + cost.royalty + cost.fee + cost.rent;
        }
        for (uint256 i = 0; i < orders.length; ++i) {
            (,,, uint256 committed) = dweb.book.orderOf(orders[i].id);
            assertEq(committed, sums[i], "committed = ring-fenced + spent");
            assertTrue(committed <= orders[i].order.maxTotal, "committed <= maxTotal");
        }
    }

    /// @notice All who are not the protocol's DAO, taken together, lose the fee but for the bounty at least: no coalition
    /// of users, hosts, owners, members and strangers can earn by paying itself.
    function requireCoalitionLoses() external view {
        uint256 fees = 0;
        for (uint256 i = 0; i < leases.length; ++i) {
            fees += _costOf(_lease(leases[i]), 0).fee;
        }
        uint256 wealth = _wealth();
        assertTrue(wealth + fees - bountiesPaid <= wealthAtFirst, "a coalition nets <= -(fee - bounty)");
    }

    // --------------------------------------------------------------- internal

    /// @notice Wei of everybody but the treasury, whatever contract it lies in; what is on its way to the commons or to the
    /// treasury is nobody's here.
    function _wealth() internal view returns (uint256 sum) {
        sum = dweb.token.balanceOf(address(dweb.book)) - dweb.book.fees() + dweb.token.balanceOf(address(dweb.coes));
        sum += dweb.token.balanceOf(address(dweb.pool)) - dweb.pool.accountOf(0);
        sum += dweb.token.balanceOf(coder) + dweb.token.balanceOf(publisher.account) + dweb.token.balanceOf(stranger);
        for (uint256 i = 0; i < HOUSE; ++i) {
            sum += dweb.token.balanceOf(users[i].account) + dweb.token.balanceOf(members[i].account);
            sum += dweb.token.balanceOf(sites[i].host.account);
            if (sites[i].payee != sites[i].host.account) sum += dweb.token.balanceOf(sites[i].payee);
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

    function _committedBy(uint256 user) private view returns (uint256 sum) {
        for (uint256 i = 0; i < orders.length; ++i) {
            if (orders[i].user != user) continue;
            (,,, uint256 committed) = dweb.book.orderOf(orders[i].id);
            sum += committed;
        }
    }

    /// @dev The pool's index of a node is its position here, but for the order in which the world made them.
    function _positionOf(uint32 index) private view returns (uint256 n) {
        while (dweb.pool.indexOf(nodes[n]) != index) ++n;
    }
}
