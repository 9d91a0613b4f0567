// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {
    LeaseState,
    Order,
    Plan,
    PlanEntry,
    Service,
    SkipCode,
    Terms,
    Ticket,
    UsageBatch,
    UsageCode
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

    function _admit(Order memory o, Service[] memory s) internal returns (bytes32) {
        return book.admit(o, s, _sign(USER_KEY, address(book), Typed.hash(o)));
    }

    function _admit() internal returns (bytes32) {
        return _admit(_order(_services()), _services());
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
            deadline: uint64(block.timestamp + 5)
        });
    }

    function _signPlan(Plan memory p) internal view returns (bytes[] memory signatures) {
        signatures = new bytes[](1);
        signatures[0] = _sign(MEMBER_KEY, address(book), Typed.hash(p));
    }

    function _open(bytes32 orderHash, Service[] memory services, PlanEntry[] memory entries) internal {
        Plan memory p = _plan(orderHash, entries);
        book.open(services, p, entries, _signPlan(p));
    }

    /// @dev Admits the world's order and opens its first replica.
    function _openOne() internal returns (bytes32 orderHash, bytes32 leaseId) {
        orderHash = _admit();
        _open(orderHash, _services(), _one(_entry(0)));
        leaseId = book.leaseIdOf(orderHash, 0, 0, 0, coe);
        assertTrue(book.ticket(leaseId).state == LeaseState.Open, "opened");
    }

    // ---------------------------------------------------------------- usage

    function _usage(bytes32 leaseId, uint32 secondsRun, uint32 received, uint32 sent)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodePacked(
            bytes8(leaseId), secondsRun, uint48(secondsRun) * 400, uint48(7), uint48(8), received, sent
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
        return _settle(_batch(entries, uint64(block.timestamp), AGENT_KEY));
    }

    function _settle(bytes32 leaseId, uint32 secondsRun, uint32 received, uint32 sent)
        internal
        returns (Settled memory)
    {
        return _settle(_usage(leaseId, secondsRun, received, sent));
    }

    /// @return s the last UsageSettled event of the settlement
    function _settle(UsageBatch[] memory batches) internal returns (Settled memory s) {
        vm.recordLogs();
        book.settle(batches);
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
    function _assertConserved(bytes32 leaseId) internal view {
        (uint256 matured, uint256 maturing) = book.earnedOf(coe);
        assertEq(
            token.balanceOf(address(book)),
            book.freeOf(user) + book.fencedOf(leaseId) + matured + maturing + book.fees(),
            "tokens in the book"
        );
    }

    function _list(bytes32 leaseId) internal pure returns (bytes32[] memory ids) {
        ids = new bytes32[](1);
        ids[0] = leaseId;
    }

    function _end(bytes32 leaseId) internal {
        vm.prank(user);
        book.end(_list(leaseId));
    }
}
