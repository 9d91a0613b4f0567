// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {
    Fault,
    LeaseKey,
    LeaseState,
    Order,
    Plan,
    PlanEntry,
    ReplicaState,
    Service,
    SkipCode,
    Terms,
    Ticket,
    Upgrade,
    UsageBatch,
    UsageCode,
    Verdict
} from "../../src/interfaces/Types.sol";
import {Typed} from "../Typed.sol";
import {Vm, vm} from "../Vm.sol";
import {World} from "../World.sol";

/// @title A user with money, an order for three replicas, and what it takes to open, report and settle
abstract contract LeaseWorld is World {
    uint256 internal constant DEPOSIT = 10e18;
    uint32 internal constant PREPAY = 600;

    // What the asks and reference prices of the world come to for the world's service.
    uint256 internal constant HOST_RATE = 1_276; // 500*2 + 256*1 + 1024*0.01 + 10*1 gwei a second, floored
    uint256 internal constant HOST_TRANSFER = 200;
    uint256 internal constant ALLOWANCE = 1_024;
    uint256 internal constant GRACE = 15;
    uint256 internal constant RENT = 9; // storage is 10 of 1,276 gwei: 32 / 4,096 of the rate, floored
    uint256 internal constant RESERVE = RENT * GRACE * 1e9;
    uint256 internal constant BOND = HOST_RATE * 3_600 * 1e9;

    struct Settled {
        bytes32 coe;
        uint64 asOf;
        uint256 host;
        uint256 royalty;
        uint256 fee;
        bytes entries;
        bytes codes;
    }

    function setUp() public virtual override {
        super.setUp();
        token.transfer(user, DEPOSIT);
        vm.startPrank(user);
        token.approve(address(book), DEPOSIT);
        book.deposit(DEPOSIT);
        vm.stopPrank();
    }

    // ------------------------------------------------------------- messages

    function _services() internal pure returns (Service[] memory s) {
        s = new Service[](1);
        s[0].imageDigest = DIGEST;
        s[0].specHash = keccak256("spec");
        s[0].replicas = 3;
        s[0].reserved = [uint64(500), 256, 1_024, 10, 1];
        s[0].ceiling = [uint128(3e9), 2e9, 2e7, 2e9, 3e11];
    }

    function _order(Service[] memory services) internal view returns (Order memory o) {
        o.user = user;
        o.servicesHash = Typed.hash(services);
        o.maxTotal = 5e18;
        o.duration = 3_600;
        o.prepay = PREPAY;
        o.submitBy = uint64(START + 300);
        o.startWithin = 20;
        o.maxRoyaltyBps = 1_000;
        o.maxFeeBps = 200;
        o.upgradePolicy = 0;
        o.salt = keccak256("salt");
    }

    function _order() internal view returns (Order memory) {
        return _order(_services());
    }

    function _terms() internal pure returns (Terms memory) {
        return Terms({
            hostRate: uint32(HOST_RATE),
            baseRate: uint32(HOST_RATE),
            hostTransfer: uint32(HOST_TRANSFER),
            baseTransfer: uint32(HOST_TRANSFER),
            royaltyBps: ROYALTY_BPS,
            feeBps: FEE_BPS,
            allowanceGiB: 1,
            rentShare: 32
        });
    }

    function _admit(Order memory o, Service[] memory s) internal returns (bytes32) {
        return book.admit(o, s, _sign(USER_KEY, address(book), Typed.hash(o)));
    }

    function _admit() internal returns (bytes32) {
        return _admit(_order(_services()), _services());
    }

    function _entry(uint16 replica, uint16 generation, bytes32 on) internal pure returns (PlanEntry memory e) {
        e = PlanEntry({service: 0, replica: replica, generation: generation, coe: on, maxHostRate: type(uint64).max});
    }

    function _entry(uint16 replica) internal view returns (PlanEntry memory e) {
        e = PlanEntry({service: 0, replica: replica, generation: 0, coe: coe, maxHostRate: type(uint64).max});
    }

    function _one(PlanEntry memory e) internal pure returns (PlanEntry[] memory entries) {
        entries = new PlanEntry[](1);
        entries[0] = e;
    }

    function _plan(bytes32 orderHash, PlanEntry[] memory entries) internal view returns (Plan memory p) {
        p = Plan({
            orderHash: orderHash,
            entriesHash: Typed.hash(entries),
            committeeEpoch: 1,
            deadline: uint64(vm.getBlockTimestamp() + 5)
        });
    }

    function _signPlan(Plan memory p) internal view returns (bytes[] memory signatures) {
        signatures = new bytes[](1);
        signatures[0] = _sign(MEMBER_KEY, address(book), Typed.hash(p));
    }

    function _open(Order memory order, Service[] memory services, PlanEntry[] memory entries) internal {
        Plan memory p = _plan(book.orderHashOf(order), entries);
        book.open(order, services, p, entries, _signPlan(p));
    }

    /// @dev Admits an order for the world's services and opens its first replica.
    function _openOne(Order memory order) internal returns (LeaseKey memory key) {
        key = _keyOf(_admit(order, _services()), 0, 0);
        _open(order, _services(), _one(_entry(0)));
        assertTrue(_stateOf(key) == LeaseState.Open, "opened");
    }

    /// @dev Admits the world's order and opens its first replica.
    function _openOne() internal returns (LeaseKey memory key) {
        key = _keyOf(_admit(), 0, 0);
        _open(_order(_services()), _services(), _one(_entry(0)));
        assertTrue(_stateOf(key) == LeaseState.Open, "opened");
    }

    function _keyOf(bytes32 orderHash, uint16 replica, uint16 generation) internal view returns (LeaseKey memory) {
        return LeaseKey({orderHash: orderHash, service: 0, replica: replica, generation: generation, coe: coe});
    }

    function _keys(LeaseKey memory key) internal pure returns (LeaseKey[] memory keys) {
        keys = new LeaseKey[](1);
        keys[0] = key;
    }

    function _id(LeaseKey memory key) internal view returns (bytes32) {
        return book.leaseIdOf(key);
    }

    function _stateOf(LeaseKey memory key) internal view returns (LeaseState) {
        return book.leaseOf(_id(key)).state;
    }

    function _ticket(LeaseKey memory key) internal view returns (Ticket memory) {
        return book.ticket(_order(_services()), _services(), key, DIGEST);
    }

    // ---------------------------------------------------------------- usage

    function _usage(LeaseKey memory key, uint32 secondsRun, uint32 received, uint32 sent)
        internal
        view
        returns (bytes memory)
    {
        return abi.encodePacked(
            bytes16(_id(key)), secondsRun, uint48(secondsRun) * 400, uint48(7_168), uint48(8_192), received, sent
        );
    }

    function _batch(bytes memory entries, uint64 asOf, uint256 key) internal view returns (UsageBatch[] memory b) {
        b = new UsageBatch[](1);
        b[0].coe = coe;
        b[0].asOf = asOf;
        b[0].entries = entries;
        b[0].signature = _sign(key, address(book), Typed.hashUsage(coe, asOf, entries));
    }

    function _settle(bytes memory entries) internal returns (Settled memory) {
        return _settle(_batch(entries, uint64(vm.getBlockTimestamp()), AGENT_KEY));
    }

    function _settle(LeaseKey memory key, uint32 secondsRun, uint32 received, uint32 sent)
        internal
        returns (Settled memory)
    {
        return _settle(_usage(key, secondsRun, received, sent));
    }

    /// @return s the last UsageSettled event of the settlement
    function _settle(UsageBatch[] memory batches) internal returns (Settled memory s) {
        vm.recordLogs();
        book.settle(batches, address(0));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        bool found = false;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != ILeaseBook.UsageSettled.selector) continue;
            found = true;
            s.coe = logs[i].topics[1];
            (s.asOf, s.host, s.royalty, s.fee, s.entries, s.codes) =
                abi.decode(logs[i].data, (uint64, uint256, uint256, uint256, bytes, bytes));
        }
        assertTrue(found, "a settlement says so");
    }

    function _assertCode(Settled memory s, UsageCode code) internal pure {
        assertEq(s.codes, abi.encodePacked(uint8(code)), "code");
    }

    function _assertNothingPaid(Settled memory s) internal pure {
        assertEq(s.host, 0, "host is not paid");
        assertEq(s.royalty, 0, "royalty is not paid");
        assertEq(s.fee, 0, "fee is not paid");
    }

    // ---------------------------------------------------------------- money

    function _host(uint256 secondsRun, uint256 mebibytes) internal pure returns (uint256) {
        return (HOST_RATE * secondsRun + HOST_TRANSFER * mebibytes) * 1e9;
    }

    function _royalty(uint256 secondsRun, uint256 mebibytes) internal pure returns (uint256) {
        return (HOST_RATE * secondsRun + HOST_TRANSFER * mebibytes) * ROYALTY_BPS * 1e5;
    }

    function _fee(uint256 secondsRun, uint256 mebibytes) internal pure returns (uint256) {
        return (HOST_RATE * secondsRun + HOST_TRANSFER * mebibytes) * FEE_BPS * 1e5;
    }

    function _charge(uint256 secondsRun, uint256 mebibytes) internal pure returns (uint256) {
        return _host(secondsRun, mebibytes) + _royalty(secondsRun, mebibytes) + _fee(secondsRun, mebibytes);
    }

    /// @dev The invariant of the book, with one user, one lease and one COE.
    function _assertConserved(LeaseKey memory key) internal view {
        (uint256 matured, uint256 maturing, uint256 disputed) = book.earnedOf(coe);
        assertEq(
            token.balanceOf(address(book)),
            book.freeOf(user) + book.fencedOf(_id(key)) + matured + maturing + 2 * disputed + book.fees(),
            "tokens in the book"
        );
    }

    function _assertReplica(LeaseKey memory key, ReplicaState state, uint256 generation, uint256 committed)
        internal
        view
    {
        (ReplicaState state_, uint16 generation_, uint32 committed_) =
            book.replicaOf(key.orderHash, key.service, key.replica);
        assertEq(uint256(state_), uint256(state), "state of the replica");
        assertEq(generation_, generation, "generation");
        assertEq(committed_, committed, "seconds of the replica");
    }

    function _earned() internal view returns (uint256) {
        (uint256 matured, uint256 maturing,) = book.earnedOf(coe);
        return matured + maturing;
    }

    function _end(LeaseKey memory key) internal {
        vm.prank(user);
        book.end(_keys(key));
    }

    // ------------------------------------------------------------ committee

    function _signFault(Fault memory found) internal view returns (bytes[] memory signatures) {
        signatures = new bytes[](1);
        signatures[0] = _sign(MEMBER_KEY, address(book), Typed.hash(found));
    }

    function _fault(LeaseKey memory key, uint64 deadSince) internal {
        Fault memory found = Fault({
            leaseId: _id(key), deadSince: deadSince, committeeEpoch: 1, deadline: uint64(vm.getBlockTimestamp() + 5)
        });
        book.fault(_order(_services()), key, found, _signFault(found));
    }

    function _verdict(LeaseKey memory key, uint32 disputedSeconds, bool refund) internal {
        Verdict memory verdict = Verdict({
            leaseId: _id(key),
            disputedSeconds: disputedSeconds,
            refund: refund,
            committeeEpoch: 1,
            deadline: uint64(vm.getBlockTimestamp() + 5)
        });
        bytes[] memory signatures = new bytes[](1);
        signatures[0] = _sign(MEMBER_KEY, address(book), Typed.hash(verdict));
        book.decide(key, verdict, signatures);
    }

    function _signUpgrade(Upgrade memory plan) internal view returns (bytes[] memory signatures) {
        signatures = new bytes[](1);
        signatures[0] = _sign(MEMBER_KEY, address(book), Typed.hash(plan));
    }
}
