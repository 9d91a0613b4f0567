// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {IProtocolSettings} from "../src/interfaces/IProtocolSettings.sol";
import {Asserts} from "./Asserts.sol";
import {vm} from "./Vm.sol";

contract ProtocolSettingsTest is Asserts {
    address private constant GUARDIAN = address(0x6A);
    address private constant STRANGER = address(0x5A);

    uint128[5] private prices = [uint128(1e9), 5e8, 1e7, 1e9, 1e11];
    IProtocolSettings private settings;

    function setUp() public {
        settings = IProtocolSettings(_make(GUARDIAN, 100, 5_000, prices));
    }

    function test_settings_read_back_as_they_were_made() public view {
        IProtocolSettings.Tariff memory t = settings.tariff();
        assertEq(t.feeBps, 100, "fee");
        assertEq(t.bountyBps, 5_000, "bounty");
        assertTrue(!t.openingsStopped, "open");
        assertEq(abi.encode(t.referencePrices), abi.encode(prices), "prices");
        (uint16 floorBps, uint16 capBps) = settings.royaltyRange();
        assertEq(floorBps, 200, "floor");
        assertEq(capBps, 2_000, "cap");
        assertEq(settings.guardian(), GUARDIAN, "guardian");
    }

    function testFuzz_the_fee_is_never_none_and_never_above_500(uint16 feeBps) public {
        bool holds = feeBps >= 1 && feeBps <= 500;
        _next(holds, abi.encodeWithSelector(IProtocolSettings.FeeOutOfRange.selector, feeBps, 1, 500));
        if (holds) emit IProtocolSettings.FeeSet(feeBps);
        settings.setFee(feeBps);
        assertEq(settings.tariff().feeBps, holds ? feeBps : 100, "fee");
        assertEq(settings.tariff().bountyBps, 5_000, "nothing else moves");
    }

    function testFuzz_a_bounty_is_at_most_half_of_the_fee(uint16 bountyBps) public {
        bool holds = bountyBps <= 5_000;
        _next(holds, abi.encodeWithSelector(IProtocolSettings.BountyOutOfRange.selector, bountyBps, 5_000));
        if (holds) emit IProtocolSettings.BountySet(bountyBps);
        settings.setBounty(bountyBps);
        assertEq(settings.tariff().bountyBps, holds ? bountyBps : 5_000, "bounty");
        assertEq(settings.tariff().feeBps, 100, "nothing else moves");
    }

    function testFuzz_the_royalty_range_stays_within_its_bounds(uint16 floorBps, uint16 capBps) public {
        // Half of the cases lie near what is allowed.
        if (floorBps % 2 == 0) (floorBps, capBps) = (floorBps % 600, capBps % 3_100);
        bool holds = floorBps >= 100 && floorBps <= 500 && capBps >= floorBps && capBps <= 3_000;
        _next(
            holds, abi.encodeWithSelector(IProtocolSettings.RoyaltyRangeInvalid.selector, floorBps, capBps, 100, 3_000)
        );
        if (holds) emit IProtocolSettings.RoyaltyRangeSet(floorBps, capBps);
        settings.setRoyaltyRange(floorBps, capBps);
        (uint16 f, uint16 c) = settings.royaltyRange();
        assertEq(f, holds ? floorBps : 200, "floor");
        assertEq(c, holds ? capBps : 2_000, "cap");
    }

    function test_the_bounds_of_the_royalty_range_themselves_are_allowed() public {
        settings.setRoyaltyRange(100, 100);
        settings.setRoyaltyRange(500, 3_000);
        (uint16 floorBps, uint16 capBps) = settings.royaltyRange();
        assertEq(floorBps, 500, "floor");
        assertEq(capBps, 3_000, "cap");
    }

    function testFuzz_reference_prices_that_fit_read_back(uint48[4] memory four, uint64 transfer) public {
        uint128[5] memory wanted = [uint128(four[0]), four[1], four[2], four[3], transfer];
        vm.expectEmit(true, true, true, true, address(settings));
        emit IProtocolSettings.ReferencePricesSet(wanted);
        settings.setReferencePrices(wanted);
        assertEq(abi.encode(settings.tariff().referencePrices), abi.encode(wanted), "prices");
    }

    function testFuzz_a_reference_price_that_is_too_wide_is_refused(uint256 resource, uint128 price) public {
        resource = bound(resource, 0, 4);
        uint128 most = resource < 4 ? 2 ** 48 - 1 : 2 ** 64 - 1;
        uint128[5] memory wanted = prices;
        wanted[resource] = price = uint128(bound(price, uint256(most) + 1, type(uint128).max));
        vm.expectRevert(abi.encodeWithSelector(IProtocolSettings.ReferencePriceTooWide.selector, resource, price, most));
        settings.setReferencePrices(wanted);
    }

    function test_no_settings_are_made_out_of_bounds() public {
        vm.expectRevert(abi.encodeWithSelector(IProtocolSettings.FeeOutOfRange.selector, 0, 1, 500));
        this.make(0, 5_000, prices);
        vm.expectRevert(abi.encodeWithSelector(IProtocolSettings.BountyOutOfRange.selector, 5_001, 5_000));
        this.make(1, 5_001, prices);
        uint128[5] memory wide = prices;
        wide[3] = 2 ** 48;
        vm.expectRevert(
            abi.encodeWithSelector(IProtocolSettings.ReferencePriceTooWide.selector, 3, 2 ** 48, 2 ** 48 - 1)
        );
        this.make(1, 5_000, wide);
    }

    function test_the_guardian_stops_openings_and_only_the_governor_allows_them_again() public {
        vm.expectEmit(true, true, true, true, address(settings));
        emit IProtocolSettings.OpeningsStopped(GUARDIAN);
        vm.prank(GUARDIAN);
        settings.stopOpenings();
        assertTrue(settings.tariff().openingsStopped, "stopped");

        _expectOwner(GUARDIAN);
        settings.allowOpenings();
        vm.expectEmit(true, true, true, true, address(settings));
        emit IProtocolSettings.OpeningsAllowed(address(this));
        settings.allowOpenings();
        assertTrue(!settings.tariff().openingsStopped, "allowed");
    }

    function test_the_governor_stops_openings_and_a_stranger_does_not() public {
        settings.stopOpenings();
        assertTrue(settings.tariff().openingsStopped, "stopped");
        vm.expectRevert(abi.encodeWithSelector(IProtocolSettings.NotTheGuardian.selector, STRANGER));
        vm.prank(STRANGER);
        settings.stopOpenings();
    }

    function test_guardian_and_governor_are_guards_and_nobody_else() public {
        assertTrue(settings.isGuard(GUARDIAN), "guardian");
        assertTrue(settings.isGuard(address(this)), "governor");
        assertTrue(!settings.isGuard(STRANGER), "stranger");
        vm.expectEmit(true, true, true, true, address(settings));
        emit IProtocolSettings.GuardianSet(STRANGER);
        settings.setGuardian(STRANGER);
        assertTrue(settings.isGuard(STRANGER) && !settings.isGuard(GUARDIAN), "replaced");
    }

    function test_without_a_guardian_the_zero_address_is_none() public {
        settings.setGuardian(address(0));
        assertTrue(!settings.isGuard(address(0)), "none");
    }

    function test_attack_a_guardian_that_sets_what_is_the_governors() public {
        _expectOwner(GUARDIAN);
        settings.setFee(1);
        _expectOwner(GUARDIAN);
        settings.setBounty(1);
        _expectOwner(GUARDIAN);
        settings.setReferencePrices(prices);
        _expectOwner(GUARDIAN);
        settings.setRoyaltyRange(200, 200);
        _expectOwner(GUARDIAN);
        settings.setGuardian(STRANGER);
    }

    function make(uint16 feeBps, uint16 bountyBps, uint128[5] calldata prices_) external returns (address) {
        return _make(GUARDIAN, feeBps, bountyBps, prices_);
    }

    function _make(address guardian, uint16 feeBps, uint16 bountyBps, uint128[5] memory prices_)
        private
        returns (address)
    {
        return vm.deployCode(
            "ProtocolSettings.sol:ProtocolSettings", abi.encode(address(this), guardian, feeBps, bountyBps, prices_)
        );
    }

    /// @dev What the next call must do: emit what the test emits after this, or revert.
    function _next(bool emits, bytes memory reason) private {
        if (emits) vm.expectEmit(true, true, true, true, address(settings));
        else vm.expectRevert(reason);
    }

    function _expectOwner(address caller) private {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, caller));
        vm.prank(caller);
    }
}
