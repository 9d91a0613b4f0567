// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @notice What a treasury has counted. Amounts are wei.
/// @dev The supply of DWEB is below 2^90 wei, so 104 bits hold any balance. `perShare` only grows: with a single share
/// it takes the whole supply a thousand million times. A value that did not fit would revert, never wrap.
struct Pot {
    uint104 accounted; // received and not yet paid out
    uint120 perShare; // what one share has earned since the founding
    uint24 carry; // what did not divide by `total`; goes into the next receipt
    uint104 reserve; // kept for proposals
    uint24 total; // all shares, 1..1,000,000
    uint16 retainBps; // part of each receipt that is kept, 0..10,000
}

/// @notice A pot as it is stored, in two words.
/// @dev Packed by hand: the compiler writes the fields of a stored struct one by one, which costs a draw about 1,000 gas.
struct PotWords {
    uint256 counts; // accounted 104 | perShare 120 | carry 24, from the lowest bit
    uint256 rules; // reserve 104 | total 24 | retainBps 16
}

/// @notice One member in a treasury, in one word.
struct Holding {
    uint104 owed; // wei earned up to `snap` and not yet paid
    uint120 snap; // the pot's `perShare` when the member was last settled
    uint24 shares; // 0..1,000,000
    bool isDao; // the member is the timelock of a DAO, and its treasury is paid
}

/// @title Dividing what comes in among shares that change
/// @notice One write a receipt, whatever the number of members. Functions change their arguments in memory; what they
/// leave is for the caller to store, or for a view to throw away.
/// Invariant: sum of (owed + shares * (perShare - snap)) over all members + carry + reserve = accounted.
library ShareAccumulator {
    using SafeCast for uint256;

    /// @notice Basis points in a whole.
    uint256 internal constant WHOLE = 10_000;

    /// @notice Counts what has come in since the last time.
    /// keep = floor(d * retainBps / 10,000); (q, carry) = divmod(d - keep + carry, total); perShare += q.
    /// @param balance wei the treasury holds, at least `pot.accounted`
    /// @return received d, wei
    /// @return kept wei of it that went to the reserve
    function sync(Pot memory pot, uint256 balance) internal pure returns (uint256 received, uint256 kept) {
        received = balance - pot.accounted;
        kept = received * pot.retainBps / WHOLE;
        uint256 divisible = received - kept + pot.carry;

        pot.accounted = balance.toUint104();
        pot.reserve += kept.toUint104();
        pot.perShare += (divisible / pot.total).toUint120();
        pot.carry = (divisible % pot.total).toUint24();
    }

    /// @notice Books for a member what its shares have earned since it was last settled.
    function settle(Holding memory holding, Pot memory pot) internal pure {
        uint256 earned = uint256(holding.shares) * (pot.perShare - holding.snap);
        holding.owed += earned.toUint104();
        holding.snap = pot.perShare;
    }

    /// @notice Takes all that a settled member is owed out of the pot.
    /// @return amount wei to pay
    function payOut(Holding memory holding, Pot memory pot) internal pure returns (uint104 amount) {
        amount = holding.owed;
        holding.owed = 0;
        pot.accounted -= amount;
    }

    /// @notice Takes from the reserve.
    /// @param amount wei, at most `pot.reserve`
    function spend(Pot memory pot, uint256 amount) internal pure {
        uint104 spent = amount.toUint104();
        pot.reserve -= spent;
        pot.accounted -= spent;
    }

    /// @notice Reads a stored pot.
    // forge-lint: disable-next-item(unsafe-typecast) a field is cut out of its word
    function load(PotWords storage words) internal view returns (Pot memory pot) {
        uint256 counts = words.counts;
        pot.accounted = uint104(counts);
        pot.perShare = uint120(counts >> 104);
        pot.carry = uint24(counts >> 224);
        uint256 rules = words.rules;
        pot.reserve = uint104(rules);
        pot.total = uint24(rules >> 104);
        pot.retainBps = uint16(rules >> 128);
    }

    /// @notice Stores a pot, each word once.
    function store(PotWords storage words, Pot memory pot) internal {
        words.counts = pot.accounted | uint256(pot.perShare) << 104 | uint256(pot.carry) << 224;
        words.rules = pot.reserve | uint256(pot.total) << 104 | uint256(pot.retainBps) << 128;
    }
}
