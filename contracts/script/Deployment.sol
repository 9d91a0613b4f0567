// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {CodeRegistry} from "../src/CodeRegistry.sol";
import {CoeOsRegistry} from "../src/CoeOsRegistry.sol";
import {CoeRegistry} from "../src/CoeRegistry.sol";
import {ContainerRegistry} from "../src/ContainerRegistry.sol";
import {DwebToken} from "../src/DwebToken.sol";
import {LeaseBook} from "../src/LeaseBook.sol";
import {ProtocolSettings} from "../src/ProtocolSettings.sol";
import {RoyaltyPool} from "../src/RoyaltyPool.sol";
import {SchedulerCommittee} from "../src/SchedulerCommittee.sol";
import {DaoFactory} from "../src/dao/DaoFactory.sol";
import {GovernorMaker} from "../src/dao/GovernorMaker.sol";
import {SharesMaker} from "../src/dao/SharesMaker.sol";
import {TimelockMaker} from "../src/dao/TimelockMaker.sol";
import {Dao} from "../src/interfaces/IDaoFactory.sol";
import {Parts} from "../src/lease/Book.sol";
import {Deployed, Plan} from "./Deployed.sol";

/// @title One set of contracts, wired to each other and to nobody else
/// @notice Every address follows from deployer, salt and what the contract is told (CREATE2): the same plan from the same
/// deployer gives the same addresses on every chain, and a second run on one chain is refused.
library Deployment {
    bytes32 internal constant SALT = keccak256("Dweb 1");

    /// @param deployer whoever the calls come from; owns what has to be wired until it hands over to the governor
    function deploy(Plan memory plan, address deployer) internal returns (Deployed memory d) {
        DwebToken token = new DwebToken{salt: SALT}(plan.holder);
        d.token = token;
        _foundDao(d, plan, token);

        ProtocolSettings settings = new ProtocolSettings{salt: SALT}(
            d.governor, plan.guardian, plan.feeBps, plan.bountyBps, plan.referencePrices
        );
        SchedulerCommittee committee = new SchedulerCommittee{salt: SALT}(deployer);
        RoyaltyPool pool = new RoyaltyPool{salt: SALT}(token, d.treasury, deployer);
        CodeRegistry code = new CodeRegistry{salt: SALT}(pool);
        ContainerRegistry images = new ContainerRegistry{salt: SALT}(code, pool, settings, plan.channelDelay);
        CoeOsRegistry os = new CoeOsRegistry{salt: SALT}(settings);
        CoeRegistry coes = new CoeRegistry{salt: SALT}(token, os, settings, deployer, plan.coeParams);
        Parts memory parts = Parts({
            token: token,
            coes: coes,
            images: images,
            committee: committee,
            pool: pool,
            settings: settings,
            treasury: d.treasury
        });
        LeaseBook book = new LeaseBook{salt: SALT}(parts, plan.params);

        committee.setCommittee(plan.committee, plan.quorum);
        pool.authoriseRegistry(address(code));
        pool.authoriseRegistry(address(images));
        coes.proposeBook(address(book));
        coes.authoriseBook(address(book));
        if (d.governor != deployer) {
            committee.transferOwnership(d.governor);
            pool.transferOwnership(d.governor);
            coes.transferOwnership(d.governor);
        }
        (d.settings, d.committee, d.pool, d.code) = (settings, committee, pool, code);
        (d.images, d.os, d.coes, d.book) = (images, os, coes, book);
    }

    /// @dev The protocol DAO governs and is paid, where the plan names nobody else.
    function _foundDao(Deployed memory d, Plan memory plan, IERC20 token) private {
        d.daos = new DaoFactory{salt: SALT}(
            token, new TimelockMaker{salt: SALT}(), new SharesMaker{salt: SALT}(), new GovernorMaker{salt: SALT}()
        );
        (d.governor, d.treasury) = (plan.governor, plan.treasury);
        if (plan.members.length == 0) return;

        Dao memory dao = d.daos.daoOf(d.daos.createDao(plan.articles, plan.members));
        if (d.governor == address(0)) d.governor = dao.timelock;
        if (d.treasury == address(0)) d.treasury = dao.treasury;
    }
}
