// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {ICodeRegistry} from "./interfaces/ICodeRegistry.sol";
import {IContainerRegistry} from "./interfaces/IContainerRegistry.sol";
import {INodePayees} from "./interfaces/INodePayees.sol";
import {IRoyaltyPool} from "./interfaces/IRoyaltyPool.sol";
import {Image} from "./interfaces/Types.sol";
import {EdgeHashing} from "./signing/EdgeHashing.sol";
import {Signatures} from "./signing/Signatures.sol";

/// @title Container images as NFTs (CNFTS): a token a manifest digest, naming the code inside and its weights
/// @notice token id = uint256(manifestDigest); royalty node = keccak256(abi.encode(chainId, this, manifestDigest)).
/// @dev Anybody may mint any digest first, in their own name. That gains nothing: manifests are annotated with their
/// publisher and components hash, and committee and agents refuse an image whose NFT says otherwise.
contract ContainerRegistry is IContainerRegistry, INodePayees, ERC721, EIP712 {
    /// @inheritdoc IContainerRegistry
    uint16 public constant ROYALTY_FLOOR_BPS = 200;
    /// @inheritdoc IContainerRegistry
    uint16 public constant ROYALTY_CAP_BPS = 2_000;
    /// @notice The most components an image may name.
    uint256 public constant MOST_COMPONENTS = 32;

    ICodeRegistry public immutable CODE;
    IRoyaltyPool public immutable POOL;

    mapping(bytes32 manifestDigest => ImageRecord) private _images;
    mapping(bytes32 node => bytes32 manifestDigest) private _digestOf;

    constructor(ICodeRegistry code, IRoyaltyPool pool) ERC721("Dweb Container", "CNFTS") EIP712("Dweb", "1") {
        CODE = code;
        POOL = pool;
    }

    /// @inheritdoc IContainerRegistry
    function mint(Image calldata image, bytes calldata signature) external returns (uint256 tokenId) {
        bytes32 digest = image.manifestDigest;
        if (digest == bytes32(0)) revert DigestZero();
        if (_images[digest].minted) revert ImageKnown(digest);
        if (image.royaltyBps < ROYALTY_FLOOR_BPS || image.royaltyBps > ROYALTY_CAP_BPS) {
            revert RoyaltyOutOfRange(image.royaltyBps, ROYALTY_FLOOR_BPS, ROYALTY_CAP_BPS);
        }
        if (image.components.length > MOST_COMPONENTS) {
            revert TooManyComponents(image.components.length, MOST_COMPONENTS);
        }
        for (uint256 i = 0; i < image.components.length; ++i) {
            bytes32 component = image.components[i].node;
            if (!CODE.releaseExists(component)) revert ComponentUnknown(component);
        }
        if (!Signatures.isValid(image.publisher, _hashTypedDataV4(EdgeHashing.hash(image)), signature)) {
            revert SignerNotPublisher(image.publisher);
        }

        tokenId = uint256(digest);
        bytes32 node = _nodeOf(digest);
        bytes32 componentsHash = EdgeHashing.componentsHash(image);
        _images[digest] = ImageRecord({
            minted: true,
            revoked: false,
            malicious: false,
            royaltyBps: image.royaltyBps,
            publisher: image.publisher,
            componentsHash: componentsHash,
            node: node,
            name: image.name
        });
        _digestOf[node] = digest;
        _mint(image.publisher, tokenId);
        emit ImageMinted(digest, image.publisher, image.name, image.royaltyBps, componentsHash, node);
        POOL.defineNode(node, image.components, image.selfWeight);
    }

    /// @inheritdoc IContainerRegistry
    /// @dev Answers an empty record, `minted` false, for a digest without an NFT.
    function imageOf(bytes32 manifestDigest) external view returns (ImageRecord memory) {
        return _images[manifestDigest];
    }

    /// @inheritdoc IContainerRegistry
    function componentsHashOf(Image calldata image) external pure returns (bytes32) {
        return EdgeHashing.componentsHash(image);
    }

    /// @inheritdoc IContainerRegistry
    function nodeOf(bytes32 manifestDigest) external view returns (bytes32) {
        if (!_images[manifestDigest].minted) revert ImageUnknown(manifestDigest);
        return _images[manifestDigest].node;
    }

    /// @inheritdoc IContainerRegistry
    /// @dev Whoever owns the image's NFT today.
    function payeeOf(bytes32 node) external view override(IContainerRegistry, INodePayees) returns (address) {
        bytes32 digest = _digestOf[node];
        if (digest == bytes32(0)) revert ImageUnknown(digest);
        return ownerOf(uint256(digest));
    }

    function _nodeOf(bytes32 manifestDigest) private view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), manifestDigest));
    }
}
