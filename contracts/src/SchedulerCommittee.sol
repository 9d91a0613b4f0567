// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {ISchedulerCommittee} from "./interfaces/ISchedulerCommittee.sol";
import {Signatures} from "./signing/Signatures.sol";

/// @title The scheduler members and their quorum, by epoch
/// @notice Members sign with ECDSA keys. The owner is the governor.
/// @dev Epoch 0 has no members, so nothing passes before the governor has set a committee.
contract SchedulerCommittee is ISchedulerCommittee, Ownable {
    /// @inheritdoc ISchedulerCommittee
    uint64 public epoch;
    /// @inheritdoc ISchedulerCommittee
    uint8 public quorum;

    address[] private _members;
    mapping(uint64 epoch => mapping(address account => bool)) private _isMember;

    constructor(address governor) Ownable(governor) {}

    /// @inheritdoc ISchedulerCommittee
    /// @dev A quorum is at most half of the members rounded up: members that stay silent or are lost cannot block.
    function setCommittee(address[] calldata members, uint8 quorum_) external onlyOwner {
        if (quorum_ == 0 || members.length > type(uint8).max || members.length + 1 < 2 * uint256(quorum_)) {
            revert QuorumOutOfRange(members.length, quorum_);
        }

        uint64 next = epoch + 1;
        mapping(address account => bool) storage isMember = _isMember[next];
        for (uint256 i = 0; i < members.length; ++i) {
            address member = members[i];
            if (member == address(0) || isMember[member]) revert MemberZeroOrDouble(member);
            isMember[member] = true;
        }

        epoch = next;
        quorum = quorum_;
        _members = members;
        emit CommitteeSet(next, members, quorum_);
    }

    /// @inheritdoc ISchedulerCommittee
    function requireQuorum(bytes32 digest, uint64 epoch_, bytes[] calldata signatures) external view {
        uint64 current = epoch;
        uint8 wanted = quorum;
        if (epoch_ != current) revert WrongEpoch(epoch_, current);
        if (wanted == 0 || signatures.length < wanted) revert QuorumMissed(signatures.length, wanted);

        mapping(address account => bool) storage isMember = _isMember[epoch_];
        address last = address(0);
        for (uint256 i = 0; i < signatures.length; ++i) {
            address signer = Signatures.recover(digest, signatures[i]);
            if (!isMember[signer]) revert NotAMember(signer);
            if (signer <= last) revert SignersNotAscending();
            last = signer;
        }
    }

    /// @inheritdoc ISchedulerCommittee
    function membersOf() external view returns (address[] memory) {
        return _members;
    }
}
