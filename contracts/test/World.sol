// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CoeParams} from "../src/coe/CoeParams.sol";
import {ICodeRegistry} from "../src/interfaces/ICodeRegistry.sol";
import {ICoeOsRegistry} from "../src/interfaces/ICoeOsRegistry.sol";
import {ICoeRegistry} from "../src/interfaces/ICoeRegistry.sol";
import {IContainerRegistry} from "../src/interfaces/IContainerRegistry.sol";
import {ILeaseBook} from "../src/interfaces/ILeaseBook.sol";
import {IProtocolSettings} from "../src/interfaces/IProtocolSettings.sol";
import {IRoyaltyPool} from "../src/interfaces/IRoyaltyPool.sol";
import {ISchedulerCommittee} from "../src/interfaces/ISchedulerCommittee.sol";
import {Edge, Image, Params, Release} from "../src/interfaces/Types.sol";
import {Asserts} from "./Asserts.sol";
import {IToken} from "./IToken.sol";
import {Typed} from "./Typed.sol";
import {Books} from "./Books.sol";
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
    uint16 internal constant BOUNTY_BPS = 2_500;
    uint64 internal constant CHANNEL_DELAY = 5;
    uint256 internal constant STAKE = 100e18;

    address internal user;
    address internal host;
    address internal agent;
    address internal coder;
    address internal publisher;
    address internal member;
    address internal stranger;
    address internal treasury = address(0x7EA5);
    address internal guardian = address(0x6A4D);

    IToken internal token;
    IProtocolSettings internal settings;
    ISchedulerCommittee internal committee;
    IRoyaltyPool internal pool;
    ICodeRegistry internal code;
    IContainerRegistry internal images;
    ICoeOsRegistry internal os;
    ICoeRegistry internal coes;
    ILeaseBook internal book;

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
        coe = _register("one", AGENT_KEY);
    }

    function _params() internal pure returns (Params memory) {
        return Params({
            lateReports: 3,
            maturingEpoch: 4,
            verdictTime: 8,
            grace: 15,
            minStartWithin: 20,
            parkAfter: 3,
            directTimeout: 10,
            deadSinceBack: 600
        });
    }

    /// @dev As script/Deployment.sol wires them, but from artifacts, so that a test compiles none of them. This contract
    /// is the governor.
    function _deploy() private {
        token = IToken(vm.deployCode("DwebToken.sol:DwebToken", abi.encode(address(this))));
        settings = IProtocolSettings(
            vm.deployCode(
                "ProtocolSettings.sol:ProtocolSettings",
                abi.encode(address(this), guardian, FEE_BPS, BOUNTY_BPS, _referencePrices())
            )
        );
        committee =
            ISchedulerCommittee(vm.deployCode("SchedulerCommittee.sol:SchedulerCommittee", abi.encode(address(this))));
        pool = IRoyaltyPool(
            vm.deployCode("RoyaltyPool.sol:RoyaltyPool", abi.encode(address(token), treasury, address(this)))
        );
        code = ICodeRegistry(vm.deployCode("CodeRegistry.sol:CodeRegistry", abi.encode(address(pool))));
        images = IContainerRegistry(
            vm.deployCode(
                "ContainerRegistry.sol:ContainerRegistry",
                abi.encode(address(code), address(pool), address(settings), CHANNEL_DELAY)
            )
        );
        os = ICoeOsRegistry(vm.deployCode("CoeOsRegistry.sol:CoeOsRegistry", abi.encode(address(settings))));
        CoeParams memory coeParams = CoeParams({askDelay: 10, unbonding: 30, bookDelay: 60, leastStake: 1e18});
        coes = ICoeRegistry(
            vm.deployCode(
                "CoeRegistry.sol:CoeRegistry",
                abi.encode(address(token), address(os), address(settings), address(this), coeParams)
            )
        );
        book = Books.create(
            bytes.concat(
                abi.encode(address(token), address(coes), address(images), address(committee)),
                abi.encode(address(pool), address(settings), treasury, _params())
            )
        );
        _wire();
    }

    function _wire() private {
        address[] memory members = _members();
        committee.setCommittee(members, uint8((members.length + 1) / 2));
        pool.authoriseRegistry(address(code));
        pool.authoriseRegistry(address(images));
        coes.proposeBook(address(book));
        coes.authoriseBook(address(book));
    }

    function _members() internal view virtual returns (address[] memory members) {
        members = new address[](1);
        members[0] = member;
    }

    function _referencePrices() internal pure returns (uint128[5] memory) {
        return [uint128(1e9), 5e8, 1e7, 1e9, 1e11];
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

    /// @dev Mints another image of the publisher, whose digest is its name's and royalty's.
    function _mintAnother(string memory name, uint16 royaltyBps) internal returns (bytes32 digest) {
        Image memory image = _image();
        digest = keccak256(abi.encode(name, royaltyBps));
        image.manifestDigest = digest;
        image.name = name;
        image.royaltyBps = royaltyBps;
        images.mint(image, _sign(PUBLISHER_KEY, address(images), Typed.hash(image)));
    }

    function _capacity() internal pure returns (uint64[5] memory) {
        return [uint64(4_000), 8_192, 100_000, 1_000, 100];
    }

    function _ask() internal pure returns (uint128[5] memory) {
        return [uint128(2e9), 1e9, 1e7, 1e9, 2e11];
    }

    function _register(string memory name, uint256 agentKey) internal returns (bytes32 id) {
        token.transfer(host, STAKE);
        vm.prank(host);
        token.approve(address(coes), STAKE);
        return _registerAs(host, name, agentKey, _capacity(), _ask(), STAKE, address(book));
    }

    /// @dev With the agent's consent; the stake is approved already.
    function _registerAs(
        address by,
        string memory name,
        uint256 agentKey,
        uint64[5] memory capacity,
        uint128[5] memory ask,
        uint256 stake,
        address accepted
    ) internal returns (bytes32) {
        bytes32 id = keccak256(abi.encode(block.chainid, address(coes), by, keccak256(bytes(name))));
        bytes memory consent = _consent(agentKey, id);
        address key = vm.addr(agentKey);
        vm.prank(by);
        return coes.register(name, key, consent, 5, capacity, ask, "https://coe.example", stake, accepted);
    }

    function _rotate(uint256 agentKey) internal {
        bytes memory consent = _consent(agentKey, coe);
        vm.prank(host);
        coes.rotateAgent(coe, vm.addr(agentKey), consent);
    }

    /// @dev What an agent signs to serve a COE.
    function _consent(uint256 agentKey, bytes32 id) internal view returns (bytes memory) {
        return _sign(agentKey, address(coes), Typed.hashConsent(id));
    }

    function _sign(uint256 key, address verifier, bytes32 structHash) internal view returns (bytes memory) {
        return _signDigest(key, Typed.digest(verifier, structHash));
    }

    function _signDigest(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }
}
