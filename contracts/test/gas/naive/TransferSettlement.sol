// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title What a team would write first: a lease book that pays host, five code owners and treasury at once, by seven transfers
/// @dev It checks less than the lease book does, which favours it.
contract TransferSettlement {
    using SafeERC20 for IERC20;

    struct Lease {
        address agent;
        uint256 settled;
        address[7] payees;
        uint256[7] rates;
    }

    IERC20 private immutable TOKEN;
    mapping(bytes32 => Lease) private _leases;

    event Settled(bytes32 indexed lease, uint256 secondsRun);

    error NotTheAgent(address sender);
    error SecondsFell(uint256 reported, uint256 settled);

    constructor(IERC20 token) {
        TOKEN = token;
    }

    /// @param rates What each payee gets a second, in wei.
    function open(bytes32 lease, address agent, address[7] calldata payees, uint256[7] calldata rates) external {
        _leases[lease] = Lease(agent, 0, payees, rates);
    }

    /// @notice Pays what is new in cumulative seconds. The agent of the leases sends it.
    function settle(bytes32[] calldata leases, uint256[] calldata secondsRun) external {
        for (uint256 i = 0; i < leases.length; ++i) {
            Lease storage lease = _leases[leases[i]];
            if (msg.sender != lease.agent) revert NotTheAgent(msg.sender);
            if (secondsRun[i] < lease.settled) revert SecondsFell(secondsRun[i], lease.settled);
            uint256 due = secondsRun[i] - lease.settled;
            lease.settled = secondsRun[i];
            emit Settled(leases[i], secondsRun[i]);
            for (uint256 p = 0; p < 7; ++p) {
                TOKEN.safeTransfer(lease.payees[p], due * lease.rates[p]);
            }
        }
    }
}
