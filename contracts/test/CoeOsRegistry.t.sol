// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICoeOsRegistry} from "../src/interfaces/ICoeOsRegistry.sol";
import {vm} from "./Vm.sol";
import {Registries} from "./royalty/Registries.sol";
import {Wallet} from "./royalty/Wallet.sol";

contract CoeOsRegistryTest is Registries {
    bytes32 private constant ROOT = keccak256("root hash");
    bytes32 private constant MANIFEST = keccak256("os manifest");

    function test_a_host_image_is_kept_under_a_derived_id() public {
        bytes32 id = keccak256(abi.encode(block.chainid, address(os), coder, ROOT, MANIFEST));
        bytes memory signature = _signed(CODER_KEY, address(os));
        vm.expectEmit(true, true, true, true, address(os));
        emit ICoeOsRegistry.OsImagePublished(id, coder, ROOT, MANIFEST, "stable", "1.2");
        vm.prank(stranger); // anybody may send what the signer signed
        assertEq(os.publish(coder, ROOT, MANIFEST, "stable", "1.2", signature), id, "id");
        assertEq(os.osImageIdOf(coder, ROOT, MANIFEST), id, "view");
        assertTrue(os.isUsable(id), "usable");

        ICoeOsRegistry.OsImage memory image = os.osImageOf(id);
        assertEq(image.signer, coder, "signer");
        assertEq(image.publishedAt, START, "time");
        assertEq(image.revokedAt, 0, "not revoked");
        assertEq(image.rootHash, ROOT, "root");
        assertEq(image.manifestDigest, MANIFEST, "manifest");
        assertEq(bytes(image.channel), "stable", "channel");
        assertEq(bytes(image.version), "1.2", "version");
    }

    function test_a_host_image_is_published_once() public {
        bytes32 id = _publishOs();
        vm.expectRevert(abi.encodeWithSelector(ICoeOsRegistry.OsImageKnown.selector, id));
        os.publish(coder, ROOT, MANIFEST, "stable", "1.2", "");
    }

    function test_a_host_image_says_all_of_what_it_is() public {
        vm.expectRevert(ICoeOsRegistry.RootHashZero.selector);
        os.publish(coder, 0, MANIFEST, "stable", "1.2", "");
        vm.expectRevert(ICoeOsRegistry.DigestZero.selector);
        os.publish(coder, ROOT, 0, "stable", "1.2", "");
        vm.expectRevert(ICoeOsRegistry.ChannelEmpty.selector);
        os.publish(coder, ROOT, MANIFEST, "", "1.2", "");
        vm.expectRevert(ICoeOsRegistry.VersionEmpty.selector);
        os.publish(coder, ROOT, MANIFEST, "stable", "", "");
    }

    function test_only_its_signer_signs() public {
        _refused(coder, _signed(STRANGER_KEY, address(os)));
        _refused(address(0), hex"00");
    }

    function test_a_contract_wallet_signs_by_erc1271() public {
        Wallet wallet = new Wallet();
        bytes32 digest = _digest(address(wallet), address(os), block.chainid);
        _refused(address(wallet), "");
        wallet.accept(digest);
        os.publish(address(wallet), ROOT, MANIFEST, "stable", "1.2", "");
    }

    function testFuzz_any_change_after_signing_breaks_the_signature(
        bytes32 root,
        bytes32 manifest,
        string calldata version
    ) public {
        vm.assume(root != 0 && manifest != 0 && bytes(version).length > 0);
        vm.assume(root != ROOT || manifest != MANIFEST || keccak256(bytes(version)) != keccak256("1.2"));
        bytes memory signature = _signed(CODER_KEY, address(os));
        vm.expectRevert(abi.encodeWithSelector(ICoeOsRegistry.SignerMismatch.selector, coder));
        os.publish(coder, root, manifest, "stable", version, signature);
    }

    // ------------------------------------------------------------------ revoking

    function test_its_signer_or_a_guard_revokes_for_ever() public {
        bytes32 id = _publishOs();
        vm.warp(START + 5);
        vm.expectEmit(true, true, true, true, address(os));
        emit ICoeOsRegistry.OsImageRevoked(id, coder, "unsafe");
        vm.prank(coder);
        os.revoke(id, "unsafe");
        assertTrue(!os.isUsable(id), "not usable");
        assertEq(os.osImageOf(id).revokedAt, START + 5, "time");
        vm.expectRevert(abi.encodeWithSelector(ICoeOsRegistry.OsImageRevokedAlready.selector, id));
        vm.prank(GUARDIAN);
        os.revoke(id, "again");
    }

    function test_a_guard_revokes_what_another_signed() public {
        bytes32 id = _publishOs();
        vm.prank(GUARDIAN);
        os.revoke(id, "unsafe");
        assertTrue(!os.isUsable(id), "not usable");
    }

    function test_a_stranger_revokes_nothing() public {
        bytes32 id = _publishOs();
        vm.expectRevert(abi.encodeWithSelector(ICoeOsRegistry.MayNotRevoke.selector, stranger));
        vm.prank(stranger);
        os.revoke(id, "");
    }

    function test_an_unknown_host_image_is_not_usable_and_not_revoked() public {
        assertTrue(!os.isUsable(ROOT), "not usable");
        assertEq(os.osImageOf(ROOT).publishedAt, 0, "empty record");
        vm.expectRevert(abi.encodeWithSelector(ICoeOsRegistry.OsImageUnknown.selector, ROOT));
        vm.prank(GUARDIAN);
        os.revoke(ROOT, "");
    }

    // ------------------------------------------------------------------- attacks

    function test_attack_replay_of_a_host_image_on_another_contract() public {
        _refused(coder, _signed(CODER_KEY, address(images)));
    }

    function test_attack_replay_of_a_host_image_on_another_chain() public {
        bytes memory signature = _signed(CODER_KEY, address(os));
        vm.chainId(block.chainid + 1);
        _refused(coder, signature);
    }

    function test_attack_malleated_signature_of_a_host_image() public {
        _refused(coder, _malleated(_signed(CODER_KEY, address(os))));
    }

    /// @notice A build is public before it is published here: whoever has seen it may sign it too, as their own image only.
    function test_attack_a_stranger_publishes_a_makers_build_first() public {
        bytes memory squatting = _signDigest(STRANGER_KEY, _digest(stranger, address(os), block.chainid));
        vm.prank(stranger);
        bytes32 squatted = os.publish(stranger, ROOT, MANIFEST, "stable", "1.2", squatting);

        bytes32 id = _publishOs();
        assertTrue(id != squatted, "the maker's image has an id of its own");
        assertEq(os.osImageOf(id).signer, coder, "and names the maker");

        vm.prank(stranger);
        os.revoke(squatted, "a stranger's");
        assertTrue(os.isUsable(id), "a stranger's revocation is of the stranger's image");
        vm.expectRevert(abi.encodeWithSelector(ICoeOsRegistry.MayNotRevoke.selector, stranger));
        vm.prank(stranger);
        os.revoke(id, "a maker's");
    }

    function _publishOs() private returns (bytes32) {
        return os.publish(coder, ROOT, MANIFEST, "stable", "1.2", _signed(CODER_KEY, address(os)));
    }

    function _signed(uint256 key, address verifier) private view returns (bytes memory) {
        return _signDigest(key, _digest(coder, verifier, block.chainid));
    }

    function _digest(address signer, address verifier, uint256 chain) private pure returns (bytes32) {
        bytes32 typeHash =
            keccak256("OsImage(address signer,bytes32 rootHash,bytes32 manifestDigest,string channel,string version)");
        bytes32 structHash =
            keccak256(abi.encode(typeHash, signer, ROOT, MANIFEST, keccak256("stable"), keccak256("1.2")));
        bytes32 domainType =
            keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        bytes32 domain = keccak256(abi.encode(domainType, keccak256("Dweb"), keccak256("1"), chain, verifier));
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function _refused(address signer, bytes memory signature) private {
        vm.expectRevert(abi.encodeWithSelector(ICoeOsRegistry.SignerMismatch.selector, signer));
        os.publish(signer, ROOT, MANIFEST, "stable", "1.2", signature);
    }
}
