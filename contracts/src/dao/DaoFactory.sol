// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Articles, Dao, IDaoFactory} from "../interfaces/IDaoFactory.sol";
import {Member} from "../interfaces/IDaoShares.sol";
import {ArticlesRules} from "./ArticlesRules.sol";
import {DaoShares} from "./DaoShares.sol";
import {DaoTimelock} from "./DaoTimelock.sol";
import {GovernorMaker} from "./GovernorMaker.sol";
import {SharesMaker} from "./SharesMaker.sol";
import {TimelockMaker} from "./TimelockMaker.sol";

/// @title Makes DAOs: shares, governor, timelock and treasury in one transaction
/// @dev Each part needs others: shares <-> treasury, and timelock <- shares <- governor -> timelock. The first ring is
/// closed by the shares' constructor, which makes the treasury. The second is closed as OpenZeppelin's guide does it:
/// the timelock comes first, with this contract as its admin, and once there is a governor it gets its two roles and
/// the admin is gone, in the same transaction. Predicted addresses would need each part's creation code, arguments
/// included, in here; a reader of three calls needs none of that to see who ends up with which right.
contract DaoFactory is IDaoFactory {
    IERC20 public immutable TOKEN;
    TimelockMaker public immutable TIMELOCKS;
    SharesMaker public immutable SHARES;
    GovernorMaker public immutable GOVERNORS;

    mapping(bytes32 id => Dao) private _daos;
    /// @inheritdoc IDaoFactory
    mapping(address timelock => bytes32) public daoOfTimelock;
    /// @inheritdoc IDaoFactory
    mapping(address timelock => address) public treasuryOf;

    constructor(IERC20 token, TimelockMaker timelocks, SharesMaker shares, GovernorMaker governors) {
        TOKEN = token;
        TIMELOCKS = timelocks;
        SHARES = shares;
        GOVERNORS = governors;
    }

    /// @inheritdoc IDaoFactory
    function createDao(Articles calldata articles, Member[] calldata members) external returns (bytes32 id) {
        ArticlesRules.check(articles, members);
        id = daoIdOf(msg.sender, articles.name);
        if (_daos[id].timelock != address(0)) revert DaoKnown(id);

        DaoTimelock timelock = TIMELOCKS.make(id, articles.timelockDelay);
        DaoShares shares = SHARES.make(id, articles, members, address(timelock), TOKEN);
        address governor = address(GOVERNORS.make(id, articles, shares, timelock));
        _handOver(timelock, governor);

        Dao memory dao = Dao({
            creator: msg.sender,
            shares: address(shares),
            governor: governor,
            timelock: address(timelock),
            treasury: address(shares.treasury())
        });
        _daos[id] = dao;
        daoOfTimelock[dao.timelock] = id;
        treasuryOf[dao.timelock] = dao.treasury;
        emit DaoCreated(id, msg.sender, dao.timelock, dao.shares, governor, dao.treasury, articles, members);
    }

    /// @inheritdoc IDaoFactory
    function daoOf(bytes32 id) external view returns (Dao memory) {
        return _daos[id];
    }

    /// @inheritdoc IDaoFactory
    function daoIdOf(address creator, string calldata name) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, this, creator, name));
    }

    /// @dev Afterwards the timelock alone administers its roles, by proposal.
    function _handOver(DaoTimelock timelock, address governor) private {
        timelock.grantRole(timelock.PROPOSER_ROLE(), governor);
        timelock.grantRole(timelock.CANCELLER_ROLE(), governor);
        timelock.renounceRole(timelock.DEFAULT_ADMIN_ROLE(), address(this));
    }
}
