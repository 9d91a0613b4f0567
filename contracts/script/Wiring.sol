// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {CodeRegistry} from "../src/CodeRegistry.sol";
import {CoeOsRegistry} from "../src/CoeOsRegistry.sol";
import {CoeRegistry} from "../src/CoeRegistry.sol";
import {ContainerRegistry} from "../src/ContainerRegistry.sol";
import {LeaseBook} from "../src/LeaseBook.sol";
import {RoyaltyPool} from "../src/RoyaltyPool.sol";
import {DaoFactory} from "../src/dao/DaoFactory.sol";
import {Deployed, Plan} from "./Deployed.sol";

/// @title Whether every contract knows the others, holds what it was told, and answers to the governor
library Wiring {
    error WiringWrong(string what);

    function verify(Deployed memory d, Plan memory plan) internal view {
        _require(d.governor != address(0) && d.treasury != address(0), "governor and treasury");
        _verifyParts(d);
        _verifyBook(d, LeaseBook(address(d.book)));
        _verifyGovernor(d);
        _verifyValues(d, plan);
    }

    function _verifyParts(Deployed memory d) private view {
        RoyaltyPool pool = RoyaltyPool(address(d.pool));
        _same(address(DaoFactory(address(d.daos)).TOKEN()), address(d.token), "token of the DAO factory");
        _same(address(pool.TOKEN()), address(d.token), "token of the pool");
        _same(pool.TREASURY(), d.treasury, "treasury of the pool");
        _require(pool.isRegistry(address(d.code)) && pool.isRegistry(address(d.images)), "registries of the pool");
        _same(address(CodeRegistry(address(d.code)).POOL()), address(d.pool), "pool of the code registry");
        ContainerRegistry images = ContainerRegistry(address(d.images));
        _same(address(images.POOL()), address(d.pool), "pool of the container registry");
        _same(address(images.CODE()), address(d.code), "code registry of the container registry");
        _same(address(images.SETTINGS()), address(d.settings), "settings of the container registry");
        _same(address(CoeOsRegistry(address(d.os)).SETTINGS()), address(d.settings), "settings of the OS registry");
        CoeRegistry coes = CoeRegistry(address(d.coes));
        _same(address(coes.TOKEN()), address(d.token), "token of the COE registry");
        _same(address(coes.OS()), address(d.os), "OS registry of the COE registry");
        _same(address(coes.SETTINGS()), address(d.settings), "settings of the COE registry");
        _require(coes.isBook(address(d.book)), "lease book of the COE registry");
    }

    function _verifyBook(Deployed memory d, LeaseBook book) private view {
        _same(address(book.TOKEN()), address(d.token), "token of the lease book");
        _same(address(book.COES()), address(d.coes), "COE registry of the lease book");
        _same(address(book.IMAGES()), address(d.images), "container registry of the lease book");
        _same(address(book.COMMITTEE()), address(d.committee), "committee of the lease book");
        _same(address(book.POOL()), address(d.pool), "pool of the lease book");
        _same(address(book.SETTINGS()), address(d.settings), "settings of the lease book");
        _same(book.TREASURY(), d.treasury, "treasury of the lease book");
        // That they were told the same as the book is what its constructor sees to.
        _require(
            book.OPENING().code.length > 0 && book.RUNNING().code.length > 0 && book.ENDING().code.length > 0,
            "modules of the lease book"
        );
    }

    function _verifyGovernor(Deployed memory d) private view {
        _same(Ownable(address(d.committee)).owner(), d.governor, "governor of the committee");
        _same(Ownable(address(d.pool)).owner(), d.governor, "governor of the pool");
        _same(Ownable(address(d.coes)).owner(), d.governor, "governor of the COE registry");
        _same(Ownable(address(d.settings)).owner(), d.governor, "governor of the settings");
    }

    function _verifyValues(Deployed memory d, Plan memory plan) private view {
        _same(d.settings.guardian(), plan.guardian, "guardian");
        _require(
            d.settings.tariff().feeBps == plan.feeBps && d.settings.tariff().bountyBps == plan.bountyBps
                && _hash(abi.encode(d.settings.tariff().referencePrices)) == _hash(abi.encode(plan.referencePrices)),
            "tariff"
        );
        _require(_hash(abi.encode(d.book.params())) == _hash(abi.encode(plan.params)), "book parameters");
        _require(
            d.coes.ASK_DELAY() == plan.coeParams.askDelay && d.coes.UNBONDING() == plan.coeParams.unbonding
                && d.coes.BOOK_DELAY() == plan.coeParams.bookDelay && d.coes.LEAST_STAKE() == plan.coeParams.leastStake,
            "COE parameters"
        );
        // A host that unbonds must not be out before its last lease can be judged.
        uint256 judged = uint256(plan.params.lateReports) + 2 * uint256(plan.params.maturingEpoch)
            + uint256(plan.params.verdictTime);
        _require(plan.coeParams.unbonding > judged, "unbonding longer than late reports, maturing and verdict");
        _require(d.images.CHANNEL_DELAY() == plan.channelDelay, "channel delay");
        _require(
            d.committee.epoch() == 1 && d.committee.quorum() == plan.quorum
                && _hash(abi.encode(d.committee.membersOf())) == _hash(abi.encode(plan.committee)),
            "committee"
        );
    }

    function _hash(bytes memory data) private pure returns (bytes32) {
        return keccak256(data);
    }

    function _same(address found, address wanted, string memory what) private pure {
        _require(found == wanted, what);
    }

    function _require(bool holds, string memory what) private pure {
        if (!holds) revert WiringWrong(what);
    }
}
