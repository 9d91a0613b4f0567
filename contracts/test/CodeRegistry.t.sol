// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICodeRegistry} from "../src/interfaces/ICodeRegistry.sol";
import {IRoyaltyPool} from "../src/interfaces/IRoyaltyPool.sol";
import {Edge, Release} from "../src/interfaces/Types.sol";
import {Typed} from "./Typed.sol";
import {vm} from "./Vm.sol";
import {World} from "./World.sol";

contract CodeRegistryTest is World {
    function test_a_repository_is_minted_to_its_creator_under_a_derived_id() public {
        uint256 id = uint256(keccak256(abi.encode(block.chainid, address(code), stranger, keccak256(bytes("tool")))));
        vm.expectEmit(true, true, true, true, address(code));
        emit ICodeRegistry.RepositoryCreated(id, stranger, "tool", treasury);
        vm.prank(stranger);
        assertEq(code.createRepository("tool", treasury), id, "id");
        assertEq(code.ownerOf(id), stranger, "owner");
        assertEq(code.repositoryIdOf(stranger, "tool"), id, "view");
    }

    function test_two_owners_may_use_one_name() public {
        vm.prank(stranger);
        assertTrue(code.createRepository("lib", stranger) != repository, "ids differ");
    }

    function test_a_repository_is_created_once() public {
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

    function test_a_version_is_published_once() public {
        Release memory r = _release();
        _refused(r, CODER_KEY, abi.encodeWithSelector(ICodeRegistry.ReleaseKnown.selector, releaseId));
    }

    function test_a_release_needs_its_repository() public {
        Release memory r = _next();
        r.repository = 1;
        _refused(r, CODER_KEY, abi.encodeWithSelector(ICodeRegistry.RepositoryUnknown.selector, 1));
    }

    function test_a_release_needs_a_version() public {
        Release memory r = _next();
        r.version = "";
        _refused(r, CODER_KEY, abi.encodeWithSelector(ICodeRegistry.VersionEmpty.selector));
    }

    function test_a_release_needs_a_licence() public {
        Release memory r = _next();
        r.license = "";
        _refused(r, CODER_KEY, abi.encodeWithSelector(ICodeRegistry.LicenseEmpty.selector));
    }

    function test_a_release_needs_a_source() public {
        Release memory r = _next();
        r.sourceDigest = 0;
        _refused(r, CODER_KEY, abi.encodeWithSelector(ICodeRegistry.SourceDigestZero.selector));
    }

    function test_only_the_owner_signs_a_release() public {
        _refused(_next(), STRANGER_KEY, abi.encodeWithSelector(ICodeRegistry.SignerNotOwner.selector, coder));
    }

    function test_the_new_owner_signs_after_a_transfer() public {
        vm.prank(coder);
        code.transferFrom(coder, stranger, repository);
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

    function test_upstream_must_exist() public {
        Release memory r = _next();
        r.upstream[0].node = keccak256("nowhere");
        _refused(r, CODER_KEY, abi.encodeWithSelector(IRoyaltyPool.NodeUnknown.selector, keccak256("nowhere")));
    }

    function test_an_unknown_node_has_no_payee() public {
        vm.expectRevert(abi.encodeWithSelector(ICodeRegistry.RepositoryUnknown.selector, 0));
        code.payeeOf(keccak256("nowhere"));
    }

    function _next() private view returns (Release memory r) {
        r = _release();
        r.version = "2.0.0";
        r.upstream = new Edge[](1);
        r.upstream[0] = Edge({node: releaseId, weight: 2});
    }

    function _refused(Release memory r, uint256 key, bytes memory reason) private {
        bytes memory signature = _sign(key, address(code), Typed.hash(r));
        vm.expectRevert(reason);
        code.publish(r, signature);
    }
}
