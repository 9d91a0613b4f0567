// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {ISchedulerCommittee} from "../src/interfaces/ISchedulerCommittee.sol";
import {Asserts} from "./Asserts.sol";
import {vm} from "./Vm.sol";

contract SchedulerCommitteeTest is Asserts {
    bytes32 private constant DIGEST = keccak256("plan");

    ISchedulerCommittee private committee;
    uint256[] private keys;

    /// @dev Three members in ascending order of address, two of them a quorum.
    function setUp() public {
        committee = _make();
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
        ISchedulerCommittee fresh = _make();
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

    function test_attack_a_high_s_twin_of_a_signature() public {
        bytes[] memory signatures = _signatures(0, 1);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[1], DIGEST);
        uint256 order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        signatures[1] = abi.encodePacked(r, bytes32(order - uint256(s)), v == 27 ? uint8(28) : uint8(27));
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.NotAMember.selector, address(0)));
        committee.requireQuorum(DIGEST, 1, signatures);
    }

    function test_a_former_member_signs_again_once_it_is_set_again() public {
        committee.setCommittee(_members(1), 1);
        committee.setCommittee(_members(3), 2);
        committee.requireQuorum(DIGEST, 3, _signatures(1, 2));
    }

    /// @dev N >= 2 M - 1: the rest of the members is no minority that could block by silence.
    function testFuzz_a_quorum_is_at_most_half_of_the_members_rounded_up(uint8 count, uint8 quorum) public {
        address[] memory members = new address[](bound(count, 0, 40));
        for (uint160 i = 0; i < members.length; ++i) {
            members[i] = address(0x4000 + i);
        }
        quorum = uint8(bound(quorum, 0, 25));
        bool holds = quorum > 0 && members.length + 1 >= 2 * uint256(quorum);
        if (!holds) {
            vm.expectRevert(
                abi.encodeWithSelector(ISchedulerCommittee.QuorumOutOfRange.selector, members.length, quorum)
            );
        }
        committee.setCommittee(members, quorum);
        assertEq(committee.epoch(), holds ? 2 : 1, "epoch");
        assertEq(committee.quorum(), holds ? quorum : 2, "quorum");
        assertEq(committee.membersOf().length, holds ? members.length : 3, "members");
    }

    function testFuzz_no_other_digest_or_epoch_passes(bytes32 digest, uint64 epoch) public {
        bytes[] memory signatures = _signatures(0, 2);
        epoch = uint64(bound(epoch, 0, 3));
        if (epoch != 1) {
            vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.WrongEpoch.selector, epoch, 1));
        } else if (digest != DIGEST) {
            vm.expectRevert();
        }
        committee.requireQuorum(digest, epoch, signatures);
    }

    function testFuzz_one_altered_byte_of_a_signature_is_refused(uint256 place, uint8 with) public {
        bytes[] memory signatures = _signatures(0, 2);
        place = bound(place, 0, 64);
        if (with == 0) with = 1;
        signatures[1][place] = bytes1(uint8(signatures[1][place]) ^ with);
        vm.expectRevert();
        committee.requireQuorum(DIGEST, 1, signatures);
    }

    function _make() private returns (ISchedulerCommittee) {
        return
            ISchedulerCommittee(vm.deployCode("SchedulerCommittee.sol:SchedulerCommittee", abi.encode(address(this))));
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
