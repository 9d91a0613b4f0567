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
        string name;
    }

    event ImageMinted(
        bytes32 indexed manifestDigest,
        address indexed publisher,
        string name,
        uint16 royaltyBps,
        bytes32 componentsHash,
        bytes32 node
    );

    error ImageKnown(bytes32 manifestDigest);
    error ImageUnknown(bytes32 manifestDigest);
    error DigestZero();
    error RoyaltyOutOfRange(uint16 royaltyBps, uint16 floor, uint16 cap);
    error TooManyComponents(uint256 count, uint256 most);
    error ComponentUnknown(bytes32 release);
    error SignerNotPublisher(address publisher);

    /// @notice Mints the NFT of an image to its publisher, who signed it. By anyone.
    function mint(Image calldata image, bytes calldata signature) external returns (uint256 tokenId);

    function imageOf(bytes32 manifestDigest) external view returns (ImageRecord memory);
    function componentsHashOf(Image calldata image) external pure returns (bytes32);
    function nodeOf(bytes32 manifestDigest) external view returns (bytes32);
    function payeeOf(bytes32 node) external view returns (address);
    function ROYALTY_FLOOR_BPS() external view returns (uint16);
    function ROYALTY_CAP_BPS() external view returns (uint16);
}
