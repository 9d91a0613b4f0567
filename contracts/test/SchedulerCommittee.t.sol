// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {SchedulerCommittee} from "../src/SchedulerCommittee.sol";
import {ISchedulerCommittee} from "../src/interfaces/ISchedulerCommittee.sol";
import {Asserts} from "./Asserts.sol";
import {vm} from "./Vm.sol";

contract SchedulerCommitteeTest is Asserts {
    bytes32 private constant DIGEST = keccak256("plan");

    SchedulerCommittee private committee;
    uint256[] private keys;

    /// @dev Three members in ascending order of address, two of them a quorum.
    function setUp() public {
        committee = new SchedulerCommittee(address(this));
        keys = [uint256(0x2001), 0x2002, 0x2003];
        for (uint256 i = 0; i < 3; ++i) {
            for (uint256 j = i + 1; j < 3; ++j) {
                if (vm.addr(keys[j]) < vm.addr(keys[i])) (keys[i], keys[j]) = (keys[j], keys[i]);
            }
        }
        committee.setCommittee(_members(3), 2);
    }

    function test_a_quorum_passes() public view {
        committee.requireQuorum(DIGEST, 1, _signatures(0, 2));
    }

    function test_more_than_a_quorum_passes() public view {
        bytes[] memory all = new bytes[](3);
        for (uint256 i = 0; i < 3; ++i) {
            all[i] = _sign(keys[i], DIGEST);
        }
        committee.requireQuorum(DIGEST, 1, all);
    }

    function test_fewer_than_a_quorum_are_refused() public {
        bytes[] memory one = new bytes[](1);
        one[0] = _sign(keys[0], DIGEST);
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.QuorumMissed.selector, 1, 2));
        committee.requireQuorum(DIGEST, 1, one);
    }

    function test_the_same_member_does_not_count_twice() public {
        bytes[] memory twice = _signatures(1, 1);
        vm.expectRevert(ISchedulerCommittee.SignersNotAscending.selector);
        committee.requireQuorum(DIGEST, 1, twice);
    }

    function test_descending_signers_are_refused() public {
        bytes[] memory swapped = _signatures(2, 0);
        vm.expectRevert(ISchedulerCommittee.SignersNotAscending.selector);
        committee.requireQuorum(DIGEST, 1, swapped);
    }

    function test_a_stranger_is_refused() public {
        bytes[] memory signatures = _signatures(0, 2);
        signatures[1] = _sign(0x3001, DIGEST);
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.NotAMember.selector, vm.addr(0x3001)));
        committee.requireQuorum(DIGEST, 1, signatures);
    }

    function test_a_malformed_signature_is_nobodys() public {
        bytes[] memory signatures = _signatures(0, 2);
        signatures[1] = hex"00";
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.NotAMember.selector, address(0)));
        committee.requireQuorum(DIGEST, 1, signatures);
    }

    function test_a_signature_of_something_else_is_refused() public {
        bytes[] memory signatures = _signatures(0, 2);
        bytes32 other = keccak256("another plan");
        address recovered = ECDSA.recover(other, signatures[0]);
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.NotAMember.selector, recovered));
        committee.requireQuorum(other, 1, signatures);
    }

    function test_only_the_current_epoch_counts() public {
        bytes[] memory signatures = _signatures(0, 2);
        committee.setCommittee(_members(1), 1);
        assertEq(committee.epoch(), 2, "epoch");
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.WrongEpoch.selector, 1, 2));
        committee.requireQuorum(DIGEST, 1, signatures);
    }

    function test_a_removed_member_is_refused_in_the_next_epoch() public {
        committee.setCommittee(_members(1), 1);
        bytes[] memory one = new bytes[](1);
        one[0] = _sign(keys[2], DIGEST);
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.NotAMember.selector, vm.addr(keys[2])));
        committee.requireQuorum(DIGEST, 2, one);
    }

    function test_nothing_passes_before_a_committee_is_set() public {
        SchedulerCommittee fresh = new SchedulerCommittee(address(this));
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.QuorumMissed.selector, 0, 0));
        fresh.requireQuorum(DIGEST, 0, new bytes[](0));
    }

    function test_setting_a_committee_replaces_members_and_says_so() public {
        address[] memory members = _members(1);
        vm.expectEmit(true, true, true, true, address(committee));
        emit ISchedulerCommittee.CommitteeSet(2, members, 1);
        committee.setCommittee(members, 1);
        assertEq(committee.quorum(), 1, "quorum");
        assertEq(committee.membersOf().length, 1, "members");
    }

    function test_a_quorum_of_none_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.QuorumOutOfRange.selector, 3, 0));
        committee.setCommittee(_members(3), 0);
    }

    function test_a_quorum_that_a_minority_can_block_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.QuorumOutOfRange.selector, 3, 3));
        committee.setCommittee(_members(3), 3);
    }

    function test_too_many_members_are_refused() public {
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.QuorumOutOfRange.selector, 256, 1));
        committee.setCommittee(new address[](256), 1);
    }

    function test_a_double_member_is_refused() public {
        address[] memory members = _members(3);
        members[2] = members[0];
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.MemberZeroOrDouble.selector, members[0]));
        committee.setCommittee(members, 2);
    }

    function test_a_zero_member_is_refused() public {
        address[] memory members = _members(3);
        members[1] = address(0);
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.MemberZeroOrDouble.selector, address(0)));
        committee.setCommittee(members, 2);
    }

    function test_only_the_governor_sets_a_committee() public {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, address(0xBAD)));
        vm.prank(address(0xBAD));
        committee.setCommittee(_members(1), 1);
    }

    function _members(uint256 count) private view returns (address[] memory members) {
        members = new address[](count);
        for (uint256 i = 0; i < count; ++i) {
            members[i] = vm.addr(keys[i]);
        }
    }

    function _signatures(uint256 a, uint256 b) private view returns (bytes[] memory signatures) {
        signatures = new bytes[](2);
        signatures[0] = _sign(keys[a], DIGEST);
        signatures[1] = _sign(keys[b], DIGEST);
    }

    function _sign(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }
}
