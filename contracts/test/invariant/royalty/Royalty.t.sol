// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";

import {IRoyaltyPool} from "../../../src/interfaces/IRoyaltyPool.sol";
import {Asserts} from "../../Asserts.sol";
import {vm} from "../../Vm.sol";
import {RoyaltyHandler} from "./RoyaltyHandler.sol";

/// @title The invariants of README.md in this folder
contract RoyaltyInvariants is Asserts {
    IERC20 private token;
    IRoyaltyPool private pool;
    RoyaltyHandler private handler;

    function setUp() public {
        vm.warp(1_700_000_000);
        token = IERC20(vm.deployCode("DwebToken.sol:DwebToken", abi.encode(address(this))));
        pool = IRoyaltyPool(
            vm.deployCode("RoyaltyPool.sol:RoyaltyPool", abi.encode(token, address(0x7EA5), address(this)))
        );
        handler = new RoyaltyHandler(pool, token);
        for (uint256 i = 0; i < 3; ++i) {
            pool.authoriseRegistry(address(handler.registries(i)));
            token.transfer(address(handler.payers(i)), 1e26);
        }
        handler.begin();
    }

    /// @dev Which contract the fuzzer calls.
    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    /// @dev What of it: not `begin`, which is for once.
    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0].addr = address(handler);
        bytes4[] memory selectors = new bytes4[](9);
        selectors[0] = RoyaltyHandler.defineNode.selector;
        selectors[1] = RoyaltyHandler.credit.selector;
        selectors[2] = RoyaltyHandler.pull.selector;
        selectors[3] = RoyaltyHandler.pullAll.selector;
        selectors[4] = RoyaltyHandler.pay.selector;
        selectors[5] = RoyaltyHandler.payToOneThatRefuses.selector;
        selectors[6] = RoyaltyHandler.payTheCommons.selector;
        selectors[7] = RoyaltyHandler.transferNftOfPayee.selector;
        selectors[8] = RoyaltyHandler.passTime.selector;
        targets[0].selectors = selectors;
    }

    function invariant_royalties() public view {
        uint256 held = 0;
        for (uint256 i = 0; i < handler.count(); ++i) {
            held += _check(handler.nodes(i));
        }
        held += pool.accountOf(0);
        assertEq(pool.accountOf(0), handler.earned(0) - handler.paid(0), "commons");
        assertEq(token.balanceOf(address(pool)), held, "the pool holds what is received and not pulled, and accounts");
        assertEq(held + handler.paidInAll(), handler.creditedInAll(), "out + held = in");
        assertTrue(!handler.shareFell(), "shares never fall");
        assertTrue(!handler.refusedPaymentMoved(), "a payee that reverts keeps its account");
        assertTrue(!handler.definingMovedMoney(), "no later node moves what was earned");
    }

    /// @return held what this node holds: received and not pulled, and its account
    function _check(bytes32 node) private view returns (uint256 held) {
        uint256 pending = 0;
        uint256 pulled = 0;
        uint256 edges = handler.edgesOf(node);
        for (uint256 edge = 0; edge < edges; ++edge) {
            pending += pool.pendingOf(node, edge);
            pulled += handler.pulled(node, edge);
        }
        assertEq(pool.receivedOf(node), handler.credited(node), "received is what was credited and pulled into it");
        assertTrue(pulled <= pool.receivedOf(node), "no more moved than received");
        assertEq(pending + pulled, pool.receivedOf(node), "shares are exactly what was received");
        assertEq(pool.accountOf(node), handler.earned(node) - handler.paid(node), "account");
        held = pending + pool.accountOf(node);
    }
}
