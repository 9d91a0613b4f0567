// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

/// @dev What an agent signs for one lease; counters are cumulative: seconds, CPU, memory, storage, bytes in, bytes out.
struct Report {
    bytes32 lease;
    uint64 asOf;
    uint256[6] counters;
    bytes signature;
}

/// @title What a team would write first: a lease book with plain structs and a signature a lease; what is earned is credited, not sent
/// @dev It checks less than the lease book does, which favours it.
contract SignedReports is EIP712 {
    bytes32 private constant REPORT = keccak256("Report(bytes32 lease,uint64 asOf,uint256[6] counters)");
    uint256 private constant ROYALTY_BPS = 500;
    uint256 private constant FEE_BPS = 100;

    struct Lease {
        address user;
        address host;
        address agent;
        bytes32 image;
        uint256 rate;
        uint256 deposit;
        uint256[6] counters;
    }

    mapping(bytes32 => Lease) private _leases;
    mapping(address => uint256) public earned;
    mapping(bytes32 => uint256) private _royalties;
    uint256 private _fees;

    event Settled(bytes32 indexed lease, uint256[6] counters, uint256 paid);

    error NotTheAgent(address signer);
    error ReportFromTheFuture(uint64 asOf);
    error CounterFell(uint256 counter, uint256 reported, uint256 settled);
    error DepositUsedUp(uint256 deposit, uint256 due);

    constructor() EIP712("Naive", "1") {}

    function open(
        bytes32 lease,
        address user,
        address host,
        address agent,
        bytes32 image,
        uint256 rate,
        uint256 deposit
    ) external {
        uint256[6] memory none;
        _leases[lease] = Lease(user, host, agent, image, rate, deposit, none);
    }

    function settle(Report[] calldata reports) external {
        for (uint256 i = 0; i < reports.length; ++i) {
            _settle(reports[i]);
        }
    }

    function digest(Report calldata report) public view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(abi.encode(REPORT, report.lease, report.asOf, keccak256(abi.encode(report.counters))))
        );
    }

    function _settle(Report calldata report) private {
        Lease storage lease = _leases[report.lease];
        address signer = ECDSA.recover(digest(report), report.signature);
        if (signer != lease.agent) revert NotTheAgent(signer);
        if (report.asOf > block.timestamp) revert ReportFromTheFuture(report.asOf);
        uint256 host = (report.counters[0] - lease.counters[0]) * lease.rate;
        for (uint256 c = 0; c < 6; ++c) {
            if (report.counters[c] < lease.counters[c]) {
                revert CounterFell(c, report.counters[c], lease.counters[c]);
            }
            lease.counters[c] = report.counters[c];
        }
        uint256 royalty = host * ROYALTY_BPS / 10_000;
        uint256 fee = host * FEE_BPS / 10_000;
        uint256 due = host + royalty + fee;
        if (due > lease.deposit) revert DepositUsedUp(lease.deposit, due);
        lease.deposit -= due;
        earned[lease.host] += host;
        _royalties[lease.image] += royalty;
        _fees += fee;
        emit Settled(report.lease, report.counters, due);
    }
}
