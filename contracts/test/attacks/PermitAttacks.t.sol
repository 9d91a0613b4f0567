// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {vm} from "../Vm.sol";
import {AttackWorld} from "./AttackWorld.sol";

/// @notice What a stranger could do with a permit that it sees before it is mined.
contract PermitAttacksTest is AttackWorld {
    uint256 private constant AMOUNT = 3e18;
    bytes4 private constant NO_ALLOWANCE = IERC20Errors.ERC20InsufficientAllowance.selector;

    struct Permit {
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    function setUp() public override {
        super.setUp();
        token.transfer(user, AMOUNT);
    }

    function test_permit_front_running_does_not_stop_the_deposit() public {
        Permit memory p = _permit();
        vm.prank(stranger);
        token.permit(user, address(book), AMOUNT, START + 60, p.v, p.r, p.s);
        book.depositWithPermit(user, AMOUNT, START + 60, p.v, p.r, p.s);
        assertEq(book.freeOf(user), DEPOSIT + AMOUNT, "credited");
    }

    function test_permit_front_running_by_a_deposit_credits_only_its_owner() public {
        Permit memory p = _permit();
        vm.prank(stranger);
        book.depositWithPermit(user, AMOUNT, START + 60, p.v, p.r, p.s);
        assertEq(book.freeOf(user), DEPOSIT + AMOUNT, "the owner's");
        assertEq(book.freeOf(stranger), 0, "not the sender's");
    }

    function test_a_permit_is_nobody_elses_money() public {
        Permit memory p = _permit();
        vm.expectPartialRevert(NO_ALLOWANCE);
        vm.prank(stranger);
        book.depositWithPermit(stranger, AMOUNT, START + 60, p.v, p.r, p.s);
        assertEq(token.balanceOf(user), AMOUNT, "nothing moved");
    }

    function test_a_permit_deposits_once() public {
        Permit memory p = _permit();
        token.transfer(user, AMOUNT);
        book.depositWithPermit(user, AMOUNT, START + 60, p.v, p.r, p.s);
        vm.expectPartialRevert(NO_ALLOWANCE);
        book.depositWithPermit(user, AMOUNT, START + 60, p.v, p.r, p.s);
        assertEq(token.balanceOf(user), AMOUNT, "the rest stays");
    }

    /// @notice Without any permit a stranger can do no more than put what the owner allowed the book into the owner's own
    /// free balance, from which the owner alone takes it.
    function test_a_forged_permit_moves_allowed_money_to_its_owner_only() public {
        vm.prank(user);
        token.approve(address(book), AMOUNT);
        vm.prank(stranger);
        book.depositWithPermit(user, AMOUNT, START + 60, 27, bytes32(uint256(1)), bytes32(uint256(2)));
        assertEq(book.freeOf(user), DEPOSIT + AMOUNT, "the owner's");
        vm.prank(user);
        book.withdraw(DEPOSIT + AMOUNT);
        assertEq(token.balanceOf(user), DEPOSIT + AMOUNT, "and taken out again");
    }

    function _permit() private view returns (Permit memory p) {
        bytes32 typeHash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 structHash =
            keccak256(abi.encode(typeHash, user, address(book), AMOUNT, token.nonces(user), START + 60));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), structHash));
        (p.v, p.r, p.s) = vm.sign(USER_KEY, digest);
    }
}
