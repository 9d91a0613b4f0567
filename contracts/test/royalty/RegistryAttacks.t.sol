// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";

import {ICodeRegistry} from "../../src/interfaces/ICodeRegistry.sol";
import {IContainerRegistry} from "../../src/interfaces/IContainerRegistry.sol";
import {Edge, Image, Release} from "../../src/interfaces/Types.sol";
import {Typed} from "../Typed.sol";
import {vm} from "../Vm.sol";
import {Registries} from "./Registries.sol";
import {GreedyReceiver, Wallet} from "./Wallet.sol";

/// @title Attacks on code and images, each by its name
contract RegistryAttacksTest is Registries {
    bytes32 private constant OTHER = keccak256("other manifest");

    // ------------------------------------------------------------------ squatting

    /// @notice Whoever mints a digest first has its NFT. The manifest names its publisher and components hash, the NFT
    /// says otherwise, and so committee and agents do not run it: the record shows them the difference.
    function test_attack_digest_squatting() public {
        Image memory genuine = _image(OTHER, "web");
        bytes32 annotation = images.componentsHashOf(genuine); // in the manifest, before its digest is known
        Image memory squat = _image(OTHER, "web");
        squat.publisher = stranger;
        squat.components = new Edge[](0);
        images.mint(squat, _sign(STRANGER_KEY, address(images), Typed.hash(squat)));

        bytes memory signature = _sign(PUBLISHER_KEY, address(images), Typed.hash(genuine));
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.ImageKnown.selector, OTHER));
        images.mint(genuine, signature);
        IContainerRegistry.ImageRecord memory record = images.imageOf(OTHER);
        assertTrue(record.publisher != publisher, "not the publisher of the manifest");
        assertTrue(record.componentsHash != annotation, "not the components of the manifest");
    }

    /// @notice Even one who copies the weights cannot copy the publisher.
    function test_attack_digest_squatting_with_the_same_components() public {
        Image memory squat = _image(OTHER, "web");
        squat.publisher = stranger;
        images.mint(squat, _sign(STRANGER_KEY, address(images), Typed.hash(squat)));
        assertEq(images.imageOf(OTHER).componentsHash, images.componentsHashOf(_image(OTHER, "web")), "copied");
        assertEq(images.imageOf(OTHER).publisher, stranger, "but in their own name");
        Image memory forged = _image(keccak256("third"), "web");
        bytes memory signature = _sign(STRANGER_KEY, address(images), Typed.hash(forged));
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.SignerNotPublisher.selector, publisher));
        images.mint(forged, signature);
    }

    /// @notice An image without its authors cannot ask less than the floor, and what it assigns to nobody goes to the
    /// commons: its user pays as much, and gets nothing back.
    function testFuzz_attack_stripped_re_mint_costs_no_less(uint128 charge, uint16 below) public {
        charge = uint128(bound(charge, 1, 1e24));
        Image memory stripped = _image(OTHER, "web");
        stripped.components = new Edge[](0);
        stripped.selfWeight = 0;
        stripped.royaltyBps = uint16(bound(below, 0, 199));
        bytes memory signature = _sign(PUBLISHER_KEY, address(images), Typed.hash(stripped));
        vm.expectRevert(
            abi.encodeWithSelector(IContainerRegistry.RoyaltyOutOfRange.selector, stripped.royaltyBps, 200, 2_000)
        );
        images.mint(stripped, signature);

        stripped.royaltyBps = 200;
        _mint(stripped);
        bytes32 node = images.nodeOf(OTHER);
        _credit(node, charge);
        pool.pull(node, 0);
        assertEq(pool.pay(0), charge, "all of it");
        assertEq(token.balanceOf(TREASURY), charge, "to the commons");
        assertEq(pool.accountOf(node), 0, "nothing to whoever stripped it");
    }

    // ------------------------------------------------------- replay, malleability

    function test_attack_replay_of_an_image_on_another_contract() public {
        IContainerRegistry other = _newImages();
        pool.authoriseRegistry(address(other));
        Image memory i = _image(OTHER, "web");
        bytes memory signature = _sign(PUBLISHER_KEY, address(images), Typed.hash(i));
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.SignerNotPublisher.selector, publisher));
        other.mint(i, signature);
    }

    function test_attack_replay_of_an_image_on_another_chain() public {
        Image memory i = _image(OTHER, "web");
        bytes memory signature = _sign(PUBLISHER_KEY, address(images), Typed.hash(i));
        vm.chainId(block.chainid + 1);
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.SignerNotPublisher.selector, publisher));
        images.mint(i, signature);
    }

    function test_attack_replay_of_a_release_on_another_contract_and_chain() public {
        Release memory r = _release("2.0.0");
        bytes memory foreign = _sign(CODER_KEY, address(images), Typed.hash(r));
        vm.expectRevert(abi.encodeWithSelector(ICodeRegistry.SignerNotOwner.selector, coder));
        code.publish(r, foreign);
        bytes memory signature = _sign(CODER_KEY, address(code), Typed.hash(r));
        vm.chainId(block.chainid + 1);
        vm.expectRevert(abi.encodeWithSelector(ICodeRegistry.SignerNotOwner.selector, coder));
        code.publish(r, signature);
    }

    function test_attack_replay_of_a_release_that_is_published() public {
        Release memory r = _release("2.0.0");
        bytes memory signature = _sign(CODER_KEY, address(code), Typed.hash(r));
        bytes32 id = code.publish(r, signature);
        vm.expectRevert(abi.encodeWithSelector(ICodeRegistry.ReleaseKnown.selector, id));
        code.publish(r, signature);
    }

    function testFuzz_attack_signature_malleability(string calldata version, bytes32 digest) public {
        vm.assume(bytes(version).length > 0 && keccak256(bytes(version)) != keccak256("1.0.0"));
        vm.assume(digest != 0 && digest != DIGEST);
        Release memory r = _release(version);
        bytes memory twin = _malleated(_sign(CODER_KEY, address(code), Typed.hash(r)));
        vm.expectRevert(abi.encodeWithSelector(ICodeRegistry.SignerNotOwner.selector, coder));
        code.publish(r, twin);
        Image memory i = _image(digest, "web");
        twin = _malleated(_sign(PUBLISHER_KEY, address(images), Typed.hash(i)));
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.SignerNotPublisher.selector, publisher));
        images.mint(i, twin);
    }

    // ------------------------------------------------------------ lying wallets

    function test_a_contract_wallet_owns_and_publishes_without_knowing_nft_hooks() public {
        Wallet wallet = new Wallet();
        Release memory r = _releaseOf(wallet);
        wallet.accept(Typed.digest(address(code), Typed.hash(r)));
        assertTrue(code.releaseExists(code.publish(r, "")), "published");
        Image memory i = _imageOf(wallet);
        wallet.accept(Typed.digest(address(images), Typed.hash(i)));
        images.mint(i, "");
        assertEq(IERC721(address(images)).ownerOf(uint256(OTHER)), address(wallet), "minted without a hook");
    }

    function test_attack_lying_erc1271_wallets() public {
        _refusesLie(abi.encode(uint256(1))); // true
        _refusesLie(abi.encodePacked(Wallet.isValidSignature.selector)); // four bytes, no word
        _refusesLie(abi.encodePacked(Wallet.isValidSignature.selector, bytes28(uint224(1)))); // dirty rest
        _refusesLie(new bytes(32));
    }

    function test_attack_returndata_bomb_by_a_wallet() public {
        uint256 before = gasleft();
        _refusesLie(new bytes(6_000)); // as long as it can answer within its gas
        assertTrue(before - gasleft() < 30_000_000, "bounded");
    }

    function test_attack_a_wallet_that_burns_all_gas() public {
        Wallet wallet = new Wallet();
        Image memory i = _imageOf(wallet);
        wallet.burn();
        uint256 before = gasleft();
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.SignerNotPublisher.selector, address(wallet)));
        images.mint(i, "");
        assertTrue(before - gasleft() < 500_000, "whoever relays it loses little");
    }

    // --------------------------------------------------------------- re-entrancy

    /// @notice A safe transfer asks the receiver only after the NFT and its delegates have moved, so all that the
    /// receiver can do is what an owner may do after it.
    function test_attack_reentry_through_the_receivers_hook() public {
        GreedyReceiver receiver = new GreedyReceiver(code, stranger);
        vm.prank(coder);
        code.setDelegate(repository, publisher, true);
        vm.prank(coder);
        IERC721(address(code)).safeTransferFrom(coder, address(receiver), repository);
        assertTrue(receiver.wasOwner(), "owner in its hook");
        assertEq(IERC721(address(code)).ownerOf(repository), stranger, "and handed on");
        assertTrue(!code.isDelegate(repository, publisher), "no former delegate");
        assertTrue(!code.isDelegate(repository, stranger), "nor one named in the hook");
    }

    // ------------------------------------------------------------ unbounded loops

    function test_attack_64_components_mint_within_bounds() public {
        Image memory i = _image(OTHER, "wide");
        i.components = new Edge[](64);
        for (uint256 k = 0; k < 64; ++k) {
            i.components[k] = Edge({node: releaseId, weight: uint16(k + 1)});
        }
        bytes memory signature = _sign(PUBLISHER_KEY, address(images), Typed.hash(i));
        uint256 before = gasleft();
        images.mint(i, signature);
        assertTrue(before - gasleft() < 1_500_000, "bounded");
    }

    function _refusesLie(bytes memory answer) private {
        Wallet wallet = new Wallet();
        wallet.lie(answer);
        Image memory i = _image(keccak256(answer), "of a wallet");
        i.publisher = address(wallet);
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.SignerNotPublisher.selector, address(wallet)));
        images.mint(i, "");
    }

    function _releaseOf(Wallet wallet) private returns (Release memory r) {
        r = _release("1.0.0");
        r.repository = wallet.createRepository(code, "lib");
    }

    function _imageOf(Wallet wallet) private view returns (Image memory i) {
        i = _image(OTHER, "of a wallet");
        i.publisher = address(wallet);
    }
}
