// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {ICodeRegistry} from "../src/interfaces/ICodeRegistry.sol";
import {ICoeOsRegistry} from "../src/interfaces/ICoeOsRegistry.sol";
import {ICoeRegistry} from "../src/interfaces/ICoeRegistry.sol";
import {IContainerRegistry} from "../src/interfaces/IContainerRegistry.sol";
import {Dao, IDaoFactory} from "../src/interfaces/IDaoFactory.sol";
import {IDwebToken} from "../src/interfaces/IDwebToken.sol";
import {ILeaseBook} from "../src/interfaces/ILeaseBook.sol";
import {IProtocolSettings} from "../src/interfaces/IProtocolSettings.sol";
import {IRoyaltyPool} from "../src/interfaces/IRoyaltyPool.sol";
import {ISchedulerCommittee} from "../src/interfaces/ISchedulerCommittee.sol";
import {Artifacts} from "./Artifacts.sol";
import {Deployed, Plan} from "./Deployed.sol";

/// @title One set of contracts, wired to each other and to nobody else
/// @notice Every address follows from deployer, salt and what the contract is told (CREATE2), so a second run on one chain
/// is refused. A plan that names governor and treasury gives the same addresses on every chain; the id of a protocol DAO
/// names its chain, so its addresses, and those of contracts that are told of them, differ from chain to chain.
library Deployment {
    /// @param deployer whoever the calls come from; owns what has to be wired until it hands over to the governor
    function deploy(Plan memory plan, address deployer) internal returns (Deployed memory d) {
        d.token = IDwebToken(Artifacts.create("DwebToken", abi.encode(plan.holder)));
        _foundDao(d, plan);
        _createRegistries(d, plan, deployer);
        _createBook(d, plan);

        d.committee.setCommittee(plan.committee, plan.quorum);
        d.pool.authoriseRegistry(address(d.code));
        d.pool.authoriseRegistry(address(d.images));
        d.coes.proposeBook(address(d.book));
        d.coes.authoriseBook(address(d.book));
        if (d.governor == deployer) return d;
        Ownable(address(d.committee)).transferOwnership(d.governor);
        Ownable(address(d.pool)).transferOwnership(d.governor);
        Ownable(address(d.coes)).transferOwnership(d.governor);
    }

    /// @dev The protocol DAO governs and is paid, where the plan names nobody else.
    function _foundDao(Deployed memory d, Plan memory plan) private {
        address timelocks = Artifacts.create("TimelockMaker", "");
        address shares = Artifacts.create("SharesMaker", "");
        address governors = Artifacts.create("GovernorMaker", "");
        d.daos = IDaoFactory(Artifacts.create("DaoFactory", abi.encode(address(d.token), timelocks, shares, governors)));
        (d.governor, d.treasury) = (plan.governor, plan.treasury);
        if (plan.members.length == 0) return;

        Dao memory dao = d.daos.daoOf(d.daos.createDao(plan.articles, plan.members));
        if (d.governor == address(0)) d.governor = dao.timelock;
        if (d.treasury == address(0)) d.treasury = dao.treasury;
    }

    function _createRegistries(Deployed memory d, Plan memory plan, address deployer) private {
        d.settings = IProtocolSettings(
            Artifacts.create(
                "ProtocolSettings",
                abi.encode(d.governor, plan.guardian, plan.feeBps, plan.bountyBps, plan.referencePrices)
            )
        );
        d.committee = ISchedulerCommittee(Artifacts.create("SchedulerCommittee", abi.encode(deployer)));
        d.pool = IRoyaltyPool(Artifacts.create("RoyaltyPool", abi.encode(address(d.token), d.treasury, deployer)));
        d.code = ICodeRegistry(Artifacts.create("CodeRegistry", abi.encode(address(d.pool))));
        d.images = IContainerRegistry(
            Artifacts.create(
                "ContainerRegistry",
                abi.encode(address(d.code), address(d.pool), address(d.settings), plan.channelDelay)
            )
        );
        d.os = ICoeOsRegistry(Artifacts.create("CoeOsRegistry", abi.encode(address(d.settings))));
        d.coes = ICoeRegistry(
            Artifacts.create(
                "CoeRegistry",
                abi.encode(address(d.token), address(d.os), address(d.settings), deployer, plan.coeParams)
            )
        );
    }

    function _createBook(Deployed memory d, Plan memory plan) private {
        bytes memory parts = abi.encode(
            address(d.token),
            address(d.coes),
            address(d.images),
            address(d.committee),
            address(d.pool),
            address(d.settings),
            d.treasury
        );
        bytes memory told = bytes.concat(parts, abi.encode(plan.params));
        address opening = Artifacts.create("OpeningModule", told);
        address running = Artifacts.create("RunningModule", told);
        address ending = Artifacts.create("EndingModule", told);
        bytes memory arguments = bytes.concat(told, abi.encode(opening, running, ending));
        d.book = ILeaseBook(Artifacts.create("LeaseBook", arguments));
    }
}
