// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Edge, Image, Release} from "../interfaces/Types.sol";

/// @title Typed data of code and images
/// @notice The domain is {name "Dweb", version "1", chainId, verifyingContract = the registry that verifies}.
library EdgeHashing {
    bytes32 internal constant EDGE = keccak256("Edge(bytes32 node,uint16 weight)");

    bytes32 internal constant RELEASE = keccak256(
        "Release(uint256 repository,string version,bytes32 sourceDigest,string uri,string license,uint16 selfWeight,Edge[] upstream)Edge(bytes32 node,uint16 weight)"
    );

    bytes32 internal constant IMAGE = keccak256(
        "Image(address publisher,bytes32 manifestDigest,string name,uint16 royaltyBps,uint16 selfWeight,Edge[] components)Edge(bytes32 node,uint16 weight)"
    );

    bytes32 internal constant COMPONENTS =
        keccak256("Components(uint16 royaltyBps,uint16 selfWeight,Edge[] components)Edge(bytes32 node,uint16 weight)");

    /// @notice hashStruct of a release.
    function hash(Release calldata release) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                RELEASE,
                release.repository,
                keccak256(bytes(release.version)),
                release.sourceDigest,
                keccak256(bytes(release.uri)),
                keccak256(bytes(release.license)),
                release.selfWeight,
                hash(release.upstream)
            )
        );
    }

    /// @notice hashStruct of an image, and of its components alone: both hold the hash of the edges, made once.
    function hash(Image calldata image) internal pure returns (bytes32 structHash, bytes32 components) {
        bytes32 edges = hash(image.components);
        structHash = keccak256(
            abi.encode(
                IMAGE,
                image.publisher,
                image.manifestDigest,
                keccak256(bytes(image.name)),
                image.royaltyBps,
                image.selfWeight,
                edges
            )
        );
        components = keccak256(abi.encode(COMPONENTS, image.royaltyBps, image.selfWeight, edges));
    }

    /// @notice hashStruct of an image's components, without a domain: the annotation `io.dweb.components` of its
    /// manifest, which therefore commits to royalty and weights before the digest is known.
    function componentsHash(Image calldata image) internal pure returns (bytes32 components) {
        (, components) = hash(image);
    }

    /// @notice The same of an image whose components come from elsewhere.
    function componentsHash(uint16 royaltyBps, uint16 selfWeight, Edge[] memory components)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(COMPONENTS, royaltyBps, selfWeight, hash(components)));
    }

    /// @notice The encoding of a member `Edge[]`: keccak256 of the concatenated hashStructs.
    function hash(Edge[] memory edges) internal pure returns (bytes32) {
        bytes32[] memory words = new bytes32[](edges.length);
        for (uint256 i = 0; i < edges.length; ++i) {
            words[i] = keccak256(abi.encode(EDGE, edges[i].node, edges[i].weight));
        }
        return keccak256(abi.encodePacked(words));
    }
}
