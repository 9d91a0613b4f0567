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

    error RepositoryKnown(uint256 repository);
    error RepositoryUnknown(uint256 repository);
    error ReleaseKnown(bytes32 releaseId);
    error NameEmpty();
    error VersionEmpty();
    error LicenseEmpty();
    error SourceDigestZero();
    error SignerNotOwner(address owner);
    error PayeeZero();

    /// @notice Mints a repository to the caller. Its id is derived from chain, registry, owner and name.
    function createRepository(string calldata name, address payee) external returns (uint256 repository);
    /// @notice Publishes a release that the repository's owner signed. By anyone.
    function publish(Release calldata release, bytes calldata signature) external returns (bytes32 releaseId);

    function repositoryIdOf(address owner, string calldata name) external view returns (uint256);
    function releaseIdOf(uint256 repository, string calldata version) external view returns (bytes32);
    function releaseExists(bytes32 releaseId) external view returns (bool);
    /// @return the account that the self edge of this release's node pays
    function payeeOf(bytes32 node) external view returns (address);
}
