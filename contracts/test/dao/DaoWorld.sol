// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

import {Articles, Dao, IDaoFactory} from "../../src/interfaces/IDaoFactory.sol";
import {IDaoShares, Member} from "../../src/interfaces/IDaoShares.sol";
import {IDaoTreasury} from "../../src/interfaces/IDaoTreasury.sol";
import {Asserts} from "../Asserts.sol";
import {vm} from "../Vm.sol";

/// @notice The parts of one DAO, ready to call.
struct Parts {
    bytes32 id;
    IDaoShares shares;
    IGovernor governor;
    TimelockController timelock;
    IDaoTreasury treasury;
}

/// @notice One call that a DAO makes.
struct Call {
    address target;
    bytes data;
}

/// @title A factory and one DAO: ANN 50, BEN 30, CAT 20 shares, a tenth is kept
abstract contract DaoWorld is Asserts {
    uint256 internal constant START = 1_700_000_000;
    uint256 internal constant ANN_KEY = 0xA11;
    address internal constant BEN = address(0xBE4);
    address internal constant CAT = address(0xCA7);
    address internal constant STRANGER = address(0xBAD);

    uint32 internal constant VOTING_DELAY = 10;
    uint32 internal constant VOTING_PERIOD = 100;
    uint32 internal constant TIMELOCK_DELAY = 50;
    uint256 internal constant MOST_SHARES = 1_000_000;

    address internal ann;
    IERC20 internal token;
    address internal timelockMaker;
    address internal sharesMaker;
    address internal governorMaker;
    IDaoFactory internal factory;
    Parts internal dao;

    function setUp() public virtual {
        vm.warp(START);
        ann = vm.addr(ANN_KEY);
        token = _token();
        timelockMaker = vm.deployCode("TimelockMaker.sol:TimelockMaker");
        sharesMaker = vm.deployCode("SharesMaker.sol:SharesMaker");
        governorMaker = vm.deployCode("GovernorMaker.sol:GovernorMaker");
        bytes memory arguments = abi.encode(token, timelockMaker, sharesMaker, governorMaker);
        factory = IDaoFactory(vm.deployCode("DaoFactory.sol:DaoFactory", arguments));
        dao = _create("Guild", _members());
    }

    /// @dev DWEB, all of it (but for the faucet's half) with this contract.
    function _token() internal virtual returns (IERC20) {
        return IERC20(vm.deployCode("DwebToken.sol:DwebToken", abi.encode(address(this))));
    }

    function _articles(string memory name) internal pure returns (Articles memory a) {
        a.name = name;
        a.uri = "https://dao.example/articles";
        a.textHash = keccak256("articles");
        a.retainBps = 1_000;
        a.votingDelay = VOTING_DELAY;
        a.votingPeriod = VOTING_PERIOD;
        a.timelockDelay = TIMELOCK_DELAY;
        a.quorumPercent = 40;
        a.proposalThreshold = 10;
    }

    function _members() internal view returns (Member[] memory members) {
        members = new Member[](3);
        members[0] = Member(ann, 50);
        members[1] = Member(BEN, 30);
        members[2] = Member(CAT, 20);
    }

    function _two(address one, uint256 sharesOfOne, address other, uint256 sharesOfOther)
        internal
        pure
        returns (Member[] memory members)
    {
        members = new Member[](2);
        members[0] = Member(one, sharesOfOne);
        members[1] = Member(other, sharesOfOther);
    }

    function _create(string memory name, Member[] memory members) internal returns (Parts memory) {
        return _create(_articles(name), members);
    }

    function _create(Articles memory articles, Member[] memory members) internal returns (Parts memory) {
        return _parts(factory.createDao(articles, members));
    }

    function _parts(bytes32 id) internal view returns (Parts memory p) {
        Dao memory d = factory.daoOf(id);
        p.id = id;
        p.shares = IDaoShares(d.shares);
        p.governor = IGovernor(d.governor);
        p.timelock = TimelockController(payable(d.timelock));
        p.treasury = IDaoTreasury(d.treasury);
    }

    function _pay(Parts memory to, uint256 amount) internal {
        token.transfer(address(to.treasury), amount);
    }

    /// @dev As if a proposal had passed.
    function _act(Parts memory by, address target, bytes memory data) internal {
        vm.prank(address(by.timelock));
        Address.functionCall(target, data);
    }

    function _issue(Parts memory by, address to, uint256 amount) internal {
        vm.prank(address(by.timelock));
        by.shares.issue(to, amount);
    }

    function _skip(uint256 span) internal {
        vm.warp(vm.getBlockTimestamp() + span);
    }

    /// @dev One call, proposed by ANN a second later: a proposer's votes are those of the second before.
    function _propose(Parts memory by, Call memory what, string memory description) internal returns (uint256) {
        (address[] memory targets, uint256[] memory values, bytes[] memory calls) = _batch(what);
        _skip(1);
        vm.prank(ann);
        return by.governor.propose(targets, values, calls, description);
    }

    function _queue(Parts memory by, Call memory what, string memory description) internal {
        (address[] memory targets, uint256[] memory values, bytes[] memory calls) = _batch(what);
        by.governor.queue(targets, values, calls, keccak256(bytes(description)));
    }

    function _execute(Parts memory by, Call memory what, string memory description) internal {
        (address[] memory targets, uint256[] memory values, bytes[] memory calls) = _batch(what);
        by.governor.execute(targets, values, calls, keccak256(bytes(description)));
    }

    function _vote(Parts memory by, uint256 proposal, address voter, uint8 support) internal returns (uint256) {
        vm.prank(voter);
        return by.governor.castVote(proposal, support);
    }

    /// @dev The whole path: ANN proposes and votes for it, a stranger queues and executes.
    function _pass(Parts memory by, Call memory what, string memory description) internal {
        uint256 proposal = _propose(by, what, description);
        _skip(VOTING_DELAY + 1);
        _vote(by, proposal, ann, 1);
        _skip(VOTING_PERIOD);
        vm.startPrank(STRANGER);
        _queue(by, what, description);
        _skip(TIMELOCK_DELAY);
        _execute(by, what, description);
        vm.stopPrank();
    }

    function _batch(Call memory what)
        internal
        pure
        returns (address[] memory targets, uint256[] memory values, bytes[] memory calls)
    {
        targets = new address[](1);
        values = new uint256[](1);
        calls = new bytes[](1);
        targets[0] = what.target;
        calls[0] = what.data;
    }
}
