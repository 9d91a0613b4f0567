// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {
    Lease,
    LeaseKey,
    LeaseState,
    Order,
    PlanEntry,
    Reason,
    ReplicaState,
    Service,
    Ticket,
    Upgrade
} from "../../src/interfaces/Types.sol";
import {Typed} from "../Typed.sol";
import {vm} from "../Vm.sol";
import {LeaseWorld} from "./LeaseWorld.sol";

/// @notice What others read of a lease, in every state it can be in.
contract ViewsTest is LeaseWorld {
    LeaseKey private key;
    bytes32 private leaseId;

    function setUp() public override {
        super.setUp();
        key = _openOne();
        leaseId = _id(key);
    }

    // --------------------------------------------------------------------- tickets

    function test_a_ticket_says_all_that_an_agent_checks() public view {
        Ticket memory t = _ticket(key);
        assertTrue(t.state == LeaseState.Open && t.reason == Reason.None, "state");
        assertEq(t.orderHash, key.orderHash, "order");
        assertEq(t.user, user, "user");
        assertEq(uint256(t.service) + t.replica + t.generation, 0, "place");
        assertEq(t.coe, coe, "coe");
        assertEq(t.agent, agent, "agent");
        assertTrue(!t.coeOsRevoked, "host image");
        assertEq(t.imageDigest, DIGEST, "image");
        assertEq(t.specHash, keccak256("spec"), "spec");
        assertEq(abi.encode(t.reserved), abi.encode(_services()[0].reserved), "reserved");
        assertEq(t.origin, START, "origin");
        assertEq(t.fundedUntil, START + PREPAY, "funded until");
        assertEq(t.keptUntil, START + PREPAY + GRACE, "kept until");
        assertEq(t.endedAt, 0, "ended");
        assertTrue(t.imageMinted && !t.imageRevoked && !t.imageMalicious, "image flags");
        assertEq(t.imagePublisher, publisher, "publisher");
        assertEq(t.imageComponentsHash, Typed.hashComponents(_image()), "components");
        assertEq(abi.encode(t.terms), abi.encode(_terms()), "terms");
        assertEq(t.settled.secondsRun, 0, "settled");
    }

    function test_a_lease_shows_what_was_settled_of_it() public {
        vm.warp(START + 90);
        _settle(key, 90, 10, 20);
        assertEq(book.leaseOf(leaseId).settled.secondsRun, 90, "seconds");
        assertEq(abi.encode(book.leaseOf(leaseId).settled), abi.encode(book.settledOf(leaseId)), "every counter");
    }

    function test_the_ticket_of_a_second_service_is_its_own() public {
        Service[] memory s = new Service[](2);
        s[0] = _services()[0];
        s[1] = _services()[0];
        s[1].specHash = keccak256("another spec");
        s[1].reserved[0] = 700;
        Order memory o = _order(s);
        LeaseKey memory second = _keyOf(_admit(o, s), 2, 0);
        second.service = 1;
        _openService(o, s);
        Ticket memory t = book.ticket(o, s, second, DIGEST);
        assertTrue(t.state == LeaseState.Open, "open");
        assertEq(t.service, 1, "service");
        assertEq(t.replica, 2, "replica");
        assertEq(t.specHash, keccak256("another spec"), "spec");
        assertEq(t.reserved[0], 700, "reserved");
    }

    function test_a_lease_that_was_never_opened_has_an_empty_ticket() public view {
        Ticket memory empty;
        assertEq(abi.encode(_ticket(_keyOf(key.orderHash, 1, 0))), abi.encode(empty), "replica");
        assertEq(abi.encode(_ticket(_keyOf(key.orderHash, 0, 1))), abi.encode(empty), "generation");
        LeaseKey memory elsewhere = _keyOf(key.orderHash, 0, 0);
        elsewhere.coe = keccak256("elsewhere");
        assertEq(abi.encode(_ticket(elsewhere)), abi.encode(empty), "COE");
    }

    function test_a_ticket_follows_its_lease_through_its_states() public {
        vm.warp(START + 100);
        _settle(key, 90, 3, 4);
        assertEq(_ticket(key).settled.secondsRun, 90, "settled");
        vm.prank(user);
        book.park(key);
        Ticket memory t = _ticket(key);
        assertTrue(t.state == LeaseState.Parked, "parked");
        assertEq(t.fundedUntil, START + 100, "funded until the parking");
        assertEq(t.keptUntil, START + 100 + GRACE, "kept for grace");

        vm.warp(START + 110);
        vm.prank(user);
        book.resume(_order(), key, 50);
        t = _ticket(key);
        assertTrue(t.state == LeaseState.Open, "open again");
        assertEq(t.origin, START + 10, "origin");
        assertEq(t.fundedUntil, START + 160, "funded until");

        vm.warp(START + 120);
        _end(key);
        t = _ticket(key);
        assertTrue(t.state == LeaseState.Ending && t.reason == Reason.User, "ending");
        assertEq(t.origin, 0, "origin");
        assertEq(t.endedAt, START + 120, "ended at");
        assertEq(t.fundedUntil, START + 120, "funded until the end");
        assertEq(t.keptUntil, START + 120, "and not kept");

        vm.warp(START + 123);
        book.finalise(_keys(key));
        t = _ticket(key);
        assertTrue(t.state == LeaseState.Closed && t.reason == Reason.User, "closed");
        assertEq(t.endedAt, START + 120, "ended at");
        assertEq(t.settled.secondsRun, 90, "settled");
        assertEq(t.imageDigest, DIGEST, "image");
    }

    function test_a_ticket_shows_what_became_of_image_and_coe() public {
        vm.prank(publisher);
        images.revoke(DIGEST, "old");
        assertTrue(_ticket(key).imageRevoked && !_ticket(key).imageMalicious, "revoked");
        vm.prank(guardian);
        images.markMalicious(DIGEST, "miner");
        assertTrue(_ticket(key).imageMalicious, "malicious");
        _rotate(STRANGER_KEY);
        assertEq(_ticket(key).agent, stranger, "the agent of today");
    }

    function test_a_ticket_shows_a_revoked_host_image() public {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "OsImage(address signer,bytes32 rootHash,bytes32 manifestDigest,string channel,string version)"
                ),
                stranger,
                keccak256("root"),
                keccak256("os"),
                keccak256("stable"),
                keccak256("1")
            )
        );
        bytes memory signature = _sign(STRANGER_KEY, address(os), structHash);
        bytes32 osImage = os.publish(stranger, keccak256("root"), keccak256("os"), "stable", "1", signature);
        vm.prank(host);
        coes.setOsImage(coe, osImage);
        assertTrue(!_ticket(key).coeOsRevoked, "usable");
        vm.prank(guardian);
        os.revoke(osImage, "root kit");
        assertTrue(_ticket(key).coeOsRevoked, "revoked");
    }

    function test_a_ticket_of_an_upgraded_lease_is_about_the_new_image() public {
        Order memory o = _order();
        o.upgradePolicy = 1;
        LeaseKey memory old = _openOne(o);
        bytes32 next = _mintAnother("web", 600);
        vm.prank(publisher);
        images.moveChannel("stable", next);
        Upgrade memory plan = Upgrade({
            orderHash: old.orderHash,
            imageDigest: next,
            entriesHash: Typed.hash(_one(_entry(0, 1, coe))),
            overlap: 0,
            committeeEpoch: 1,
            deadline: uint64(START + 5)
        });
        book.upgrade(o, _services(), plan, _one(_entry(0, 1, coe)), _keys(old), _signUpgrade(plan));
        LeaseKey memory upgraded = _keyOf(old.orderHash, 0, 1);
        Ticket memory t = book.ticket(o, _services(), upgraded, next);
        assertEq(t.imageDigest, next, "image");
        assertEq(t.terms.royaltyBps, 600, "royalty");
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.ImageMismatch.selector, DIGEST));
        book.ticket(o, _services(), upgraded, DIGEST);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.ImageMismatch.selector, next));
        book.ticket(o, _services(), old, next);
    }

    function test_an_image_without_an_nft_is_said_to_have_none() public view {
        Ticket memory t = book.ticket(_order(), _services(), key, keccak256("squatted"));
        assertTrue(!t.imageMinted, "minted");
        assertEq(t.imagePublisher, address(0), "publisher");
    }

    function test_a_ticket_is_refused_when_its_parts_do_not_belong_together() public {
        Order memory other = _order();
        other.salt = 0;
        bytes32 hash = book.orderHashOf(other);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.OrderMismatch.selector, key.orderHash, hash));
        book.ticket(other, _services(), key, DIGEST);

        Service[] memory s = _services();
        s[0].specHash = keccak256("another spec");
        vm.expectRevert(
            abi.encodeWithSelector(ILeaseBook.ServicesMismatch.selector, _order().servicesHash, Typed.hash(s))
        );
        book.ticket(_order(), s, key, DIGEST);

        LeaseKey memory beyond = key;
        beyond.service = 1;
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.NoSuchEntry.selector, 1));
        book.ticket(_order(), _services(), beyond, DIGEST);

        bytes32 foreign = _mintAnother("other", 600);
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.ImageMismatch.selector, foreign));
        book.ticket(_order(), _services(), key, foreign);
    }

    // ------------------------------------------------------------------ other views

    function test_an_unknown_lease_reads_as_nothing() public view {
        bytes32 none = keccak256("nothing");
        Lease memory empty;
        assertEq(abi.encode(book.leaseOf(none)), abi.encode(empty), "lease");
        assertEq(book.fencedOf(none), 0, "fenced");
        assertEq(book.settledOf(none).secondsRun, 0, "settled");
        assertEq(book.disputeOf(none).verdictUntil, 0, "dispute");
        (address of_, bool cancelled, uint64 admittedAt, uint256 committed) = book.orderOf(none);
        assertTrue(of_ == address(0) && !cancelled && admittedAt == 0 && committed == 0, "order");
        (ReplicaState state, uint16 generation, uint32 seconds_) = book.replicaOf(none, 0, 0);
        assertTrue(state == ReplicaState.Empty && generation == 0 && seconds_ == 0, "replica");
        (uint256 matured, uint256 maturing, uint256 disputed) = book.earnedOf(none);
        assertEq(matured + maturing + disputed, 0, "earned");
    }

    function test_the_parameters_are_those_it_was_made_with() public view {
        assertEq(abi.encode(book.params()), abi.encode(_params()), "params");
    }

    function test_a_lease_is_read_by_its_handle() public {
        bytes32 alike = bytes32(uint256(leaseId) ^ 1);
        assertTrue(book.leaseOf(alike).state == LeaseState.Open, "sixteen bytes are its name");
        assertTrue(book.leaseOf(leaseId ^ bytes32(uint256(1) << 128)).state == LeaseState.None, "all of them");
        // What changes a lease derives id and handle from its key.
        LeaseKey memory other = key;
        other.replica = 1;
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.LeaseUnknown.selector, _id(other)));
        vm.prank(user);
        book.end(_keys(other));
    }

    function test_a_lease_id_commits_to_all_that_it_names(LeaseKey memory any, uint256 member, uint256 chain) public {
        bytes32 id = _id(any);
        assertEq(
            id,
            keccak256(
                abi.encode(
                    block.chainid, address(book), any.orderHash, any.service, any.replica, any.generation, any.coe
                )
            ),
            "id"
        );
        member = bound(member, 0, 5);
        unchecked {
            if (member == 0) any.orderHash = bytes32(uint256(any.orderHash) + 1);
            if (member == 1) any.service += 1;
            if (member == 2) any.replica += 1;
            if (member == 3) any.generation += 1;
            if (member == 4) any.coe = bytes32(uint256(any.coe) + 1);
        }
        if (member == 5) vm.chainId(bound(chain, 32_000, type(uint32).max));
        assertTrue(_id(any) != id, "another id");
    }

    function test_an_order_hash_is_its_typed_digest(Order memory any) public view {
        assertEq(book.orderHashOf(any), Typed.digest(address(book), Typed.hash(any)), "digest");
    }

    function _openService(Order memory o, Service[] memory s) private {
        PlanEntry memory e = _entry(2);
        e.service = 1;
        _open(o, s, _one(e));
    }
}
