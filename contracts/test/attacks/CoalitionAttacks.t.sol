// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LeaseKey} from "../../src/interfaces/Types.sol";
import {vm} from "../Vm.sol";
import {AttackWorld} from "./AttackWorld.sol";

/// @notice User, host, code owner, publisher and settler are one person, who pays herself.
contract CoalitionAttacksTest is AttackWorld {
    /// @notice Whatever runs, or is said to, the circle loses fee - bounty, exactly, and at least half of the fee.
    function test_settle_with_a_bounty_to_oneself_never_profits(uint32 ran, uint32 received, uint16 bountyBps) public {
        settings.setBounty(uint16(bound(bountyBps, 0, 5_000)));
        ran = uint32(bound(ran, 1, PREPAY));
        uint256 before = _wealth() + DEPOSIT;
        LeaseKey memory key = _openOne();
        vm.warp(START + ran);
        book.settle(_batch(_usage(key, ran, received, 0), uint64(vm.getBlockTimestamp()), AGENT_KEY), stranger);
        _end(key);
        vm.warp(START + ran + 8);
        book.finalise(_keys(key));
        _takeAllOut();

        uint256 moved = received < ALLOWANCE ? received : ALLOWANCE;
        uint256 fee = _fee(ran, moved);
        uint256 bounty = fee * settings.tariff().bountyBps / 10_000;
        assertEq(_wealth(), before - (fee - bounty), "it costs the fee less the bounty");
        assertTrue(_wealth() < before && before - _wealth() >= fee / 2, "which is a loss");
        assertEq(book.fees(), fee - bounty, "and is the treasury's");
    }

    function test_settle_with_a_bounty_pays_no_bounty_for_what_was_paid_before() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + 100);
        book.settle(_batch(_usage(key, 100, 0, 0), uint64(START + 100), AGENT_KEY), stranger);
        uint256 bounty = book.freeOf(stranger);
        for (uint256 i = 0; i < 3; ++i) {
            book.settle(_batch(_usage(key, 100, 0, 0), uint64(START + 100), AGENT_KEY), stranger);
        }
        assertEq(book.freeOf(stranger), bounty, "once");
        assertEq(bounty, _fee(100, 0) * BOUNTY_BPS / 10_000, "of the fee");
    }

    /// @notice A host that takes its own no-show bond from itself gains nothing.
    function test_a_host_that_is_its_own_user_gains_nothing_by_a_no_show() public {
        uint256 before = _wealth() + DEPOSIT;
        LeaseKey memory key = _openOne();
        vm.warp(START + 21);
        book.noShow(_order(_services()), _keys(key));
        _withdraw(user);
        assertEq(_wealth(), before, "to the wei");
    }

    /// @dev Tokens and stake of all of them.
    function _wealth() private view returns (uint256) {
        uint256 sum = token.balanceOf(user) + token.balanceOf(host) + token.balanceOf(coder);
        sum += token.balanceOf(publisher) + token.balanceOf(stranger);
        return sum + coes.coeOf(coe).stake;
    }

    function _takeAllOut() private {
        book.withdrawEarned(coe);
        bytes32 node = images.nodeOf(DIGEST);
        pool.pull(node, 0);
        pool.pull(node, 1);
        pool.pull(releaseId, 0);
        pool.pay(node);
        pool.pay(releaseId);
        _withdraw(user);
        _withdraw(stranger);
    }

    function _withdraw(address account) private {
        uint256 free = book.freeOf(account);
        if (free == 0) return;
        vm.prank(account);
        book.withdraw(free);
    }
}
