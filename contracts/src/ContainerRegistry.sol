// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/interfaces/IERC165.sol";
import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Channels} from "./images/Channels.sol";
import {ICodeRegistry} from "./interfaces/ICodeRegistry.sol";
import {IContainerRegistry} from "./interfaces/IContainerRegistry.sol";
import {INodePayees} from "./interfaces/INodePayees.sol";
import {IProtocolSettings} from "./interfaces/IProtocolSettings.sol";
import {IRoyaltyPool} from "./interfaces/IRoyaltyPool.sol";
import {Edge, Image} from "./interfaces/Types.sol";
import {TokenJson} from "./metadata/TokenJson.sol";
import {EdgeHashing} from "./signing/EdgeHashing.sol";
import {Signatures} from "./signing/Signatures.sol";

/// @title Container images as NFTs (CNFTS): a token a manifest digest, naming the code inside and its weights
/// @notice token id = uint256(manifestDigest); royalty node = keccak256(abi.encode(chainId, this, manifestDigest)).
/// @dev Anybody may mint any digest first, in their own name. That gains nothing: manifests are annotated with their
/// publisher and components hash, and committee and agents refuse an image whose NFT says otherwise.
contract ContainerRegistry is IContainerRegistry, INodePayees, IERC2981, ERC721, EIP712 {
    using Channels for Channel;

    /// @dev One slot but for link and name. Node and components hash are derived: the pool has the components.
    struct Kept {
        address publisher;
        uint32 nodeIndex;
        uint16 royaltyBps;
        bool revoked;
        bool malicious;
        bytes32 supersedes;
        string name;
    }

    /// @notice The most components an image may name.
    uint256 public constant MOST_COMPONENTS = 64;

    bytes32 private constant STABLE = keccak256("stable");
    bytes32 private constant EDGE = keccak256("edge");

    ICodeRegistry public immutable CODE;
    IRoyaltyPool public immutable POOL;
    IProtocolSettings public immutable SETTINGS;
    /// @inheritdoc IContainerRegistry
    uint64 public immutable CHANNEL_DELAY;

    mapping(bytes32 manifestDigest => Kept) private _images;
    mapping(bytes32 node => bytes32 manifestDigest) private _digestOf;
    mapping(bytes32 key => Channel) private _channels;

    /// @param channelDelay seconds from a channel's move until it is in force
    constructor(ICodeRegistry code, IRoyaltyPool pool, IProtocolSettings settings, uint64 channelDelay)
        ERC721("Dweb Container", "CNFTS")
        EIP712("Dweb", "1")
    {
        CODE = code;
        POOL = pool;
        SETTINGS = settings;
        CHANNEL_DELAY = channelDelay;
    }

    /// @inheritdoc IContainerRegistry
    /// @dev Minted without asking the receiver: the question would hand control to the publisher in the middle of a
    /// relayed mint, and a wallet that cannot answer it could not publish.
    function mint(Image calldata image, bytes calldata signature) external returns (uint256 tokenId) {
        bytes32 digest = image.manifestDigest;
        if (digest == bytes32(0)) revert DigestZero();
        if (_isMinted(digest)) revert ImageKnown(digest);
        (uint16 floor, uint16 cap) = SETTINGS.royaltyRange();
        if (image.royaltyBps < floor || image.royaltyBps > cap) revert RoyaltyOutOfRange(image.royaltyBps, floor, cap);
        _requireReleases(image.components);
        (bytes32 structHash, bytes32 componentsHash) = EdgeHashing.hash(image);
        if (!Signatures.isValid(image.publisher, _hashTypedDataV4(structHash), signature)) {
            revert SignerNotPublisher(image.publisher);
        }

        tokenId = uint256(digest);
        bytes32 node = _nodeOf(digest);
        _digestOf[node] = digest;
        Kept storage kept = _images[digest];
        kept.publisher = image.publisher;
        kept.royaltyBps = image.royaltyBps;
        kept.name = image.name;
        _mint(image.publisher, tokenId);
        emit ImageMinted(digest, image.publisher, image.name, image.royaltyBps, componentsHash, node);
        kept.nodeIndex = POOL.defineNode(node, image.components, image.selfWeight, true);
    }

    /// @inheritdoc IContainerRegistry
    function revoke(bytes32 manifestDigest, string calldata reason) external {
        Kept storage kept = _requireOwner(manifestDigest);
        if (kept.revoked) revert ImageRevokedAlready(manifestDigest);
        kept.revoked = true;
        emit ImageRevoked(manifestDigest, reason);
    }

    /// @inheritdoc IContainerRegistry
    function markMalicious(bytes32 manifestDigest, string calldata reason) external {
        if (!SETTINGS.isGuard(msg.sender)) revert NotTheGuardian(msg.sender);
        if (!_isMinted(manifestDigest)) revert ImageUnknown(manifestDigest);
        Kept storage kept = _images[manifestDigest];
        if (kept.malicious) revert ImageMaliciousAlready(manifestDigest);
        kept.malicious = true;
        emit ImageMarkedMalicious(manifestDigest, msg.sender, reason);
    }

    /// @inheritdoc IContainerRegistry
    function setSupersedes(bytes32 manifestDigest, bytes32 older) external {
        Kept storage kept = _requireOwner(manifestDigest);
        if (older == manifestDigest) revert SupersedesItself(manifestDigest);
        Kept storage former = _images[older];
        if (former.publisher != kept.publisher) revert ForeignImage(older, former.publisher);
        // Nodes are numbered in the order of minting; so who follows these links never goes round.
        if (former.nodeIndex > kept.nodeIndex) revert SupersedesYounger(manifestDigest, older);
        kept.supersedes = older;
        emit SupersedesSet(manifestDigest, older);
    }

    /// @inheritdoc IContainerRegistry
    function moveChannel(string calldata channel, bytes32 manifestDigest) external {
        bytes32 channelHash = keccak256(bytes(channel));
        if (channelHash != STABLE && channelHash != EDGE) revert ChannelUnknown(channel);
        Kept storage kept = _requireOwner(manifestDigest);
        if (kept.publisher != msg.sender) revert ForeignImage(manifestDigest, kept.publisher);
        if (!_isUsable(kept)) revert ImageNotUsable(manifestDigest);
        string memory name = kept.name;
        uint64 from = _channels[_keyOf(msg.sender, name, channelHash)].move(manifestDigest, CHANNEL_DELAY);
        emit ChannelMoved(msg.sender, name, channel, manifestDigest, from);
    }

    /// @inheritdoc IContainerRegistry
    function imageOf(bytes32 manifestDigest) external view returns (ImageRecord memory record) {
        if (!_isMinted(manifestDigest)) return record;
        Kept storage kept = _images[manifestDigest];
        bytes32 node = _nodeOf(manifestDigest);
        (Edge[] memory components, uint16 selfWeight) = POOL.edgesOf(node);
        record = ImageRecord({
            minted: true,
            revoked: kept.revoked,
            malicious: kept.malicious,
            royaltyBps: kept.royaltyBps,
            publisher: kept.publisher,
            componentsHash: EdgeHashing.componentsHash(kept.royaltyBps, selfWeight, components),
            node: node,
            nodeIndex: kept.nodeIndex,
            supersedes: kept.supersedes,
            name: kept.name
        });
    }

    /// @inheritdoc IContainerRegistry
    function termsOf(bytes32 manifestDigest)
        external
        view
        returns (bool minted, bool revoked, bool malicious, uint16 royaltyBps, uint32 nodeIndex)
    {
        Kept storage kept = _images[manifestDigest];
        return (kept.publisher != address(0), kept.revoked, kept.malicious, kept.royaltyBps, kept.nodeIndex);
    }

    /// @inheritdoc IContainerRegistry
    function componentsHashOf(Image calldata image) external pure returns (bytes32) {
        return EdgeHashing.componentsHash(image);
    }

    /// @inheritdoc IContainerRegistry
    function nodeOf(bytes32 manifestDigest) external view returns (bytes32) {
        if (!_isMinted(manifestDigest)) revert ImageUnknown(manifestDigest);
        return _nodeOf(manifestDigest);
    }

    /// @inheritdoc IContainerRegistry
    /// @dev Whoever owns the image's NFT today.
    function payeeOf(bytes32 node) external view override(IContainerRegistry, INodePayees) returns (address) {
        bytes32 digest = _digestOf[node];
        if (digest == bytes32(0)) revert ImageUnknown(digest);
        return ownerOf(uint256(digest));
    }

    /// @inheritdoc IContainerRegistry
    function channelOf(address publisher, string calldata name, string calldata channel)
        external
        view
        returns (Channel memory)
    {
        return _channels[_keyOf(publisher, name, keccak256(bytes(channel)))].read();
    }

    /// @inheritdoc IContainerRegistry
    /// @dev Zero too while the image it points to is revoked or malicious.
    function stableOf(bytes32 manifestDigest) external view returns (bytes32 current) {
        Kept storage kept = _images[manifestDigest];
        current = _channels[_keyOf(kept.publisher, kept.name, STABLE)].read().current;
        if (!_isUsable(_images[current])) return bytes32(0);
    }

    /// @notice What the publisher asks of a resale of the NFT (ERC-2981): the image's own royalty; nothing for an
    /// unknown token.
    function royaltyInfo(uint256 tokenId, uint256 salePrice) external view returns (address receiver, uint256 amount) {
        Kept storage kept = _images[bytes32(tokenId)];
        return (kept.publisher, Math.mulDiv(salePrice, kept.royaltyBps, 10_000));
    }

    function supportsInterface(bytes4 interfaceId) public view override(ERC721, IERC165) returns (bool) {
        return interfaceId == type(IERC2981).interfaceId || super.supportsInterface(interfaceId);
    }

    /// @notice A `data:` URI of JSON: name, description, digest, publisher, royaltyBps, revoked and malicious.
    function tokenURI(uint256 tokenId) public view override returns (string memory) {
        _requireOwned(tokenId);
        Kept storage kept = _images[bytes32(tokenId)];
        string memory what = TokenJson.join(
            TokenJson.text("name", kept.name),
            TokenJson.text("description", "A container image; running it pays the code inside.")
        );
        string memory who =
            TokenJson.join(TokenJson.word("digest", bytes32(tokenId)), TokenJson.account("publisher", kept.publisher));
        string memory flags =
            TokenJson.join(TokenJson.flag("revoked", kept.revoked), TokenJson.flag("malicious", kept.malicious));
        string memory terms = TokenJson.join(TokenJson.number("royaltyBps", kept.royaltyBps), flags);
        return TokenJson.uri(TokenJson.join(TokenJson.join(what, who), terms));
    }

    function _requireReleases(Edge[] calldata components) private view {
        if (components.length > MOST_COMPONENTS) revert TooManyComponents(components.length, MOST_COMPONENTS);
        for (uint256 i = 0; i < components.length; ++i) {
            if (!CODE.releaseExists(components[i].node)) revert ComponentUnknown(components[i].node);
        }
    }

    function _requireOwner(bytes32 manifestDigest) private view returns (Kept storage) {
        address owner = _ownerOf(uint256(manifestDigest));
        if (owner == address(0)) revert ImageUnknown(manifestDigest);
        if (owner != msg.sender) revert NotTheOwner(manifestDigest, owner, msg.sender);
        return _images[manifestDigest];
    }

    function _isMinted(bytes32 manifestDigest) private view returns (bool) {
        return _images[manifestDigest].publisher != address(0);
    }

    function _isUsable(Kept storage kept) private view returns (bool) {
        return kept.publisher != address(0) && !kept.revoked && !kept.malicious;
    }

    function _nodeOf(bytes32 manifestDigest) private view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), manifestDigest));
    }

    function _keyOf(address publisher, string memory name, bytes32 channelHash) private pure returns (bytes32) {
        return keccak256(abi.encode(publisher, keccak256(bytes(name)), channelHash));
    }
}
