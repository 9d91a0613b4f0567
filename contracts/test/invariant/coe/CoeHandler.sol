// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ICoeRegistry} from "../../../src/interfaces/ICoeRegistry.sol";
import {Asserts} from "../../Asserts.sol";
import {vm} from "../../Vm.sol";

/// @title Hosts, two lease books and time over one registry
/// @notice Each function chooses arguments with which the registry must not revert, and keeps what the books hold.
contract CoeHandler is Asserts {
    struct Held {
        uint256 coe;
        address book;
        uint64[5] reserved; // zeros once released
        uint256 bond;
    }

    ICoeRegistry private immutable COES;
    IERC20 private immutable TOKEN;
    address[2] private books;
    bytes32[] private coes;
    Held[] private held;

    mapping(uint256 coe => uint128[5]) private announced; // what was in force or waited at signedAt
    mapping(uint256 coe => uint256) public signedAt;

    constructor(ICoeRegistry registry, IERC20 token, address[2] memory books_, bytes32[] memory coes_) {
        (COES, TOKEN, books, coes) = (registry, token, books_, coes_);
        token.approve(address(registry), type(uint256).max);
        for (uint256 i = 0; i < coes_.length; ++i) {
            _sign(i);
        }
    }

    // ------------------------------------------------------------------ books

    function assign(uint256 coe, uint256 book, uint64[5] memory reserved, uint256 bond) public {
        coe = bound(coe, 0, coes.length - 1);
        address by = books[book % 2];
        uint64[5] memory rest = COES.unassigned(coes[coe]);
        for (uint256 i = 0; i < 5; ++i) {
            reserved[i] = uint64(bound(reserved[i], 0, rest[i] / 2));
        }
        bond = bound(bond, 0, COES.offerOf(coes[coe], by).freeStake / 2e9) * 1e9;
        vm.prank(by);
        assertTrue(COES.assign(coes[coe], reserved, bond), "what is free is assigned");
        held.push(Held(coe, by, reserved, bond));
    }

    function assignTooMuch(uint256 coe, uint256 book, uint256 resource, uint64 beyond) public {
        coe = bound(coe, 0, coes.length - 1);
        resource = bound(resource, 0, 4);
        uint64[5] memory reserved;
        reserved[resource] = uint64(bound(beyond, uint256(COES.unassigned(coes[coe])[resource]) + 1, type(uint64).max));
        vm.prank(books[book % 2]);
        assertTrue(!COES.assign(coes[coe], reserved, 0), "what is not free is refused");
    }

    function release(uint256 lease) public {
        Held storage h = _some(lease);
        vm.prank(h.book);
        COES.release(coes[h.coe], h.reserved);
        delete h.reserved;
    }

    function close(uint256 lease, bool slash) public {
        Held memory h = _some(lease);
        vm.startPrank(h.book);
        COES.release(coes[h.coe], h.reserved);
        if (slash) COES.slash(coes[h.coe], h.bond);
        else COES.unlock(coes[h.coe], h.bond);
        vm.stopPrank();
        held[lease % held.length] = held[held.length - 1];
        held.pop();
    }

    // ------------------------------------------------------------------ hosts

    function addStake(uint256 coe, uint256 amount) public {
        COES.addStake(coes[coe % coes.length], bound(amount, 1, 100e18));
    }

    function unbond(uint256 coe, uint256 amount) public {
        bytes32 id = _pick(coe);
        uint256 free = COES.offerOf(id, books[0]).freeStake;
        vm.prank(COES.hostOf(id));
        COES.unbond(id, bound(amount, 0, free));
    }

    function withdrawUnbonded(uint256 coe) public {
        bytes32 id = _pick(coe);
        if (COES.coeOf(id).unbonding == 0) {
            COES.addStake(id, 1);
            vm.prank(COES.hostOf(id));
            COES.unbond(id, 1);
        }
        if (vm.getBlockTimestamp() < COES.coeOf(id).unbondableAt) _warpTo(COES.coeOf(id).unbondableAt);
        COES.withdrawUnbonded(id);
    }

    function setCapacity(uint256 coe, uint64[5] memory capacity) public {
        bytes32 id = _pick(coe);
        uint64[5] memory assigned = COES.coeOf(id).assigned;
        for (uint256 i = 0; i < 5; ++i) {
            capacity[i] = uint64(bound(capacity[i], uint256(assigned[i]) + 1, 2 ** 32 - 1));
        }
        vm.prank(COES.hostOf(id));
        COES.setCapacity(id, capacity);
    }

    function setAsk(uint256 coe, uint48[5] memory prices) public {
        bytes32 id = _pick(coe);
        uint128[5] memory ask = [uint128(prices[0]), prices[1], prices[2], prices[3], prices[4]];
        vm.prank(COES.hostOf(id));
        COES.setAsk(id, ask);
    }

    function pass(uint256 time) public {
        _warpTo(vm.getBlockTimestamp() + bound(time, 1, COES.ASK_DELAY() / 2));
    }

    // ------------------------------------------------------------------ store

    function countOfCoes() external view returns (uint256) {
        return coes.length;
    }

    function idOf(uint256 coe) external view returns (bytes32) {
        return coes[coe];
    }

    function announcedWhenSigned(uint256 coe) external view returns (uint128[5] memory) {
        return announced[coe];
    }

    /// @return reserved what both books hold of a COE
    /// @return bonds wei that both have locked
    function heldOf(uint256 coe) external view returns (uint64[5] memory reserved, uint256 bonds) {
        for (uint256 n = 0; n < held.length; ++n) {
            if (held[n].coe != coe) continue;
            bonds += held[n].bond;
            for (uint256 i = 0; i < 5; ++i) {
                reserved[i] += held[n].reserved[i];
            }
        }
    }

    function _some(uint256 lease) private returns (Held storage) {
        if (held.length == 0) assign(lease, lease, [uint64(1), 2, 3, 4, 5], 1e9);
        return held[lease % held.length];
    }

    function _pick(uint256 coe) private view returns (bytes32) {
        return coes[coe % coes.length];
    }

    /// @dev Whoever signs a plan now sees the asks and which rise waits; it is signed anew once its deadline has passed.
    function _warpTo(uint256 time) private {
        vm.warp(time);
        for (uint256 i = 0; i < coes.length; ++i) {
            if (time >= signedAt[i] + COES.ASK_DELAY()) _sign(i);
        }
    }

    function _sign(uint256 coe) private {
        announced[coe] = COES.coeOf(coes[coe]).nextAsk; // no lower than ask in any dimension
        signedAt[coe] = vm.getBlockTimestamp();
    }
}
