// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {Order} from "../../src/interfaces/Types.sol";
import {vm} from "../Vm.sol";
import {AttackWorld} from "./AttackWorld.sol";

/// @dev A wallet whose word is whatever a test sets.
contract Wallet {
    bytes32 private constant YES = bytes32(IERC1271.isValidSignature.selector);

    enum Manner {
        Yes,
        No,
        TooShort,
        Bomb,
        RevertingBomb,
        Burner,
        Writer
    }

    Manner public manner;
    uint256 public written;

    function setManner(Manner manner_) external {
        manner = manner_;
    }

    function isValidSignature(bytes32, bytes calldata) external returns (bytes32 answer) {
        answer = YES;
        if (manner == Manner.No) answer = bytes32(uint256(YES) + 1);
        if (manner == Manner.TooShort) _give(answer, 31, false);
        if (manner == Manner.Bomb) _give(answer, 200_000, false);
        if (manner == Manner.RevertingBomb) _give(answer, 200_000, true);
        while (manner == Manner.Burner) {}
        if (manner == Manner.Writer) ++written;
    }

    /// @dev In plain words: `return` or `revert` of so many bytes of which the first word is the answer.
    function _give(bytes32 answer, uint256 length, bool reverts) private pure {
        assembly ("memory-safe") {
            let start := mload(0x40)
            mstore(start, answer)
            if reverts { revert(start, length) }
            return(start, length)
        }
    }
}

/// @dev A wallet that says yes, and uses the moment in which it is asked.
contract BusyWallet {
    ILeaseBook private immutable BOOK;

    constructor(ILeaseBook book) {
        BOOK = book;
    }

    function isValidSignature(bytes32, bytes calldata) external returns (bytes4) {
        (bool raised,) = address(BOOK).call(abi.encodeCall(BOOK.raiseEpoch, ()));
        (bool withdrawn,) = address(BOOK).call(abi.encodeCall(BOOK.withdraw, (1)));
        return raised || withdrawn ? bytes4(0) : IERC1271.isValidSignature.selector;
    }
}

/// @notice Lying ERC-1271 wallets and what they could cost whoever relays their order.
contract WalletAttacksTest is AttackWorld {
    Wallet private wallet;

    function setUp() public override {
        super.setUp();
        wallet = new Wallet();
    }

    function test_an_honest_wallet_is_believed() public {
        _requireAdmitted();
    }

    function test_lying_erc1271_that_says_no_is_refused() public {
        _requireRefused(Wallet.Manner.No);
    }

    function test_lying_erc1271_that_says_too_little_is_refused() public {
        _requireRefused(Wallet.Manner.TooShort);
    }

    function test_lying_erc1271_that_burns_gas_is_refused_at_a_bounded_price() public {
        _requireRefused(Wallet.Manner.Burner);
    }

    function test_lying_erc1271_that_changes_state_is_refused() public {
        _requireRefused(Wallet.Manner.Writer);
        assertEq(wallet.written(), 0, "nothing was written");
    }

    /// @notice What is beyond the first word of an answer is never copied.
    function test_returndata_bomb_costs_its_sender_no_more_than_the_call() public {
        _requireRefused(Wallet.Manner.RevertingBomb);
        wallet.setManner(Wallet.Manner.Bomb);
        _requireAdmitted();
    }

    /// @notice A wallet is asked once: one that says yes and then no cannot strand a plan that counts on its order.
    function test_lying_erc1271_that_changes_its_mind_is_not_asked_again() public {
        _requireAdmitted();
        _fund(address(wallet));
        wallet.setManner(Wallet.Manner.No);
        Order memory order = _orderOf(address(wallet));
        _open(order, _services(), _one(_entry(0)));
        (,,, uint256 committed) = book.orderOf(book.orderHashOf(order));
        assertEq(committed, _charge(PREPAY, ALLOWANCE) + RESERVE, "opened");
    }

    function test_a_wallet_that_uses_the_moment_changes_nothing() public {
        BusyWallet busy = new BusyWallet(book);
        _fund(address(busy));
        book.admit(_orderOf(address(busy)), _services(), "");
        assertEq(book.epochOf(address(busy)), 0, "epoch");
        assertEq(book.freeOf(address(busy)), 2e18, "free");
    }

    function test_a_wallet_that_says_yes_to_all_signs_for_itself_only() public {
        Order memory order = _order(_services());
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.SignerMismatch.selector, user));
        vm.prank(address(wallet));
        book.admit(order, _services(), "");
    }

    function _requireRefused(Wallet.Manner manner) private {
        wallet.setManner(manner);
        (bool admitted, bytes memory answer) = _admitted();
        assertTrue(!admitted, "refused");
        bytes memory reason = abi.encodeWithSelector(ILeaseBook.SignerMismatch.selector, address(wallet));
        assertEq(answer, reason, "for the signature");
    }

    function _requireAdmitted() private {
        (bool admitted, bytes memory answer) = _admitted();
        assertTrue(admitted, "admitted");
        assertEq(abi.decode(answer, (bytes32)), book.orderHashOf(_orderOf(address(wallet))), "by its hash");
    }

    /// @dev With the wallet's 200,000 gas and what admission costs anyway.
    function _admitted() private returns (bool admitted, bytes memory answer) {
        bytes memory data = abi.encodeCall(book.admit, (_orderOf(address(wallet)), _services(), ""));
        uint256 used = gasleft();
        (admitted, answer) = address(book).call(data);
        used -= gasleft();
        assertTrue(used < 300_000, "at a bounded price");
    }

    function _orderOf(address account) private view returns (Order memory order) {
        order = _order(_services());
        order.user = account;
    }

    function _fund(address account) private {
        token.transfer(account, 2e18);
        vm.startPrank(account);
        token.approve(address(book), 2e18);
        book.deposit(2e18);
        vm.stopPrank();
    }
}
