// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {LeaseKey, LeaseState, PlanEntry, SkipCode, UsageBatch} from "../../src/interfaces/Types.sol";
import {Typed} from "../Typed.sol";
import {vm} from "../Vm.sol";
import {LeaseWorld} from "../lease/LeaseWorld.sol";

/// @title The world of leases with a second COE, and the world's order anywhere in it
abstract contract AttackWorld is LeaseWorld {
    uint256 internal constant OTHER_AGENT_KEY = 0x2003;

    bytes32 internal other;

    function setUp() public virtual override {
        super.setUp();
        other = _register("two", OTHER_AGENT_KEY);
    }

    // --------------------------------------------------------------- leases

    function _orderHash() internal view returns (bytes32) {
        return book.orderHashOf(_order(_services()));
    }

    function _keyAt(uint16 replica, uint16 generation, bytes32 where) internal view returns (LeaseKey memory key) {
        key = _keyOf(_orderHash(), replica, generation);
        key.coe = where;
    }

    function _entryAt(uint16 replica, uint16 generation, bytes32 where) internal view returns (PlanEntry memory e) {
        e = _entry(replica);
        e.generation = generation;
        e.coe = where;
    }

    /// @dev Of the world's order, which has been admitted.
    function _openAt(uint16 replica, uint16 generation, bytes32 where) internal returns (LeaseKey memory key) {
        _open(_order(_services()), _services(), _one(_entryAt(replica, generation, where)));
        key = _keyAt(replica, generation, where);
        assertTrue(_stateOf(key) == LeaseState.Open, "opened");
    }

    function _requireSkipped(uint16 replica, uint16 generation, bytes32 where, SkipCode code) internal {
        _expectSkip(code);
        _open(_order(_services()), _services(), _one(_entryAt(replica, generation, where)));
    }

    /// @dev Of the first entry in the next call, for the world's order.
    function _expectSkip(SkipCode code) internal {
        _expectSkip(_orderHash(), code);
    }

    function _expectSkip(bytes32 orderHash, SkipCode code) internal {
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.EntrySkipped(orderHash, 0, uint8(code));
    }

    // ---------------------------------------------------------------- usage

    function _report(bytes32 where, uint256 agentKey, bytes memory entries)
        internal
        view
        returns (UsageBatch memory b)
    {
        b.coe = where;
        b.asOf = uint64(vm.getBlockTimestamp());
        b.entries = entries;
        b.signature = _sign(agentKey, address(book), Typed.hashUsage(where, b.asOf, entries));
    }

    function _batches(UsageBatch memory b) internal pure returns (UsageBatch[] memory batches) {
        batches = new UsageBatch[](1);
        batches[0] = b;
    }

    // ---------------------------------------------------------------- money

    /// @return wei that a COE has earned, matured or not, and not withdrawn
    function _earned(bytes32 where) internal view returns (uint256) {
        (uint256 matured, uint256 maturing,) = book.earnedOf(where);
        return matured + maturing;
    }
}
