// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";
import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";

import {ICodeRegistry} from "../../src/interfaces/ICodeRegistry.sol";
import {ICoeOsRegistry} from "../../src/interfaces/ICoeOsRegistry.sol";
import {IContainerRegistry} from "../../src/interfaces/IContainerRegistry.sol";
import {IRoyaltyPool} from "../../src/interfaces/IRoyaltyPool.sol";
import {Edge, Image, Release} from "../../src/interfaces/Types.sol";
import {Asserts} from "../Asserts.sol";
import {Typed} from "../Typed.sol";
import {vm} from "../Vm.sol";
import {SettingsDouble} from "./SettingsDouble.sol";

/// @title The pool and the registries over it, with one repository, one release and one image
/// @dev This contract is the pool's governor and holds the tokens.
abstract contract Registries is Asserts {
    uint256 internal constant CODER_KEY = 0x1004;
    uint256 internal constant PUBLISHER_KEY = 0x1005;
    uint256 internal constant STRANGER_KEY = 0x1007;
    uint256 internal constant START = 1_700_000_000;
    uint64 internal constant CHANNEL_DELAY = 100;
    bytes32 internal constant DIGEST = keccak256("manifest");
    address internal constant TREASURY = address(0x7EA5);
    address internal constant GUARDIAN = address(0x6A5D);

    address internal coder = vm.addr(CODER_KEY);
    address internal publisher = vm.addr(PUBLISHER_KEY);
    address internal stranger = vm.addr(STRANGER_KEY);

    IERC20 internal token;
    SettingsDouble internal settings;
    IRoyaltyPool internal pool;
    ICodeRegistry internal code;
    IContainerRegistry internal images;
    ICoeOsRegistry internal os;
    uint256 internal repository;
    bytes32 internal releaseId;

    function setUp() public virtual {
        vm.warp(START);
        token = IERC20(vm.deployCode("DwebToken.sol:DwebToken", abi.encode(address(this))));
        settings = new SettingsDouble();
        settings.setGuard(GUARDIAN, true);
        pool = IRoyaltyPool(vm.deployCode("RoyaltyPool.sol:RoyaltyPool", abi.encode(token, TREASURY, address(this))));
        code = ICodeRegistry(vm.deployCode("CodeRegistry.sol:CodeRegistry", abi.encode(pool)));
        images = _newImages();
        os = ICoeOsRegistry(vm.deployCode("CoeOsRegistry.sol:CoeOsRegistry", abi.encode(settings)));
        pool.authoriseRegistry(address(code));
        pool.authoriseRegistry(address(images));
        token.approve(address(pool), type(uint256).max);

        vm.prank(coder);
        repository = code.createRepository("lib", coder);
        releaseId = _publish(_release("1.0.0"));
        _mint(_image(DIGEST, "web"));
    }

    function _newImages() internal returns (IContainerRegistry) {
        return IContainerRegistry(
            vm.deployCode("ContainerRegistry.sol:ContainerRegistry", abi.encode(code, pool, settings, CHANNEL_DELAY))
        );
    }

    /// @dev Of the one repository, paying only itself.
    function _release(string memory version) internal view returns (Release memory r) {
        r.repository = repository;
        r.version = version;
        r.sourceDigest = keccak256("source");
        r.uri = "git+https://code.example/lib";
        r.license = "MIT";
        r.selfWeight = 1;
    }

    /// @dev Three parts to the release, one to the image's owner.
    function _image(bytes32 digest, string memory name) internal view returns (Image memory i) {
        i.publisher = publisher;
        i.manifestDigest = digest;
        i.name = name;
        i.royaltyBps = 500;
        i.selfWeight = 1;
        i.components = _edges(releaseId, 3);
    }

    function _publish(Release memory r) internal returns (bytes32) {
        return code.publish(r, _sign(CODER_KEY, address(code), Typed.hash(r)));
    }

    function _mint(Image memory i) internal returns (uint256) {
        return images.mint(i, _sign(PUBLISHER_KEY, address(images), Typed.hash(i)));
    }

    function _transfer(address registry, address from, address to, uint256 id) internal {
        vm.prank(from);
        IERC721(registry).transferFrom(from, to, id);
    }

    function _credit(bytes32 node, uint256 amount) internal {
        uint32[] memory indexes = new uint32[](1);
        uint256[] memory amounts = new uint256[](1);
        indexes[0] = pool.indexOf(node);
        amounts[0] = amount;
        pool.credit(indexes, amounts);
    }

    function _edges(bytes32 node, uint16 weight) internal pure returns (Edge[] memory edges) {
        edges = new Edge[](1);
        edges[0] = Edge({node: node, weight: weight});
    }

    function _sign(uint256 key, address verifier, bytes32 structHash) internal view returns (bytes memory) {
        return _signDigest(key, Typed.digest(verifier, structHash));
    }

    function _signDigest(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    /// @dev The other signature that the curve allows for the same key and digest: s' = n - s, v flipped.
    function _malleated(bytes memory signature) internal pure returns (bytes memory) {
        bytes32 r;
        uint256 s;
        assembly ("memory-safe") {
            r := mload(add(signature, 0x20))
            s := mload(add(signature, 0x40))
        }
        uint8 v = uint8(signature[64]) == 27 ? 28 : 27;
        uint256 order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        return abi.encodePacked(r, order - s, v);
    }
}
