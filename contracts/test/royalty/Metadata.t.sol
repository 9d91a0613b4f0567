// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721Metadata} from "@openzeppelin/contracts/interfaces/IERC721Metadata.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

import {vm} from "../Vm.sol";
import {Registries} from "./Registries.sol";

/// @title What an NFT says of itself, on chain
contract MetadataTest is Registries {
    function test_a_repository_says_its_newest_release() public view {
        string memory json = string.concat(
            '{"name":"lib","description":"A source code repository; its releases earn royalties.","payee":"',
            Strings.toChecksumHexString(coder),
            '","releases":1,"newest":{"version":"1.0.0","uri":"git+https://code.example/lib","license":"MIT",',
            '"sourceDigest":"',
            Strings.toHexString(uint256(keccak256("source")), 32),
            '","publishedAt":1700000000,"revoked":false}}'
        );
        _says(address(code), repository, json);
    }

    function test_a_repository_without_releases_says_so() public {
        vm.prank(stranger);
        uint256 id = code.createRepository("tool", TREASURY);
        _says(
            address(code),
            id,
            string.concat(
                '{"name":"tool","description":"A source code repository; its releases earn royalties.","payee":"',
                Strings.toChecksumHexString(TREASURY),
                '","releases":0}'
            )
        );
    }

    function test_a_repositorys_text_follows_its_releases() public {
        _publish(_release("2.0.0"));
        vm.startPrank(coder);
        code.revoke(code.releaseIdOf(repository, "2.0.0"), "unsafe");
        code.setPayee(repository, TREASURY);
        vm.stopPrank();
        string memory json = _json(address(code), repository);
        assertEq(vm.parseJsonUint(json, ".releases"), 2, "releases");
        assertEq(bytes(vm.parseJsonString(json, ".newest.version")), "2.0.0", "newest");
        assertEq(bytes(vm.parseJsonString(json, ".payee")), bytes(Strings.toChecksumHexString(TREASURY)), "payee");
        assertTrue(vm.parseJsonBool(json, ".newest.revoked"), "revoked");
    }

    function test_an_image_says_what_it_is() public {
        string memory before = string.concat(
            '{"name":"web","description":"A container image; running it pays the code inside.","digest":"',
            Strings.toHexString(uint256(DIGEST), 32),
            '","publisher":"',
            Strings.toChecksumHexString(publisher),
            '","royaltyBps":500,"revoked":'
        );
        _says(address(images), uint256(DIGEST), string.concat(before, 'false,"malicious":false}'));
        vm.prank(publisher);
        images.revoke(DIGEST, "");
        vm.prank(GUARDIAN);
        images.markMalicious(DIGEST, "");
        _says(address(images), uint256(DIGEST), string.concat(before, 'true,"malicious":true}'));
    }

    function test_an_unknown_token_says_nothing() public {
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 1));
        IERC721Metadata(address(code)).tokenURI(1);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 1));
        IERC721Metadata(address(images)).tokenURI(1);
    }

    /// @notice A name of any printable and control characters comes back from a JSON reader as it was given.
    function testFuzz_attack_a_name_cannot_break_out_of_its_text(bytes calldata raw, bytes32 digest) public {
        vm.assume(digest != 0 && digest != DIGEST);
        bytes memory name = raw.length > 96 ? bytes(raw[:96]) : bytes(raw);
        for (uint256 i = 0; i < name.length; ++i) {
            name[i] = name[i] & 0x7f;
            if (i % 3 == 0) name[i] = i % 2 == 0 ? bytes1('"') : bytes1("\\");
        }
        _mint(_image(digest, string(name)));
        string memory json = _json(address(images), uint256(digest));
        assertEq(bytes(vm.parseJsonString(json, ".name")), name, "name");
        assertEq(vm.parseJsonUint(json, ".royaltyBps"), 500, "what follows it");
    }

    function _json(address registry, uint256 id) private view returns (string memory) {
        bytes memory uri = bytes(IERC721Metadata(registry).tokenURI(id));
        bytes memory text = new bytes(uri.length - 29);
        for (uint256 i = 0; i < text.length; ++i) {
            text[i] = uri[29 + i]; // after `data:application/json;base64,`
        }
        return string(Base64.decode(string(text)));
    }

    function _says(address registry, uint256 id, string memory json) private view {
        string memory wanted = string.concat("data:application/json;base64,", Base64.encode(bytes(json)));
        assertEq(bytes(IERC721Metadata(registry).tokenURI(id)), bytes(wanted), json);
    }
}
