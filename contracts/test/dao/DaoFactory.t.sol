// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";

import {Articles, Dao, IDaoFactory} from "../../src/interfaces/IDaoFactory.sol";
import {IDaoShares, Member} from "../../src/interfaces/IDaoShares.sol";
import {IDaoTreasury} from "../../src/interfaces/IDaoTreasury.sol";
import {Vm, vm} from "../Vm.sol";
import {DaoWorld, Parts} from "./DaoWorld.sol";

interface ITimelockMaker {
    function make(bytes32 id, uint256 delay) external returns (address);
}

interface ISettings {
    function quorumNumerator() external view returns (uint256);
    function timelock() external view returns (address);
    function token() external view returns (address);
}

contract DaoFactoryTest is DaoWorld {
    struct Role {
        bytes32 role;
        address account;
    }

    Role[] private _roles;

    // ------------------------------------------------------------------- making

    function test_a_dao_is_made_whole_and_registered() public {
        uint256 state = vm.snapshotState();
        Dao memory made = factory.daoOf(factory.createDao(_articles("Next"), _members()));
        vm.revertToState(state);

        bytes32 id = factory.daoIdOf(address(this), "Next");
        assertEq(id, keccak256(abi.encode(block.chainid, factory, address(this), "Next")), "id");
        assertEq(factory.daoOf(id).timelock, address(0), "not yet");
        vm.expectEmit(true, true, true, true, address(factory));
        emit IDaoFactory.DaoCreated(
            id, address(this), made.timelock, made.shares, made.governor, made.treasury, _articles("Next"), _members()
        );
        // The same addresses as before: they follow from id and articles.
        assertEq(factory.createDao(_articles("Next"), _members()), id, "answered");
        assertEq(factory.daoOf(id).creator, address(this), "creator");
        assertEq(factory.daoOfTimelock(made.timelock), id, "by timelock");
        assertEq(factory.treasuryOf(made.timelock), made.treasury, "treasury");
        assertEq(factory.treasuryOf(made.governor), address(0), "of the timelock only");
    }

    function test_founding_says_shares_and_retention() public {
        uint256 state = vm.snapshotState();
        Dao memory made = factory.daoOf(factory.createDao(_articles("Next"), _members()));
        vm.revertToState(state);

        vm.expectEmit(true, true, true, true, made.shares);
        emit IDaoShares.TextSet("Next", "https://dao.example/articles", keccak256("articles"));
        vm.expectEmit(true, true, true, true, made.shares);
        emit IDaoShares.SharesIssued(ann, 50, 50);
        vm.expectEmit(true, true, true, true, made.shares);
        emit IDaoShares.SharesIssued(BEN, 30, 80);
        vm.expectEmit(true, true, true, true, made.treasury);
        emit IDaoTreasury.HoldingSet(ann, 50, 0);
        vm.expectEmit(true, true, true, true, made.treasury);
        emit IDaoTreasury.RetainBpsSet(1_000);
        factory.createDao(_articles("Next"), _members());
    }

    function test_the_governor_has_the_rules_of_the_articles() public view {
        assertEq(bytes(dao.governor.name()), "Guild", "name");
        assertEq(dao.governor.votingDelay(), VOTING_DELAY, "delay");
        assertEq(dao.governor.votingPeriod(), VOTING_PERIOD, "period");
        assertEq(dao.governor.proposalThreshold(), 10, "threshold");
        assertEq(dao.timelock.getMinDelay(), TIMELOCK_DELAY, "timelock");
        ISettings settings = ISettings(address(dao.governor));
        assertEq(settings.quorumNumerator(), 40, "quorum");
        assertEq(settings.timelock(), address(dao.timelock), "its timelock");
        assertEq(settings.token(), address(dao.shares), "its votes");
        assertEq(dao.governor.clock(), vm.getBlockTimestamp(), "clock");
        assertEq(bytes(dao.governor.CLOCK_MODE()), "mode=timestamp", "mode");
    }

    /// @notice Every role that was granted and not given up, from the logs, so that none can be overlooked.
    function test_nobody_but_timelock_and_governor_is_left_with_a_role() public {
        vm.recordLogs();
        Parts memory next = _create("Next", _members());
        _readRoles(vm.getRecordedLogs(), address(next.timelock));

        assertEq(_roles.length, 4, "roles");
        _requireRole(0, next.timelock.DEFAULT_ADMIN_ROLE(), address(next.timelock));
        _requireRole(1, next.timelock.EXECUTOR_ROLE(), address(0)); // anyone
        _requireRole(2, next.timelock.PROPOSER_ROLE(), address(next.governor));
        _requireRole(3, next.timelock.CANCELLER_ROLE(), address(next.governor));
        assertTrue(!next.timelock.hasRole(bytes32(0), address(factory)), "the factory has none");
        assertTrue(!next.timelock.hasRole(bytes32(0), address(this)), "nor has the creator");
    }

    // ------------------------------------------------------------------ identity

    function test_a_creator_uses_a_name_once() public {
        vm.expectRevert(abi.encodeWithSelector(IDaoFactory.DaoKnown.selector, dao.id));
        factory.createDao(_articles("Guild"), _two(STRANGER, 20, BEN, 1));
        vm.prank(STRANGER);
        bytes32 other = factory.createDao(_articles("Guild"), _members());
        assertTrue(other != dao.id, "another creator may");
    }

    function test_nobody_takes_an_address_by_calling_a_maker() public {
        bytes32 id = factory.daoIdOf(address(this), "Next");
        vm.prank(STRANGER);
        address taken = ITimelockMaker(timelockMaker).make(id, TIMELOCK_DELAY);
        Parts memory next = _create("Next", _members());
        assertTrue(address(next.timelock) != taken, "another address");
        assertEq(factory.treasuryOf(taken), address(0), "of no DAO");
    }

    function test_what_came_before_the_founding_is_divided_among_all() public {
        uint256 state = vm.snapshotState();
        address treasury = address(_create("Next", _members()).treasury);
        vm.revertToState(state);
        token.transfer(treasury, 1_000);
        Parts memory next = _create("Next", _members());
        assertEq(next.treasury.owedTo(ann), 450, "ann");
        assertEq(next.treasury.owedTo(CAT), 180, "cat");
    }

    // -------------------------------------------------------------------- guards

    function test_voting_spans_have_bounds() public {
        Articles memory a = _articles("Next");
        a.votingDelay = 0;
        _refused(a, abi.encodeWithSelector(IDaoFactory.VotingDelayOutOfRange.selector, 0, 30 days));
        a.votingDelay = 30 days + 1;
        _refused(a, abi.encodeWithSelector(IDaoFactory.VotingDelayOutOfRange.selector, 30 days + 1, 30 days));
        a = _articles("Next");
        a.votingPeriod = 0;
        _refused(a, abi.encodeWithSelector(IDaoFactory.VotingPeriodOutOfRange.selector, 0, 90 days));
        a.votingPeriod = 90 days + 1;
        _refused(a, abi.encodeWithSelector(IDaoFactory.VotingPeriodOutOfRange.selector, 90 days + 1, 90 days));
        a = _articles("Next");
        a.timelockDelay = 0;
        _refused(a, abi.encodeWithSelector(IDaoFactory.TimelockDelayOutOfRange.selector, 0, 90 days));
        a.timelockDelay = 90 days + 1;
        _refused(a, abi.encodeWithSelector(IDaoFactory.TimelockDelayOutOfRange.selector, 90 days + 1, 90 days));
    }

    function test_spans_may_be_at_their_bounds() public {
        Articles memory a = _articles("Short");
        (a.votingDelay, a.votingPeriod, a.timelockDelay, a.quorumPercent) = (1, 1, 1, 1);
        assertEq(_create(a, _members()).governor.votingPeriod(), 1, "shortest");
        a = _articles("Long");
        (a.votingDelay, a.votingPeriod, a.timelockDelay, a.quorumPercent) = (30 days, 90 days, 90 days, 100);
        a.proposalThreshold = 50;
        a.retainBps = 10_000;
        assertEq(_create(a, _members()).governor.votingPeriod(), 90 days, "longest");
    }

    function test_a_quorum_is_one_to_a_hundred_percent() public {
        Articles memory a = _articles("Next");
        a.quorumPercent = 0;
        _refused(a, abi.encodeWithSelector(IDaoFactory.QuorumOutOfRange.selector, 0));
        a.quorumPercent = 101;
        _refused(a, abi.encodeWithSelector(IDaoFactory.QuorumOutOfRange.selector, 101));
    }

    function test_at_least_one_member_can_propose() public {
        Articles memory a = _articles("Next");
        a.proposalThreshold = 51;
        _refused(a, abi.encodeWithSelector(IDaoFactory.ThresholdOutOfReach.selector, 51, 50));
    }

    function test_names_and_retention_are_checked() public {
        Articles memory a = _articles("");
        _refused(a, abi.encodeWithSelector(IDaoShares.NameEmpty.selector));
        a = _articles("Next");
        a.retainBps = 10_001;
        _refused(a, abi.encodeWithSelector(IDaoTreasury.RetainAboveWhole.selector, 10_001, 10_000));
    }

    function test_members_are_somebody_once_and_hold_shares() public {
        Articles memory a = _articles("Next");
        a.proposalThreshold = 0;
        _refused(a, new Member[](0), abi.encodeWithSelector(IDaoShares.NoSharesLeft.selector));
        _refused(a, _two(ann, 1, address(0), 1), abi.encodeWithSelector(IDaoShares.MemberZero.selector));
        _refused(a, _two(ann, 1, BEN, 0), abi.encodeWithSelector(IDaoShares.SharesZero.selector, BEN));
        _refused(a, _two(ann, 1, ann, 2), abi.encodeWithSelector(IDaoShares.MemberTwice.selector, ann));
        bytes memory reason = abi.encodeWithSelector(IDaoShares.SharesTooMany.selector, 1, MOST_SHARES, MOST_SHARES);
        _refused(a, _two(ann, 1, BEN, MOST_SHARES), reason);
    }

    /// @notice Any articles are either within every range and make a DAO that has them, or are refused.
    function test_articles_are_taken_as_they_are_or_refused(
        uint32[3] memory spans,
        uint8 quorum,
        uint32 threshold,
        uint16 bps
    ) public {
        Articles memory a = _articles("Fuzzed");
        a.votingDelay = uint32(bound(spans[0], 0, 31 days));
        a.votingPeriod = uint32(bound(spans[1], 0, 95 days));
        a.timelockDelay = uint32(bound(spans[2], 0, 95 days));
        a.quorumPercent = uint8(bound(quorum, 0, 105));
        a.proposalThreshold = uint32(bound(threshold, 0, 52));
        a.retainBps = uint16(bound(bps, 0, 10_500));
        bool sound = a.votingDelay > 0 && a.votingDelay <= 30 days && a.votingPeriod > 0 && a.votingPeriod <= 90 days
            && a.timelockDelay > 0 && a.timelockDelay <= 90 days && a.quorumPercent > 0 && a.quorumPercent <= 100
            && a.proposalThreshold <= 50 && a.retainBps <= 10_000;
        if (!sound) {
            vm.expectRevert();
            factory.createDao(a, _members());
            return;
        }
        _requireRules(_create(a, _members()), a);
    }

    function _requireRules(Parts memory made, Articles memory a) private view {
        assertEq(made.governor.votingDelay(), a.votingDelay, "delay");
        assertEq(made.governor.votingPeriod(), a.votingPeriod, "period");
        assertEq(made.timelock.getMinDelay(), a.timelockDelay, "timelock");
        assertEq(made.governor.proposalThreshold(), a.proposalThreshold, "threshold");
        assertEq(ISettings(address(made.governor)).quorumNumerator(), a.quorumPercent, "quorum");
        assertEq(made.shares.retainBps(), a.retainBps, "retention");
    }

    function _refused(Articles memory articles, bytes memory reason) private {
        _refused(articles, _members(), reason);
    }

    function _refused(Articles memory articles, Member[] memory members, bytes memory reason) private {
        vm.expectRevert(reason);
        factory.createDao(articles, members);
    }

    function _requireRole(uint256 index, bytes32 role, address account) private view {
        assertEq(_roles[index].role, role, "role");
        assertEq(_roles[index].account, account, "account");
    }

    function _readRoles(Vm.Log[] memory logs, address timelock) private {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter != timelock) continue;
            bytes32 what = logs[i].topics[0];
            if (what == IAccessControl.RoleGranted.selector) {
                _roles.push(Role(logs[i].topics[1], address(uint160(uint256(logs[i].topics[2])))));
            } else if (what == IAccessControl.RoleRevoked.selector) {
                _drop(logs[i].topics[1], address(uint160(uint256(logs[i].topics[2]))));
            } else {
                assertEq(what, TimelockController.MinDelayChange.selector, "no other event");
            }
        }
    }

    function _drop(bytes32 role, address account) private {
        for (uint256 i = 0; i < _roles.length; ++i) {
            if (_roles[i].role != role || _roles[i].account != account) continue;
            for (uint256 j = i; j + 1 < _roles.length; ++j) {
                _roles[j] = _roles[j + 1];
            }
            _roles.pop();
            return;
        }
        revert("revoked what was not granted");
    }
}
