// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {Deployed, Plan} from "../script/Deployed.sol";
import {CoeParams} from "../src/coe/CoeParams.sol";
import {ICoeRegistry} from "../src/interfaces/ICoeRegistry.sol";
import {Articles, Dao} from "../src/interfaces/IDaoFactory.sol";
import {Member} from "../src/interfaces/IDaoShares.sol";
import {ISchedulerCommittee} from "../src/interfaces/ISchedulerCommittee.sol";
import {Params} from "../src/interfaces/Types.sol";
import {Asserts} from "./Asserts.sol";
import {IToken} from "./IToken.sol";
import {vm} from "./Vm.sol";

/// @dev The script, known by its interface, so that a test compiles nothing of what it deploys.
interface IDeploy {
    function deploy(Plan calldata plan) external returns (Deployed memory);
    function verify(Deployed calldata deployed, Plan calldata plan) external view;
}

/// @dev Where a lease book has its code.
interface IModules {
    function OPENING() external view returns (address);
    function RUNNING() external view returns (address);
    function ENDING() external view returns (address);
}

/// @notice One set of contracts, as the script makes it.
contract DeploymentTest is Asserts {
    error WiringWrong(string what);

    uint256 private constant EIP170 = 24_576;
    address private constant WRONG = address(0xBAD);
    address private constant HOLDER = address(0x401D);
    address private constant GUARDIAN = address(0x6A4D);

    IDeploy private deploy;

    function setUp() public {
        vm.warp(1_700_000_000);
        deploy = _script();
    }

    /// @dev `new Deploy()`, of a contract whose source is not compiled with this one.
    function _script() private returns (IDeploy script) {
        script = IDeploy(vm.deployCode("Deploy.s.sol:Deploy"));
    }

    // ------------------------------------------------------------------- addresses

    function test_the_same_plan_gives_the_same_addresses() public {
        uint256 snapshot = vm.snapshotState();
        bytes memory first = abi.encode(deploy.deploy(_plan()));
        vm.revertToState(snapshot);
        vm.warp(1_800_000_000);
        assertEq(abi.encode(deploy.deploy(_plan())), first, "whenever it is carried out");
    }

    function test_a_plan_that_names_its_governor_gives_the_same_addresses_on_every_chain() public {
        uint256 snapshot = vm.snapshotState();
        bytes memory first = abi.encode(deploy.deploy(_withoutDao()));
        vm.revertToState(snapshot);
        vm.chainId(10);
        assertEq(abi.encode(deploy.deploy(_withoutDao())), first, "on another chain");
    }

    function test_a_protocol_dao_is_its_chains_own_and_so_is_what_is_told_of_it() public {
        uint256 snapshot = vm.snapshotState();
        Deployed memory here = deploy.deploy(_plan());
        vm.revertToState(snapshot);
        vm.chainId(10);
        Deployed memory there = deploy.deploy(_plan());
        assertEq(address(here.token), address(there.token), "the token knows nothing of a DAO");
        assertTrue(here.governor != there.governor, "a DAO's id names its chain");
        assertTrue(address(here.book) != address(there.book), "and the lease book pays its treasury");
    }

    function test_another_plan_gives_another_lease_book() public {
        uint256 snapshot = vm.snapshotState();
        Deployed memory first = deploy.deploy(_plan());
        vm.revertToState(snapshot);
        Plan memory other = _plan();
        other.params.grace += 1;
        Deployed memory second = deploy.deploy(other);
        assertTrue(address(first.book) != address(second.book), "lease book");
        assertEq(address(first.token), address(second.token), "what was told the same is the same");
    }

    function test_another_deployer_gives_other_addresses() public {
        Deployed memory first = deploy.deploy(_plan());
        Deployed memory second = _script().deploy(_plan());
        assertTrue(address(first.token) != address(second.token), "token");
        assertTrue(address(first.book) != address(second.book), "lease book");
    }

    function test_a_second_run_on_one_chain_is_refused() public {
        deploy.deploy(_plan());
        vm.expectRevert();
        deploy.deploy(_plan());
    }

    // ----------------------------------------------------------------- who owns what

    function test_the_protocol_dao_governs_and_is_paid() public {
        Deployed memory d = deploy.deploy(_plan());
        bytes32 id = d.daos.daoOfTimelock(d.governor);
        assertTrue(id != 0, "the governor is a DAO's timelock");
        Dao memory dao = d.daos.daoOf(id);
        assertEq(dao.treasury, d.treasury, "the treasury is the same DAO's");
        assertEq(dao.creator, address(deploy), "made by the deployer");
        _assertGovernor(d);
        IToken token = IToken(address(d.token));
        uint256 faucet = token.balanceOf(address(token)); // on the test chain only
        assertEq(token.balanceOf(HOLDER) + faucet, token.totalSupply(), "the supply is the holder's");
        assertEq(d.settings.guardian(), GUARDIAN, "guardian");
    }

    function test_the_deployer_keeps_no_right() public {
        Deployed memory d = deploy.deploy(_plan());
        vm.startPrank(address(deploy));
        bytes memory reason = abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, address(deploy));
        vm.expectRevert(reason);
        d.committee.setCommittee(new address[](1), 1);
        vm.expectRevert(reason);
        d.pool.authoriseRegistry(address(deploy));
        vm.expectRevert(reason);
        d.coes.proposeBook(address(deploy));
        vm.expectRevert(reason);
        d.settings.setFee(1);
        vm.stopPrank();
        assertEq(IToken(address(d.token)).balanceOf(address(deploy)), 0, "and no tokens");
    }

    function test_a_plan_may_name_governor_and_treasury() public {
        Deployed memory d = deploy.deploy(_withoutDao());
        assertEq(d.governor, address(0x6003), "governor");
        assertEq(d.treasury, address(0x7EA5), "treasury");
        _assertGovernor(d);
    }

    function test_a_plan_may_name_a_governor_beside_the_protocol_dao() public {
        Plan memory plan = _plan();
        plan.governor = address(0x6003);
        Deployed memory d = deploy.deploy(plan);
        assertEq(d.governor, address(0x6003), "governor");
        assertTrue(d.treasury != address(0), "the DAO is paid");
        _assertGovernor(d);
    }

    function test_every_contract_fits_eip170() public {
        Deployed memory d = deploy.deploy(_plan());
        address[13] memory all = [
            address(d.token),
            address(d.daos),
            address(d.settings),
            address(d.committee),
            address(d.pool),
            address(d.code),
            address(d.images),
            address(d.os),
            address(d.coes),
            address(d.book),
            IModules(address(d.book)).OPENING(),
            IModules(address(d.book)).RUNNING(),
            IModules(address(d.book)).ENDING()
        ];
        for (uint256 i = 0; i < 13; ++i) {
            assertTrue(all[i].code.length > 0 && all[i].code.length <= EIP170, "size");
        }
    }

    // ------------------------------------------------------------------------ wiring

    function test_verification_finds_each_wrong_wire() public {
        Deployed memory d = deploy.deploy(_plan());
        deploy.verify(d, _plan());
        _wrongWire(d, address(d.daos), "TOKEN()", "token of the DAO factory");
        _wrongWire(d, address(d.pool), "TOKEN()", "token of the pool");
        _wrongWire(d, address(d.pool), "TREASURY()", "treasury of the pool");
        _wrongWire(d, address(d.code), "POOL()", "pool of the code registry");
        _wrongWire(d, address(d.images), "POOL()", "pool of the container registry");
        _wrongWire(d, address(d.images), "CODE()", "code registry of the container registry");
        _wrongWire(d, address(d.images), "SETTINGS()", "settings of the container registry");
        _wrongWire(d, address(d.os), "SETTINGS()", "settings of the OS registry");
        _wrongWire(d, address(d.coes), "TOKEN()", "token of the COE registry");
        _wrongWire(d, address(d.coes), "OS()", "OS registry of the COE registry");
        _wrongWire(d, address(d.coes), "SETTINGS()", "settings of the COE registry");
        _wrongWire(d, address(d.book), "TOKEN()", "token of the lease book");
        _wrongWire(d, address(d.book), "COES()", "COE registry of the lease book");
        _wrongWire(d, address(d.book), "IMAGES()", "container registry of the lease book");
        _wrongWire(d, address(d.book), "COMMITTEE()", "committee of the lease book");
        _wrongWire(d, address(d.book), "POOL()", "pool of the lease book");
        _wrongWire(d, address(d.book), "SETTINGS()", "settings of the lease book");
        _wrongWire(d, address(d.book), "TREASURY()", "treasury of the lease book");
        _wrongWire(d, address(d.book), "OPENING()", "modules of the lease book");
        _wrongWire(d, address(d.book), "RUNNING()", "modules of the lease book");
        _wrongWire(d, address(d.book), "ENDING()", "modules of the lease book");
        _wrongWire(d, address(d.committee), "owner()", "governor of the committee");
        _wrongWire(d, address(d.pool), "owner()", "governor of the pool");
        _wrongWire(d, address(d.coes), "owner()", "governor of the COE registry");
        _wrongWire(d, address(d.settings), "owner()", "governor of the settings");
    }

    function test_verification_finds_what_is_not_authorised() public {
        Deployed memory d = deploy.deploy(_plan());
        _wrong(d, address(d.pool), _isRegistry(address(d.code)), "registries of the pool");
        _wrong(d, address(d.pool), _isRegistry(address(d.images)), "registries of the pool");
        _wrong(d, address(d.coes), abi.encodeCall(d.coes.isBook, (address(d.book))), "lease book of the COE registry");
    }

    function test_verification_finds_each_wrong_value() public {
        Deployed memory d = deploy.deploy(_plan());
        Plan memory p = _plan();
        p.guardian = WRONG;
        _wrongValue(d, p, "guardian");
        p = _plan();
        p.feeBps += 1;
        _wrongValue(d, p, "tariff");
        p = _plan();
        p.bountyBps += 1;
        _wrongValue(d, p, "tariff");
        p = _plan();
        p.referencePrices[3] += 1;
        _wrongValue(d, p, "tariff");
        p = _plan();
        p.params.deadSinceBack += 1;
        _wrongValue(d, p, "book parameters");
        p = _plan();
        p.coeParams.askDelay += 1;
        _wrongValue(d, p, "COE parameters");
        p = _plan();
        p.coeParams.unbonding += 1;
        _wrongValue(d, p, "COE parameters");
        p = _plan();
        p.coeParams.bookDelay += 1;
        _wrongValue(d, p, "COE parameters");
        p = _plan();
        p.coeParams.leastStake += 1;
        _wrongValue(d, p, "COE parameters");
        p = _plan();
        p.channelDelay += 1;
        _wrongValue(d, p, "channel delay");
        p = _plan();
        p.quorum += 1;
        _wrongValue(d, p, "committee");
        p = _plan();
        p.committee[2] = WRONG;
        _wrongValue(d, p, "committee");
    }

    // --------------------------------------------------------- plans that are refused

    function test_a_host_must_not_be_out_before_its_last_lease_is_judged() public {
        Plan memory p = _plan();
        p.coeParams.unbonding = 3 + 2 * 4 + 8;
        _refused(p, abi.encodeWithSignature("UnbondingTooShort(uint256,uint256)", 19, 19));
        p.coeParams.unbonding += 1;
        deploy.deploy(p);
    }

    /// @dev Also of a lease book that does not look for itself.
    function test_verification_finds_a_host_that_could_be_out_before_its_last_lease_is_judged() public {
        Deployed memory d = deploy.deploy(_plan());
        Plan memory p = _plan();
        p.coeParams.unbonding = 19;
        vm.mockCall(address(d.coes), abi.encodeCall(d.coes.UNBONDING, ()), abi.encode(19));
        _wrongValue(d, p, "unbonding longer than late reports, maturing and verdict");
    }

    function test_nobody_is_paid_without_a_treasury_and_nothing_made_without_a_governor() public {
        Plan memory p = _withoutDao();
        p.treasury = address(0);
        _refused(p, abi.encodeWithSelector(WiringWrong.selector, "governor and treasury"));
        p = _withoutDao();
        p.governor = address(0);
        _refused(p, abi.encodeWithSelector(Ownable.OwnableInvalidOwner.selector, address(0)));
    }

    function test_no_constant_of_a_lease_book_is_zero(uint256 which) public {
        Plan memory p = _plan();
        which = bound(which, 0, 7);
        if (which == 0) p.params.lateReports = 0;
        if (which == 1) p.params.maturingEpoch = 0;
        if (which == 2) p.params.verdictTime = 0;
        if (which == 3) p.params.grace = 0;
        if (which == 4) p.params.minStartWithin = 0;
        if (which == 5) p.params.parkAfter = 0;
        if (which == 6) p.params.directTimeout = 0;
        if (which == 7) p.params.deadSinceBack = 0;
        _refused(p, abi.encodeWithSignature("ParameterZero()"));
    }

    function test_a_new_book_must_wait_longer_than_a_host_that_leaves() public {
        Plan memory p = _plan();
        p.coeParams.bookDelay = p.coeParams.unbonding;
        _refused(p, abi.encodeWithSelector(ICoeRegistry.BookDelayTooShort.selector, 30, 30));
    }

    function test_members_that_stay_silent_must_not_block() public {
        Plan memory p = _plan();
        p.quorum = 3;
        _refused(p, abi.encodeWithSelector(ISchedulerCommittee.QuorumOutOfRange.selector, 3, 3));
    }

    // ----------------------------------------------------------------------- helpers

    function _plan() private pure returns (Plan memory p) {
        p.holder = HOLDER;
        p.guardian = GUARDIAN;
        p.articles = Articles({
            name: "Dweb protocol",
            uri: "",
            textHash: 0,
            retainBps: 1_000,
            votingDelay: 1,
            votingPeriod: 5,
            timelockDelay: 1,
            quorumPercent: 20,
            proposalThreshold: 1
        });
        p.members = new Member[](2);
        p.members[0] = Member({account: address(0xA1), shares: 60});
        p.members[1] = Member({account: address(0xA2), shares: 40});
        p.committee = new address[](3);
        p.committee[0] = address(0xC1);
        p.committee[1] = address(0xC2);
        p.committee[2] = address(0xC3);
        p.quorum = 2;
        p.feeBps = 100;
        p.bountyBps = 2_500;
        p.referencePrices = [uint128(1e9), 5e8, 1e7, 1e9, 1e11];
        p.params = Params({
            lateReports: 3,
            maturingEpoch: 4,
            verdictTime: 8,
            grace: 15,
            minStartWithin: 20,
            parkAfter: 3,
            directTimeout: 10,
            deadSinceBack: 600
        });
        p.coeParams = CoeParams({askDelay: 10, unbonding: 30, bookDelay: 60, leastStake: 1e18});
        p.channelDelay = 5;
    }

    function _withoutDao() private pure returns (Plan memory p) {
        p = _plan();
        p.members = new Member[](0);
        p.governor = address(0x6003);
        p.treasury = address(0x7EA5);
    }

    function _assertGovernor(Deployed memory d) private view {
        assertEq(Ownable(address(d.committee)).owner(), d.governor, "committee");
        assertEq(Ownable(address(d.pool)).owner(), d.governor, "pool");
        assertEq(Ownable(address(d.coes)).owner(), d.governor, "COE registry");
        assertEq(Ownable(address(d.settings)).owner(), d.governor, "settings");
    }

    function _isRegistry(address registry) private pure returns (bytes memory) {
        return abi.encodeWithSignature("isRegistry(address)", registry);
    }

    function _wrongWire(Deployed memory d, address target, string memory getter, string memory what) private {
        vm.mockCall(target, abi.encodeWithSignature(getter), abi.encode(WRONG));
        _wrongValue(d, _plan(), what);
        vm.clearMockedCalls();
    }

    function _wrong(Deployed memory d, address target, bytes memory call, string memory what) private {
        vm.mockCall(target, call, abi.encode(false));
        _wrongValue(d, _plan(), what);
        vm.clearMockedCalls();
    }

    function _wrongValue(Deployed memory d, Plan memory p, string memory what) private {
        vm.expectRevert(abi.encodeWithSelector(WiringWrong.selector, what));
        deploy.verify(d, p);
    }

    function _refused(Plan memory p, bytes memory reason) private {
        vm.expectRevert(reason);
        deploy.deploy(p);
    }
}
