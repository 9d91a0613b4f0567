// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {ISchedulerCommittee} from "../../src/interfaces/ISchedulerCommittee.sol";
import {Fault, LeaseKey, LeaseState, Order, Plan, PlanEntry, UsageCode, Verdict} from "../../src/interfaces/Types.sol";
import {Typed} from "../Typed.sol";
import {vm} from "../Vm.sol";
import {AttackWorld} from "./AttackWorld.sol";

/// @notice M - 1 members plus any agent, where three members are and two sign. The world's MEMBER_KEY has gone over.
contract CommitteeAttacksTest is AttackWorld {
    uint256 private constant HONEST_KEY = 0x3001;
    uint256 private constant SILENT_KEY = 0x3002;

    function _members() internal view override returns (address[] memory members) {
        members = new address[](3);
        members[0] = member;
        members[1] = vm.addr(HONEST_KEY);
        members[2] = vm.addr(SILENT_KEY);
    }

    function test_a_minority_alone_opens_nothing() public {
        PlanEntry[] memory entries = _one(_entry(0));
        Plan memory plan = _plan(_admit(), entries);
        bytes32 structHash = Typed.hash(plan);
        Order memory order = _order(_services());
        bytes[] memory alone = _signatures(MEMBER_KEY, structHash);
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.QuorumMissed.selector, 1, 2));
        book.open(order, _services(), plan, entries, alone);
        bytes[] memory twice = _signatures(MEMBER_KEY, MEMBER_KEY, structHash);
        vm.expectRevert(ISchedulerCommittee.SignersNotAscending.selector);
        book.open(order, _services(), plan, entries, twice);
        bytes[] memory withAgent = _signatures(MEMBER_KEY, AGENT_KEY, structHash);
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.NotAMember.selector, agent));
        book.open(order, _services(), plan, entries, withAgent);
    }

    function test_a_minority_alone_ends_nothing() public {
        LeaseKey memory key = _openedByQuorum();
        Fault memory found = Fault(_id(key), uint64(START), 1, uint64(START + 5));
        Order memory order = _order(_services());
        bytes[] memory withAgent = _signatures(MEMBER_KEY, AGENT_KEY, Typed.hash(found));
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.NotAMember.selector, agent));
        book.fault(order, key, found, withAgent);
        assertTrue(_stateOf(key) == LeaseState.Open, "it goes on");
    }

    function test_a_minority_alone_decides_nothing() public {
        LeaseKey memory key = _openedByQuorum();
        vm.warp(START + 100);
        _settle(key, 100, 0, 0);
        vm.prank(user);
        book.dispute(key, 100);
        Verdict memory verdict = Verdict(_id(key), 100, false, 1, uint64(START + 105));
        bytes[] memory withAgent = _signatures(MEMBER_KEY, AGENT_KEY, Typed.hash(verdict));
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.NotAMember.selector, agent));
        book.decide(key, verdict, withAgent);
    }

    function test_a_quorum_of_a_former_epoch_opens_nothing() public {
        PlanEntry[] memory entries = _one(_entry(0));
        Plan memory plan = _plan(_admit(), entries);
        bytes[] memory signatures = _ascending(Typed.hash(plan));
        committee.setCommittee(_members(), 2);
        Order memory order = _order(_services());
        vm.expectRevert(abi.encodeWithSelector(ISchedulerCommittee.WrongEpoch.selector, 1, 2));
        book.open(order, _services(), plan, entries, signatures);
    }

    /// @notice The agent claims whatever it likes, as often as it likes; the member can add nothing to it.
    function test_a_minority_and_an_agent_take_no_more_than_wall_time_and_allowance(
        uint32[3] memory claimed,
        uint32[3] memory transfer,
        uint16[3] memory waits
    ) public {
        LeaseKey memory key = _openedByQuorum();
        for (uint256 i = 0; i < 3; ++i) {
            vm.warp(vm.getBlockTimestamp() + waits[i] % 500);
            _settle(key, claimed[i], transfer[i], transfer[2 - i]);
            uint256 wall = vm.getBlockTimestamp() - START;
            uint256 most = _host(wall < PREPAY ? wall : PREPAY, ALLOWANCE);
            assertTrue(_earned(coe) <= most, "rate x wall time + allowance");
        }
        Settled memory s = _settle(_keyAt(1, 0, coe), claimed[0], transfer[0], 0);
        _assertCode(s, UsageCode.UnknownLease);
        _assertNothingPaid(s);
        _assertConserved(key);
    }

    // --------------------------------------------------- members that stay silent

    function test_silent_members_cannot_stop_an_order() public {
        _admit();
        vm.warp(START + 9);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.TooEarlyWithoutCommittee.selector, START + 10));
        this.openDirect(0, 0);
        vm.warp(START + 10);
        this.openDirect(0, 0);
        LeaseKey memory key = _keyAt(0, 0, coe);
        assertTrue(_stateOf(key) == LeaseState.Open, "open");

        vm.prank(user);
        book.move(_order(_services()), _keys(key));
        this.openDirect(0, 1);
        assertTrue(_stateOf(_keyAt(0, 1, coe)) == LeaseState.Open, "nor a failover");
    }

    function test_without_the_committee_the_host_has_to_agree() public {
        _admit();
        vm.warp(START + 10);
        (Plan memory plan, PlanEntry[] memory entries) = _direct(0, 0);
        bytes memory ofUser = _sign(USER_KEY, address(book), Typed.hash(plan));
        bytes[] memory ofNobody = new bytes[](0);
        Order memory order = _order(_services());
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.EntryCountMismatch.selector, 1, 0));
        book.openDirect(order, _services(), plan, entries, ofUser, ofNobody);
        bytes[] memory ofAgent = _signatures(AGENT_KEY, Typed.hash(plan));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.SignerMismatch.selector, host));
        book.openDirect(order, _services(), plan, entries, ofUser, ofAgent);
    }

    /// @notice What user and host signed under epoch 0 is no plan of the committee, nor the other way round.
    function test_a_plan_of_the_committee_is_no_agreement_of_user_and_host() public {
        _admit();
        vm.warp(START + 10);
        PlanEntry[] memory entries = _one(_entry(0));
        Plan memory plan = _plan(_orderHash(), entries);
        Order memory order = _order(_services());
        bytes memory ofUser = _sign(USER_KEY, address(book), Typed.hash(plan));
        bytes[] memory ofHost = _signatures(HOST_KEY, Typed.hash(plan));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.TooEarlyWithoutCommittee.selector, START + 10));
        book.openDirect(order, _services(), plan, entries, ofUser, ofHost);
    }

    /// @dev External, so that an expected revert is that of the book alone.
    function openDirect(uint16 replica, uint16 generation) external {
        (Plan memory plan, PlanEntry[] memory entries) = _direct(replica, generation);
        bytes memory ofUser = _sign(USER_KEY, address(book), Typed.hash(plan));
        bytes[] memory ofHost = _signatures(HOST_KEY, Typed.hash(plan));
        book.openDirect(_order(_services()), _services(), plan, entries, ofUser, ofHost);
    }

    function _direct(uint16 replica, uint16 generation)
        private
        view
        returns (Plan memory plan, PlanEntry[] memory entries)
    {
        entries = _one(_entryAt(replica, generation, coe));
        plan = _plan(_orderHash(), entries);
        plan.committeeEpoch = 0;
    }

    function _openedByQuorum() private returns (LeaseKey memory key) {
        PlanEntry[] memory entries = _one(_entry(0));
        Plan memory plan = _plan(_admit(), entries);
        book.open(_order(_services()), _services(), plan, entries, _ascending(Typed.hash(plan)));
        key = _keyAt(0, 0, coe);
        assertTrue(_stateOf(key) == LeaseState.Open, "opened");
    }

    function _ascending(bytes32 structHash) private view returns (bytes[] memory) {
        bool first = vm.addr(MEMBER_KEY) < vm.addr(HONEST_KEY);
        return first ? _signatures(MEMBER_KEY, HONEST_KEY, structHash) : _signatures(HONEST_KEY, MEMBER_KEY, structHash);
    }

    function _signatures(uint256 key, bytes32 structHash) private view returns (bytes[] memory signatures) {
        signatures = new bytes[](1);
        signatures[0] = _sign(key, address(book), structHash);
    }

    function _signatures(uint256 one, uint256 two, bytes32 structHash) private view returns (bytes[] memory list) {
        list = new bytes[](2);
        list[0] = _sign(one, address(book), structHash);
        list[1] = _sign(two, address(book), structHash);
    }
}
