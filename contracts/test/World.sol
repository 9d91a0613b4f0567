// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Deployed, Plan as Setting} from "../script/Deployment.sol";
import {CodeRegistry} from "../src/CodeRegistry.sol";
import {CoeRegistry} from "../src/CoeRegistry.sol";
import {ContainerRegistry} from "../src/ContainerRegistry.sol";
import {DwebToken} from "../src/DwebToken.sol";
import {LeaseBook} from "../src/LeaseBook.sol";
import {RoyaltyPool} from "../src/RoyaltyPool.sol";
import {SchedulerCommittee} from "../src/SchedulerCommittee.sol";
import {Edge, Image, Release} from "../src/interfaces/Types.sol";
import {Params} from "../src/lease/Params.sol";
import {Asserts} from "./Asserts.sol";
import {Fixture} from "./Fixture.sol";
import {Typed} from "./Typed.sol";
import {vm} from "./Vm.sol";

/// @title All contracts as the script deploys them, with one release, one image and one COE
abstract contract World is Asserts {
    uint256 internal constant USER_KEY = 0x1001;
    uint256 internal constant HOST_KEY = 0x1002;
    uint256 internal constant AGENT_KEY = 0x1003;
    uint256 internal constant CODER_KEY = 0x1004;
    uint256 internal constant PUBLISHER_KEY = 0x1005;
    uint256 internal constant MEMBER_KEY = 0x1006;
    uint256 internal constant STRANGER_KEY = 0x1007;

    uint256 internal constant START = 1_700_000_000;
    bytes32 internal constant DIGEST = keccak256("manifest");
    uint16 internal constant ROYALTY_BPS = 500;
    uint16 internal constant FEE_BPS = 100;
    uint256 internal constant STAKE = 100e18;

    address internal user;
    address internal host;
    address internal agent;
    address internal coder;
    address internal publisher;
    address internal member;
    address internal stranger;
    address internal treasury = address(0x7EA5);

    DwebToken internal token;
    SchedulerCommittee internal committee;
    RoyaltyPool internal pool;
    CodeRegistry internal code;
    ContainerRegistry internal images;
    CoeRegistry internal coes;
    LeaseBook internal book;

    uint256 internal repository;
    bytes32 internal releaseId;
    bytes32 internal coe;

    function setUp() public virtual {
        vm.warp(START);
        user = vm.addr(USER_KEY);
        host = vm.addr(HOST_KEY);
        agent = vm.addr(AGENT_KEY);
        coder = vm.addr(CODER_KEY);
        publisher = vm.addr(PUBLISHER_KEY);
        member = vm.addr(MEMBER_KEY);
        stranger = vm.addr(STRANGER_KEY);

        _deploy();
        _publish();
        coe = _register("one", agent);
    }

    /// @dev This contract is the governor.
    function _setting() internal view returns (Setting memory s) {
        s.governor = address(this);
        s.treasury = treasury;
        s.committee = new address[](1);
        s.committee[0] = member;
        s.quorum = 1;
        s.feeBps = FEE_BPS;
        s.referencePrices = [uint128(1e9), 5e8, 1e7, 1e9, 1e11];
        s.params = Params({lateReports: 3, maturingEpoch: 4, minStartWithin: 20, askDelay: 10});
    }

    function _deploy() private {
        Deployed memory d = Fixture(vm.deployCode("Fixture.sol:Fixture")).deploy(_setting());
        token = d.token;
        committee = d.committee;
        pool = d.pool;
        code = d.code;
        images = d.images;
        coes = d.coes;
        book = d.book;
    }

    function _publish() private {
        vm.prank(coder);
        repository = code.createRepository("lib", coder);
        Release memory release = _release();
        releaseId = code.publish(release, _sign(CODER_KEY, address(code), Typed.hash(release)));

        Image memory image = _image();
        images.mint(image, _sign(PUBLISHER_KEY, address(images), Typed.hash(image)));
    }

    function _release() internal view returns (Release memory r) {
        r.repository = repository;
        r.version = "1.0.0";
        r.sourceDigest = keccak256("source");
        r.uri = "git+https://code.example/lib";
        r.license = "MIT";
        r.selfWeight = 1;
    }

    function _image() internal view returns (Image memory i) {
        i.publisher = publisher;
        i.manifestDigest = DIGEST;
        i.name = "web";
        i.royaltyBps = ROYALTY_BPS;
        i.selfWeight = 1;
        i.components = new Edge[](1);
        i.components[0] = Edge({node: releaseId, weight: 3});
    }

    function _capacity() internal pure returns (uint64[5] memory) {
        return [uint64(4_000), 8_192, 100_000, 1_000, 100];
    }

    function _ask() internal pure returns (uint128[5] memory) {
        return [uint128(2e9), 1e9, 1e7, 1e9, 2e11];
    }

    function _register(string memory name, address key) internal returns (bytes32) {
        token.transfer(host, STAKE);
        vm.startPrank(host);
        token.approve(address(coes), STAKE);
        bytes32 id = coes.register(name, key, 5, _capacity(), _ask(), "https://coe.example", STAKE);
        vm.stopPrank();
        return id;
    }

    function _sign(uint256 key, address verifier, bytes32 structHash) internal view returns (bytes memory) {
        return _signDigest(key, Typed.digest(verifier, structHash));
    }

    function _signDigest(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }
}
