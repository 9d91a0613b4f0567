// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {CoeParams} from "../src/coe/CoeParams.sol";
import {Articles} from "../src/interfaces/IDaoFactory.sol";
import {Member} from "../src/interfaces/IDaoShares.sol";
import {Params} from "../src/interfaces/Types.sol";
import {vm} from "./Vm.sol";
import {Deployed, Plan} from "./Deployed.sol";
import {Deployment} from "./Deployment.sol";
import {Wiring} from "./Wiring.sol";

/// @title Deploys, wires and verifies one set of contracts
/// @notice Reads script/profiles/$DWEB_PROFILE.json (default demo) and from the environment:
/// DWEB_DEPLOY_OUT     file that is written with chain id, block and addresses
/// DWEB_MEMBERS        members of the protocol DAO, separated by commas; none: no protocol DAO
/// DWEB_SHARES         their shares, in the same order
/// DWEB_GOVERNOR       default: the protocol DAO's timelock, or the sender where there is none
/// DWEB_TREASURY       default: the protocol DAO's treasury, or the sender where there is none
/// DWEB_GUARDIAN       may stop openings and mark images; default: the sender
/// DWEB_HOLDER         gets the token's supply; default: the sender
/// DWEB_COMMITTEE      scheduler members, separated by commas
/// DWEB_QUORUM         default: half of the members, rounded up, which is the most that is allowed
contract Deploy {
    using SafeCast for uint256;

    error ReferencePricesMalformed(uint256 count);
    error SharesMalformed(uint256 members, uint256 shares);

    function run() external {
        string memory profile = vm.envOr("DWEB_PROFILE", string("demo"));
        string memory json = vm.readFile(string.concat(vm.projectRoot(), "/script/profiles/", profile, ".json"));
        Plan memory plan;
        _readPeople(plan);
        _readArticles(plan, json);
        _readValues(plan, json);
        uint256 from = block.number;

        vm.startBroadcast();
        Deployed memory deployed = Deployment.deploy(plan, msg.sender);
        vm.stopBroadcast();

        Wiring.verify(deployed, plan);
        vm.writeFile(vm.envString("DWEB_DEPLOY_OUT"), _json(deployed, from));
    }

    /// @notice Deploys, wires and verifies in one call, for tests. The plan's governor is somebody else.
    function deploy(Plan calldata plan) external returns (Deployed memory deployed) {
        deployed = Deployment.deploy(plan, address(this));
        Wiring.verify(deployed, plan);
    }

    /// @notice Verifies the wiring again. Reverts with WiringWrong and the first wire that is not as the plan says.
    function verify(Deployed calldata deployed, Plan calldata plan) external view {
        Wiring.verify(deployed, plan);
    }

    function _readPeople(Plan memory plan) private view {
        address[] memory members = vm.envOr("DWEB_MEMBERS", ",", new address[](0));
        uint256[] memory shares = vm.envOr("DWEB_SHARES", ",", new uint256[](0));
        if (members.length != shares.length) revert SharesMalformed(members.length, shares.length);
        plan.members = new Member[](members.length);
        for (uint256 i = 0; i < members.length; ++i) {
            plan.members[i] = Member({account: members[i], shares: shares[i]});
        }
        address otherwise = members.length == 0 ? msg.sender : address(0);
        plan.governor = vm.envOr("DWEB_GOVERNOR", otherwise);
        plan.treasury = vm.envOr("DWEB_TREASURY", otherwise);
        plan.guardian = vm.envOr("DWEB_GUARDIAN", msg.sender);
        plan.holder = vm.envOr("DWEB_HOLDER", msg.sender);
        plan.committee = vm.envAddress("DWEB_COMMITTEE", ",");
        plan.quorum = vm.envOr("DWEB_QUORUM", (plan.committee.length + 1) / 2).toUint8();
    }

    function _readArticles(Plan memory plan, string memory json) private pure {
        plan.articles = Articles({
            name: "Dweb protocol",
            uri: "",
            textHash: bytes32(0),
            retainBps: vm.parseJsonUint(json, ".dao.retainBps").toUint16(),
            votingDelay: vm.parseJsonUint(json, ".dao.votingDelay").toUint32(),
            votingPeriod: vm.parseJsonUint(json, ".dao.votingPeriod").toUint32(),
            timelockDelay: vm.parseJsonUint(json, ".dao.timelockDelay").toUint32(),
            quorumPercent: vm.parseJsonUint(json, ".dao.quorumPercent").toUint8(),
            proposalThreshold: vm.parseJsonUint(json, ".dao.proposalThreshold").toUint32()
        });
    }

    function _readValues(Plan memory plan, string memory json) private pure {
        plan.feeBps = vm.parseJsonUint(json, ".feeBps").toUint16();
        plan.bountyBps = vm.parseJsonUint(json, ".bountyBps").toUint16();
        uint256[] memory prices = vm.parseJsonUintArray(json, ".referencePrices");
        if (prices.length != 5) revert ReferencePricesMalformed(prices.length);
        for (uint256 i = 0; i < 5; ++i) {
            plan.referencePrices[i] = prices[i].toUint128();
        }
        plan.params = Params({
            lateReports: _seconds(json, ".lateReports"),
            maturingEpoch: _seconds(json, ".maturingEpoch"),
            verdictTime: _seconds(json, ".verdictTime"),
            grace: _seconds(json, ".grace"),
            minStartWithin: _seconds(json, ".minStartWithin"),
            parkAfter: _seconds(json, ".parkAfter"),
            directTimeout: _seconds(json, ".directTimeout"),
            deadSinceBack: _seconds(json, ".deadSinceBack")
        });
        plan.coeParams = CoeParams({
            askDelay: _seconds(json, ".askDelay"),
            unbonding: _seconds(json, ".unbonding"),
            bookDelay: _seconds(json, ".bookDelay"),
            leastStake: vm.parseJsonUint(json, ".leastStake")
        });
        plan.channelDelay = _seconds(json, ".channelDelay");
    }

    function _seconds(string memory json, string memory key) private pure returns (uint32) {
        return vm.parseJsonUint(json, key).toUint32();
    }

    function _json(Deployed memory d, uint256 from) private view returns (string memory) {
        string memory contracts = string.concat(
            _line("DwebToken", address(d.token), ","),
            _line("DaoFactory", address(d.daos), ","),
            _line("ProtocolSettings", address(d.settings), ","),
            _line("SchedulerCommittee", address(d.committee), ","),
            _line("RoyaltyPool", address(d.pool), ","),
            _line("CodeRegistry", address(d.code), ","),
            _line("ContainerRegistry", address(d.images), ","),
            _line("CoeOsRegistry", address(d.os), ","),
            _line("CoeRegistry", address(d.coes), ","),
            _line("LeaseBook", address(d.book), "")
        );
        return string.concat(
            "{\n  \"chainId\": ",
            vm.toString(block.chainid),
            ",\n  \"block\": ",
            vm.toString(from),
            ",\n  \"contracts\": {\n",
            contracts,
            "  },\n  \"treasury\": \"",
            vm.toString(d.treasury),
            "\",\n  \"governor\": \"",
            vm.toString(d.governor),
            "\"\n}\n"
        );
    }

    function _line(string memory name, address address_, string memory comma) private pure returns (string memory) {
        return string.concat("    \"", name, "\": \"", vm.toString(address_), "\"", comma, "\n");
    }
}
