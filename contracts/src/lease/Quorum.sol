// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../interfaces/ILeaseBook.sol";
import {Context} from "./Book.sol";
import {Leases} from "./Leases.sol";

/// @title What every message of the scheduler committee must hold up to
library Quorum {
    /// @notice Reverts when a deadline has passed, or lies further ahead than an ask needs to rise.
    function requireTimely(Context memory context, uint64 deadline) internal view {
        if (block.timestamp > deadline) revert ILeaseBook.PlanExpired(deadline, block.timestamp);
        uint256 latest = block.timestamp + context.askDelay;
        if (deadline > latest) revert ILeaseBook.PlanTooFarAhead(deadline, latest);
    }

    /// @notice Reverts unless the message is timely and a quorum of this epoch signed it.
    function require_(
        Context memory context,
        bytes32 structHash,
        uint64 epoch,
        uint64 deadline,
        bytes[] calldata signatures
    ) internal view {
        requireTimely(context, deadline);
        context.parts.committee.requireQuorum(Leases.digest(context, structHash), epoch, signatures);
    }
}
