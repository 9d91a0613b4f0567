// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {ICoeRegistry} from "../interfaces/ICoeRegistry.sol";
import {IContainerRegistry} from "../interfaces/IContainerRegistry.sol";
import {IProtocolSettings} from "../interfaces/IProtocolSettings.sol";
import {IRoyaltyPool} from "../interfaces/IRoyaltyPool.sol";
import {ISchedulerCommittee} from "../interfaces/ISchedulerCommittee.sol";
import {Params} from "../interfaces/Types.sol";
import {Book, Context, Parts} from "./Book.sol";

/// @title What a lease book and its modules have in common: the same storage, and the same constants in their code
/// @dev Nothing that inherits from this declares storage, so that a module which the book delegates to finds everything
/// where the book keeps it.
abstract contract BookBase is EIP712 {
    error ParameterZero();
    error UnbondingTooShort(uint256 unbonding, uint256 longerThan);

    IERC20 public immutable TOKEN;
    ICoeRegistry public immutable COES;
    IContainerRegistry public immutable IMAGES;
    ISchedulerCommittee public immutable COMMITTEE;
    IRoyaltyPool public immutable POOL;
    IProtocolSettings public immutable SETTINGS;
    address public immutable TREASURY;
    uint64 public immutable ASK_DELAY;

    uint32 private immutable _LATE_REPORTS;
    uint32 private immutable _MATURING_EPOCH;
    uint32 private immutable _VERDICT_TIME;
    uint32 private immutable _GRACE;
    uint32 private immutable _MIN_START_WITHIN;
    uint32 private immutable _PARK_AFTER;
    uint32 private immutable _DIRECT_TIMEOUT;
    uint32 private immutable _DEAD_SINCE_BACK;

    Book internal _book;

    constructor(Parts memory parts, Params memory p) EIP712("Dweb", "1") {
        bool anyZero = p.lateReports == 0 || p.maturingEpoch == 0 || p.verdictTime == 0 || p.grace == 0
            || p.minStartWithin == 0 || p.parkAfter == 0 || p.directTimeout == 0 || p.deadSinceBack == 0;
        if (anyZero) revert ParameterZero();
        // A host that unbonds must not be out before its last lease can be judged.
        uint256 judged = uint256(p.lateReports) + 2 * uint256(p.maturingEpoch) + p.verdictTime;
        uint256 unbonding = parts.coes.UNBONDING();
        if (unbonding <= judged) revert UnbondingTooShort(unbonding, judged);

        TOKEN = parts.token;
        COES = parts.coes;
        IMAGES = parts.images;
        COMMITTEE = parts.committee;
        POOL = parts.pool;
        SETTINGS = parts.settings;
        TREASURY = parts.treasury;
        ASK_DELAY = parts.coes.ASK_DELAY();
        _LATE_REPORTS = p.lateReports;
        _MATURING_EPOCH = p.maturingEpoch;
        _VERDICT_TIME = p.verdictTime;
        _GRACE = p.grace;
        _MIN_START_WITHIN = p.minStartWithin;
        _PARK_AFTER = p.parkAfter;
        _DIRECT_TIMEOUT = p.directTimeout;
        _DEAD_SINCE_BACK = p.deadSinceBack;
    }

    function _params() internal view returns (Params memory) {
        return Params({
            lateReports: _LATE_REPORTS,
            maturingEpoch: _MATURING_EPOCH,
            verdictTime: _VERDICT_TIME,
            grace: _GRACE,
            minStartWithin: _MIN_START_WITHIN,
            parkAfter: _PARK_AFTER,
            directTimeout: _DIRECT_TIMEOUT,
            deadSinceBack: _DEAD_SINCE_BACK
        });
    }

    /// @dev The domain is the book's in a module too: it names whoever delegated.
    function _context() internal view returns (Context memory) {
        return Context({
            parts: Parts({
                token: TOKEN,
                coes: COES,
                images: IMAGES,
                committee: COMMITTEE,
                pool: POOL,
                settings: SETTINGS,
                treasury: TREASURY
            }),
            params: _params(),
            askDelay: ASK_DELAY,
            domain: _domainSeparatorV4()
        });
    }

    function _maturingEpoch() internal view returns (uint64) {
        return uint64(block.timestamp / _MATURING_EPOCH);
    }
}
