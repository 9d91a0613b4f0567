// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Image} from "./Types.sol";

/// @title Container images as NFTs (CNFTS): a token a manifest digest, naming the code inside and its weights
interface IContainerRegistry {
    struct ImageRecord {
        bool minted;
        bool revoked; // by its owner: no new orders
        bool malicious; // by the guardian: running leases stop
        uint16 royaltyBps;
        address publisher;
        bytes32 componentsHash;
        bytes32 node; // of the royalty graph
        uint32 nodeIndex; // the pool's index of it, by which lease books credit it
        bytes32 supersedes; // an older image of the same publisher; zero for none
        string name;
    }

    /// @notice A name under which a publisher's newest image of some name is found.
    struct Channel {
        bytes32 current; // zero before the first move
        bytes32 next; // equal to current when no move waits
        uint64 nextFrom;
    }

    event ImageMinted(
        bytes32 indexed manifestDigest,
        address indexed publisher,
        string name,
        uint16 royaltyBps,
        bytes32 componentsHash,
        bytes32 node
    );

    event ImageRevoked(bytes32 indexed manifestDigest, string reason);
    event ImageMarkedMalicious(bytes32 indexed manifestDigest, address indexed by, string reason);
    event SupersedesSet(bytes32 indexed manifestDigest, bytes32 indexed older);
    event ChannelMoved(
        address indexed publisher, string name, string channel, bytes32 indexed manifestDigest, uint64 from
    );

    error ImageKnown(bytes32 manifestDigest);
    error ImageUnknown(bytes32 manifestDigest);
    error DigestZero();
    error RoyaltyOutOfRange(uint16 royaltyBps, uint16 floor, uint16 cap);
    error TooManyComponents(uint256 count, uint256 most);
    error ComponentUnknown(bytes32 release);
    error SignerNotPublisher(address publisher);
    error NotTheOwner(bytes32 manifestDigest, address owner, address caller);
    error NotTheGuardian(address caller);
    error ImageRevokedAlready(bytes32 manifestDigest);
    error ForeignImage(bytes32 manifestDigest, address publisher);
    error ImageMaliciousAlready(bytes32 manifestDigest);
    error SupersedesItself(bytes32 manifestDigest);
    error SupersedesYounger(bytes32 manifestDigest, bytes32 younger);
    error ChannelUnknown(string channel);
    error ImageNotUsable(bytes32 manifestDigest);

    /// @notice Mints the NFT of an image to its publisher, who signed it. By anyone.
    function mint(Image calldata image, bytes calldata signature) external returns (uint256 tokenId);

    /// @notice No new orders for this image; what runs may fail over. By its owner.
    function revoke(bytes32 manifestDigest, string calldata reason) external;
    /// @notice Its containers stop everywhere. By guardian or governor.
    function markMalicious(bytes32 manifestDigest, string calldata reason) external;
    /// @notice Names the older image, minted before, that this one replaces. By its owner.
    function setSupersedes(bytes32 manifestDigest, bytes32 older) external;
    /// @notice Points a channel (`stable` or `edge`) of this image's name to it, from CHANNEL_DELAY on; the first move of
    /// a channel is in force at once. By its owner, who must be its publisher.
    function moveChannel(string calldata channel, bytes32 manifestDigest) external;

    /// @return an empty record, `minted` false, for a digest without an NFT
    function imageOf(bytes32 manifestDigest) external view returns (ImageRecord memory);
    /// @notice What a lease book asks: the flags, royalty and pool index of an image.
    /// @return minted whether an NFT stands for it
    function termsOf(bytes32 manifestDigest)
        external
        view
        returns (bool minted, bool revoked, bool malicious, uint16 royaltyBps, uint32 nodeIndex);
    function componentsHashOf(Image calldata image) external pure returns (bytes32);
    function nodeOf(bytes32 manifestDigest) external view returns (bytes32);
    function payeeOf(bytes32 node) external view returns (address);
    function channelOf(address publisher, string calldata name, string calldata channel)
        external
        view
        returns (Channel memory);
    /// @return where the channel `stable` of this image's publisher and name points now; zero for nowhere
    function stableOf(bytes32 manifestDigest) external view returns (bytes32);
    function CHANNEL_DELAY() external view returns (uint64);
}
