// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Pot} from "../../../src/dao/ShareAccumulator.sol";
import {Articles} from "../../../src/interfaces/IDaoFactory.sol";
import {Member} from "../../../src/interfaces/IDaoShares.sol";
import {DaoWorld, Parts} from "../../dao/DaoWorld.sol";
import {DaoHandler} from "./DaoHandler.sol";

/// @notice README.md beside this file says these in words.
contract DaosInvariantTest is DaoWorld {
    struct Sums {
        uint256 paid;
        uint256 owed;
        uint256 shares;
        uint256 votes;
    }

    DaoHandler private handler;

    /// @dev Five people; each DAO is a member of the other.
    function setUp() public override {
        super.setUp();
        Parts memory one = _create(_open("One"), _founders(address(0x1003)));
        Parts memory other = _create(_open("Other"), _founders(address(one.timelock)));
        _issue(one, address(other.timelock), 25);
        handler = new DaoHandler(token, one, other);
        token.transfer(address(handler), token.balanceOf(address(this)));
    }

    /// @dev Read by forge: whom it calls.
    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice One campaign for all of them, since each would be driven through the same calls.
    /// forge-config: default.invariant.depth = 150
    function invariant_money_balance_and_shares_agree() public view {
        for (uint256 i = 0; i < 2; ++i) {
            Parts memory d = handler.daoOf(i);
            Pot memory pot = d.treasury.pot();
            Sums memory sums = _sums(i);
            _requireConservation(pot, sums, handler.accountOf(i));
            _requireCover(d, pot, sums);
            _requireAgreement(d, pot, sums);
        }
    }

    function _requireConservation(Pot memory pot, Sums memory sums, DaoHandler.Account memory account) private pure {
        uint256 reserveReceipts = pot.reserve + account.spent;
        assertEq(sums.paid, account.paid, "paid to members");
        assertEq(sums.paid + sums.owed + pot.carry + reserveReceipts, account.receipts, "conservation");
    }

    function _requireCover(Parts memory d, Pot memory pot, Sums memory sums) private view {
        assertEq(pot.accounted, token.balanceOf(address(d.treasury)), "accounted");
        assertEq(sums.owed + pot.carry + pot.reserve, pot.accounted, "somebody's");
        assertTrue(pot.carry < pot.total, "a carry is less than a wei a share");
    }

    function _requireAgreement(Parts memory d, Pot memory pot, Sums memory sums) private view {
        assertEq(sums.shares, d.shares.totalShares(), "shares");
        assertEq(sums.votes, d.shares.totalShares(), "votes");
        assertEq(pot.total, d.shares.totalShares(), "weights");
        assertTrue(sums.shares >= 1 && sums.shares <= MOST_SHARES, "1 to a million");
    }

    /// @dev Run by forge at the end of every run: each kind of call has succeeded in it.
    function afterInvariant() public view {
        DaoHandler.Calls memory calls = handler.calls();
        assertTrue(calls.donate > 0, "donate");
        assertTrue(calls.sync > 0, "sync");
        assertTrue(calls.draw > 0, "draw");
        assertTrue(calls.spend > 0, "spend");
        assertTrue(calls.issue > 0, "issue");
        assertTrue(calls.retire > 0, "retire");
        assertTrue(calls.move > 0, "move");
        assertTrue(calls.retain > 0, "retain");
        assertTrue(calls.wait > 0, "wait");
    }

    function _sums(uint256 which) private view returns (Sums memory sums) {
        Parts memory d = handler.daoOf(which);
        address[] memory all = handler.members();
        for (uint256 i = 0; i < all.length; ++i) {
            sums.paid += handler.paidTo(which, all[i]);
            sums.owed += d.treasury.owedTo(all[i]);
            sums.shares += d.treasury.holdingOf(all[i]).shares;
            sums.votes += d.shares.getVotes(all[i]);
        }
    }

    function _open(string memory name) private pure returns (Articles memory articles) {
        articles = _articles(name);
        articles.proposalThreshold = 0;
    }

    /// @dev The handler knows these by the same numbers.
    function _founders(address partner) private pure returns (Member[] memory members) {
        members = new Member[](4);
        members[0] = Member(address(0x1000), 40);
        members[1] = Member(address(0x1001), 25);
        members[2] = Member(address(0x1002), 10);
        members[3] = Member(partner, 25);
    }
}
