// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDaoShares} from "../../src/interfaces/IDaoShares.sol";
import {IDaoTreasury} from "../../src/interfaces/IDaoTreasury.sol";
import {vm} from "../Vm.sol";
import {DaoWorld} from "./DaoWorld.sol";

contract DaoSharesTest is DaoWorld {
    bytes32 private constant DELEGATION = keccak256("Delegation(address delegatee,uint256 nonce,uint256 expiry)");

    struct Owed {
        uint256 ann;
        uint256 ben;
        uint256 cat;
    }

    function test_it_shows_the_articles() public view {
        assertEq(bytes(dao.shares.name()), "Guild", "name");
        assertEq(bytes(dao.shares.uri()), "https://dao.example/articles", "uri");
        assertEq(dao.shares.textHash(), keccak256("articles"), "text");
        assertEq(dao.shares.retainBps(), 1_000, "retention");
        assertEq(dao.shares.timelock(), address(dao.timelock), "timelock");
        assertEq(address(dao.shares.treasury()), address(dao.treasury), "treasury");
        assertEq(dao.shares.totalShares(), 100, "total");
        assertEq(dao.shares.sharesOf(BEN), 30, "ben");
        assertEq(dao.shares.sharesOf(STRANGER), 0, "no member");
    }

    function test_votes_are_shares_by_timestamp() public {
        assertEq(dao.shares.clock(), vm.getBlockTimestamp(), "clock");
        assertEq(bytes(dao.shares.CLOCK_MODE()), "mode=timestamp", "mode");
        _skip(1);
        _issue(dao, BEN, 5);
        _skip(1);
        assertEq(dao.shares.getVotes(BEN), 35, "now");
        assertEq(dao.shares.getPastVotes(BEN, START), 30, "then");
        assertEq(dao.shares.getPastTotalSupply(START), 100, "all, then");
        assertEq(dao.shares.getPastTotalSupply(START + 1), 105, "all, later");
    }

    // ------------------------------------------------------ issue, retire, move

    function test_shares_are_issued() public {
        vm.expectEmit(true, true, true, true, address(dao.treasury));
        emit IDaoTreasury.HoldingSet(STRANGER, 7, 0);
        vm.expectEmit(true, true, true, true, address(dao.shares));
        emit IDaoShares.SharesIssued(STRANGER, 7, 107);
        _issue(dao, STRANGER, 7);
        assertEq(dao.shares.sharesOf(STRANGER), 7, "shares");
        assertEq(dao.treasury.holdingOf(STRANGER).shares, 7, "in the treasury");
        assertEq(dao.treasury.pot().total, 107, "total");
    }

    function test_shares_are_retired() public {
        _pay(dao, 1_000);
        vm.expectEmit(true, true, true, true, address(dao.treasury));
        emit IDaoTreasury.HoldingSet(CAT, 0, 180);
        vm.expectEmit(true, true, true, true, address(dao.shares));
        emit IDaoShares.SharesRetired(CAT, 20, 80);
        vm.prank(address(dao.timelock));
        dao.shares.retire(CAT, 20);
        assertEq(dao.shares.sharesOf(CAT), 0, "shares");
        assertEq(dao.treasury.pot().total, 80, "total");
        assertEq(dao.treasury.draw(CAT), 180, "who has left is paid what it earned");
    }

    function test_shares_are_moved() public {
        _pay(dao, 1_000);
        vm.expectEmit(true, true, true, true, address(dao.treasury));
        emit IDaoTreasury.HoldingSet(ann, 0, 450);
        vm.expectEmit(true, true, true, true, address(dao.treasury));
        emit IDaoTreasury.HoldingSet(STRANGER, 50, 0);
        vm.expectEmit(true, true, true, true, address(dao.shares));
        emit IDaoShares.SharesMoved(ann, STRANGER, 50);
        vm.prank(address(dao.timelock));
        dao.shares.move(ann, STRANGER, 50);
        assertEq(dao.shares.totalShares(), 100, "total stays");
        assertEq(dao.treasury.pot().total, 100, "in the treasury too");
        _pay(dao, 1_000);
        assertEq(dao.treasury.owedTo(ann), 450, "earned before");
        assertEq(dao.treasury.owedTo(STRANGER), 450, "earned after");
    }

    function test_a_move_to_oneself_changes_nothing() public {
        _pay(dao, 1_000);
        vm.prank(address(dao.timelock));
        dao.shares.move(ann, ann, 50);
        assertEq(dao.shares.sharesOf(ann), 50, "shares");
        assertEq(dao.treasury.holdingOf(ann).shares, 50, "in the treasury");
        assertEq(dao.treasury.pot().total, 100, "total");
        assertEq(dao.treasury.owedTo(ann), 450, "owed");
    }

    function test_the_only_member_can_hand_over_all() public {
        vm.startPrank(address(dao.timelock));
        dao.shares.retire(BEN, 30);
        dao.shares.retire(CAT, 20);
        dao.shares.move(ann, STRANGER, 50);
        vm.stopPrank();
        _pay(dao, 1_000);
        assertEq(dao.treasury.owedTo(STRANGER), 900, "all of it");
    }

    function test_only_the_timelock_changes_anything() public {
        bytes memory reason = abi.encodeWithSelector(IDaoShares.NotTheTimelock.selector, ann);
        vm.startPrank(ann);
        vm.expectRevert(reason);
        dao.shares.issue(ann, 1);
        vm.expectRevert(reason);
        dao.shares.retire(BEN, 1);
        vm.expectRevert(reason);
        dao.shares.move(BEN, ann, 1);
        vm.expectRevert(reason);
        dao.shares.setText("Mine", "", 0);
        vm.expectRevert(reason);
        dao.shares.setRetainBps(0);
        vm.stopPrank();
    }

    function test_amounts_are_at_least_one_share() public {
        vm.startPrank(address(dao.timelock));
        vm.expectRevert(abi.encodeWithSelector(IDaoShares.SharesZero.selector, STRANGER));
        dao.shares.issue(STRANGER, 0);
        vm.expectRevert(abi.encodeWithSelector(IDaoShares.SharesZero.selector, ann));
        dao.shares.retire(ann, 0);
        vm.expectRevert(abi.encodeWithSelector(IDaoShares.SharesZero.selector, ann));
        dao.shares.move(ann, BEN, 0);
        vm.stopPrank();
    }

    function test_nobody_gives_what_it_does_not_hold() public {
        vm.startPrank(address(dao.timelock));
        vm.expectRevert(abi.encodeWithSelector(IDaoShares.SharesTooFew.selector, CAT, 20, 21));
        dao.shares.retire(CAT, 21);
        vm.expectRevert(abi.encodeWithSelector(IDaoShares.SharesTooFew.selector, CAT, 20, 21));
        dao.shares.move(CAT, ann, 21);
        vm.stopPrank();
    }

    function test_nobody_is_not_a_member() public {
        vm.startPrank(address(dao.timelock));
        vm.expectRevert(abi.encodeWithSelector(IDaoShares.MemberZero.selector));
        dao.shares.issue(address(0), 1);
        vm.expectRevert(abi.encodeWithSelector(IDaoShares.MemberZero.selector));
        dao.shares.move(ann, address(0), 1);
        vm.stopPrank();
    }

    function test_shares_end_at_a_million() public {
        _issue(dao, BEN, MOST_SHARES - 100);
        assertEq(dao.shares.totalShares(), MOST_SHARES, "all of them");
        vm.startPrank(address(dao.timelock));
        vm.expectRevert(abi.encodeWithSelector(IDaoShares.SharesTooMany.selector, MOST_SHARES, 1, MOST_SHARES));
        dao.shares.issue(BEN, 1);
        vm.expectRevert(
            abi.encodeWithSelector(IDaoShares.SharesTooMany.selector, MOST_SHARES, type(uint256).max, MOST_SHARES)
        );
        dao.shares.issue(BEN, type(uint256).max);
        vm.stopPrank();
    }

    function test_the_last_share_stays() public {
        vm.startPrank(address(dao.timelock));
        dao.shares.retire(ann, 50);
        dao.shares.retire(BEN, 30);
        vm.expectRevert(abi.encodeWithSelector(IDaoShares.NoSharesLeft.selector));
        dao.shares.retire(CAT, 20);
        dao.shares.retire(CAT, 19);
        vm.stopPrank();
        assertEq(dao.shares.totalShares(), 1, "one is left");
    }

    // ------------------------------------------------------------------ articles

    function test_the_text_is_set_by_proposal() public {
        vm.expectEmit(true, true, true, true, address(dao.shares));
        emit IDaoShares.TextSet("Order", "ipfs://x", keccak256("x"));
        vm.startPrank(address(dao.timelock));
        dao.shares.setText("Order", "ipfs://x", keccak256("x"));
        assertEq(bytes(dao.shares.name()), "Order", "name");
        assertEq(bytes(dao.shares.uri()), "ipfs://x", "uri");
        assertEq(dao.shares.textHash(), keccak256("x"), "text");
        vm.expectRevert(abi.encodeWithSelector(IDaoShares.NameEmpty.selector));
        dao.shares.setText("", "ipfs://x", keccak256("x"));
        vm.stopPrank();
    }

    // ---------------------------------------------------------------- delegation

    function test_every_member_is_its_own_delegate() public {
        assertEq(dao.shares.delegates(BEN), BEN, "from the founding");
        vm.expectRevert(abi.encodeWithSelector(IDaoShares.DelegationRefused.selector, BEN, ann));
        vm.prank(BEN);
        dao.shares.delegate(ann);
    }

    function test_nobody_delegates_by_signature() public {
        bytes32 message = keccak256(abi.encode(DELEGATION, BEN, 0, vm.getBlockTimestamp()));
        bytes32 digest = keccak256(abi.encodePacked("\x19\x01", _domain(), message));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(ANN_KEY, digest);
        // It names ANN, so the signature was read as hers and it is the delegation that is refused.
        vm.expectRevert(abi.encodeWithSelector(IDaoShares.DelegationRefused.selector, ann, BEN));
        dao.shares.delegateBySig(BEN, 0, vm.getBlockTimestamp(), v, r, s);
    }

    // ---------------------------------------------------------------- properties

    /// @notice Votes, the treasury's weights and the total agree after any change, and nothing earned moves by it.
    function test_any_change_leaves_what_was_earned(uint88 receipt, uint24 issued, uint24 moved, uint24 retired)
        public
    {
        _pay(dao, receipt);
        Owed memory owed = Owed(dao.treasury.owedTo(ann), dao.treasury.owedTo(BEN), dao.treasury.owedTo(CAT));
        vm.startPrank(address(dao.timelock));
        dao.shares.issue(ann, bound(issued, 1, MOST_SHARES - 100));
        _requireAgreement();
        dao.shares.move(ann, BEN, bound(moved, 1, dao.shares.sharesOf(ann)));
        _requireAgreement();
        dao.shares.retire(BEN, bound(retired, 1, dao.shares.sharesOf(BEN)));
        _requireAgreement();
        vm.stopPrank();

        assertTrue(_near(dao.treasury.owedTo(ann), owed.ann), "ann");
        assertTrue(_near(dao.treasury.owedTo(BEN), owed.ben), "ben");
        assertTrue(_near(dao.treasury.owedTo(CAT), owed.cat), "cat");
    }

    function test_an_amount_is_issued_exactly_or_refused(uint256 amount) public {
        vm.prank(address(dao.timelock));
        if (amount == 0) vm.expectRevert(abi.encodeWithSelector(IDaoShares.SharesZero.selector, CAT));
        if (amount > MOST_SHARES - 100) {
            vm.expectRevert(abi.encodeWithSelector(IDaoShares.SharesTooMany.selector, 100, amount, MOST_SHARES));
        }
        dao.shares.issue(CAT, amount);
        bool taken = amount > 0 && amount <= MOST_SHARES - 100;
        assertEq(dao.shares.sharesOf(CAT), taken ? 20 + amount : 20, "shares");
        _requireAgreement();
    }

    function test_a_retention_is_set_exactly_or_refused(uint16 bps) public {
        vm.prank(address(dao.timelock));
        if (bps > 10_000) {
            vm.expectRevert(abi.encodeWithSelector(IDaoTreasury.RetainAboveWhole.selector, bps, 10_000));
        }
        dao.shares.setRetainBps(bps);
        assertEq(dao.shares.retainBps(), bps > 10_000 ? 1_000 : bps, "retention");
    }

    function _requireAgreement() private view {
        uint256 sum = 0;
        address[3] memory members = [ann, BEN, CAT];
        for (uint256 i = 0; i < 3; ++i) {
            uint256 held = dao.shares.sharesOf(members[i]);
            assertEq(dao.treasury.holdingOf(members[i]).shares, held, "weight");
            sum += held;
        }
        assertEq(dao.shares.totalShares(), sum, "sum of shares");
        assertEq(dao.treasury.pot().total, sum, "sum of weights");
    }

    /// @dev A carry that is no longer below the total is divided too: at most a wei for each share there ever was.
    function _near(uint256 later, uint256 before) private pure returns (bool) {
        return later >= before && later - before < MOST_SHARES;
    }

    function _domain() private view returns (bytes32) {
        bytes32 typeHash =
            keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        return keccak256(
            abi.encode(typeHash, keccak256("Dweb DAO shares"), keccak256("1"), block.chainid, address(dao.shares))
        );
    }
}
