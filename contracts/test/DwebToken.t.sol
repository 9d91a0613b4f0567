// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";

import {IDwebToken} from "../src/interfaces/IDwebToken.sol";
import {Asserts} from "./Asserts.sol";
import {vm} from "./Vm.sol";

contract DwebTokenTest is Asserts {
    uint256 private constant SUPPLY = 1_000_000_000e18;
    uint256 private constant HOLDER_KEY = 0x1001;
    address private constant TO = address(0xB);
    bytes32 private constant PERMIT =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

    address private holder = vm.addr(HOLDER_KEY);
    address private token;

    function setUp() public {
        vm.warp(1_700_000_000);
        _deploy();
    }

    function test_half_of_the_supply_is_the_faucets_on_the_local_chain() public view {
        assertEq(_balance(holder), SUPPLY / 2, "holder");
        assertEq(_balance(token), SUPPLY / 2, "faucet");
        assertEq(IERC20(token).totalSupply(), SUPPLY, "supply");
    }

    function test_all_of_the_supply_is_the_holders_elsewhere() public {
        vm.chainId(10);
        _deploy();
        assertEq(_balance(holder), SUPPLY, "holder");
        assertEq(_balance(token), 0, "faucet");
    }

    function testFuzz_the_faucet_hands_out_what_it_has_and_mints_nothing(uint256 amount) public {
        amount = bound(amount, 0, SUPPLY / 2);
        IDwebToken(token).faucet(TO, amount);
        assertEq(_balance(TO), amount, "received");
        assertEq(_balance(token), SUPPLY / 2 - amount, "rest");
        assertEq(IERC20(token).totalSupply(), SUPPLY, "supply");
    }

    function testFuzz_the_faucet_cannot_hand_out_more_than_it_has(uint256 amount) public {
        amount = bound(amount, SUPPLY / 2 + 1, type(uint256).max);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, token, SUPPLY / 2, amount)
        );
        IDwebToken(token).faucet(TO, amount);
    }

    function test_the_faucet_refuses_on_another_chain() public {
        vm.chainId(10);
        vm.expectRevert(abi.encodeWithSelector(IDwebToken.FaucetOnLocalChainOnly.selector, 10));
        IDwebToken(token).faucet(TO, 1);
    }

    function test_nobody_votes_with_tokens_before_delegating() public {
        assertEq(IVotes(token).getVotes(holder), 0, "none");
        _delegate(holder);
        assertEq(IVotes(token).getVotes(holder), SUPPLY / 2, "all");
    }

    function testFuzz_votes_follow_the_tokens(uint256 amount) public {
        amount = bound(amount, 0, SUPPLY / 2);
        _delegate(holder);
        vm.prank(holder);
        IERC20(token).transfer(TO, amount);
        assertEq(IVotes(token).getVotes(holder), SUPPLY / 2 - amount, "holder");
        assertEq(IVotes(token).getVotes(TO), 0, "the receiver has not delegated");
    }

    function test_past_votes_are_those_of_a_timestamp() public {
        assertEq(IERC6372(token).clock(), vm.getBlockTimestamp(), "clock");
        assertEq(bytes(IERC6372(token).CLOCK_MODE()), "mode=timestamp", "mode");
        _delegate(holder);
        vm.warp(1_700_000_100);
        vm.prank(holder);
        IERC20(token).transfer(TO, SUPPLY / 2);
        vm.warp(1_700_000_200);
        assertEq(IVotes(token).getPastVotes(holder, 1_700_000_099), SUPPLY / 2, "before");
        assertEq(IVotes(token).getPastVotes(holder, 1_700_000_100), 0, "after");
        assertEq(IVotes(token).getPastTotalSupply(1_700_000_100), SUPPLY, "supply");
    }

    function test_attack_flash_votes() public {
        uint256 snapshot = vm.getBlockTimestamp();
        vm.warp(snapshot + 1);
        _delegate(holder);
        assertEq(IVotes(token).getPastVotes(holder, snapshot), 0, "too late for a snapshot that is past");
    }

    function testFuzz_a_permit_allows_once_what_was_signed(uint256 amount, uint256 wait) public {
        wait = bound(wait, 0, 1_000);
        uint256 deadline = vm.getBlockTimestamp() + wait;
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(HOLDER_KEY, _permit(amount, deadline));
        vm.warp(deadline);
        IERC20Permit(token).permit(holder, TO, amount, deadline, v, r, s);
        assertEq(IERC20(token).allowance(holder, TO), amount, "allowed");
        assertEq(IERC20Permit(token).nonces(holder), 1, "nonce");
        vm.expectRevert();
        IERC20Permit(token).permit(holder, TO, amount, deadline, v, r, s);
    }

    function _deploy() private {
        token = vm.deployCode("DwebToken.sol:DwebToken", abi.encode(holder));
    }

    function _balance(address account) private view returns (uint256) {
        return IERC20(token).balanceOf(account);
    }

    function _delegate(address to) private {
        vm.prank(holder);
        IVotes(token).delegate(to);
    }

    function _permit(uint256 amount, uint256 deadline) private view returns (bytes32) {
        bytes32 structHash = keccak256(abi.encode(PERMIT, holder, TO, amount, 0, deadline));
        return keccak256(abi.encodePacked(hex"1901", IERC20Permit(token).DOMAIN_SEPARATOR(), structHash));
    }
}
