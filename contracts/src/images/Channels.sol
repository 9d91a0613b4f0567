// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IContainerRegistry} from "../interfaces/IContainerRegistry.sol";

/// @title A pointer that moves after a delay
/// @notice Users whose orders follow a channel get the delay to look at what it will point to. The first move is in
/// force at once, because nobody follows a channel that points nowhere. A later move replaces one that waits.
library Channels {
    /// @param delay seconds
    /// @return from the timestamp from which the channel points to the digest
    function move(IContainerRegistry.Channel storage channel, bytes32 digest, uint64 delay)
        internal
        returns (uint64 from)
    {
        IContainerRegistry.Channel memory today = read(channel);
        if (today.current == bytes32(0)) {
            channel.current = digest;
            from = uint64(block.timestamp);
        } else {
            channel.current = today.current;
            from = uint64(block.timestamp) + delay;
        }
        channel.next = digest;
        channel.nextFrom = from;
    }

    /// @return today with a move whose time has come carried out
    function read(IContainerRegistry.Channel storage channel)
        internal
        view
        returns (IContainerRegistry.Channel memory today)
    {
        today = channel;
        if (block.timestamp >= today.nextFrom) today.current = today.next;
    }
}
