// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Plan as Setting} from "../script/Deployment.sol";
import {LeaseBook} from "../src/LeaseBook.sol";
import {Fixture} from "./Fixture.sol";
import {vm} from "./Vm.sol";
import {World} from "./World.sol";

contract DeploymentTest is World {
    uint256 private constant EIP170 = 24_576;

    function test_the_world_is_wired_and_the_governors() public view {
        // The fixture has verified the wiring; this looks at what it left to whom.
        assertEq(committee.owner(), address(this), "committee");
        assertEq(pool.owner(), address(this), "pool");
        assertEq(coes.owner(), address(this), "COE registry");
        assertEq(committee.epoch(), 1, "epoch");
        assertEq(book.feeBps(), FEE_BPS, "fee");
        assertEq(book.LATE_REPORTS(), 3, "late reports");
        assertEq(book.MATURING_EPOCH(), 4, "maturing");
        assertEq(book.MIN_START_WITHIN(), 20, "start within");
        assertEq(book.ASK_DELAY(), 10, "ask delay");
        assertEq(abi.encode(book.referencePrices()), abi.encode(_setting().referencePrices), "reference prices");
    }

    function test_every_contract_fits_eip170() public view {
        assertTrue(address(book).code.length <= EIP170, "lease book");
        assertTrue(address(coes).code.length <= EIP170, "COE registry");
        assertTrue(address(images).code.length <= EIP170, "container registry");
        assertTrue(address(code).code.length <= EIP170, "code registry");
        assertTrue(address(pool).code.length <= EIP170, "pool");
    }

    function test_a_fee_outside_its_bounds_is_refused() public {
        Setting memory s = _setting();
        s.feeBps = 501;
        _refused(s, abi.encodeWithSelector(LeaseBook.FeeOutOfRange.selector, 501, 1, 500));
        s.feeBps = 0;
        _refused(s, abi.encodeWithSelector(LeaseBook.FeeOutOfRange.selector, 0, 1, 500));
    }

    function test_a_constant_of_zero_is_refused() public {
        bytes memory reason = abi.encodeWithSelector(LeaseBook.ParameterZero.selector);
        Setting memory s = _setting();
        s.params.lateReports = 0;
        _refused(s, reason);
        s = _setting();
        s.params.maturingEpoch = 0;
        _refused(s, reason);
        s = _setting();
        s.params.minStartWithin = 0;
        _refused(s, reason);
        s = _setting();
        s.params.askDelay = 0;
        _refused(s, reason);
    }

    function _refused(Setting memory s, bytes memory reason) private {
        Fixture fixture = Fixture(vm.deployCode("Fixture.sol:Fixture"));
        vm.expectRevert(reason);
        fixture.deploy(s);
    }
}
