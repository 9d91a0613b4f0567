// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Holding, Pot, PotWords, ShareAccumulator} from "../../src/dao/ShareAccumulator.sol";
import {Asserts} from "../Asserts.sol";
import {vm} from "../Vm.sol";

contract ShareAccumulatorTest is Asserts {
    using ShareAccumulator for Holding;
    using ShareAccumulator for Pot;
    using ShareAccumulator for PotWords;

    PotWords private _words;
    Pot private _plain;

    function test_a_receipt_is_kept_divided_and_carried() public pure {
        Pot memory pot = Pot({accounted: 40, perShare: 5, carry: 2, reserve: 7, total: 3, retainBps: 2_500});
        (uint256 received, uint256 kept) = pot.sync(140);
        assertEq(received, 100, "received");
        assertEq(kept, 25, "kept");
        assertEq(pot.accounted, 140, "accounted");
        assertEq(pot.reserve, 32, "reserve");
        assertEq(pot.perShare, 5 + 25, "(75 + 2) / 3");
        assertEq(pot.carry, 2, "(75 + 2) % 3");
    }

    function test_what_is_kept_is_rounded_down() public pure {
        Pot memory pot = Pot({accounted: 0, perShare: 0, carry: 0, reserve: 0, total: 1, retainBps: 9_999});
        (, uint256 kept) = pot.sync(1);
        assertEq(kept, 0, "kept");
        assertEq(pot.perShare, 1, "members get it");
    }

    function test_a_carry_above_a_smaller_total_is_divided_by_the_next_sync() public pure {
        Pot memory pot = Pot({accounted: 9, perShare: 0, carry: 9, reserve: 0, total: 4, retainBps: 10_000});
        (uint256 received,) = pot.sync(9);
        assertEq(received, 0, "nothing came in");
        assertEq(pot.perShare, 2, "9 / 4");
        assertEq(pot.carry, 1, "9 % 4");
    }

    function test_a_settled_member_owes_its_past_to_its_old_shares() public pure {
        Pot memory pot = Pot({accounted: 0, perShare: 30, carry: 0, reserve: 0, total: 10, retainBps: 0});
        Holding memory holding = Holding({owed: 4, snap: 10, shares: 3, isDao: false});
        holding.settle(pot);
        assertEq(holding.owed, 64, "4 + 3 * 20");
        assertEq(holding.snap, 30, "snap");
        holding.settle(pot);
        assertEq(holding.owed, 64, "nothing twice");
    }

    function test_a_payment_lowers_what_is_accounted() public pure {
        Pot memory pot = Pot({accounted: 100, perShare: 0, carry: 0, reserve: 30, total: 1, retainBps: 0});
        Holding memory holding = Holding({owed: 60, snap: 0, shares: 1, isDao: false});
        assertEq(holding.payOut(pot), 60, "paid");
        assertEq(holding.owed, 0, "owed");
        assertEq(pot.accounted, 40, "accounted");
        pot.spend(30);
        assertEq(pot.accounted, 10, "after spending");
        assertEq(pot.reserve, 0, "reserve");
    }

    function test_every_receipt_is_divided_to_the_wei(
        uint96 before,
        uint96 amount,
        uint24 total,
        uint24 carry,
        uint16 bps
    ) public pure {
        Pot memory pot;
        pot.total = uint24(bound(total, 1, 1_000_000));
        pot.carry = uint24(bound(carry, 0, 1_000_000 - 1));
        pot.retainBps = uint16(bound(bps, 0, 10_000));
        pot.accounted = before;
        uint256 carried = pot.carry;
        (uint256 received, uint256 kept) = pot.sync(uint256(before) + amount);
        assertEq(received, amount, "received");
        assertEq(kept, uint256(amount) * pot.retainBps / 10_000, "kept");
        assertEq(kept + uint256(pot.perShare) * pot.total + pot.carry, amount + carried, "exact");
        assertTrue(pot.carry < pot.total, "carry below total");
        assertEq(pot.accounted, uint256(before) + amount, "accounted");
        assertEq(pot.reserve, kept, "reserve");
    }

    /// @notice Without retention it does not matter in how many parts the same money comes.
    function test_members_earn_the_same_in_one_receipt_or_in_many(uint80[4] memory parts, uint24 total) public pure {
        Pot memory many;
        many.total = uint24(bound(total, 1, 1_000_000));
        Pot memory one;
        one.total = many.total;
        uint256 balance = 0;
        for (uint256 i = 0; i < 4; ++i) {
            balance += parts[i];
            many.sync(balance);
        }
        one.sync(balance);
        assertEq(many.perShare, one.perShare, "per share");
        assertEq(many.carry, one.carry, "carry");
    }

    function test_settling_often_earns_no_more_than_settling_once(uint64[3] memory rises, uint24 shares) public pure {
        Pot memory pot;
        Holding memory often = Holding({owed: 0, snap: 0, shares: uint24(bound(shares, 0, 1_000_000)), isDao: false});
        Holding memory once = Holding({owed: 0, snap: 0, shares: often.shares, isDao: false});
        for (uint256 i = 0; i < 3; ++i) {
            pot.perShare += rises[i];
            often.settle(pot);
        }
        once.settle(pot);
        assertEq(often.owed, once.owed, "owed");
        assertEq(once.owed, uint256(often.shares) * pot.perShare, "shares * rise");
    }

    function test_payments_and_spending_take_what_they_say(uint96 owed, uint96 reserve, uint96 amount, uint8 carry)
        public
        pure
    {
        Pot memory pot;
        pot.accounted = uint104(uint256(owed) + reserve + carry);
        pot.reserve = reserve;
        Holding memory holding = Holding({owed: owed, snap: 0, shares: 1, isDao: true});
        uint256 spent = bound(amount, 0, reserve);
        pot.spend(spent);
        assertEq(holding.payOut(pot), owed, "paid");
        assertEq(pot.accounted, reserve - spent + carry, "accounted");
        assertEq(pot.reserve, reserve - spent, "reserve");
        assertTrue(holding.isDao && holding.shares == 1, "the rest stays");
    }

    /// @notice The words say the same as the compiler's own struct, field by field and at every width.
    function test_a_stored_pot_reads_as_it_was(Pot memory pot, Pot memory other) public {
        _words.store(other);
        _words.store(pot);
        _plain = pot;
        Pot memory read = _words.load();
        assertEq(abi.encode(read), abi.encode(pot), "as it was");
        assertEq(abi.encode(read), abi.encode(_plain), "as the compiler has it");
        assertEq(bytes32(_words.counts), _slot(2), "first word");
        assertEq(bytes32(_words.rules), _slot(3), "second word");
    }

    // ------------------------------------------------------------------- widths

    function test_values_that_do_not_fit_revert() public {
        Pot memory pot;
        pot.total = 1;
        vm.expectRevert(_overflow(104, 1 << 104));
        this.sync(pot, 1 << 104);
        pot.perShare = type(uint120).max;
        vm.expectRevert(_panic());
        this.sync(pot, 1);
        pot.total = 2;
        this.sync(pot, 1);

        pot.reserve = type(uint104).max;
        pot.retainBps = 10_000;
        vm.expectRevert(_panic());
        this.sync(pot, 1);
    }

    function test_a_debt_that_does_not_fit_reverts() public {
        Pot memory pot;
        pot.perShare = 1;
        Holding memory holding = Holding({owed: type(uint104).max, snap: 0, shares: 1, isDao: false});
        vm.expectRevert(_panic());
        this.settle(holding, pot);
        holding = Holding({owed: 0, snap: 0, shares: 1, isDao: false});
        pot.perShare = 1 << 104;
        vm.expectRevert(_overflow(104, 1 << 104));
        this.settle(holding, pot);
    }

    function test_a_balance_below_what_is_accounted_reverts() public {
        Pot memory pot = Pot({accounted: 2, perShare: 0, carry: 0, reserve: 0, total: 1, retainBps: 0});
        vm.expectRevert(_panic());
        this.sync(pot, 1);
        vm.expectRevert(_panic());
        this.spend(pot, 1);
    }

    function sync(Pot memory pot, uint256 balance) external pure {
        pot.sync(balance);
    }

    function settle(Holding memory holding, Pot memory pot) external pure {
        holding.settle(pot);
    }

    function spend(Pot memory pot, uint256 amount) external pure {
        pot.spend(amount);
    }

    /// @dev `_words` is in slots 0 and 1, `_plain` in 2 and 3.
    function _slot(uint256 index) private view returns (bytes32) {
        return vm.load(address(this), bytes32(index));
    }

    function _panic() private pure returns (bytes memory) {
        return abi.encodeWithSignature("Panic(uint256)", 0x11);
    }

    function _overflow(uint8 bits, uint256 value) private pure returns (bytes memory) {
        return abi.encodeWithSelector(SafeCast.SafeCastOverflowedUintDowncast.selector, bits, value);
    }
}
