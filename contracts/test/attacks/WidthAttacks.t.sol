// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Lease, LeaseKey, LeaseState, Order, Service, SkipCode} from "../../src/interfaces/Types.sol";
import {vm} from "../Vm.sol";
import {AttackWorld} from "./AttackWorld.sol";

/// @notice Packed widths at their bounds: what fits is exact, what does not is refused with a code; nothing wraps.
contract WidthAttacksTest is AttackWorld {
    uint64 private constant WIDEST_RATE = 2 ** 32 - 1;
    uint64 private constant WIDEST_TRANSFER = 2 ** 26 - 1;
    uint64 private constant WIDEST_ALLOWANCE = 2 ** 20 - 1;
    uint32 private constant LONGEST = 2 ** 27 - 1;

    bytes32 private wide;

    /// @dev A COE as wide as the registry takes, with stake for the dearest lease, and a user who can pay it. A gwei a
    /// mCPU, so that the rate is the CPU reserved.
    function setUp() public override {
        super.setUp();
        token.transfer(host, 50_000e18);
        token.transfer(user, 1_000_000e18);
        uint64[5] memory capacity = [uint64(2 ** 36 - 1), 2 ** 36 - 1, 2 ** 44 - 1, 2 ** 32 - 1, 2 ** 36 - 1];
        uint128[5] memory ask = [uint128(1e9), 0, 0, 0, 1e9];
        vm.prank(host);
        token.approve(address(coes), 50_000e18);
        wide = _registerAs(host, "wide", 0xA9, capacity, ask, 50_000e18, address(book));
        vm.startPrank(user);
        token.approve(address(book), 1_000_000e18);
        book.deposit(1_000_000e18);
        vm.stopPrank();
        uint128[5] memory ref;
        settings.setReferencePrices(ref);
        coe = wide;
    }

    function test_the_widest_rate_opens_and_is_exact() public {
        (Order memory order, Service[] memory services) = _ordered(WIDEST_RATE, 0);
        LeaseKey memory key = _opened(order, services);
        Lease memory lease = book.leaseOf(_id(key));
        assertEq(lease.terms.hostRate, WIDEST_RATE, "host rate");
        assertEq(lease.terms.baseRate, WIDEST_RATE, "base rate");
        assertEq(book.fencedOf(_id(key)), uint256(WIDEST_RATE) * PREPAY * (1e9 + 600 * 1e5), "fenced");
        assertEq(coes.coeOf(wide).locked, uint256(WIDEST_RATE) * 3_600e9, "bond");
    }

    function test_a_rate_one_too_wide_is_refused() public {
        (Order memory order, Service[] memory services) = _ordered(WIDEST_RATE + 1, 0);
        _requireRefused(order, services, SkipCode.RateTooWide);
    }

    function test_the_widest_allowance_opens_and_is_exact() public {
        (Order memory order, Service[] memory services) = _ordered(1, WIDEST_ALLOWANCE);
        LeaseKey memory key = _opened(order, services);
        assertEq(book.leaseOf(_id(key)).terms.allowanceGiB, WIDEST_ALLOWANCE, "allowance");
        uint256 gwei_ = PREPAY + uint256(WIDEST_ALLOWANCE) * 1_024;
        assertEq(book.fencedOf(_id(key)), gwei_ * (1e9 + 600 * 1e5), "fenced");
    }

    function test_an_allowance_one_too_wide_is_refused() public {
        (Order memory order, Service[] memory services) = _ordered(1, WIDEST_ALLOWANCE + 1);
        _requireRefused(order, services, SkipCode.RateTooWide);
    }

    function test_the_widest_transfer_rate_opens_and_is_exact() public {
        _setTransferAsk(uint128(WIDEST_TRANSFER) * 1e9 + 999_999_999); // it floors
        (Order memory order, Service[] memory services) = _ordered(1, 1);
        LeaseKey memory key = _opened(order, services);
        assertEq(book.leaseOf(_id(key)).terms.hostTransfer, WIDEST_TRANSFER, "host transfer");
        uint256 gwei_ = PREPAY + uint256(WIDEST_TRANSFER) * 1_024;
        assertEq(book.fencedOf(_id(key)), gwei_ * (1e9 + 600 * 1e5), "fenced");
    }

    function test_a_transfer_rate_one_too_wide_is_refused() public {
        _setTransferAsk(uint128(WIDEST_TRANSFER + 1) * 1e9);
        (Order memory order, Service[] memory services) = _ordered(1, 1);
        _requireRefused(order, services, SkipCode.RateTooWide);
    }

    /// @notice Each factor fits, their product is more than an order can commit.
    function test_a_sum_wider_than_an_order_can_commit_is_refused() public {
        _setTransferAsk(uint128(WIDEST_TRANSFER) * 1e9);
        (Order memory order, Service[] memory services) = _ordered(1, WIDEST_ALLOWANCE);
        order.maxTotal = type(uint128).max;
        _requireRefused(order, services, SkipCode.AboveMaxTotal);
    }

    function test_the_longest_lease_runs_to_its_last_second() public {
        (Order memory order, Service[] memory services) = _ordered(1, 0);
        order.duration = LONGEST;
        order.prepay = type(uint32).max;
        LeaseKey memory key = _opened(order, services);
        assertEq(book.leaseOf(_id(key)).limit, LONGEST, "limit");
        _rotate(0x77);
        vm.warp(START + 2 ** 28);
        bytes memory entry = abi.encodePacked(bytes16(_id(key)), type(uint32).max, type(uint48).max);
        entry = bytes.concat(entry, abi.encodePacked(type(uint48).max, type(uint48).max, type(uint64).max));
        Settled memory s = _settle(_batch(entry, uint64(vm.getBlockTimestamp()), 0x77));
        assertEq(s.host, uint256(LONGEST) * 1e9, "every funded second, and no more");
        assertEq(book.settledOf(_id(key)).secondsRun, LONGEST, "settled");
        Lease memory lease = book.leaseOf(_id(key));
        assertTrue(lease.state == LeaseState.Open && lease.limit == LONGEST, "its standing is untouched");
    }

    /// @notice Whatever is reserved opens exactly, or is passed over; it is never taken for something smaller.
    function test_no_reservation_wraps(uint64[5] memory reserved, uint8[5] memory narrow) public {
        (Order memory order, Service[] memory services) = _ordered(0, 0);
        for (uint256 i = 0; i < 5; ++i) {
            services[0].reserved[i] = reserved[i] >> (narrow[i] % 64);
        }
        order = _reordered(order, services);
        _admit(order, services);
        _open(order, services, _one(_entry(0)));
        LeaseKey memory key = _keyOf(book.orderHashOf(order), 0, 0);
        uint64[5] memory assigned = coes.coeOf(wide).assigned;
        if (_stateOf(key) == LeaseState.None) {
            assertEq(abi.encode(assigned), abi.encode([uint64(0), 0, 0, 0, 0]), "nothing is taken");
            return;
        }
        assertEq(abi.encode(assigned), abi.encode(services[0].reserved), "taken as reserved");
        uint256 rate = services[0].reserved[0] == 0 ? 1 : services[0].reserved[0];
        assertEq(book.leaseOf(_id(key)).terms.hostRate, rate, "rate");
        _end(key);
        assertEq(abi.encode(coes.coeOf(wide).assigned), abi.encode([uint64(0), 0, 0, 0, 0]), "given back");
    }

    function _ordered(uint64 cpu, uint64 allowance) private view returns (Order memory order, Service[] memory s) {
        s = _services();
        s[0].reserved = [cpu, 0, 0, 0, allowance];
        s[0].ceiling = [type(uint128).max, type(uint128).max, type(uint128).max, type(uint128).max, type(uint128).max];
        order = _reordered(_order(s), s);
        order.maxTotal = 2_000_000e18;
    }

    function _reordered(Order memory order, Service[] memory s) private view returns (Order memory) {
        order.servicesHash = _order(s).servicesHash;
        return order;
    }

    function _opened(Order memory order, Service[] memory services) private returns (LeaseKey memory key) {
        _admit(order, services);
        _open(order, services, _one(_entry(0)));
        key = _keyOf(book.orderHashOf(order), 0, 0);
        assertTrue(_stateOf(key) == LeaseState.Open, "opened");
    }

    function _requireRefused(Order memory order, Service[] memory services, SkipCode code) private {
        bytes32 orderHash = _admit(order, services);
        _expectSkip(orderHash, code);
        _open(order, services, _one(_entry(0)));
        assertEq(coes.coeOf(wide).locked, 0, "no bond is locked");
    }

    function _setTransferAsk(uint128 price) private {
        vm.prank(host);
        coes.setAsk(wide, [uint128(1e9), 0, 0, 0, price]);
        vm.warp(START + coes.ASK_DELAY());
    }
}
