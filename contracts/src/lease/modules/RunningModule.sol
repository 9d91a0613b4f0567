// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LeaseKey, Order, Params, UsageBatch, Verdict} from "../../interfaces/Types.sol";
import {Parts} from "../Book.sol";
import {Disputing} from "../Disputing.sol";
import {Funding} from "../Funding.sol";
import {Settling} from "../Settling.sol";
import {BookModule} from "./BookModule.sol";

/// @title What happens to leases while they run: `Funding`, `Settling` and `Disputing` as a module of the lease book
contract RunningModule is BookModule {
    constructor(Parts memory parts, Params memory p) BookModule(parts, p) {}

    function renew(Order calldata order, LeaseKey calldata key, uint32 secondsMore) external onlyForABook {
        Funding.renew(_book, _context(), order, key, secondsMore);
    }

    function park(LeaseKey calldata key) external onlyForABook {
        Funding.park(_book, _context(), key);
    }

    function resume(Order calldata order, LeaseKey calldata key, uint32 secondsMore) external onlyForABook {
        Funding.resume(_book, _context(), order, key, secondsMore);
    }

    function settle(UsageBatch[] calldata batches, address bountyTo) external onlyForABook {
        Settling.settle(_book, _context(), batches, bountyTo);
    }

    function dispute(LeaseKey calldata key, uint32 secondsDisputed) external onlyForABook {
        Disputing.dispute(_book, _context(), key, secondsDisputed);
    }

    function decide(LeaseKey calldata key, Verdict calldata verdict, bytes[] calldata signatures)
        external
        onlyForABook
    {
        Disputing.decide(_book, _context(), key, verdict, signatures);
    }

    function lapse(LeaseKey calldata key) external onlyForABook {
        Disputing.lapse(_book, _context(), key);
    }
}
