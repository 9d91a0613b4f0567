// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";

/// @title Every call of a lease book that may change leases, orders or disputes
/// @notice Each is its selector and zeros, which every argument list of the book can be read from: what is asked here
/// is who may come in at all.
library Doors {
    uint256 private constant ZEROS = 2_048;

    function opening() internal pure returns (bytes[] memory doors) {
        doors = new bytes[](5);
        doors[0] = _door(ILeaseBook.admit.selector);
        doors[1] = _door(ILeaseBook.open.selector);
        doors[2] = _door(ILeaseBook.admitAndOpen.selector);
        doors[3] = _door(ILeaseBook.openDirect.selector);
        doors[4] = _door(ILeaseBook.upgrade.selector);
    }

    function running() internal pure returns (bytes[] memory doors) {
        doors = new bytes[](7);
        doors[0] = _door(ILeaseBook.settle.selector);
        doors[1] = _door(ILeaseBook.renew.selector);
        doors[2] = _door(ILeaseBook.park.selector);
        doors[3] = _door(ILeaseBook.resume.selector);
        doors[4] = _door(ILeaseBook.dispute.selector);
        doors[5] = _door(ILeaseBook.decide.selector);
        doors[6] = _door(ILeaseBook.lapse.selector);
    }

    function ending() internal pure returns (bytes[] memory doors) {
        doors = new bytes[](9);
        doors[0] = _door(ILeaseBook.end.selector);
        doors[1] = _door(ILeaseBook.drain.selector);
        doors[2] = _door(ILeaseBook.move.selector);
        doors[3] = _door(ILeaseBook.expire.selector);
        doors[4] = _door(ILeaseBook.noShow.selector);
        doors[5] = _door(ILeaseBook.fault.selector);
        doors[6] = _door(ILeaseBook.answer.selector);
        doors[7] = _door(ILeaseBook.stopMalicious.selector);
        doors[8] = _door(ILeaseBook.finalise.selector);
    }

    function _door(bytes4 selector) private pure returns (bytes memory) {
        return bytes.concat(selector, new bytes(ZEROS));
    }
}
