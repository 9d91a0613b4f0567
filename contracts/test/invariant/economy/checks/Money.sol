// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Edge} from "../../../../src/interfaces/Types.sol";
import {ICoeRegistry} from "../../../../src/interfaces/ICoeRegistry.sol";
import {Cost, Sight} from "../Parts.sol";
import {Store} from "../Store.sol";

/// @title Every wei is somebody's, and each sum is what those who took part remember
abstract contract MoneyChecks is Store {
    // ---------------------------------------------------------- conservation

    function _requireBookConserved(Sight memory sight) internal view {
        uint256 sum = dweb.book.fees() + dweb.book.freeOf(stranger);
        for (uint256 i = 0; i < HOUSE; ++i) {
            (uint256 matured, uint256 maturing, uint256 disputed) = dweb.book.earnedOf(sites[i].id);
            sum += dweb.book.freeOf(users[i].account) + matured + maturing + 2 * disputed;
        }
        for (uint256 i = 0; i < leases.length; ++i) {
            sum += sight.fenced[i];
        }
        assertEq(dweb.token.balanceOf(address(dweb.book)), sum, "tokens in the book");
    }

    function _requireRegistryConserved() internal view {
        uint256 sum = 0;
        for (uint256 i = 0; i < HOUSE; ++i) {
            ICoeRegistry.Coe memory coe = dweb.coes.coeOf(sites[i].id);
            uint256 left = earners[i].staked - earners[i].slashed - earners[i].unbonded;
            assertEq(coe.stake + coe.unbonding, left, "stakes but for what was slashed and paid out");
            sum += left;
        }
        assertEq(dweb.token.balanceOf(address(dweb.coes)), sum, "tokens in the registry");
    }

    function _requirePoolConserved() internal view {
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
    function _requireFreeBalances() internal view {
        for (uint256 i = 0; i < HOUSE; ++i) {
            address user = users[i].account;
            uint256 free = dweb.book.freeOf(user) + _committedBy(i) + accounts[user].withdrawn + accounts[user].risked;
            assertEq(free, accounts[user].deposited + accounts[user].bounties + accounts[user].gained, "free balance");
        }
        assertEq(dweb.book.freeOf(stranger), accounts[stranger].bounties, "a stranger's free balance");
    }

    /// @notice earned by a COE = host's part of what its leases were settled for + rents + bonds won - pay lost
    function _requireEarnings(Sight memory sight) internal view {
        uint256[HOUSE] memory due;
        for (uint256 i = 0; i < leases.length; ++i) {
            Cost memory cost = sight.costs[i];
            due[leases[i].site] += cost.host + cost.rent;
        }
        for (uint256 i = 0; i < HOUSE; ++i) {
            (uint256 matured, uint256 maturing, uint256 disputed) = dweb.book.earnedOf(sites[i].id);
            uint256 sum = matured + maturing + disputed + earners[i].withdrawn + earners[i].lost;
            assertEq(sum, due[i] + earners[i].won, "earned");
        }
    }

    /// @notice Fees and royalties are basis points of the base charge of what was settled, exactly.
    function _requireFeesAndRoyalties(Sight memory sight) internal view {
        uint256 fees = 0;
        uint256[] memory royalties = new uint256[](nodes.length + 1);
        for (uint256 i = 0; i < leases.length; ++i) {
            fees += sight.costs[i].fee;
            royalties[positionOf[sight.leases[i].node]] += sight.costs[i].royalty;
        }
        assertEq(dweb.book.fees() + feesWithdrawn + bountiesPaid, fees, "fees");
        for (uint256 n = nodes.length - digests.length; n < nodes.length; ++n) {
            assertEq(dweb.pool.receivedOf(nodes[n]), royalties[n], "royalties of an image");
        }
    }

    /// @notice Per order: committed = ring-fenced + spent, and no more than it was signed for.
    function _requireOrderTotals(Sight memory sight) internal view {
        uint256[] memory sums = new uint256[](orders.length);
        for (uint256 i = 0; i < leases.length; ++i) {
            Cost memory cost = sight.costs[i];
            sums[leases[i].order] += sight.fenced[i] + cost.host + cost.royalty + cost.fee + cost.rent;
        }
        for (uint256 i = 0; i < orders.length; ++i) {
            (,,, uint256 committed) = dweb.book.orderOf(orders[i].id);
            assertEq(committed, sums[i], "committed = ring-fenced + spent");
            assertTrue(committed <= orders[i].order.maxTotal, "committed <= maxTotal");
        }
    }

    /// @notice All who are not the protocol's DAO, taken together, lose the fee but for the bounty at least: no coalition
    /// of users, hosts, owners, members and strangers can earn by paying itself.
    function _requireCoalitionLoses(Sight memory sight) internal view {
        uint256 fees = 0;
        for (uint256 i = 0; i < leases.length; ++i) {
            fees += sight.costs[i].fee;
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

    function _committedBy(uint256 user) private view returns (uint256 sum) {
        for (uint256 i = 0; i < orders.length; ++i) {
            if (orders[i].user != user) continue;
            (,,, uint256 committed) = dweb.book.orderOf(orders[i].id);
            sum += committed;
        }
    }
}
