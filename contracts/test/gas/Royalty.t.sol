// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IContainerRegistry} from "../../src/interfaces/IContainerRegistry.sol";
import {IRoyaltyPool} from "../../src/interfaces/IRoyaltyPool.sol";
import {Edge, Image, Release} from "../../src/interfaces/Types.sol";
import {Typed} from "../Typed.sol";
import {vm} from "../Vm.sol";
import {Registries} from "../royalty/Registries.sol";
import {TxGas} from "./TxGas.sol";

/// @title Pulls, credits and mints, in whole transactions, of nodes that have been pulled before
/// forge-config: default.isolate = true
contract RoyaltyGas is Registries {
    bytes32 private constant SEASONED = keccak256("seasoned");
    bytes32[5] private releases;
    bytes private mint;

    function setUp() public override {
        super.setUp();
        for (uint256 i = 0; i < 5; ++i) {
            Release memory r = _release(string.concat("1.", string(abi.encodePacked(uint8(0x31 + i)))));
            r.selfWeight = uint16(i + 1);
            releases[i] = _publish(r);
        }
        _mint(_five(SEASONED));
        bytes32 node = images.nodeOf(SEASONED);
        _season(node, 1e18);
        _credit(node, 1e18);
        mint = _mintCall(_five(keccak256("second of its publisher")));
    }

    function test_a_pull_of_a_component() public {
        _record("pull the first of six edges", address(pool), _pullCall(images.nodeOf(SEASONED), 0));
    }

    function test_a_pull_of_the_last_component() public {
        _record("pull the fifth of six edges", address(pool), _pullCall(images.nodeOf(SEASONED), 4));
    }

    function test_a_pull_of_the_self_edge() public {
        _record("pull the self edge of six edges", address(pool), _pullCall(images.nodeOf(SEASONED), 5));
    }

    function test_a_pull_of_a_release() public {
        _record("pull a release's only edge", address(pool), _pullCall(releases[0], 0));
    }

    function test_a_mint_with_five_components() public {
        _record("mint with five components", address(images), mint);
    }

    function test_a_credit_of_one_node() public {
        uint32[] memory indexes = new uint32[](1);
        uint256[] memory amounts = new uint256[](1);
        (indexes[0], amounts[0]) = (pool.indexOf(images.nodeOf(SEASONED)), 1e18);
        _record("credit one node", address(pool), abi.encodeCall(IRoyaltyPool.credit, (indexes, amounts)));
    }

    function _pullCall(bytes32 node, uint256 edge) private pure returns (bytes memory) {
        return abi.encodeCall(IRoyaltyPool.pull, (node, edge));
    }

    function _record(string memory name, address target, bytes memory data) private {
        vm.snapshotValue("royalty", name, TxGas.measure(target, data));
    }

    function _season(bytes32 node, uint256 amount) private {
        _credit(node, amount);
        for (uint256 i = 0; i < 6; ++i) {
            pool.pull(node, i);
        }
        for (uint256 i = 0; i < 5; ++i) {
            pool.pull(releases[i], 0);
            _credit(releases[i], amount);
        }
    }

    function _five(bytes32 digest) private view returns (Image memory i) {
        i = _image(digest, "web");
        i.components = new Edge[](5);
        for (uint256 k = 0; k < 5; ++k) {
            i.components[k] = Edge({node: releases[k], weight: uint16(100 * (k + 1))});
        }
    }

    function _mintCall(Image memory i) private view returns (bytes memory) {
        return abi.encodeCall(IContainerRegistry.mint, (i, _sign(PUBLISHER_KEY, address(images), Typed.hash(i))));
    }
}
