// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICoeRegistry} from "../../../../src/interfaces/ICoeRegistry.sol";
import {vm} from "../../../Vm.sol";
import {Action, Site} from "../Parts.sol";
import {PayoutHandler} from "./Payout.sol";

/// @title Hosts change capacity, asks and stakes under running leases
abstract contract HostingHandler is PayoutHandler {
    function setCapacity(uint256 seed) external acts(Action.SetCapacity, seed) {
        Site storage site = sites[_roll(HOUSE)];
        uint64[5] memory least = dweb.coes.coeOf(site.id).assigned;
        uint64[5] memory more = [uint64(8_000), 16_384, 200_000, 2_000, 100];
        for (uint256 r = 0; r < 5; ++r) {
            least[r] += uint64(_roll(more[r]));
        }
        if (least[0] == 0) least[0] = 1;
        vm.prank(site.host.account);
        dweb.coes.setCapacity(site.id, least);
        _did(Action.SetCapacity);
    }

    /// @dev Up to half more or less than the world's asks, which users' ceilings bear for the most part.
    function setAsk(uint256 seed) external acts(Action.SetAsk, seed) {
        Site storage site = sites[_roll(HOUSE)];
        uint128[5] memory ask = [uint128(2e9), 1e9, 1e7, 1e9, 2e11];
        for (uint256 r = 0; r < 5; ++r) {
            ask[r] = uint128(uint256(ask[r]) * _between(50, 150) / 100 + _roll(1e6));
        }
        vm.prank(site.host.account);
        dweb.coes.setAsk(site.id, ask);
        _did(Action.SetAsk);
    }

    function addStake(uint256 seed) external acts(Action.AddStake, seed) {
        _stake(_roll(HOUSE), _between(1, 1e18));
        _did(Action.AddStake);
    }

    /// @dev Now and then all that no bond locks; a host that opens nothing any more adds a stake again.
    function unbond(uint256 seed) external acts(Action.Unbond, seed) {
        uint256 i = _roll(HOUSE);
        uint256 free = _freeStake(i);
        if (free == 0) {
            _stake(i, 1e18);
            free = _freeStake(i);
        }
        uint256 amount = _roll(4) == 0 ? free : _between(1, free);
        vm.prank(sites[i].host.account);
        dweb.coes.unbond(sites[i].id, amount);
        if (_roll(2) == 0) _stake(i, 1e18);
        _did(Action.Unbond);
    }

    function withdrawUnbonded(uint256 seed) external acts(Action.WithdrawUnbonded, seed) {
        uint256 i = _roll(HOUSE);
        Site storage site = sites[i];
        if (dweb.coes.coeOf(site.id).unbonding == 0) {
            _stake(i, 1e18);
            vm.prank(site.host.account);
            dweb.coes.unbond(site.id, 1e18);
        }
        _waitUntil(dweb.coes.coeOf(site.id).unbondableAt);
        uint256 before = dweb.token.balanceOf(site.host.account);
        vm.prank(stranger);
        dweb.coes.withdrawUnbonded(site.id);
        earners[i].unbonded += dweb.token.balanceOf(site.host.account) - before;
        _did(Action.WithdrawUnbonded);
    }

    function setDraining(uint256 seed) external acts(Action.SetDraining, seed) {
        Site storage site = sites[_roll(HOUSE)];
        bool drains = dweb.coes.coeOf(site.id).status == ICoeRegistry.Status.Draining;
        if (!drains && _roll(3) != 0) return; // most of the time all of them take leases
        vm.prank(site.host.account);
        dweb.coes.setDraining(site.id, !drains);
        _did(Action.SetDraining);
    }

    function _freeStake(uint256 i) private view returns (uint256) {
        ICoeRegistry.Coe memory coe = dweb.coes.coeOf(sites[i].id);
        return coe.stake - coe.locked;
    }

    function _stake(uint256 i, uint256 amount) private {
        vm.prank(sites[i].host.account);
        dweb.coes.addStake(sites[i].id, amount);
        earners[i].staked += amount;
    }
}
