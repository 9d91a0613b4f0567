// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CodeRegistry} from "../src/CodeRegistry.sol";
import {CoeRegistry} from "../src/CoeRegistry.sol";
import {ContainerRegistry} from "../src/ContainerRegistry.sol";
import {DwebToken} from "../src/DwebToken.sol";
import {LeaseBook} from "../src/LeaseBook.sol";
import {RoyaltyPool} from "../src/RoyaltyPool.sol";
import {SchedulerCommittee} from "../src/SchedulerCommittee.sol";
import {Params, Parts} from "../src/lease/Params.sol";

/// @notice What a deployment is told.
struct Plan {
    address governor; // owns committee, pool and COE registry in the end, and gets the token's supply
    address treasury; // fees and the commons are paid to it
    address[] committee;
    uint8 quorum;
    uint16 feeBps;
    uint128[5] referencePrices;
    Params params;
}

/// @notice What a deployment made.
struct Deployed {
    DwebToken token;
    SchedulerCommittee committee;
    RoyaltyPool pool;
    CodeRegistry code;
    ContainerRegistry images;
    CoeRegistry coes;
    LeaseBook book;
}

/// @title One set of contracts, wired to each other and to nobody else
library Deployment {
    error WiringWrong(string what);

    /// @param deployer whoever the calls come from; owns what has to be wired until it hands over to the governor
    function deploy(Plan memory plan, address deployer) internal returns (Deployed memory d) {
        d.token = new DwebToken(plan.governor);
        d.committee = new SchedulerCommittee(deployer);
        d.pool = new RoyaltyPool(d.token, plan.treasury, deployer);
        d.code = new CodeRegistry(d.pool);
        d.images = new ContainerRegistry(d.code, d.pool);
        d.coes = new CoeRegistry(d.token, deployer);
        d.book = new LeaseBook(
            Parts({
                token: d.token,
                coes: d.coes,
                images: d.images,
                committee: d.committee,
                pool: d.pool,
                treasury: plan.treasury
            }),
            plan.feeBps,
            plan.referencePrices,
            plan.params
        );

        d.committee.setCommittee(plan.committee, plan.quorum);
        d.pool.authoriseRegistry(address(d.code));
        d.pool.authoriseRegistry(address(d.images));
        d.pool.authoriseBook(address(d.book));
        d.coes.authoriseBook(address(d.book));

        if (plan.governor != deployer) {
            d.committee.transferOwnership(plan.governor);
            d.pool.transferOwnership(plan.governor);
            d.coes.transferOwnership(plan.governor);
        }
    }

    /// @notice Reverts unless every contract knows the others and answers to the governor.
    function verify(Deployed memory d, Plan memory plan) internal view {
        _same(address(d.pool.TOKEN()), address(d.token), "token of the pool");
        _same(d.pool.TREASURY(), plan.treasury, "treasury of the pool");
        _same(address(d.code.POOL()), address(d.pool), "pool of the code registry");
        _same(address(d.images.POOL()), address(d.pool), "pool of the container registry");
        _same(address(d.images.CODE()), address(d.code), "code registry of the container registry");
        _same(address(d.coes.TOKEN()), address(d.token), "token of the COE registry");
        _same(address(d.book.TOKEN()), address(d.token), "token of the lease book");
        _same(address(d.book.COES()), address(d.coes), "COE registry of the lease book");
        _same(address(d.book.IMAGES()), address(d.images), "container registry of the lease book");
        _same(address(d.book.COMMITTEE()), address(d.committee), "committee of the lease book");
        _same(address(d.book.POOL()), address(d.pool), "pool of the lease book");
        _same(d.book.TREASURY(), plan.treasury, "treasury of the lease book");
        _same(d.committee.owner(), plan.governor, "governor of the committee");
        _same(d.pool.owner(), plan.governor, "governor of the pool");
        _same(d.coes.owner(), plan.governor, "governor of the COE registry");
        _require(d.pool.isRegistry(address(d.code)) && d.pool.isRegistry(address(d.images)), "registries of the pool");
        _require(d.pool.isBook(address(d.book)), "lease book of the pool");
        _require(d.coes.isBook(address(d.book)), "lease book of the COE registry");
        _require(
            d.book.feeBps() == plan.feeBps && d.book.LATE_REPORTS() == plan.params.lateReports
                && d.book.MATURING_EPOCH() == plan.params.maturingEpoch
                && d.book.MIN_START_WITHIN() == plan.params.minStartWithin
                && d.book.ASK_DELAY() == plan.params.askDelay,
            "book parameters"
        );
        _require(
            keccak256(abi.encode(d.book.referencePrices())) == keccak256(abi.encode(plan.referencePrices)),
            "reference prices"
        );
        _require(
            d.committee.epoch() == 1 && d.committee.quorum() == plan.quorum
                && keccak256(abi.encode(d.committee.membersOf())) == keccak256(abi.encode(plan.committee)),
            "committee"
        );
    }

    function _same(address found, address wanted, string memory what) private pure {
        _require(found == wanted, what);
    }

    function _require(bool holds, string memory what) private pure {
        if (!holds) revert WiringWrong(what);
    }
}
