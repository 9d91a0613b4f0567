// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Replica} from "./Book.sol";

/// @title Whether a replica follows its channel or was put back to the image that its user signed
/// @notice A quorum may put a replica back that runs something else, and upgrade it again later. Each of these may cost
/// the user one overlap, so there is an end to them.
library Turns {
    /// @dev Turns to and fro. A replica is put back three times at most, and last follows its channel again.
    uint8 private constant MOST = 6;

    /// @return whether the replica runs the signed image, wherever its channel points
    function isPutBack(Replica storage place) internal view returns (bool) {
        return place.turns & 1 == 1;
    }

    function mayBePutBack(Replica storage place) internal view returns (bool) {
        return place.turns < MOST;
    }

    /// @dev Nothing changes for a replica that stands so already.
    function turn(Replica storage place, bool back) internal {
        if (isPutBack(place) != back) ++place.turns;
    }
}
