// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Params} from "../src/lease/Params.sol";
import {vm} from "../test/Vm.sol";
import {Deployed, Deployment, Plan} from "./Deployment.sol";

/// @title Deploys, wires and verifies one set of contracts
/// @notice Reads script/profiles/$DWEB_PROFILE.json (default demo) and from the environment:
/// DWEB_DEPLOY_OUT     file that is written with chain id, block and addresses
/// DWEB_TREASURY       default: the sender
/// DWEB_GOVERNOR       default: the sender
/// DWEB_COMMITTEE      scheduler members, separated by commas
/// DWEB_QUORUM         default: half of the members, rounded up, which is the most that is allowed
contract Deploy {
    using SafeCast for uint256;

    error ReferencePricesMalformed(uint256 count);

    function run() external {
        Plan memory plan = _plan();
        uint256 from = block.number;

        vm.startBroadcast();
        Deployed memory deployed = Deployment.deploy(plan, msg.sender);
        vm.stopBroadcast();

        Deployment.verify(deployed, plan);
        vm.writeFile(vm.envString("DWEB_DEPLOY_OUT"), _json(deployed, plan, from));
    }

    function _plan() private view returns (Plan memory plan) {
        string memory profile = vm.envOr("DWEB_PROFILE", string("demo"));
        string memory json = vm.readFile(string.concat(vm.projectRoot(), "/script/profiles/", profile, ".json"));

        plan.governor = vm.envOr("DWEB_GOVERNOR", msg.sender);
        plan.treasury = vm.envOr("DWEB_TREASURY", msg.sender);
        plan.committee = vm.envAddress("DWEB_COMMITTEE", ",");
        plan.quorum = vm.envOr("DWEB_QUORUM", (plan.committee.length + 1) / 2).toUint8();
        plan.feeBps = vm.parseJsonUint(json, ".feeBps").toUint16();
        uint256[] memory prices = vm.parseJsonUintArray(json, ".referencePrices");
        if (prices.length != 5) revert ReferencePricesMalformed(prices.length);
        for (uint256 i = 0; i < 5; ++i) {
            plan.referencePrices[i] = prices[i].toUint128();
        }
        plan.params = Params({
            lateReports: vm.parseJsonUint(json, ".lateReports").toUint64(),
            maturingEpoch: vm.parseJsonUint(json, ".maturingEpoch").toUint64(),
            minStartWithin: vm.parseJsonUint(json, ".minStartWithin").toUint64(),
            askDelay: vm.parseJsonUint(json, ".askDelay").toUint64()
        });
    }

    function _json(Deployed memory d, Plan memory plan, uint256 from) private view returns (string memory) {
        string memory contracts = string.concat(
            _line("DwebToken", address(d.token), ","),
            _line("CodeRegistry", address(d.code), ","),
            _line("ContainerRegistry", address(d.images), ","),
            _line("CoeRegistry", address(d.coes), ","),
            _line("SchedulerCommittee", address(d.committee), ","),
            _line("RoyaltyPool", address(d.pool), ","),
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
            vm.toString(plan.treasury),
            "\",\n  \"governor\": \"",
            vm.toString(plan.governor),
            "\"\n}\n"
        );
    }

    function _line(string memory name, address at_, string memory comma) private pure returns (string memory) {
        return string.concat("    \"", name, "\": \"", vm.toString(at_), "\"", comma, "\n");
    }
}
