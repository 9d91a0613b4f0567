// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICoeRegistry} from "../interfaces/ICoeRegistry.sol";
import {Capacity} from "./Capacity.sol";
import {Prices} from "./Prices.sol";

/// @notice A COE in storage. Lease books read and write the first five slots all the time, and each of them at most once
/// a call; the rest is for people.
struct CoeRecord {
    // Slot 1: who signs, and whether leases are taken.
    address agent;
    uint24 index; // 0 for an unknown COE
    uint8 region;
    bool suspended;
    bool draining;
    bool askWaits; // nextAsk is not ask, and nextAskFrom says from when
    bool claimsOs; // osImage is not zero
    uint32 books; // bit i: takes leases of the book with index i
    // Slot 2. The token's whole supply needs 90 bits.
    address host;
    uint96 stake;
    // Slot 3.
    Capacity capacity;
    uint64 nextAskFrom;
    // Slot 4: what a lease takes, in one write. Rates are whole gwei, so bonds are.
    Capacity assigned;
    uint64 lockedGwei;
    // Slots 5 and 6.
    Prices ask;
    Prices nextAsk;
    // Slots 7 to 9.
    address payee; // zero for the host
    uint96 unbonding;
    bytes32 osImage;
    uint64 unbondableAt;
    string name;
    string endpoint;
    string attributes;
}

using CoeRecords for CoeRecord global;

/// @title What follows from a COE's record today
library CoeRecords {
    uint256 internal constant GWEI = 1e9;

    function status(CoeRecord storage coe) internal view returns (ICoeRegistry.Status) {
        if (coe.index == 0) return ICoeRegistry.Status.None;
        if (coe.suspended) return ICoeRegistry.Status.Suspended;
        return coe.draining ? ICoeRegistry.Status.Draining : ICoeRegistry.Status.Active;
    }

    /// @return wei of stake that bonds lock
    function locked(CoeRecord storage coe) internal view returns (uint256) {
        return coe.lockedGwei * GWEI;
    }

    /// @return wei of stake that no bond locks
    function freeStake(CoeRecord storage coe) internal view returns (uint256) {
        return coe.stake - coe.locked();
    }

    /// @return whether a rise of an ask is set and not in force yet
    function riseWaits(CoeRecord storage coe) internal view returns (bool) {
        return coe.askWaits && block.timestamp < coe.nextAskFrom;
    }

    /// @return the ask in force; nobody has to notice that the time of a rise has come
    function askNow(CoeRecord storage coe) internal view returns (Prices) {
        return coe.askWaits && block.timestamp >= coe.nextAskFrom ? coe.nextAsk : coe.ask;
    }

    function payeeNow(CoeRecord storage coe) internal view returns (address) {
        address payee = coe.payee;
        return payee == address(0) ? coe.host : payee;
    }
}
