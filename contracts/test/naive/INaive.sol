// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev What an agent signs for one lease; counters are cumulative: seconds, CPU, memory, storage, bytes in, bytes out.
struct Report {
    bytes32 lease;
    uint64 asOf;
    uint256[6] counters;
    bytes signature;
}

/// @dev The tests know the contracts of this folder by these interfaces, because tests are compiled plainly and the
/// contracts are optimised like those under src.
interface IPushSplitter {
    function distribute() external;
}

interface ISignedReports {
    function open(
        bytes32 lease,
        address user,
        address host,
        address agent,
        bytes32 image,
        uint256 rate,
        uint256 deposit
    ) external;
    function settle(Report[] calldata reports) external;
    function digest(Report calldata report) external view returns (bytes32);
    function earned(address host) external view returns (uint256);
}

interface ITransferSettlement {
    function open(bytes32 lease, address agent, address[7] calldata payees, uint256[7] calldata rates) external;
    function settle(bytes32[] calldata leases, uint256[] calldata secondsRun) external;
}
