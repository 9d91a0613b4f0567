// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IContainerRegistry} from "../../src/interfaces/IContainerRegistry.sol";
import {ILeaseBook} from "../../src/interfaces/ILeaseBook.sol";
import {
    Edge,
    Image,
    LeaseKey,
    LeaseState,
    Order,
    Plan,
    PlanEntry,
    Service,
    UsageBatch
} from "../../src/interfaces/Types.sol";
import {Typed} from "../Typed.sol";
import {vm} from "../Vm.sol";
import {AttackWorld} from "./AttackWorld.sol";

/// @notice What whoever sends a transaction could do by its gas limit, or whoever writes it by its length.
contract GasAttacksTest is AttackWorld {
    uint16 private constant MOST_REPLICAS = 256;

    // ------------------------------------- gas limit at every value around a batch

    /// @notice The least gas that is enough is searched for; then every limit near it, and limits all the way up to it,
    /// give the full result or none.
    function test_gas_limit_at_every_value_around_a_batch_settles_all_or_reverts() public {
        _admit();
        UsageBatch[] memory batches = new UsageBatch[](2);
        bytes memory entries = _usage(_openAt(0, 0, coe), 100, 5, 5);
        LeaseKey memory away = _openAt(2, 0, other);
        entries = bytes.concat(entries, _usage(_openAt(1, 0, coe), 100, 5, 5));
        vm.warp(START + 100);
        batches[0] = _report(coe, AGENT_KEY, entries);
        batches[1] = _report(other, OTHER_AGENT_KEY, _usage(away, 100, 5, 5));
        _sweep(abi.encodeCall(book.settle, (batches, stranger)), this.isSettled);
    }

    function test_gas_limit_at_every_value_around_a_plan_opens_all_or_reverts() public {
        _admit();
        PlanEntry[] memory entries = new PlanEntry[](3);
        entries[0] = _entryAt(0, 0, coe);
        entries[1] = _entryAt(1, 0, other);
        entries[2] = _entryAt(2, 0, coe);
        Plan memory plan = _plan(_orderHash(), entries);
        bytes memory data =
            abi.encodeCall(book.open, (_order(_services()), _services(), plan, entries, _signPlan(plan)));
        _sweep(data, this.isOpened);
    }

    function isSettled() external view returns (bool) {
        uint256 three = _fee(300, 30);
        bool paid = _earned(coe) == 2 * _host(100, 10) && _earned(other) == _host(100, 10);
        bool shared = book.freeOf(stranger) == three / 4 && book.fees() == three - three / 4;
        return paid && shared && token.balanceOf(address(pool)) == _royalty(300, 30);
    }

    function isOpened() external view returns (bool) {
        return _stateOf(_keyAt(0, 0, coe)) == LeaseState.Open && _stateOf(_keyAt(1, 0, other)) == LeaseState.Open
            && _stateOf(_keyAt(2, 0, coe)) == LeaseState.Open;
    }

    function _sweep(bytes memory data, function() external view returns (bool) isDone) private {
        uint256 least = 20_000;
        uint256 most = 2_000_000;
        assertTrue(_try(most, data, isDone), "enough is enough");
        while (most - least > 1) {
            uint256 middle = (least + most) / 2;
            if (_try(middle, data, isDone)) most = middle;
            else least = middle;
        }
        uint256 done = 0;
        for (uint256 limit = most - 150; limit < most + 150; ++limit) {
            if (_try(limit, data, isDone)) ++done;
        }
        assertTrue(done > 0 && done < 300, "both sides of the edge were seen");
        for (uint256 limit = 20_000; limit < most; limit += 1_511) {
            _try(limit, data, isDone);
        }
    }

    /// @dev Leaves the world as it was.
    function _try(uint256 limit, bytes memory data, function() external view returns (bool) isDone)
        private
        returns (bool done)
    {
        uint256 before = vm.snapshotState();
        (done,) = address(book).call{gas: limit}(data);
        if (done) assertTrue(isDone(), "a call that does not revert does it all");
        vm.revertToState(before);
    }

    // ----------------------------------------------------------- unbounded loops

    function test_unbounded_loops_the_largest_order_opens_at_a_linear_price() public {
        Service[] memory services = _small();
        Order memory order = _order(services);
        _admit(order, services);
        uint256 few = _gasOfOpening(order, services, 0, 16);
        uint256 many = _gasOfOpening(order, services, 16, MOST_REPLICAS);
        _requireLinear(few, many);
    }

    function test_unbounded_loops_a_report_over_every_lease_settles_at_a_linear_price() public {
        Service[] memory services = _small();
        Order memory order = _order(services);
        bytes32 orderHash = _admit(order, services);
        _gasOfOpening(order, services, 0, MOST_REPLICAS);
        vm.warp(START + 100);
        uint256 few = _gasOfSettling(orderHash, 0, 16);
        uint256 many = _gasOfSettling(orderHash, 16, MOST_REPLICAS);
        _requireLinear(few, many);
        assertTrue(book.settledOf(_id(_keyOf(orderHash, 255, 0))).secondsRun == 100, "the last is settled");
    }

    function test_unbounded_loops_an_order_of_257_replicas_is_refused() public {
        Service[] memory services = _small();
        services[0].replicas = MOST_REPLICAS + 1;
        Order memory order = _order(services);
        bytes memory signature = _sign(USER_KEY, address(book), Typed.hash(order));
        vm.expectRevert(abi.encodeWithSelector(ILeaseBook.OrderMalformed.selector, 1));
        book.admit(order, services, signature);
    }

    function test_unbounded_loops_an_image_of_65_components_is_refused() public {
        Image memory image = _image();
        image.manifestDigest = keccak256("large");
        image.components = new Edge[](65);
        for (uint256 i = 0; i < 65; ++i) {
            image.components[i] = Edge(releaseId, 1);
        }
        bytes memory signature = _sign(PUBLISHER_KEY, address(images), Typed.hash(image));
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.TooManyComponents.selector, 65, 64));
        images.mint(image, signature);
    }

    /// @dev What memory costs grows a little faster than what is kept in it: a twentieth is room for that.
    /// @param few gas of 16 leases
    /// @param many gas of the other 240
    function _requireLinear(uint256 few, uint256 many) private pure {
        assertTrue(many * 16 * 20 <= few * (MOST_REPLICAS - 16) * 21, "a lease among 240 costs what it costs among 16");
    }

    /// @dev A replica so small that 256 of them fit the COE.
    function _small() private pure returns (Service[] memory s) {
        s = _services();
        s[0].replicas = MOST_REPLICAS;
        s[0].reserved = [uint64(10), 8, 100, 1, 0];
    }

    function _gasOfOpening(Order memory order, Service[] memory services, uint16 from, uint16 to)
        private
        returns (uint256)
    {
        PlanEntry[] memory entries = new PlanEntry[](to - from);
        for (uint16 i = from; i < to; ++i) {
            entries[i - from] = _entry(i);
        }
        Plan memory plan = _plan(book.orderHashOf(order), entries);
        uint256 used = _gasOf(abi.encodeCall(book.open, (order, services, plan, entries, _signPlan(plan))));
        assertTrue(_stateOf(_keyOf(plan.orderHash, to - 1, 0)) == LeaseState.Open, "the last is open");
        return used;
    }

    function _gasOfSettling(bytes32 orderHash, uint16 from, uint16 to) private returns (uint256) {
        bytes memory entries;
        for (uint16 i = from; i < to; ++i) {
            entries = bytes.concat(entries, _usage(_keyOf(orderHash, i, 0), 100, 0, 0));
        }
        UsageBatch[] memory batches = _batches(_report(coe, AGENT_KEY, entries));
        return _gasOf(abi.encodeCall(book.settle, (batches, address(0))));
    }

    function _gasOf(bytes memory data) private returns (uint256 used) {
        used = gasleft();
        (bool done,) = address(book).call(data);
        used -= gasleft();
        assertTrue(done, "done");
    }
}
