// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Lease, Params, Service} from "../../../src/interfaces/Types.sol";
import {Asserts} from "../../Asserts.sol";
import {vm} from "../../Vm.sol";
import {Action, Cast, Contracts, LeaseGhost, OrderGhost, Person, Site} from "./Parts.sol";

/// @title What those who take part remember, beside the contracts
/// @notice Nothing in here is read from a lease book's sums: it is kept from what was asked for and from token balances.
abstract contract Store is Asserts {
    uint256 internal constant HOUSE = 3; // users, sites and members: three of each
    uint256 internal constant SERVICES = 2;
    uint256 internal constant REPLICAS = 2;
    uint256 internal constant GWEI = 1e9;
    address internal constant OPERATOR = address(0x09E7);

    Contracts internal dweb;
    Params internal times;
    uint256 internal immutable ASK_DELAY;

    Person[] internal users;
    Site[] internal sites;
    Person[] internal members;
    Person internal publisher;
    address internal coder;
    address internal stranger;
    bytes32 internal spiteful;
    bytes32[] internal nodes;
    mapping(uint256 index => uint256 position) internal positionOf; // in `nodes`, by the pool's index
    bytes32[] internal digests; // of images; the last is the one that may be marked as malicious

    OrderGhost[] internal orders;
    LeaseGhost[] internal leases;

    /// @notice Wei, by the book's users and the stranger.
    struct Account {
        uint256 deposited;
        uint256 withdrawn;
        uint256 bounties;
        uint256 gained; // bonds of hosts, pay and bonds of disputes that came back
        uint256 risked; // bonds of disputes
    }

    /// @notice Wei, by COE.
    struct Earner {
        uint256 withdrawn;
        uint256 lost; // pay that verdicts gave back to users
        uint256 won; // bonds that verdicts gave to the host
        uint256 staked;
        uint256 slashed;
        uint256 unbonded; // paid out to the host
    }

    mapping(address account => Account) internal accounts;
    mapping(uint256 site => Earner) internal earners;
    uint256 internal feesWithdrawn;
    uint256 internal royaltiesPaid;
    uint256 internal bountiesPaid;
    uint256 internal wealthAtFirst;

    /// @dev Replicas that were put back to the image of their order, by order and place.
    mapping(bytes32 orderHash => mapping(uint256 place => bool)) internal isBack;

    uint256[64] internal called;
    uint256[64] internal succeeded;

    constructor(Contracts memory contracts, Cast memory cast) {
        dweb = contracts;
        times = contracts.book.params();
        ASK_DELAY = contracts.coes.ASK_DELAY();
        for (uint256 i = 0; i < HOUSE; ++i) {
            users.push(cast.users[i]);
            sites.push(cast.sites[i]);
            members.push(cast.members[i]);
            earners[i].staked = contracts.coes.coeOf(cast.sites[i].id).stake;
        }
        (publisher, coder, stranger, spiteful) = (cast.publisher, cast.coder, cast.stranger, cast.spiteful);
        (nodes, digests) = (cast.nodes, cast.images);
        for (uint256 i = 0; i < digests.length; ++i) {
            nodes.push(contracts.images.nodeOf(digests[i]));
        }
        for (uint256 n = 0; n < nodes.length; ++n) {
            positionOf[contracts.pool.indexOf(nodes[n])] = n;
        }
    }

    // ------------------------------------------------------------- of orders

    /// @notice Four sizes of services: common, large, tiny, and one that is nearly all storage.
    function _reserved(uint256 size) internal pure returns (uint64[5] memory) {
        if (size % 4 == 0) return [uint64(500), 256, 1_024, 10, 1];
        if (size % 4 == 1) return [uint64(1_000), 2_048, 20_000, 100, 3];
        if (size % 4 == 2) return [uint64(1), 1, 0, 0, 0];
        return [uint64(10), 16, 30_000, 1, 10];
    }

    function _services(OrderGhost storage ghost) internal view returns (Service[] memory) {
        return _services(ghost.digest, ghost.size);
    }

    function _services(bytes32 digest, uint256 size) internal pure returns (Service[] memory all) {
        all = new Service[](SERVICES);
        for (uint256 i = 0; i < SERVICES; ++i) {
            all[i].imageDigest = digest;
            all[i].specHash = keccak256("spec");
            all[i].replicas = uint16(REPLICAS);
            all[i].reserved = _reserved(size + i);
            all[i].ceiling = [uint128(4e9), 2e9, 4e7, 4e9, 6e11];
        }
    }

    function _isCancelled(OrderGhost storage ghost) internal view returns (bool) {
        return ghost.cancelled || ghost.order.userEpoch < dweb.book.epochOf(ghost.order.user);
    }

    // ------------------------------------------------------------- of leases

    function _lease(LeaseGhost storage ghost) internal view returns (Lease memory) {
        return dweb.book.leaseOf(ghost.id);
    }

    function _hash(Lease memory lease) internal pure returns (bytes32) {
        return keccak256(abi.encode(lease));
    }

    function _reservedBy(LeaseGhost storage ghost) internal view returns (uint64[5] memory) {
        return _reserved(orders[ghost.order].size + ghost.key.service);
    }

    /// @notice Seconds that a lease has been funded for by now; of one that has ended, in all.
    function _fundedSeconds(LeaseGhost storage ghost) internal view returns (uint256) {
        uint256 until = ghost.fundedUntil;
        if (ghost.endedAt == 0 && vm.getBlockTimestamp() < until) until = vm.getBlockTimestamp();
        return ghost.accrued + until - ghost.fundedFrom;
    }

    // -------------------------------------------------------------- of counts

    function callsOf(Action action) external view returns (uint256 calls, uint256 successes) {
        return (called[uint256(action)], succeeded[uint256(action)]);
    }

    function callsInAll() external view returns (uint256 calls, uint256 successes) {
        for (uint256 i = 0; i <= uint256(type(Action).max); ++i) {
            calls += called[i];
            successes += succeeded[i];
        }
    }
}
