// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Release} from "./Types.sol";

/// @title Source code as NFTs: a token a repository, an immutable node of the royalty graph a release
interface ICodeRegistry {
    event RepositoryCreated(uint256 indexed repository, address indexed owner, string name, address payee);
    event ReleasePublished(
        bytes32 indexed releaseId,
        uint256 indexed repository,
        string version,
        bytes32 sourceDigest,
        string uri,
        string license,
        address signer
    );

    event PayeeSet(uint256 indexed repository, address indexed payee);
    event DelegateSet(uint256 indexed repository, address indexed delegate, bool allowed);
    event ReleaseSuperseded(bytes32 indexed releaseId, bytes32 indexed by);
    event ReleaseRevoked(bytes32 indexed releaseId, string reason);

    /// @notice A release as the chain keeps it; version, URI and licence are in its event, and those of the newest
    /// release in its NFT's metadata.
    struct ReleaseRecord {
        uint256 repository;
        bytes32 sourceDigest;
        uint64 publishedAt;
        bool revoked;
        bytes32 supersededBy; // zero for none
    }

    error RepositoryKnown(uint256 repository);
    error RepositoryUnknown(uint256 repository);
    error ReleaseKnown(bytes32 releaseId);
    error NameEmpty();
    error VersionEmpty();
    error LicenseEmpty();
    error SourceDigestZero();
    error SignerNotOwner(address owner);
    error NotTheOwner(uint256 repository, address owner, address caller);
    error ReleaseUnknown(bytes32 releaseId);
    error ReleaseRevokedAlready(bytes32 releaseId);
    error SupersededByItself(bytes32 releaseId);
    error SupersededByOlder(bytes32 releaseId, bytes32 by);
    error ForeignRelease(bytes32 releaseId, uint256 repository);
    error PayeeZero();

    /// @notice Mints a repository to the caller. Its id is derived from chain, registry, owner and name.
    function createRepository(string calldata name, address payee) external returns (uint256 repository);
    /// @notice Names who is paid what its releases earn. By the owner; what was not paid yet follows.
    function setPayee(uint256 repository, address payee) external;
    /// @notice Lets an account sign releases, or not any more. By the owner; all are forgotten when the NFT moves.
    function setDelegate(uint256 repository, address delegate, bool allowed) external;
    /// @notice Says that a later release of the same repository replaces this one. By the owner.
    function supersede(bytes32 releaseId, bytes32 by) external;
    /// @notice Says that nobody should build on this release; what it earns is not changed. By the owner.
    function revoke(bytes32 releaseId, string calldata reason) external;
    /// @notice Publishes a release that the repository's owner or a delegate signed. By anyone.
    function publish(Release calldata release, bytes calldata signature) external returns (bytes32 releaseId);

    function repositoryIdOf(address owner, string calldata name) external view returns (uint256);
    function releaseIdOf(uint256 repository, string calldata version) external view returns (bytes32);
    function releaseOf(bytes32 releaseId) external view returns (ReleaseRecord memory);
    function isDelegate(uint256 repository, address account) external view returns (bool);
    function releaseExists(bytes32 releaseId) external view returns (bool);
    /// @return the account that the self edge of this release's node pays
    function payeeOf(bytes32 node) external view returns (address);
}
