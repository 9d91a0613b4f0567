// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Holding, Pot} from "../dao/ShareAccumulator.sol";

/// @title What a DAO earns, divided among its members by shares
/// @notice Whatever arrives in DWEB is a receipt, from whomever. A part is kept for proposals, the rest belongs to the
/// members at once. Each is paid on its own, so a payment that fails holds up nobody else.
/// Invariant: sum of (paid + owed + accrued) over members + carry + reserve receipts = receipts, where reserve receipts
/// are the reserve and all that was ever spent from it.
interface IDaoTreasury {
    /// @param received wei, since the last time
    /// @param kept wei of it that went to the reserve
    event Received(uint256 received, uint256 kept);
    event Drawn(address indexed member, address indexed payout, uint256 amount);
    event Spent(address indexed to, uint256 amount, uint256 reserve);
    event HoldingSet(address indexed member, uint256 shares, uint256 owed);
    event RetainBpsSet(uint16 retainBps);
    event DaoRecognised(address indexed member, address indexed treasury);

    error NotTheTimelock(address caller);
    error NotTheShares(address caller);
    error NothingOwed(address member);
    error AboveReserve(uint256 amount, uint256 reserve);
    error RetainAboveWhole(uint16 retainBps, uint256 whole);
    error NotADao(address member);

    /// @notice Counts what has come in since the last time. By anyone; every other call does it too.
    /// @return received wei
    function sync() external returns (uint256 received);
    /// @notice Pays a member all it is owed. By anyone, for anyone.
    /// @return amount wei
    function draw(address member) external returns (uint256 amount);
    /// @notice Pays from the reserve. By proposal; there is no other way to the reserve, and none to what members own.
    /// @param amount wei, at most the reserve
    function spend(address to, uint256 amount) external;
    /// @notice Has a member that became a DAO after it got its shares paid to its treasury from now on. By anyone.
    function recognise(address member) external;

    /// @notice Settles both at their old shares, then moves. Zero for `from` issues, zero for `to` retires. By the
    /// shares of this DAO, which check the amount.
    function moveShares(address from, address to, uint256 amount) external;
    /// @notice Sets which part of later receipts is kept. By the shares of this DAO.
    /// @param retainBps basis points, 0..10,000
    function setRetainBps(uint16 retainBps) external;

    /// @notice Wei a draw would pay now, with what has come in and is not counted yet.
    function owedTo(address member) external view returns (uint256);
    /// @notice Where a member is paid: its own treasury if it is a DAO's timelock, else itself.
    function payoutOf(address member) external view returns (address);
    /// @notice The counts as they would be after a sync now.
    function pot() external view returns (Pot memory);
    /// @notice A member as it was last settled.
    function holdingOf(address member) external view returns (Holding memory);
    function token() external view returns (IERC20);
    function shares() external view returns (address);
    function timelock() external view returns (address);
}
