// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {LeaseKey, LeaseState, Order, Plan, PlanEntry, Service, SkipCode} from "../../src/interfaces/Types.sol";
import {vm} from "../Vm.sol";
import {LeaseWorld} from "./LeaseWorld.sol";

/// @notice Every code with which an entry of a plan is passed over, and that nothing has changed then.
contract SkipsTest is LeaseWorld {
    // ------------------------------------------------------------------ the place

    function test_skips_a_service_or_replica_that_is_not_there() public {
        _admit();
        PlanEntry memory e = _entry(3);
        _skipped(e, SkipCode.NoSuchReplica);
        e = _entry(0);
        e.service = 1;
        _skipped(e, SkipCode.NoSuchReplica);
    }

    function test_skips_a_place_that_is_taken_or_done() public {
        LeaseKey memory key = _openOne();
        _skipEvent(key.orderHash, SkipCode.SlotTaken);
        _open(_order(), _services(), _one(_entry(0)));
        bytes32 second = _register("two", STRANGER_KEY);
        _skipped(_entry(0, 0, second), SkipCode.SlotTaken);
        _end(key);
        _skipped(_entry(0, 0, second), SkipCode.SlotTaken);
        _skipped(_entry(0, 1, second), SkipCode.SlotTaken);
    }

    function test_skips_a_generation_that_is_not_the_next() public {
        _admit();
        _skipped(_entry(0, 1, coe), SkipCode.WrongGeneration);
        _skipped(_entry(0, type(uint16).max, coe), SkipCode.WrongGeneration);
    }

    function test_skips_the_old_generation_of_a_place_that_is_free_again() public {
        LeaseKey memory key = _openOne();
        vm.prank(host);
        book.drain(_order(), _keys(key));
        bytes32 second = _register("two", STRANGER_KEY);
        _skipped(_entry(0, 0, second), SkipCode.WrongGeneration);
        _skipped(_entry(0, 2, second), SkipCode.WrongGeneration);
    }

    function test_skips_a_handle_that_was_used() public {
        LeaseKey memory key = _keyOf(_admit(), 0, 0);
        // Two ids with one handle are not to be found; a lease is written under the handle instead.
        bytes32 slot = keccak256(abi.encode(bytes16(_id(key)), _slotOfLeases(key)));
        vm.store(address(book), slot, bytes32(uint256(1)));
        _skipEvent(key.orderHash, SkipCode.HandleUsed);
        _open(_order(), _services(), _one(_entry(0)));
        assertEq(book.freeOf(user), DEPOSIT, "free");
        assertEq(coes.coeOf(coe).locked, 0, "no bond");
    }

    // -------------------------------------------------------------------- the COE

    function test_skips_an_unknown_coe() public {
        _admit();
        _skipped(_entry(0, 0, keccak256("unknown")), SkipCode.CoeInactive);
    }

    function test_skips_a_coe_that_drains_or_is_suspended() public {
        _admit();
        vm.prank(host);
        coes.setDraining(coe, true);
        _skipped(_entry(0), SkipCode.CoeInactive);
        vm.prank(host);
        coes.setDraining(coe, false);
        vm.prank(guardian);
        coes.setSuspended(coe, true);
        _skipped(_entry(0), SkipCode.CoeInactive);
        coes.setSuspended(coe, false);
        _opens();
    }

    function test_skips_a_host_that_has_not_accepted_the_book() public {
        _admit();
        token.transfer(host, STAKE);
        vm.prank(host);
        token.approve(address(coes), STAKE);
        bytes32 other = _registerAs(host, "two", STRANGER_KEY, _capacity(), _ask(), STAKE, address(0));
        _skipped(_entry(0, 0, other), SkipCode.BookNotAccepted);
        vm.prank(host);
        coes.acceptBook(other, address(book));
        _open(_order(), _services(), _one(_entry(0, 0, other)));
        assertEq(coes.coeOf(other).locked, BOND, "open");
    }

    function test_skips_a_coe_that_claims_a_revoked_host_image() public {
        _admit();
        bytes32 image = _publishOs();
        vm.prank(host);
        coes.setOsImage(coe, image);
        uint256 snapshot = vm.snapshotState();
        _opens();
        vm.revertToState(snapshot);
        vm.prank(guardian);
        os.revoke(image, "root kit");
        _skipped(_entry(0), SkipCode.CoeOsRevoked);
    }

    function test_skips_a_failover_to_a_coe_with_a_revoked_host_image() public {
        LeaseKey memory key = _openOne();
        bytes32 image = _publishOs();
        vm.startPrank(host);
        coes.setOsImage(coe, image);
        book.drain(_order(), _keys(key));
        vm.stopPrank();
        vm.prank(guardian);
        os.revoke(image, "root kit");
        _skipped(_entry(0, 1, coe), SkipCode.CoeOsRevoked);
    }

    function test_skips_a_region_outside_the_mask() public {
        Service[] memory s = _services();
        s[0].regionMask = 1 << 4;
        _skipped(_order(s), s, _entry(0), SkipCode.RegionExcluded);
        s[0].regionMask = (1 << 4) | (1 << 5);
        _opens(_order(s), s);
    }

    function test_skips_a_stake_below_the_orders_wish() public {
        Service[] memory s = _services();
        s[0].minStake = uint128(STAKE + 1);
        _skipped(_order(s), s, _entry(0), SkipCode.StakeTooLow);
        s[0].minStake = uint128(STAKE);
        _opens(_order(s), s);
        _skipped(_order(s), s, _entry(1), SkipCode.StakeTooLow); // the first bond is locked
    }

    function test_skips_a_stake_below_the_bond() public {
        _admit();
        vm.prank(host);
        coes.unbond(coe, STAKE - BOND + 1);
        _skipped(_entry(0), SkipCode.StakeTooLow);
        token.approve(address(coes), 1);
        coes.addStake(coe, 1);
        _opens();
    }

    function test_skips_when_one_of_five_dimensions_is_full(uint256 dimension) public {
        dimension = bound(dimension, 0, 4);
        Service[] memory s = _services();
        s[0].ceiling[4] = type(uint128).max;
        s[0].reserved[dimension] = _capacity()[dimension] + 1;
        Order memory o = _order(s);
        o.maxTotal = type(uint128).max;
        token.transfer(user, 1_000e18);
        vm.startPrank(user);
        token.approve(address(book), 1_000e18);
        book.deposit(1_000e18);
        vm.stopPrank();
        _skipped(o, s, _entry(0), SkipCode.NoCapacity);
    }

    // ------------------------------------------------------------------ the image

    function test_skips_an_image_without_an_nft() public {
        Service[] memory s = _services();
        s[0].imageDigest = keccak256("not minted");
        _skipped(_order(s), s, _entry(0), SkipCode.ImageMissing);
    }

    function test_skips_a_revoked_image_at_first_and_lets_it_fail_over() public {
        LeaseKey memory key = _openOne();
        vm.prank(publisher);
        images.revoke(DIGEST, "old");
        _skipped(_entry(1), SkipCode.ImageRevoked);
        vm.prank(host);
        book.drain(_order(), _keys(key));
        _open(_order(), _services(), _one(_entry(0, 1, coe)));
        assertTrue(_stateOf(_keyOf(key.orderHash, 0, 1)) == LeaseState.Open, "the successor is open");
    }

    function test_skips_a_malicious_image_always() public {
        LeaseKey memory key = _openOne();
        vm.prank(publisher);
        images.revoke(DIGEST, "old");
        vm.prank(guardian);
        images.markMalicious(DIGEST, "miner");
        _skipped(_entry(1), SkipCode.ImageMalicious); // the graver word is the one that is heard
        vm.prank(host);
        book.drain(_order(), _keys(key));
        _skipped(_entry(0, 1, coe), SkipCode.ImageMalicious);
    }

    // ------------------------------------------------------------------ the price

    function test_skips_a_royalty_above_the_users_cap() public {
        Order memory o = _order();
        o.maxRoyaltyBps = ROYALTY_BPS - 1;
        _skipped(o, _services(), _entry(0), SkipCode.RoyaltyAboveMax);
        o.maxRoyaltyBps = ROYALTY_BPS;
        _opens(o, _services());
    }

    function test_skips_a_fee_above_the_users_cap() public {
        Order memory o = _order();
        o.maxFeeBps = FEE_BPS - 1;
        _skipped(o, _services(), _entry(0), SkipCode.FeeAboveMax);
        o.maxFeeBps = FEE_BPS;
        _opens(o, _services());
    }

    function test_skips_a_rate_above_the_plans_guard() public {
        _admit();
        PlanEntry memory e = _entry(0);
        e.maxHostRate = uint64(HOST_RATE - 1);
        _skipped(e, SkipCode.RateAbovePlan);
        e.maxHostRate = uint64(HOST_RATE);
        _open(_order(), _services(), _one(e));
        assertEq(coes.coeOf(coe).locked, BOND, "open");
    }

    function test_skips_asks_above_the_ceiling_in_sum() public {
        Service[] memory s = _services();
        s[0].ceiling = [uint128(2e9), 1e9, 1e7, 1e9 - 1, 2e11];
        _skipped(_order(s), s, _entry(0), SkipCode.RateAboveCeiling);
        // One resource above its ceiling is outweighed by another below it.
        s[0].ceiling[0] += 1;
        _opens(_order(s), s);
    }

    function test_skips_a_price_of_transfer_above_its_ceiling() public {
        Service[] memory s = _services();
        s[0].ceiling[4] = 2e11 - 1;
        _skipped(_order(s), s, _entry(0), SkipCode.RateAboveCeiling);
        // Without an allowance nothing of it can be billed.
        s[0].reserved[4] = 0;
        _opens(_order(s), s);
    }

    function test_skips_reference_prices_above_the_ceiling() public {
        vm.prank(host);
        coes.setAsk(coe, [uint128(1), 1, 1, 1, 1]);
        Service[] memory s = _services();
        s[0].ceiling = [uint128(1e9), 5e8, 1e7, 1e9 - 1, 1e11];
        _skipped(_order(s), s, _entry(0), SkipCode.ReferenceAboveCeiling);
        s[0].ceiling = [uint128(1e9), 5e8, 1e7, 1e9, 1e11 - 1];
        _skipped(_order(s), s, _entry(0), SkipCode.ReferenceAboveCeiling);
        s[0].ceiling[4] = 1e11;
        _opens(_order(s), s);
    }

    function test_skips_rates_that_do_not_fit() public {
        Service[] memory s = _services();
        s[0].reserved[4] = 2 ** 20;
        _skipped(_order(s), s, _entry(0), SkipCode.RateTooWide);

        s = _services();
        s[0].reserved[2] = 100_000;
        _setAsk(2, uint128(uint256(2 ** 32) * 1e9 / 100_000)); // of storage alone
        _skipped(_order(s), s, _entry(0), SkipCode.RateTooWide);
        _setAsk(2, 1e7);
        _setAsk(4, 2 ** 26 * 1e9);
        _skipped(_entry(0), SkipCode.RateTooWide);
    }

    // ------------------------------------------------------------------ the money

    function test_skips_a_replica_without_duration_left() public {
        Order memory o = _order();
        o.duration = PREPAY;
        LeaseKey memory key = _openOne(o);
        vm.warp(START + PREPAY);
        _settle(key, PREPAY, 0, 0);
        vm.prank(host);
        book.drain(o, _keys(key));
        // Such a place is done, so it is written as if it were free.
        bytes32 slot = _slotOfReplica(key);
        bytes32 word = vm.load(address(book), slot);
        vm.store(address(book), slot, bytes32(uint256(word) & ~(uint256(3) << 192) | uint256(2) << 192));
        bytes32 second = _register("two", STRANGER_KEY);
        vm.warp(START + 300);
        _skipEvent(key.orderHash, SkipCode.DurationUsedUp);
        _open(o, _services(), _one(_entry(0, 0, second)));
    }

    function test_skips_a_replica_with_less_left_than_a_host_has_to_start() public {
        Order memory o = _order();
        o.startWithin = 30;
        LeaseKey memory key = _openOne(o);
        vm.startPrank(user);
        book.renew(o, key, 3_000);
        vm.warp(START + 3_570);
        uint256 snapshot = vm.snapshotState();
        book.move(o, _keys(key));
        _open(o, _services(), _one(_entry(0, 1, coe)));
        assertEq(book.leaseOf(_id(_keyOf(key.orderHash, 0, 1))).limit, 30, "just enough is left");
        vm.revertToState(snapshot);
        vm.warp(START + 3_571);
        book.move(o, _keys(key));
        vm.stopPrank();
        _skipEvent(key.orderHash, SkipCode.DurationUsedUp);
        _open(o, _services(), _one(_entry(0, 1, coe)));
    }

    function test_skips_what_would_exceed_the_orders_total() public {
        Order memory o = _order();
        o.maxTotal = uint128(2 * (_charge(PREPAY, ALLOWANCE) + RESERVE) - 1);
        _openOne(o);
        _skipped(o, _services(), _entry(1), SkipCode.AboveMaxTotal);
    }

    function test_opens_up_to_the_orders_total_to_the_wei() public {
        Order memory o = _order();
        o.maxTotal = uint128(2 * (_charge(PREPAY, ALLOWANCE) + RESERVE));
        LeaseKey memory key = _openOne(o);
        _open(o, _services(), _one(_entry(1)));
        (,,, uint256 committed) = book.orderOf(key.orderHash);
        assertEq(committed, o.maxTotal, "committed");
    }

    function test_skips_what_the_free_balance_does_not_cover() public {
        _admit();
        uint256 wanted = _charge(PREPAY, ALLOWANCE) + RESERVE;
        vm.prank(user);
        book.withdraw(DEPOSIT - wanted + 1);
        _skipped(_entry(0), SkipCode.FreeBalanceTooLow);
        vm.startPrank(user);
        token.approve(address(book), 1);
        book.deposit(1);
        vm.stopPrank();
        _opens();
        assertEq(book.freeOf(user), 0, "to the wei");
    }

    // ---------------------------------------------------------- order of the checks

    /// @notice An entry with every fault there is names them one after the other as they are mended.
    function test_the_checks_of_an_entry_are_made_in_order() public {
        Service[] memory s = _services();
        s[0].regionMask = 1;
        s[0].reserved[0] = 4_001;
        s[0].minStake = uint128(STAKE + 1);
        Order memory o = _order(s);
        o.maxRoyaltyBps = 0;
        o.maxFeeBps = 0;
        o.maxTotal = 1;
        vm.prank(host);
        coes.setDraining(coe, true);
        PlanEntry memory e = _entry(3, 1, coe);
        e.maxHostRate = 1;

        _skipped(o, s, e, SkipCode.NoSuchReplica);
        e.replica = 0;
        _skipped(o, s, e, SkipCode.WrongGeneration);
        e.generation = 0;
        _skipped(o, s, e, SkipCode.CoeInactive);
        vm.prank(host);
        coes.setDraining(coe, false);
        vm.prank(publisher);
        images.revoke(DIGEST, "old");
        _skipped(o, s, e, SkipCode.ImageRevoked);
        s[0].imageDigest = _mintAnother("web", 1_500);
        o = _with(o, s);
        _skipped(o, s, e, SkipCode.RoyaltyAboveMax);
        o.maxRoyaltyBps = 1_500;
        _skipped(o, s, e, SkipCode.FeeAboveMax);
        o.maxFeeBps = FEE_BPS;
        _skipped(o, s, e, SkipCode.RateAbovePlan);
        e.maxHostRate = type(uint64).max;
        s[0].ceiling[0] = 1;
        _skipped(_with(o, s), s, e, SkipCode.RateAboveCeiling);
        s[0].ceiling[0] = 3e9;
        _skipped(_with(o, s), s, e, SkipCode.RegionExcluded);
        s[0].regionMask = 0;
        o = _with(o, s);
        _skipped(o, s, e, SkipCode.AboveMaxTotal);
        o.maxTotal = type(uint128).max;
        _skipped(o, s, e, SkipCode.StakeTooLow);
        s[0].minStake = 0;
        _skipped(_with(o, s), s, e, SkipCode.NoCapacity);
        s[0].reserved[0] = 4_000;
        _opens(_with(o, s), s);
    }

    // ------------------------------------------------------------------ helpers

    function _with(Order memory o, Service[] memory s) private view returns (Order memory) {
        o.servicesHash = _order(s).servicesHash;
        return o;
    }

    function _setAsk(uint256 resource, uint128 value) private {
        uint128[5] memory ask = coes.coeOf(coe).ask;
        ask[resource] = value;
        vm.prank(host);
        coes.setAsk(coe, ask);
        vm.warp(vm.getBlockTimestamp() + 10);
    }

    function _publishOs() private returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "OsImage(address signer,bytes32 rootHash,bytes32 manifestDigest,string channel,string version)"
                ),
                stranger,
                keccak256("root"),
                keccak256("os"),
                keccak256("stable"),
                keccak256("1")
            )
        );
        bytes memory signature = _sign(STRANGER_KEY, address(os), structHash);
        return os.publish(stranger, keccak256("root"), keccak256("os"), "stable", "1", signature);
    }

    function _opens() private {
        _open(_order(), _services(), _one(_entry(0)));
        assertTrue(_stateOf(_keyOf(book.orderHashOf(_order()), 0, 0)) == LeaseState.Open, "open");
    }

    function _opens(Order memory o, Service[] memory s) private {
        bytes32 hash = _admit(o, s);
        _open(o, s, _one(_entry(0)));
        assertTrue(_stateOf(_keyOf(hash, 0, 0)) == LeaseState.Open, "open");
    }

    function _skipEvent(bytes32 hash, SkipCode skip) private {
        vm.expectEmit(true, true, true, true, address(book));
        emit ILeaseBook.EntrySkipped(hash, 0, uint8(skip));
    }

    function _skipped(PlanEntry memory e, SkipCode skip) private {
        _skipped(_order(), _services(), e, skip);
    }

    /// @dev Passed over with this code, and no balance, lease, bond or capacity changed. Admits the order if need be.
    function _skipped(Order memory o, Service[] memory s, PlanEntry memory e, SkipCode skip) private {
        bytes32 hash = book.orderHashOf(o);
        (address known,,,) = book.orderOf(hash);
        if (known == address(0)) _admit(o, s);
        uint256 free = book.freeOf(user);
        bytes32 before = keccak256(abi.encode(coes.coeOf(coe), coes.coeOf(e.coe)));
        Plan memory p = _plan(hash, _one(e));
        bytes[] memory signatures = _signPlan(p);
        _skipEvent(hash, skip);
        book.open(o, s, p, _one(e), signatures);
        assertEq(book.freeOf(user), free, "free");
        assertEq(keccak256(abi.encode(coes.coeOf(coe), coes.coeOf(e.coe))), before, "COEs");
        LeaseKey memory key = LeaseKey(hash, e.service, e.replica, e.generation, e.coe);
        assertTrue(_stateOf(key) == LeaseState.None, "no lease");
    }

    /// @dev Finds the map of leases by opening one in a discarded state and looking for it.
    function _slotOfLeases(LeaseKey memory key) private returns (uint256) {
        uint256 snapshot = vm.snapshotState();
        _opens();
        for (uint256 i = 0; i < 64; ++i) {
            if (vm.load(address(book), keccak256(abi.encode(bytes16(_id(key)), i))) != 0) {
                vm.revertToState(snapshot);
                return i;
            }
        }
        revert NotTrue("the map of leases was found");
    }

    /// @dev The place of replica 0 of service 0.
    function _slotOfReplica(LeaseKey memory key) private view returns (bytes32 slot) {
        for (uint256 i = 0; i < 64; ++i) {
            slot = keccak256(abi.encode(uint256(0), keccak256(abi.encode(key.orderHash, i))));
            if (vm.load(address(book), slot) != 0) return slot;
        }
        revert NotTrue("the place was found");
    }
}
