// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {DwebToken} from "../src/DwebToken.sol";
import {IDwebToken} from "../src/interfaces/IDwebToken.sol";
import {Asserts} from "./Asserts.sol";
import {vm} from "./Vm.sol";

contract DwebTokenTest is Asserts {
    address private constant HOLDER = address(0xA);
    address private constant TO = address(0xB);

    function test_half_of_the_supply_is_the_faucets_on_the_local_chain() public {
        DwebToken token = new DwebToken(HOLDER);
        assertEq(token.balanceOf(HOLDER), 500_000_000e18, "holder");
        assertEq(token.balanceOf(address(token)), 500_000_000e18, "faucet");
        assertEq(token.totalSupply(), token.SUPPLY(), "supply");
    }

    function test_all_of_the_supply_is_the_holders_elsewhere() public {
        vm.chainId(10);
        DwebToken token = new DwebToken(HOLDER);
        assertEq(token.balanceOf(HOLDER), token.SUPPLY(), "holder");
        assertEq(token.balanceOf(address(token)), 0, "faucet");
    }

    function test_faucet_hands_out_what_it_has() public {
        DwebToken token = new DwebToken(HOLDER);
        token.faucet(TO, 7e18);
        assertEq(token.balanceOf(TO), 7e18, "received");
        assertEq(token.totalSupply(), token.SUPPLY(), "nothing is minted");
    }

    function test_faucet_cannot_hand_out_more_than_it_has() public {
        DwebToken token = new DwebToken(HOLDER);
        uint256 has = token.balanceOf(address(token));
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, address(token), has, has + 1)
        );
        token.faucet(TO, has + 1);
    }

    function test_faucet_refuses_on_another_chain() public {
        DwebToken token = new DwebToken(HOLDER);
        vm.chainId(10);
        vm.expectRevert(abi.encodeWithSelector(IDwebToken.FaucetOnLocalChainOnly.selector, 10));
        token.faucet(TO, 1);
    }
}
