// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";

import {ICodeRegistry} from "../src/interfaces/ICodeRegistry.sol";
import {IRoyaltyPool} from "../src/interfaces/IRoyaltyPool.sol";
import {Edge, Release} from "../src/interfaces/Types.sol";
import {Typed} from "./Typed.sol";
import {vm} from "./Vm.sol";
import {Registries} from "./royalty/Registries.sol";

contract CodeRegistryTest is Registries {
    // -------------------------------------------------------------- repositories

    function test_a_repository_is_minted_to_its_creator_under_a_derived_id() public {
        uint256 id = uint256(keccak256(abi.encode(block.chainid, address(code), stranger, keccak256(bytes("tool")))));
        vm.expectEmit(true, true, true, true, address(code));
        emit ICodeRegistry.RepositoryCreated(id, stranger, "tool", TREASURY);
        vm.prank(stranger);
        assertEq(code.createRepository("tool", TREASURY), id, "id");
        assertEq(_owner(id), stranger, "owner");
        assertEq(code.repositoryIdOf(stranger, "tool"), id, "view");
    }

    function test_two_owners_may_use_one_name() public {
        vm.prank(stranger);
        assertTrue(code.createRepository("lib", stranger) != repository, "ids differ");
    }

    function test_a_repository_is_created_once_even_after_it_moved() public {
        _transfer(address(code), coder, stranger, repository);
        vm.expectRevert(abi.encodeWithSelector(ICodeRegistry.RepositoryKnown.selector, repository));
        vm.prank(coder);
        code.createRepository("lib", coder);
    }

    function test_a_repository_needs_a_name() public {
        vm.expectRevert(ICodeRegistry.NameEmpty.selector);
        code.createRepository("", coder);
    }

    function test_a_repository_needs_a_payee() public {
        vm.expectRevert(ICodeRegistry.PayeeZero.selector);
        code.createRepository("lib", address(0));
    }

    // ------------------------------------------------------------------ releases

    function test_a_release_is_a_node_under_a_derived_id() public {
        Release memory r = _next();
        bytes32 id = keccak256(abi.encode(block.chainid, address(code), repository, keccak256(bytes("2.0.0"))));
        bytes memory signature = _sign(CODER_KEY, address(code), Typed.hash(r));
        vm.expectEmit(true, true, true, true, address(code));
        emit ICodeRegistry.ReleasePublished(id, repository, r.version, r.sourceDigest, r.uri, r.license, coder);
        vm.prank(stranger); // anybody may send what the owner signed
        assertEq(code.publish(r, signature), id, "id");
        assertTrue(code.releaseExists(id), "exists");
        assertEq(code.releaseIdOf(repository, "2.0.0"), id, "view");
        assertEq(code.payeeOf(id), coder, "payee");
        (Edge[] memory edges, uint16 selfWeight) = pool.edgesOf(id);
        assertEq(edges.length, 1, "edges");
        assertEq(edges[0].node, releaseId, "upstream");
        assertEq(edges[0].weight, 2, "weight");
        assertEq(selfWeight, 1, "self");
    }

    function test_a_release_is_kept_with_its_time() public {
        vm.warp(START + 7);
        ICodeRegistry.ReleaseRecord memory record = code.releaseOf(_publish(_next()));
        assertEq(record.repository, repository, "repository");
        assertEq(record.sourceDigest, keccak256("source"), "source");
        assertEq(record.publishedAt, START + 7, "time");
        assertTrue(!record.revoked && record.supersededBy == 0, "in force");
    }

    function test_a_version_is_published_once() public {
        _refused(_release("1.0.0"), CODER_KEY, abi.encodeWithSelector(ICodeRegistry.ReleaseKnown.selector, releaseId));
    }

    function test_an_unknown_repository_has_no_releases() public {
        Release memory r = _next();
        r.repository = 1;
        _refused(r, CODER_KEY, abi.encodeWithSelector(ICodeRegistry.RepositoryUnknown.selector, 1));
    }

    function test_a_release_needs_version_licence_and_source() public {
        Release memory r = _next();
        r.version = "";
        _refused(r, CODER_KEY, abi.encodeWithSelector(ICodeRegistry.VersionEmpty.selector));
        r = _next();
        r.license = "";
        _refused(r, CODER_KEY, abi.encodeWithSelector(ICodeRegistry.LicenseEmpty.selector));
        r = _next();
        r.sourceDigest = 0;
        _refused(r, CODER_KEY, abi.encodeWithSelector(ICodeRegistry.SourceDigestZero.selector));
    }

    function test_only_the_owner_signs_a_release() public {
        _refused(_next(), STRANGER_KEY, abi.encodeWithSelector(ICodeRegistry.SignerNotOwner.selector, coder));
    }

    function test_the_new_owner_signs_after_a_transfer() public {
        _transfer(address(code), coder, stranger, repository);
        _refused(_next(), CODER_KEY, abi.encodeWithSelector(ICodeRegistry.SignerNotOwner.selector, stranger));
        Release memory r = _next();
        code.publish(r, _sign(STRANGER_KEY, address(code), Typed.hash(r)));
    }

    function test_any_change_after_signing_breaks_the_signature() public {
        Release memory r = _next();
        bytes memory signature = _sign(CODER_KEY, address(code), Typed.hash(r));
        r.upstream[0].weight += 1;
        vm.expectRevert(abi.encodeWithSelector(ICodeRegistry.SignerNotOwner.selector, coder));
        code.publish(r, signature);
    }

    function test_upstream_must_exist_and_be_code() public {
        Release memory r = _next();
        r.upstream[0].node = keccak256("nowhere");
        _refused(r, CODER_KEY, abi.encodeWithSelector(IRoyaltyPool.NodeUnknown.selector, keccak256("nowhere")));
        bytes32 image = images.nodeOf(DIGEST);
        r.upstream[0].node = image;
        _refused(r, CODER_KEY, abi.encodeWithSelector(IRoyaltyPool.NodeIsRoot.selector, image));
    }

    /// @notice Whoever signs, whatever they sign: only the owner's key opens the registry.
    function testFuzz_only_the_owners_key_publishes(uint256 key, string calldata version, uint16 selfWeight) public {
        key = bound(key, 1, 2 ** 128);
        vm.assume(bytes(version).length > 0 && keccak256(bytes(version)) != keccak256("1.0.0"));
        Release memory r = _release(version);
        r.selfWeight = selfWeight;
        bytes memory signature = _sign(key, address(code), Typed.hash(r));
        if (key != CODER_KEY) {
            vm.expectRevert(abi.encodeWithSelector(ICodeRegistry.SignerNotOwner.selector, coder));
            code.publish(r, signature);
        }
        assertEq(_publish(r), code.releaseIdOf(repository, version), "the owner's does");
    }

    function testFuzz_a_damaged_signature_publishes_nothing(uint256 where, uint8 by) public {
        Release memory r = _next();
        bytes memory signature = _sign(CODER_KEY, address(code), Typed.hash(r));
        where = bound(where, 0, 64);
        vm.assume(by != 0);
        signature[where] ^= bytes1(by);
        vm.expectRevert(abi.encodeWithSelector(ICodeRegistry.SignerNotOwner.selector, coder));
        code.publish(r, signature);
    }

    // ----------------------------------------------------------------- delegates

    function test_a_delegate_signs_releases_in_its_own_name() public {
        _delegate(stranger, true);
        assertTrue(code.isDelegate(repository, stranger), "delegate");
        Release memory r = _next();
        bytes32 id = code.releaseIdOf(repository, r.version);
        bytes memory signature = _sign(STRANGER_KEY, address(code), Typed.hash(r));
        vm.expectEmit(true, true, true, true, address(code));
        emit ICodeRegistry.ReleasePublished(id, repository, r.version, r.sourceDigest, r.uri, r.license, stranger);
        code.publish(r, signature);
    }

    function test_a_dismissed_delegate_signs_no_more() public {
        _delegate(stranger, true);
        vm.expectEmit(true, true, true, true, address(code));
        emit ICodeRegistry.DelegateSet(repository, stranger, false);
        vm.prank(coder);
        code.setDelegate(repository, stranger, false);
        _refused(_next(), STRANGER_KEY, abi.encodeWithSelector(ICodeRegistry.SignerNotOwner.selector, coder));
    }

    function test_delegates_are_forgotten_when_the_nft_moves_even_if_it_comes_back() public {
        _delegate(stranger, true);
        _transfer(address(code), coder, publisher, repository);
        assertTrue(!code.isDelegate(repository, stranger), "after the move");
        _transfer(address(code), publisher, coder, repository);
        assertTrue(!code.isDelegate(repository, stranger), "after the return");
        _refused(_next(), STRANGER_KEY, abi.encodeWithSelector(ICodeRegistry.SignerNotOwner.selector, coder));
    }

    function test_naming_nobody_a_delegate_lets_no_malformed_signature_pass() public {
        _delegate(address(0), true);
        Release memory r = _next();
        vm.expectRevert(abi.encodeWithSelector(ICodeRegistry.SignerNotOwner.selector, coder));
        code.publish(r, hex"00");
    }

    function test_a_delegate_owns_nothing() public {
        _delegate(stranger, true);
        _refusesStranger(abi.encodeCall(ICodeRegistry.setPayee, (repository, stranger)));
        _refusesStranger(abi.encodeCall(ICodeRegistry.setDelegate, (repository, stranger, true)));
        _refusesStranger(abi.encodeCall(ICodeRegistry.revoke, (releaseId, "")));
        _refusesStranger(abi.encodeCall(ICodeRegistry.supersede, (releaseId, releaseId)));
    }

    // --------------------------------------------------------------------- payee

    function test_what_was_not_paid_yet_follows_the_payee() public {
        _credit(releaseId, 100);
        pool.pull(releaseId, 0);
        vm.expectEmit(true, true, true, true, address(code));
        emit ICodeRegistry.PayeeSet(repository, address(0xB));
        vm.prank(coder);
        code.setPayee(repository, address(0xB));
        pool.pay(releaseId);
        assertEq(token.balanceOf(address(0xB)), 100, "paid");
    }

    function test_a_payee_is_somebody() public {
        vm.prank(coder);
        vm.expectRevert(ICodeRegistry.PayeeZero.selector);
        code.setPayee(repository, address(0));
    }

    function test_selling_the_nft_does_not_move_the_payee() public {
        _transfer(address(code), coder, stranger, repository);
        assertEq(code.payeeOf(releaseId), coder, "until the new owner names another");
    }

    function test_an_unknown_repository_or_release_has_no_owner_to_ask() public {
        vm.expectRevert(abi.encodeWithSelector(ICodeRegistry.RepositoryUnknown.selector, 1));
        code.setPayee(1, coder);
        vm.expectRevert(abi.encodeWithSelector(ICodeRegistry.ReleaseUnknown.selector, keccak256("nowhere")));
        code.revoke(keccak256("nowhere"), "");
        vm.expectRevert(abi.encodeWithSelector(ICodeRegistry.ReleaseUnknown.selector, keccak256("nowhere")));
        code.payeeOf(keccak256("nowhere"));
    }

    // ------------------------------------------------------- superseding, revoking

    function test_a_later_release_replaces_an_earlier_one() public {
        bytes32 next = _publish(_next());
        vm.expectEmit(true, true, true, true, address(code));
        emit ICodeRegistry.ReleaseSuperseded(releaseId, next);
        vm.prank(coder);
        code.supersede(releaseId, next);
        assertEq(code.releaseOf(releaseId).supersededBy, next, "link");
    }

    function test_links_between_releases_cannot_go_round() public {
        bytes32 next = _publish(_next()); // in the same second
        vm.startPrank(coder);
        vm.expectRevert(abi.encodeWithSelector(ICodeRegistry.SupersededByItself.selector, next));
        code.supersede(next, next);
        vm.expectRevert(abi.encodeWithSelector(ICodeRegistry.SupersededByOlder.selector, next, releaseId));
        code.supersede(next, releaseId);
        vm.stopPrank();
    }

    function test_a_foreign_or_unknown_release_replaces_nothing() public {
        vm.prank(coder);
        uint256 other = code.createRepository("other", coder);
        Release memory r = _next();
        r.repository = other;
        bytes32 foreign = _publish(r);
        vm.startPrank(coder);
        vm.expectRevert(abi.encodeWithSelector(ICodeRegistry.ForeignRelease.selector, foreign, repository));
        code.supersede(releaseId, foreign);
        vm.expectRevert(abi.encodeWithSelector(ICodeRegistry.ReleaseUnknown.selector, keccak256("nowhere")));
        code.supersede(releaseId, keccak256("nowhere"));
        vm.stopPrank();
    }

    function test_a_revoked_release_says_so_once_and_keeps_earning() public {
        _credit(releaseId, 10);
        vm.startPrank(coder);
        vm.expectEmit(true, true, true, true, address(code));
        emit ICodeRegistry.ReleaseRevoked(releaseId, "unsafe");
        code.revoke(releaseId, "unsafe");
        assertTrue(code.releaseOf(releaseId).revoked, "revoked");
        vm.expectRevert(abi.encodeWithSelector(ICodeRegistry.ReleaseRevokedAlready.selector, releaseId));
        code.revoke(releaseId, "unsafe");
        vm.stopPrank();
        assertEq(pool.pull(releaseId, 0), 10, "earned");
    }

    function _next() private view returns (Release memory r) {
        r = _release("2.0.0");
        r.upstream = _edges(releaseId, 2);
    }

    function _delegate(address account, bool allowed) private {
        vm.prank(coder);
        code.setDelegate(repository, account, allowed);
    }

    function _owner(uint256 id) private view returns (address) {
        return IERC721(address(code)).ownerOf(id);
    }

    function _refused(Release memory r, uint256 key, bytes memory reason) private {
        bytes memory signature = _sign(key, address(code), Typed.hash(r));
        vm.expectRevert(reason);
        code.publish(r, signature);
    }

    function _refusesStranger(bytes memory call) private {
        vm.prank(stranger);
        (bool ok, bytes memory reason) = address(code).call(call);
        assertTrue(!ok, "refused");
        assertEq(
            reason, abi.encodeWithSelector(ICodeRegistry.NotTheOwner.selector, repository, coder, stranger), "reason"
        );
    }
}
