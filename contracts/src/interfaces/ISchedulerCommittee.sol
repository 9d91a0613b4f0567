// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The scheduler members and their quorum, by epoch
interface ISchedulerCommittee {
    event CommitteeSet(uint64 indexed epoch, address[] members, uint8 quorum);

    error WrongEpoch(uint64 given, uint64 current);
    error QuorumMissed(uint256 signatures, uint256 quorum);
    error NotAMember(address signer);
    error SignersNotAscending();
    error QuorumOutOfRange(uint256 members, uint8 quorum);
    error MemberZeroOrDouble(address member);

    /// @notice Reverts unless distinct members of this epoch, a quorum of them, signed the digest.
    /// @param signatures ordered by ascending signer address
    function requireQuorum(bytes32 digest, uint64 epoch, bytes[] calldata signatures) external view;
    /// @notice Replaces the members; the epoch rises by one. By the governor.
    function setCommittee(address[] calldata members, uint8 quorum) external;
    function epoch() external view returns (uint64);
    function quorum() external view returns (uint8);
    function membersOf() external view returns (address[] memory);
}
