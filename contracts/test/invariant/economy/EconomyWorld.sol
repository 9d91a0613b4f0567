// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Edge, Image, Release} from "../../../src/interfaces/Types.sol";
import {Typed} from "../../Typed.sol";
import {vm} from "../../Vm.sol";
import {World} from "../../World.sol";
import {Cast, Contracts, Person, Site} from "./Parts.sol";
import {Hermit, SpitefulRegistry} from "./Spite.sol";

/// @title The world with three users, three hosts, three committee members and a graph of royalties
abstract contract EconomyWorld is World {
    uint256 internal constant HOUSE = 3;
    uint256 internal constant PURSE = 1_000e18;
    bytes32 private constant SPITEFUL_NODE = keccak256("spiteful node");

    Person[] private _users;
    Person[] private _committee;
    Site[] private _sites;
    bytes32[] private _releases;
    bytes32[] private _digests;

    function setUp() public virtual override {
        for (uint256 i = 0; i < HOUSE; ++i) {
            uint256 key = 0x4001 + i;
            _committee.push(Person(vm.addr(key), key));
        }
        _sortCommittee();
        super.setUp();
        _addSites();
        _addUsers();
        _addReleases();
        _addImages();
    }

    function _contracts() internal view returns (Contracts memory) {
        return Contracts(token, settings, pool, images, coes, book, treasury, address(this), guardian);
    }

    function _cast() internal view returns (Cast memory cast) {
        cast.users = _users;
        cast.sites = _sites;
        cast.members = _committee;
        cast.coder = coder;
        cast.publisher = Person(publisher, PUBLISHER_KEY);
        cast.stranger = stranger;
        cast.spiteful = SPITEFUL_NODE;
        cast.nodes = _releases;
        cast.images = _digests;
    }

    function _members() internal view override returns (address[] memory members) {
        members = new address[](HOUSE);
        for (uint256 i = 0; i < HOUSE; ++i) {
            members[i] = _committee[i].account;
        }
    }

    /// @dev Signatures of members are given by ascending address.
    function _sortCommittee() private {
        for (uint256 i = 0; i < HOUSE; ++i) {
            for (uint256 j = i + 1; j < HOUSE; ++j) {
                if (_committee[j].account < _committee[i].account) {
                    (Person memory one, Person memory other) = (_committee[i], _committee[j]);
                    (_committee[i], _committee[j]) = (other, one);
                }
            }
        }
    }

    function _addSites() private {
        _sites.push(Site(coe, Person(host, HOST_KEY), AGENT_KEY, host));
        for (uint256 i = 1; i < HOUSE; ++i) {
            (uint256 hostKey, uint256 agentKey) = (0x3001 + i, 0x3101 + i);
            // The helper of the world registers for the host it knows.
            host = vm.addr(hostKey);
            bytes32 id = _register("site", agentKey);
            address payee = i == 2 ? address(new Hermit(address(0))) : host;
            vm.prank(host);
            coes.setPayee(id, payee);
            _sites.push(Site(id, Person(host, hostKey), agentKey, payee));
        }
        for (uint256 i = 0; i < HOUSE; ++i) {
            token.transfer(_sites[i].host.account, PURSE);
            vm.prank(_sites[i].host.account);
            token.approve(address(coes), type(uint256).max);
        }
    }

    function _addUsers() private {
        _users.push(Person(user, USER_KEY));
        _users.push(Person(vm.addr(0x2001), 0x2001));
        _users.push(Person(address(new Hermit(vm.addr(0x2002))), 0x2002));
        for (uint256 i = 0; i < HOUSE; ++i) {
            token.transfer(_users[i].account, PURSE);
            vm.prank(_users[i].account);
            token.approve(address(book), type(uint256).max);
        }
    }

    /// @dev lib 1.0.0 <- lib 1.1.0 -> a node of a registry that answers nothing.
    function _addReleases() private {
        SpitefulRegistry registry = new SpitefulRegistry();
        pool.authoriseRegistry(address(registry));
        registry.add(pool, SPITEFUL_NODE);
        Release memory release = _release();
        release.version = "1.1.0";
        release.upstream = new Edge[](2);
        release.upstream[0] = Edge(releaseId, 2);
        release.upstream[1] = Edge(SPITEFUL_NODE, 3);
        _releases.push(releaseId);
        _releases.push(SPITEFUL_NODE);
        _releases.push(code.publish(release, _sign(CODER_KEY, address(code), Typed.hash(release))));
    }

    /// @dev The world's; one on the deeper release; one that names nobody; one on its own, for the guardian to mark.
    function _addImages() private {
        _digests.push(DIGEST);
        Image memory image = _image();
        image.manifestDigest = keccak256("second");
        image.royaltyBps = 900;
        image.selfWeight = 0;
        image.components[0] = Edge(_releases[2], 7);
        _mint(image);
        image.manifestDigest = keccak256("third");
        image.royaltyBps = 200;
        image.components = new Edge[](0);
        _mint(image);
        image.manifestDigest = keccak256("fourth");
        image.name = "evil";
        image.selfWeight = 1;
        _mint(image);
        vm.prank(publisher);
        images.moveChannel("stable", DIGEST);
    }

    function _mint(Image memory image) private {
        images.mint(image, _sign(PUBLISHER_KEY, address(images), Typed.hash(image)));
        _digests.push(image.manifestDigest);
    }
}
