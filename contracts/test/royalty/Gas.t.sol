// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IContainerRegistry} from "../../src/interfaces/IContainerRegistry.sol";
import {IRoyaltyPool} from "../../src/interfaces/IRoyaltyPool.sol";
import {Edge, Image, Release} from "../../src/interfaces/Types.sol";
import {Typed} from "../Typed.sol";
import {vm} from "../Vm.sol";
import {Registries} from "./Registries.sol";

/// @title What whole transactions cost: 21,000, calldata at 16 and 4 a byte, and the execution from cold storage
/// @dev Each test measures one call, the first of its transaction; the state before it is of another one.
contract GasTest is Registries {
    bytes32 private constant SEASONED = keccak256("seasoned");
    bytes32[5] private releases;
    bytes private mint;

    event Gas(string what, uint256 gas);

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

    function test_gas_of_a_pull_of_the_first_component() public {
        _pullAtMost(images.nodeOf(SEASONED), 0, 42_000, "pull, edge 0 of 5");
    }

    function test_gas_of_a_pull_of_the_fourth_component() public {
        _pullAtMost(images.nodeOf(SEASONED), 3, 42_000, "pull, edge 3 of 5");
    }

    /// @notice The fifth edge stands in a second slot.
    function test_gas_of_a_pull_of_the_fifth_component() public {
        _pullAtMost(images.nodeOf(SEASONED), 4, 43_000, "pull, edge 4 of 5");
    }

    function test_gas_of_a_pull_of_the_self_edge() public {
        _pullAtMost(images.nodeOf(SEASONED), 5, 43_000, "pull, self edge after 5");
    }

    function test_gas_of_a_pull_of_a_release() public {
        _pullAtMost(releases[0], 0, 42_000, "pull, a release's self edge");
    }

    function test_gas_of_a_mint_with_five_components() public {
        _spends(address(images), mint, 252_000, "mint with five components");
    }

    function test_gas_of_a_credit_of_one_node() public {
        uint32[] memory indexes = new uint32[](1);
        uint256[] memory amounts = new uint256[](1);
        (indexes[0], amounts[0]) = (pool.indexOf(releaseId), 1e18);
        _spends(address(pool), abi.encodeCall(IRoyaltyPool.credit, (indexes, amounts)), 90_000, "credit, one node");
    }

    function _pullAtMost(bytes32 node, uint256 edge, uint256 most, string memory what) private {
        _spends(address(pool), abi.encodeCall(IRoyaltyPool.pull, (node, edge)), most, what);
    }

    function _spends(address target, bytes memory data, uint256 most, string memory what) private {
        uint256 spent = 21_000;
        for (uint256 i = 0; i < data.length; ++i) {
            spent += data[i] == 0 ? 4 : 16;
        }
        (bool ok,) = target.call(data);
        spent += vm.lastCallGas().used;
        emit Gas(what, spent);
        assertTrue(ok, what);
        assertTrue(spent <= most, what);
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
