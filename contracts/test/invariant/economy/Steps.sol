// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Action} from "./Parts.sol";

/// @title The names of all actions; each takes one seed
library Steps {
    /// @dev Forge prints events of this name.
    event log_named_string(string key, string value);

    /// @notice In the order of Action.
    function names() internal pure returns (string[] memory all) {
        all = new string[](uint256(type(Action).max) + 1);
        _add(all, Action.Deposit, "deposit");
        _add(all, Action.Withdraw, "withdraw");
        _add(all, Action.AdmitAndOpen, "admitAndOpen");
        _add(all, Action.OpenDirect, "openDirect");
        _add(all, Action.Refill, "refill");
        _add(all, Action.Cancel, "cancel");
        _add(all, Action.RaiseEpoch, "raiseEpoch");
        _add(all, Action.RenewByUser, "renewByUser");
        _add(all, Action.RenewByStranger, "renewByStranger");
        _add(all, Action.ParkByUser, "parkByUser");
        _add(all, Action.ParkByStranger, "parkByStranger");
        _add(all, Action.Resume, "resume");
        _add(all, Action.SettleHonestly, "settleHonestly");
        _add(all, Action.SettleEverything, "settleEverything");
        _add(all, Action.SettleMaliciously, "settleMaliciously");
        _add(all, Action.End, "end");
        _add(all, Action.Move, "move");
        _add(all, Action.Drain, "drain");
        _add(all, Action.Fault, "fault");
        _add(all, Action.Answer, "answer");
        _add(all, Action.NoShow, "noShow");
        _add(all, Action.Expire, "expire");
        _add(all, Action.StopMalicious, "stopMalicious");
        _add(all, Action.Upgrade, "upgrade");
        _add(all, Action.PutBack, "putBack");
        _add(all, Action.Finalise, "finalise");
        _add(all, Action.Dispute, "dispute");
        _add(all, Action.Decide, "decide");
        _add(all, Action.Lapse, "lapse");
        _add(all, Action.ActAlone, "actAlone");
        _add(all, Action.WithdrawEarned, "withdrawEarned");
        _add(all, Action.WithdrawFees, "withdrawFees");
        _add(all, Action.Pull, "pull");
        _add(all, Action.Pay, "pay");
        _add(all, Action.SetCapacity, "setCapacity");
        _add(all, Action.SetAsk, "setAsk");
        _add(all, Action.AddStake, "addStake");
        _add(all, Action.Unbond, "unbond");
        _add(all, Action.WithdrawUnbonded, "withdrawUnbonded");
        _add(all, Action.SetDraining, "setDraining");
        _add(all, Action.SetTariff, "setTariff");
        _add(all, Action.SetReferencePrices, "setReferencePrices");
        _add(all, Action.StopOpenings, "stopOpenings");
        _add(all, Action.MoveChannel, "moveChannel");
        _add(all, Action.Pass, "pass");
        _add(all, Action.WindDown, "windDown");
    }

    function selectors() internal pure returns (bytes4[] memory all) {
        string[] memory named = names();
        all = new bytes4[](named.length);
        for (uint256 i = 0; i < named.length; ++i) {
            all[i] = bytes4(keccak256(bytes.concat(bytes(named[i]), "(uint256)")));
        }
    }

    function _add(string[] memory all, Action action, string memory name) private pure {
        all[uint256(action)] = name;
    }
}
