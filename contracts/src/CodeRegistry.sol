// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {ICodeRegistry} from "./interfaces/ICodeRegistry.sol";
import {INodePayees} from "./interfaces/INodePayees.sol";
import {IRoyaltyPool} from "./interfaces/IRoyaltyPool.sol";
import {Release} from "./interfaces/Types.sol";
import {EdgeHashing} from "./signing/EdgeHashing.sol";
import {Signatures} from "./signing/Signatures.sol";

/// @title Source code as NFTs: a token a repository, an immutable node of the royalty graph a release
/// @notice repository id = uint256(keccak256(abi.encode(chainId, this, owner, keccak256(name)))), with the owner who
/// created it; release id = royalty node = keccak256(abi.encode(chainId, this, repository, keccak256(version))).
contract CodeRegistry is ICodeRegistry, INodePayees, ERC721, EIP712 {
    IRoyaltyPool public immutable POOL;

    mapping(uint256 repository => address) private _payees;
    mapping(bytes32 releaseId => uint256 repository) private _repositoryOf;

    constructor(IRoyaltyPool pool) ERC721("Dweb Code", "DWEBCODE") EIP712("Dweb", "1") {
        POOL = pool;
    }

    /// @inheritdoc ICodeRegistry
    function createRepository(string calldata name, address payee) external returns (uint256 repository) {
        if (bytes(name).length == 0) revert NameEmpty();
        if (payee == address(0)) revert PayeeZero();
        repository = repositoryIdOf(msg.sender, name);
        if (_payees[repository] != address(0)) revert RepositoryKnown(repository);

        _payees[repository] = payee;
        _mint(msg.sender, repository);
        emit RepositoryCreated(repository, msg.sender, name, payee);
    }

    /// @inheritdoc ICodeRegistry
    /// @dev The source digest, URI and licence live in the event; storage holds what the chain itself asks for.
    function publish(Release calldata release, bytes calldata signature) external returns (bytes32 releaseId) {
        if (_payees[release.repository] == address(0)) revert RepositoryUnknown(release.repository);
        if (bytes(release.version).length == 0) revert VersionEmpty();
        if (bytes(release.license).length == 0) revert LicenseEmpty();
        if (release.sourceDigest == bytes32(0)) revert SourceDigestZero();
        releaseId = releaseIdOf(release.repository, release.version);
        if (releaseExists(releaseId)) revert ReleaseKnown(releaseId);
        address owner = ownerOf(release.repository);
        if (!Signatures.isValid(owner, _hashTypedDataV4(EdgeHashing.hash(release)), signature)) {
            revert SignerNotOwner(owner);
        }

        _repositoryOf[releaseId] = release.repository;
        emit ReleasePublished(
            releaseId, release.repository, release.version, release.sourceDigest, release.uri, release.license, owner
        );
        POOL.defineNode(releaseId, release.upstream, release.selfWeight);
    }

    /// @inheritdoc ICodeRegistry
    function repositoryIdOf(address owner, string calldata name) public view returns (uint256) {
        return uint256(keccak256(abi.encode(block.chainid, address(this), owner, keccak256(bytes(name)))));
    }

    /// @inheritdoc ICodeRegistry
    function releaseIdOf(uint256 repository, string calldata version) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), repository, keccak256(bytes(version))));
    }

    /// @inheritdoc ICodeRegistry
    function releaseExists(bytes32 releaseId) public view returns (bool) {
        return _repositoryOf[releaseId] != 0;
    }

    /// @inheritdoc ICodeRegistry
    /// @dev The repository's payee, for each of its releases.
    function payeeOf(bytes32 node) external view override(ICodeRegistry, INodePayees) returns (address payee) {
        uint256 repository = _repositoryOf[node];
        payee = _payees[repository];
        if (payee == address(0)) revert RepositoryUnknown(repository);
    }
}
