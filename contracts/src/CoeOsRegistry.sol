// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {ICoeOsRegistry} from "./interfaces/ICoeOsRegistry.sol";
import {IProtocolSettings} from "./interfaces/IProtocolSettings.sol";
import {Signatures} from "./signing/Signatures.sol";

/// @title Host images (COE/OS): what a COE may claim to have booted
/// @notice os image id = keccak256(abi.encode(chainId, this, signer, rootHash, manifestDigest)). The same build signed by
/// somebody else is another image, so nobody can publish, or revoke, what a maker is about to.
contract CoeOsRegistry is ICoeOsRegistry, EIP712 {
    bytes32 private constant OS_IMAGE =
        keccak256("OsImage(address signer,bytes32 rootHash,bytes32 manifestDigest,string channel,string version)");

    IProtocolSettings public immutable SETTINGS;

    mapping(bytes32 osImage => OsImage) private _images;

    constructor(IProtocolSettings settings) EIP712("Dweb", "1") {
        SETTINGS = settings;
    }

    /// @inheritdoc ICoeOsRegistry
    function publish(
        address signer,
        bytes32 rootHash,
        bytes32 manifestDigest,
        string calldata channel,
        string calldata version,
        bytes calldata signature
    ) external returns (bytes32 osImage) {
        if (rootHash == bytes32(0)) revert RootHashZero();
        if (manifestDigest == bytes32(0)) revert DigestZero();
        if (bytes(channel).length == 0) revert ChannelEmpty();
        if (bytes(version).length == 0) revert VersionEmpty();
        osImage = osImageIdOf(signer, rootHash, manifestDigest);
        if (_images[osImage].publishedAt != 0) revert OsImageKnown(osImage);
        bytes32 structHash = keccak256(
            abi.encode(OS_IMAGE, signer, rootHash, manifestDigest, keccak256(bytes(channel)), keccak256(bytes(version)))
        );
        if (!Signatures.isValid(signer, _hashTypedDataV4(structHash), signature)) revert SignerMismatch(signer);

        _images[osImage] = OsImage({
            signer: signer,
            publishedAt: uint64(block.timestamp),
            revokedAt: 0,
            rootHash: rootHash,
            manifestDigest: manifestDigest,
            channel: channel,
            version: version
        });
        emit OsImagePublished(osImage, signer, rootHash, manifestDigest, channel, version);
    }

    /// @inheritdoc ICoeOsRegistry
    function revoke(bytes32 osImage, string calldata reason) external {
        OsImage storage image = _images[osImage];
        if (image.publishedAt == 0) revert OsImageUnknown(osImage);
        if (msg.sender != image.signer && !SETTINGS.isGuard(msg.sender)) revert MayNotRevoke(msg.sender);
        if (image.revokedAt != 0) revert OsImageRevokedAlready(osImage);
        image.revokedAt = uint64(block.timestamp);
        emit OsImageRevoked(osImage, msg.sender, reason);
    }

    /// @inheritdoc ICoeOsRegistry
    function osImageIdOf(address signer, bytes32 rootHash, bytes32 manifestDigest) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), signer, rootHash, manifestDigest));
    }

    /// @inheritdoc ICoeOsRegistry
    /// @dev Answers an empty record for an unknown image.
    function osImageOf(bytes32 osImage) external view returns (OsImage memory) {
        return _images[osImage];
    }

    /// @inheritdoc ICoeOsRegistry
    function isUsable(bytes32 osImage) external view returns (bool) {
        OsImage storage image = _images[osImage];
        return image.publishedAt != 0 && image.revokedAt == 0;
    }
}
