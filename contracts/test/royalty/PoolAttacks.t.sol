// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IRoyaltyPool} from "../../src/interfaces/IRoyaltyPool.sol";
import {Edge} from "../../src/interfaces/Types.sol";
import {HookedToken} from "./HookedToken.sol";
import {PoolWorld} from "./PoolWorld.sol";

/// @title Attacks on the pool, each by its name
contract PoolAttacksTest is PoolWorld {
    bool private refuses;

    function payeeOf(bytes32) external view override returns (address) {
        require(!refuses, "no payee today");
        return payee;
    }

    // ------------------------------------------------- re-entrancy by the token

    function test_attack_paying_twice_from_the_tokens_hook() public {
        HookedToken hooked = _hookedPool();
        _fund(LEAF, 50);
        pool.pull(LEAF, 0);
        _fund(TOP, 1_000); // somebody else's money to steal
        hooked.hook(address(pool), abi.encodeCall(IRoyaltyPool.pay, (LEAF)));
        assertEq(pool.pay(LEAF), 50, "paid once");
        _refusedByGuard(hooked);
        assertEq(hooked.balanceOf(payee), 50, "and no more");
    }

    function test_attack_paying_out_of_a_credit_whose_money_is_not_there_yet() public {
        HookedToken hooked = _hookedPool();
        _fund(LEAF, 50);
        pool.pull(LEAF, 0);
        hooked.hook(address(pool), abi.encodeCall(IRoyaltyPool.pay, (LEAF)));
        _fund(LEAF, 10);
        _refusedByGuard(hooked);
        assertEq(hooked.balanceOf(address(pool)), 60, "nothing left");
    }

    function test_attack_crediting_again_from_the_tokens_hook() public {
        HookedToken hooked = _hookedPool();
        hooked.hook(address(pool), _creditCall(1, 10));
        _fund(LEAF, 10);
        _refusedByGuard(hooked);
        assertEq(pool.receivedOf(LEAF), 10, "credited once");
    }

    /// @notice A pull calls nobody, so it needs no guard: from within a hook it moves what a pull after it would.
    function test_attack_pulling_from_the_tokens_hook() public {
        HookedToken hooked = _hookedPool();
        hooked.hook(address(pool), abi.encodeCall(IRoyaltyPool.pull, (LEAF, 0)));
        _fund(LEAF, 10);
        assertTrue(hooked.succeeded(), "pulled");
        assertEq(pool.accountOf(LEAF), 10, "once");
        assertEq(pool.pull(LEAF, 0), 0, "nothing is left");
        assertEq(hooked.balanceOf(address(pool)), 10, "held");
    }

    // ----------------------------------------------------------- failing payees

    function test_attack_a_payee_that_reverts_blocks_nobody_else() public {
        _fund(TOP, 600);
        _fund(LEAF, 50);
        refuses = true;
        assertEq(pool.pull(TOP, 0), 300, "pulls go on");
        pool.pull(TOP, 2);
        pool.pull(LEAF, 0);
        (bool ok,) = address(pool).call(abi.encodeCall(IRoyaltyPool.pay, (LEAF)));
        assertTrue(!ok, "not paid");
        assertEq(pool.accountOf(LEAF), 350, "but kept");

        pool.defineNode(keccak256("bare"), new Edge[](0), 0, true);
        _fund(keccak256("bare"), 5);
        pool.pull(keccak256("bare"), 0);
        assertEq(pool.pay(0), 5, "others are paid");
        refuses = false;
        assertEq(pool.pay(LEAF), 350, "and so is it, once it answers");
    }

    // ------------------------------------------------------------ dust and loops

    function testFuzz_attack_pulls_after_every_wei_gain_nothing(uint8 rounds) public {
        for (uint256 i = 0; i < rounds % 64; ++i) {
            _fund(TOP, 1);
            pool.pull(TOP, i % 3);
        }
        uint256 total = rounds % 64;
        for (uint256 j = 0; j < 3; ++j) {
            pool.pull(TOP, j);
        }
        assertEq(pool.accountOf(TOP), total - total * 3 / 6 - (total - total * 3 / 6) * 2 / 3, "as if pulled once");
    }

    /// @notice The widest node at the deepest rank: every pull stays far below what a block holds.
    function test_attack_unbounded_loop_over_64_edges_at_rank_6() public {
        bytes32 below = _chainTo(5);
        Edge[] memory edges = new Edge[](64);
        for (uint256 i = 0; i < 64; ++i) {
            edges[i] = Edge(below, type(uint16).max);
        }
        bytes32 wide = keccak256("wide");
        pool.defineNode(wide, edges, type(uint16).max, true);
        _fund(wide, 65e18);
        for (uint256 i = 0; i < 65; ++i) {
            uint256 before = gasleft();
            assertEq(pool.pull(wide, i), 1e18, "share");
            assertTrue(before - gasleft() < 150_000, "bounded");
        }
    }

    function test_attack_money_sent_without_a_credit_is_nobodys() public {
        token.transfer(address(pool), 1_000);
        _fund(TOP, 600);
        assertEq(pool.pull(TOP, 0) + pool.pull(TOP, 1) + pool.pull(TOP, 2), 600, "no more than credited");
    }

    function _hookedPool() private returns (HookedToken hooked) {
        hooked = new HookedToken(address(this));
        pool = _newPool(hooked);
        pool.defineNode(LEAF, new Edge[](0), 1, false);
        pool.defineNode(TOP, _edges(LEAF, 1), 0, false);
    }

    function _refusedByGuard(HookedToken hooked) private view {
        assertTrue(!hooked.succeeded(), "refused");
        bytes memory reason = abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        assertEq(hooked.answer(), reason, "by the guard");
    }
}
