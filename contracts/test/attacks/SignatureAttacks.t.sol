// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {ISchedulerCommittee} from "../../src/interfaces/ISchedulerCommittee.sol";
import {
    Fault,
    LeaseKey,
    Order,
    Plan,
    PlanEntry,
    UsageBatch,
    UsageCode,
    Upgrade,
    Verdict
} from "../../src/interfaces/Types.sol";
import {Typed} from "../Typed.sol";
import {vm} from "../Vm.sol";
import {AttackWorld} from "./AttackWorld.sol";

/// @notice Every message of the book, signed by the right key but not for this book on this chain. One test a message;
/// what is wrong with the signature is the inheriting contract's.
abstract contract BadSignatures is AttackWorld {
    /// @notice A signature that must not pass.
    function _badly(uint256 key, bytes32 structHash) internal virtual returns (bytes memory);

    /// @notice What the committee says to it.
    function _refusal() internal virtual returns (bytes4) {
        return ISchedulerCommittee.NotAMember.selector;
    }

    function test_order() public {
        Order memory order = _order(_services());
        bytes memory signature = _badly(USER_KEY, Typed.hash(order));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.SignerMismatch.selector, user));
        book.admit(order, _services(), signature);
    }

    function test_plan() public {
        PlanEntry[] memory entries = _one(_entry(0));
        Plan memory plan = _plan(_admit(), entries);
        bytes[] memory signatures = _alone(_badly(MEMBER_KEY, Typed.hash(plan)));
        Order memory order = _order(_services());
        vm.expectPartialRevert(_refusal());
        book.open(order, _services(), plan, entries, signatures);
    }

    function test_plan_without_the_committee() public {
        PlanEntry[] memory entries = _one(_entry(0));
        _admit();
        vm.warp(START + 10);
        Plan memory plan = _plan(_orderHash(), entries);
        plan.committeeEpoch = 0;
        bytes memory ofUser = _sign(USER_KEY, address(book), Typed.hash(plan));
        bytes[] memory ofHost = _alone(_badly(HOST_KEY, Typed.hash(plan)));
        Order memory order = _order(_services());
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.SignerMismatch.selector, host));
        book.openDirect(order, _services(), plan, entries, ofUser, ofHost);
        ofUser = _badly(USER_KEY, Typed.hash(plan));
        ofHost = _alone(_sign(HOST_KEY, address(book), Typed.hash(plan)));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.SignerMismatch.selector, user));
        book.openDirect(order, _services(), plan, entries, ofUser, ofHost);
    }

    function test_usage() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + 100);
        UsageBatch[] memory batches = _batch(_usage(key, 100, 1, 1), uint64(START + 100), AGENT_KEY);
        batches[0].signature = _badly(AGENT_KEY, Typed.hashUsage(coe, batches[0].asOf, batches[0].entries));
        Settled memory s = _settle(batches);
        _assertCode(s, UsageCode.BadSignature);
        _assertNothingPaid(s);
    }

    function test_fault() public {
        LeaseKey memory key = _openOne();
        Fault memory found = Fault(_id(key), uint64(START), 1, uint64(START + 5));
        bytes[] memory signatures = _alone(_badly(MEMBER_KEY, Typed.hash(found)));
        Order memory order = _order(_services());
        vm.expectPartialRevert(_refusal());
        book.fault(order, key, found, signatures);
    }

    function test_verdict() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + 100);
        _settle(key, 100, 0, 0);
        vm.prank(user);
        book.dispute(key, 100);
        Verdict memory verdict = Verdict(_id(key), 100, true, 1, uint64(START + 105));
        bytes[] memory signatures = _alone(_badly(MEMBER_KEY, Typed.hash(verdict)));
        vm.expectPartialRevert(_refusal());
        book.decide(key, verdict, signatures);
    }

    function test_upgrade() public {
        Order memory order = _order(_services());
        order.upgradePolicy = 1;
        _admit(order, _services());
        _open(order, _services(), _one(_entry(0)));
        LeaseKey memory key = _keyOf(book.orderHashOf(order), 0, 0);
        PlanEntry[] memory entries = _one(_entryAt(0, 1, coe));
        Upgrade memory plan = Upgrade(key.orderHash, DIGEST, Typed.hash(entries), 0, 1, uint64(START + 5));
        bytes[] memory signatures = _alone(_badly(MEMBER_KEY, Typed.hash(plan)));
        LeaseKey[] memory running = _keys(key);
        vm.expectPartialRevert(_refusal());
        book.upgrade(order, _services(), plan, entries, running, signatures);
    }

    function _alone(bytes memory signature) private pure returns (bytes[] memory signatures) {
        signatures = new bytes[](1);
        signatures[0] = signature;
    }
}

/// @notice Signed for this address on another chain.
contract CrossChainReplayTest is BadSignatures {
    function _badly(uint256 key, bytes32 structHash) internal override returns (bytes memory signature) {
        uint256 here = vm.getChainId();
        vm.chainId(here + 1);
        signature = _sign(key, address(book), structHash);
        vm.chainId(here);
    }
}

/// @notice Signed for another lease book on this chain.
contract CrossContractReplayTest is BadSignatures {
    function _badly(uint256 key, bytes32 structHash) internal view override returns (bytes memory) {
        return _sign(key, address(coes), structHash);
    }
}

/// @notice Another signature of the same key for the same message: (r, n - s) with the other v.
contract MalleableSignatureTest is BadSignatures {
    uint256 private constant ORDER_OF_CURVE = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    function _badly(uint256 key, bytes32 structHash) internal view override returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, Typed.digest(address(book), structHash));
        return abi.encodePacked(r, bytes32(ORDER_OF_CURVE - uint256(s)), v == 27 ? uint8(28) : uint8(27));
    }
}

/// @notice The right signature with a byte more, as a relay could send it to make it look new.
contract PaddedSignatureTest is BadSignatures {
    function _badly(uint256 key, bytes32 structHash) internal view override returns (bytes memory) {
        return bytes.concat(_sign(key, address(book), structHash), hex"00");
    }
}

/// @notice The right key, having signed another message.
contract OtherMessageTest is BadSignatures {
    function _badly(uint256 key, bytes32 structHash) internal view override returns (bytes memory) {
        return _sign(key, address(book), keccak256(abi.encode(structHash)));
    }
}
