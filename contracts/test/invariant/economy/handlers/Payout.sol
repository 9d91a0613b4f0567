// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Edge} from "../../../../src/interfaces/Types.sol";
import {vm} from "../../../Vm.sol";
import {Action} from "../Parts.sol";
import {SpitefulRegistry} from "../Spite.sol";
import {UpgradingHandler} from "./Upgrading.sol";

/// @title Hosts, owners of code and images, and the treasury are paid; anyone may pay anyone
abstract contract PayoutHandler is UpgradingHandler {
    function withdrawEarned(uint256 seed) external acts(Action.WithdrawEarned, seed) {
        uint256 site = _roll(HOUSE);
        for (uint256 n = 0; n < HOUSE && _payable(site) == 0; ++n) {
            site = (site + 1) % HOUSE;
        }
        if (_payable(site) == 0) {
            (bool found, uint256 i) = _findStarted();
            if (!found) return;
            site = leases[i].site;
        }
        if (_payOut(site) > 0) _did(Action.WithdrawEarned);
    }

    function withdrawFees(uint256 seed) external acts(Action.WithdrawFees, seed) {
        if (dweb.book.fees() == 0) {
            (bool found,) = _findStarted();
            if (!found || dweb.book.fees() == 0) return;
        }
        vm.prank(stranger);
        feesWithdrawn += dweb.book.withdrawFees();
        _did(Action.WithdrawFees);
    }

    function pull(uint256 seed) external acts(Action.Pull, seed) {
        if (_pullFrom(_roll(nodes.length)) == 0) {
            _findStarted();
            if (_pullFrom(_roll(nodes.length)) == 0) return;
        }
        _did(Action.Pull);
    }

    /// @dev The spiteful node's account is never paid, which stops nobody else's.
    function pay(uint256 seed) external acts(Action.Pay, seed) {
        _pullFrom(_roll(nodes.length));
        uint256 from = _roll(nodes.length + 1);
        for (uint256 n = 0; n <= nodes.length; ++n) {
            uint256 i = (from + n) % (nodes.length + 1);
            bytes32 account = i == nodes.length ? bytes32(0) : nodes[i];
            uint256 owed = dweb.pool.accountOf(account);
            if (owed == 0) continue;
            if (account == spiteful) {
                vm.expectRevert(SpitefulRegistry.NotTelling.selector);
                dweb.pool.pay(account);
                continue;
            }
            _payAccount(account, owed);
            return;
        }
    }

    // --------------------------------------------------------------- internal

    function _payAccount(bytes32 account, uint256 owed) private {
        address payee = _payeeOf(account);
        uint256 before = dweb.token.balanceOf(payee);
        vm.prank(stranger);
        dweb.pool.pay(account);
        assertEq(dweb.token.balanceOf(payee) - before, owed, "a payee gets what its account says");
        royaltiesPaid += owed;
        _did(Action.Pay);
    }

    function _payeeOf(bytes32 account) internal view returns (address) {
        if (account == bytes32(0)) return dweb.treasury;
        for (uint256 i = nodes.length - digests.length; i < nodes.length; ++i) {
            if (nodes[i] == account) return publisher.account;
        }
        return coder;
    }

    /// @notice Pulls all edges of the first node, from one onwards, that has earned something.
    function _pullFrom(uint256 from) internal returns (uint256 moved) {
        for (uint256 n = 0; n < nodes.length && moved == 0; ++n) {
            bytes32 node = nodes[(from + n) % nodes.length];
            uint256 edges = _edges(node);
            for (uint256 edge = 0; edge < edges; ++edge) {
                moved += dweb.pool.pull(node, edge);
            }
        }
    }

    /// @return how many edges a node has, that to itself or to the commons included
    function _edges(bytes32 node) internal view returns (uint256) {
        (Edge[] memory edges, uint16 selfWeight) = dweb.pool.edgesOf(node);
        return selfWeight > 0 || edges.length == 0 ? edges.length + 1 : edges.length;
    }

    /// @return wei that a COE can be paid within two epochs
    function _payable(uint256 site) private view returns (uint256) {
        (uint256 matured, uint256 maturing,) = dweb.book.earnedOf(sites[site].id);
        return matured + maturing;
    }

    function _payOut(uint256 site) internal returns (uint256 amount) {
        if (_payable(site) == 0) return 0;
        (uint256 matured,,) = dweb.book.earnedOf(sites[site].id);
        if (matured == 0) _wait(2 * times.maturingEpoch);
        uint256 before = dweb.token.balanceOf(sites[site].payee);
        vm.prank(stranger);
        amount = dweb.book.withdrawEarned(sites[site].id);
        assertEq(dweb.token.balanceOf(sites[site].payee) - before, amount, "earnings go to the payee");
        earners[site].withdrawn += amount;
    }
}
