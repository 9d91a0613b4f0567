// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {ICodeRegistry} from "./interfaces/ICodeRegistry.sol";
import {INodePayees} from "./interfaces/INodePayees.sol";
import {IRoyaltyPool} from "./interfaces/IRoyaltyPool.sol";
import {Release} from "./interfaces/Types.sol";
import {TokenJson} from "./metadata/TokenJson.sol";
import {EdgeHashing} from "./signing/EdgeHashing.sol";
import {Signatures} from "./signing/Signatures.sol";

/// @title Source code as NFTs: a token a repository, an immutable node of the royalty graph a release
/// @notice repository id = uint256(keccak256(abi.encode(chainId, this, owner, keccak256(name)))), with the owner who
/// created it; release id = royalty node = keccak256(abi.encode(chainId, this, repository, keccak256(version))).
contract CodeRegistry is ICodeRegistry, INodePayees, ERC721, EIP712 {
    struct Repository {
        address payee;
        uint32 moves; // of the NFT; delegates belong to one of its stays
        uint32 releases;
        string name;
        Newest newest;
    }

    /// @dev What people read of the newest release. Of older ones it is in their events.
    struct Newest {
        string version;
        string uri;
        string license;
    }

    IRoyaltyPool public immutable POOL;

    mapping(uint256 repository => Repository) private _repositories;
    mapping(uint256 repository => mapping(uint32 moves => mapping(address account => bool))) private _delegates;
    mapping(bytes32 releaseId => ReleaseRecord) private _releases;

    constructor(IRoyaltyPool pool) ERC721("Dweb Code", "DWEBCODE") EIP712("Dweb", "1") {
        POOL = pool;
    }

    /// @inheritdoc ICodeRegistry
    /// @dev Minted without asking the receiver, who is the caller and may be a wallet that knows no such question.
    function createRepository(string calldata name, address payee) external returns (uint256 repository) {
        if (bytes(name).length == 0) revert NameEmpty();
        if (payee == address(0)) revert PayeeZero();
        repository = repositoryIdOf(msg.sender, name);
        if (_ownerOf(repository) != address(0)) revert RepositoryKnown(repository);

        Repository storage record = _repositories[repository];
        record.payee = payee;
        record.name = name;
        _mint(msg.sender, repository);
        emit RepositoryCreated(repository, msg.sender, name, payee);
    }

    /// @inheritdoc ICodeRegistry
    function setPayee(uint256 repository, address payee) external {
        _requireOwner(repository);
        if (payee == address(0)) revert PayeeZero();
        _repositories[repository].payee = payee;
        emit PayeeSet(repository, payee);
    }

    /// @inheritdoc ICodeRegistry
    function setDelegate(uint256 repository, address delegate, bool allowed) external {
        _requireOwner(repository);
        _delegates[repository][_repositories[repository].moves][delegate] = allowed;
        emit DelegateSet(repository, delegate, allowed);
    }

    /// @inheritdoc ICodeRegistry
    function supersede(bytes32 releaseId, bytes32 by) external {
        uint256 repository = _requireOwnerOfRelease(releaseId);
        if (by == releaseId) revert SupersededByItself(releaseId);
        if (_repositoryOf(by) != repository) revert ForeignRelease(by, repository);
        // Nodes are numbered in the order of their publication; so who follows these links never goes round.
        if (POOL.indexOf(by) < POOL.indexOf(releaseId)) revert SupersededByOlder(releaseId, by);
        _releases[releaseId].supersededBy = by;
        emit ReleaseSuperseded(releaseId, by);
    }

    /// @inheritdoc ICodeRegistry
    function revoke(bytes32 releaseId, string calldata reason) external {
        _requireOwnerOfRelease(releaseId);
        if (_releases[releaseId].revoked) revert ReleaseRevokedAlready(releaseId);
        _releases[releaseId].revoked = true;
        emit ReleaseRevoked(releaseId, reason);
    }

    /// @inheritdoc ICodeRegistry
    function publish(Release calldata release, bytes calldata signature) external returns (bytes32 releaseId) {
        uint256 repository = release.repository;
        address owner = _ownerOf(repository);
        if (owner == address(0)) revert RepositoryUnknown(repository);
        if (bytes(release.version).length == 0) revert VersionEmpty();
        if (bytes(release.license).length == 0) revert LicenseEmpty();
        if (release.sourceDigest == bytes32(0)) revert SourceDigestZero();
        releaseId = releaseIdOf(repository, release.version);
        if (releaseExists(releaseId)) revert ReleaseKnown(releaseId);
        address signer = _signerOf(release, signature, owner);

        _keep(releaseId, release);
        emit ReleasePublished(
            releaseId, repository, release.version, release.sourceDigest, release.uri, release.license, signer
        );
        POOL.defineNode(releaseId, release.upstream, release.selfWeight, false);
    }

    /// @inheritdoc ICodeRegistry
    function repositoryIdOf(address owner, string calldata name) public view returns (uint256) {
        return uint256(keccak256(abi.encode(block.chainid, address(this), owner, keccak256(bytes(name)))));
    }

    /// @inheritdoc ICodeRegistry
    function releaseIdOf(uint256 repository, string calldata version) public view returns (bytes32) {
        return _releaseIdOf(repository, keccak256(bytes(version)));
    }

    /// @inheritdoc ICodeRegistry
    /// @dev Answers an empty record for an unknown release.
    function releaseOf(bytes32 releaseId) external view returns (ReleaseRecord memory) {
        return _releases[releaseId];
    }

    /// @inheritdoc ICodeRegistry
    function isDelegate(uint256 repository, address account) public view returns (bool) {
        return _delegates[repository][_repositories[repository].moves][account];
    }

    /// @inheritdoc ICodeRegistry
    function releaseExists(bytes32 releaseId) public view returns (bool) {
        return _releases[releaseId].repository != 0;
    }

    /// @inheritdoc ICodeRegistry
    /// @dev The repository's payee, for each of its releases.
    function payeeOf(bytes32 node) external view override(ICodeRegistry, INodePayees) returns (address) {
        return _repositories[_repositoryOf(node)].payee;
    }

    /// @notice A `data:` URI of JSON: name, description, payee, number of releases and, once there is one, the newest.
    function tokenURI(uint256 repository) public view override returns (string memory) {
        _requireOwned(repository);
        Repository storage record = _repositories[repository];
        string memory members = TokenJson.join(
            TokenJson.join(
                TokenJson.text("name", record.name),
                TokenJson.text("description", "A source code repository; its releases earn royalties.")
            ),
            TokenJson.join(TokenJson.account("payee", record.payee), TokenJson.number("releases", record.releases))
        );
        if (record.releases > 0) members = TokenJson.join(members, _newestOf(repository, record.newest));
        return TokenJson.uri(members);
    }

    function _newestOf(uint256 repository, Newest storage newest) private view returns (string memory) {
        string memory version = newest.version;
        ReleaseRecord storage release = _releases[_releaseIdOf(repository, keccak256(bytes(version)))];
        string memory published = TokenJson.join(
            TokenJson.word("sourceDigest", release.sourceDigest),
            TokenJson.join(
                TokenJson.number("publishedAt", release.publishedAt), TokenJson.flag("revoked", release.revoked)
            )
        );
        string memory named = TokenJson.join(
            TokenJson.text("version", version),
            TokenJson.join(TokenJson.text("uri", newest.uri), TokenJson.text("license", newest.license))
        );
        return TokenJson.object("newest", TokenJson.join(named, published));
    }

    function _keep(bytes32 releaseId, Release calldata release) private {
        ReleaseRecord storage record = _releases[releaseId];
        record.repository = release.repository;
        record.sourceDigest = release.sourceDigest;
        record.publishedAt = uint64(block.timestamp);

        Repository storage repository = _repositories[release.repository];
        ++repository.releases;
        repository.newest = Newest({version: release.version, uri: release.uri, license: release.license});
    }

    /// @dev A wallet that is a contract may own a repository; a delegate is a key.
    function _signerOf(Release calldata release, bytes calldata signature, address owner)
        private
        view
        returns (address)
    {
        bytes32 digest = _hashTypedDataV4(EdgeHashing.hash(release));
        address signer = Signatures.recover(digest, signature);
        // A malformed signature is the zero address's, which an owner might have named.
        if (signer != address(0) && isDelegate(release.repository, signer)) return signer;
        if (!Signatures.isValid(owner, digest, signature)) revert SignerNotOwner(owner);
        return owner;
    }

    /// @dev Whoever gets the NFT begins without the former owner's delegates, even one who had it before.
    function _update(address to, uint256 repository, address auth) internal override returns (address from) {
        from = super._update(to, repository, auth);
        if (from != address(0)) ++_repositories[repository].moves;
    }

    function _requireOwner(uint256 repository) private view {
        address owner = _ownerOf(repository);
        if (owner == address(0)) revert RepositoryUnknown(repository);
        if (owner != msg.sender) revert NotTheOwner(repository, owner, msg.sender);
    }

    function _requireOwnerOfRelease(bytes32 releaseId) private view returns (uint256 repository) {
        repository = _repositoryOf(releaseId);
        _requireOwner(repository);
    }

    function _repositoryOf(bytes32 releaseId) private view returns (uint256 repository) {
        repository = _releases[releaseId].repository;
        if (repository == 0) revert ReleaseUnknown(releaseId);
    }

    function _releaseIdOf(uint256 repository, bytes32 versionHash) private view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), repository, versionHash));
    }
}
