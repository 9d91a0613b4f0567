// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LeaseKey, LeaseState} from "../../src/interfaces/Types.sol";
import {vm} from "../Vm.sol";
import {LeaseWorld} from "./LeaseWorld.sol";

contract SmokeTest is LeaseWorld {
    function test_a_lease_lives_and_ends() public {
        LeaseKey memory key = _openOne();
        assertEq(book.fencedOf(_id(key)), _charge(PREPAY, ALLOWANCE) + RESERVE, "fenced");
        _assertConserved(key);
        vm.warp(START + 100);
        Settled memory s = _settle(key, 100, 5, 6);
        assertEq(s.host, _host(100, 11), "host");
        assertEq(s.royalty, _royalty(100, 11), "royalty");
        assertEq(s.fee, _fee(100, 11), "fee");
        _assertConserved(key);
        _end(key);
        _assertConserved(key);
        vm.warp(START + 104);
        book.finalise(_keys(key));
        assertTrue(_stateOf(key) == LeaseState.Closed, "closed");
        assertEq(book.fencedOf(_id(key)), 0, "fence");
        _assertConserved(key);
    }
}
