// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Holding, Pot, ShareAccumulator} from "../src/dao/ShareAccumulator.sol";
import {VectorFile} from "./vectors/VectorFile.sol";

/// @dev Carries out each step as a treasury does: count what came in, settle who is concerned, then change.
contract VectorsDaoTest is VectorFile {
    using ShareAccumulator for Holding;
    using ShareAccumulator for Pot;

    /// @dev In the order of the numbers in the file.
    enum Kind {
        Receive,
        Sync,
        Draw,
        Move,
        Issue,
        Burn,
        Retain,
        Spend
    }

    struct Step {
        uint8 step;
        uint256 who;
        uint256 other;
        uint256 amount; // of a draw: what it must pay
        uint256 perShare;
        uint256 carry;
        uint256 reserve;
        uint256 total;
        uint256 accounted;
    }

    struct End {
        uint256[] owed;
        uint256[] paid;
        uint256[] shares;
        uint256 received;
        uint256 spent;
    }

    struct DaoCase {
        uint256[] shares;
        uint256 retainBps;
        Step[] steps;
        End end;
    }

    string private constant CASE =
        "DaoCase(uint256[] shares,uint256 retainBps,JsonStep[] steps,JsonEnd end)JsonStep(uint8 step,uint256 who,uint256 other,uint256 amount,uint256 perShare,uint256 carry,uint256 reserve,uint256 total,uint256 accounted)JsonEnd(uint256[] owed,uint256[] paid,uint256[] shares,uint256 received,uint256 spent)";

    struct Treasury {
        Pot pot;
        Holding[] holdings;
        uint256[] paid;
        uint256 balance;
    }

    function test_a_treasury_owes_after_each_step_what_the_vectors_say() public view {
        DaoCase[] memory cases = abi.decode(_read("dao", ".cases", CASE), (DaoCase[]));
        assertEq(cases.length, 30, "cases");
        for (uint256 i = 0; i < cases.length; ++i) {
            Treasury memory t = _found(cases[i]);
            for (uint256 s = 0; s < cases[i].steps.length; ++s) {
                _take(t, cases[i].steps[s]);
                _assertSame(t.pot, cases[i].steps[s], string.concat(_at("", i), _at(", step", s)));
            }
            _assertEnd(t, cases[i].end, i);
        }
    }

    function _found(DaoCase memory c) private pure returns (Treasury memory t) {
        t.holdings = new Holding[](c.shares.length);
        t.paid = new uint256[](c.shares.length);
        t.pot.retainBps = uint16(c.retainBps);
        for (uint256 m = 0; m < c.shares.length; ++m) {
            t.holdings[m].shares = uint24(c.shares[m]);
            t.pot.total += uint24(c.shares[m]);
        }
    }

    function _take(Treasury memory t, Step memory s) private pure {
        Kind kind = Kind(s.step);
        if (kind == Kind.Receive) {
            t.balance += s.amount;
            return;
        }
        t.pot.sync(t.balance);
        if (kind == Kind.Draw) _draw(t, s);
        else if (kind == Kind.Retain) t.pot.retainBps = uint16(s.amount);
        else if (kind == Kind.Spend) _spend(t, s.amount);
        else if (kind != Kind.Sync) _change(t, s, kind);
    }

    function _draw(Treasury memory t, Step memory s) private pure {
        t.holdings[s.who].settle(t.pot);
        uint256 amount = t.holdings[s.who].payOut(t.pot);
        assertEq(amount, s.amount, "drawn");
        t.balance -= amount;
        t.paid[s.who] += amount;
    }

    function _spend(Treasury memory t, uint256 amount) private pure {
        t.pot.spend(amount);
        t.balance -= amount;
    }

    function _change(Treasury memory t, Step memory s, Kind kind) private pure {
        Holding memory who = t.holdings[s.who];
        who.settle(t.pot);
        if (kind == Kind.Issue) {
            who.shares += uint24(s.amount);
            t.pot.total += uint24(s.amount);
            return;
        }
        who.shares -= uint24(s.amount);
        if (kind == Kind.Burn) {
            t.pot.total -= uint24(s.amount);
            return;
        }
        Holding memory other = t.holdings[s.other];
        other.settle(t.pot);
        other.shares += uint24(s.amount);
    }

    function _assertSame(Pot memory pot, Step memory s, string memory where) private pure {
        assertEq(pot.perShare, s.perShare, string.concat("per share", where));
        assertEq(pot.carry, s.carry, string.concat("carry", where));
        assertEq(pot.reserve, s.reserve, string.concat("reserve", where));
        assertEq(pot.total, s.total, string.concat("total", where));
        assertEq(pot.accounted, s.accounted, string.concat("accounted", where));
    }

    function _assertEnd(Treasury memory t, End memory end, uint256 i) private pure {
        for (uint256 m = 0; m < t.holdings.length; ++m) {
            t.holdings[m].settle(t.pot);
            assertEq(t.holdings[m].owed, end.owed[m], string.concat(_at("owed", i), _at(", member", m)));
            assertEq(t.paid[m], end.paid[m], string.concat(_at("paid", i), _at(", member", m)));
            assertEq(t.holdings[m].shares, end.shares[m], string.concat(_at("shares", i), _at(", member", m)));
        }
        assertEq(t.balance, t.pot.accounted, _at("balance", i));
    }
}
