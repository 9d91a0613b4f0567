// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Host images (COE/OS): what a COE may claim to have booted
/// @notice os image id = keccak256(abi.encode(chainId, this, signer, rootHash, manifestDigest)).
interface ICoeOsRegistry {
    struct OsImage {
        address signer; // who published it
        uint64 publishedAt;
        uint64 revokedAt; // 0 while it may be claimed
        bytes32 rootHash; // dm-verity root of its file system
        bytes32 manifestDigest; // sha256 of its OCI manifest
        string channel;
        string version;
    }

    event OsImagePublished(
        bytes32 indexed osImage,
        address indexed signer,
        bytes32 rootHash,
        bytes32 manifestDigest,
        string channel,
        string version
    );
    event OsImageRevoked(bytes32 indexed osImage, address indexed by, string reason);

    error OsImageKnown(bytes32 osImage);
    error OsImageUnknown(bytes32 osImage);
    error OsImageRevokedAlready(bytes32 osImage);
    error RootHashZero();
    error DigestZero();
    error ChannelEmpty();
    error VersionEmpty();
    error SignerMismatch(address expected);
    error MayNotRevoke(address caller);

    /// @notice Publishes an immutable host image that its signer signed (EIP-712 `OsImage(address signer,bytes32
    /// rootHash,bytes32 manifestDigest,string channel,string version)`). By anyone.
    function publish(
        address signer,
        bytes32 rootHash,
        bytes32 manifestDigest,
        string calldata channel,
        string calldata version,
        bytes calldata signature
    ) external returns (bytes32 osImage);
    /// @notice For ever. By its signer, the guardian or the governor.
    function revoke(bytes32 osImage, string calldata reason) external;

    function osImageIdOf(address signer, bytes32 rootHash, bytes32 manifestDigest) external view returns (bytes32);
    function osImageOf(bytes32 osImage) external view returns (OsImage memory);
    /// @return published and not revoked
    function isUsable(bytes32 osImage) external view returns (bool);
}
