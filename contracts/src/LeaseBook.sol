// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";

import {ILeaseBook} from "./interfaces/ILeaseBook.sol";
import {
    Fault,
    LeaseKey,
    Order,
    Params,
    Plan,
    PlanEntry,
    Service,
    Upgrade,
    UsageBatch,
    Verdict
} from "./interfaces/Types.sol";
import {Admission} from "./lease/Admission.sol";
import {Modules, Parts} from "./lease/Book.sol";
import {BookBase} from "./lease/BookBase.sol";
import {BookViews} from "./lease/BookViews.sol";
import {Escrow} from "./lease/Escrow.sol";
import {BookModule} from "./lease/modules/BookModule.sol";

/// @title The life of every lease, and the escrow that pays for it
/// @notice
///   none ──open──▶ Open ──end, move, drain, fault, expire, stopMalicious, upgrade──▶ Ending ──finalise──▶ Closed
///                  │  ▲                                                               ▲
///                  park resume                                    the same but upgrade│
///                  ▼  │                                                               │
///                 Parked ─────────────────────────────────────────────────────────────┘
///   Open ──noShow──▶ Closed
/// What is ring-fenced for a lease is derived, never stored: charge(limit, allowance) - charge(settled) + reserve.
/// @dev Invariant: tokens in the book = free + ring-fenced + earned by COEs + pay and bonds of disputes + fees.
/// This contract has the storage, the money and the guard against re-entrance. The steps of a lease's life do not fit into
/// one contract's code, so each is passed on as it came to the module that has its code: see `BookModule`. Tokens in and
/// out are in `Escrow`, views in `BookViews`. Nobody owns a lease book, and nothing in it can be changed.
contract LeaseBook is Escrow, BookViews, Multicall {
    using Address for address;
    using SafeERC20 for IERC20;

    error ModuleForAnotherBook(address module);

    address public immutable OPENING;
    address public immutable RUNNING;
    address public immutable ENDING;

    constructor(Parts memory parts, Params memory p, Modules memory modules) BookBase(parts, p) {
        bytes32 told = keccak256(abi.encode(parts, p));
        OPENING = _checked(modules.opening, told);
        RUNNING = _checked(modules.running, told);
        ENDING = _checked(modules.ending, told);
        // The pool takes each settlement's royalties itself, and never more than the book sends it to.
        parts.token.forceApprove(address(parts.pool), type(uint256).max);
    }

    // ------------------------------------------------------------------- orders

    /// @inheritdoc ILeaseBook
    function admit(Order calldata order, Service[] calldata services, bytes calldata signature)
        external
        nonReentrant
        returns (bytes32)
    {
        return abi.decode(OPENING.functionDelegateCall(msg.data), (bytes32));
    }

    /// @inheritdoc ILeaseBook
    function cancel(bytes32 orderHash) external {
        Admission.cancel(_book, orderHash);
    }

    /// @inheritdoc ILeaseBook
    function raiseEpoch() external returns (uint64 epoch) {
        epoch = ++_book.wallets[msg.sender].epoch;
        emit EpochRaised(msg.sender, epoch);
    }

    // ------------------------------------------------------------------ opening

    /// @inheritdoc ILeaseBook
    function open(
        Order calldata order,
        Service[] calldata services,
        Plan calldata plan,
        PlanEntry[] calldata entries,
        bytes[] calldata signatures
    ) external nonReentrant {
        OPENING.functionDelegateCall(msg.data);
    }

    /// @inheritdoc ILeaseBook
    function admitAndOpen(
        Order calldata order,
        Service[] calldata services,
        bytes calldata orderSignature,
        Plan calldata plan,
        PlanEntry[] calldata entries,
        bytes[] calldata signatures
    ) external nonReentrant {
        OPENING.functionDelegateCall(msg.data);
    }

    /// @inheritdoc ILeaseBook
    function openDirect(
        Order calldata order,
        Service[] calldata services,
        Plan calldata plan,
        PlanEntry[] calldata entries,
        bytes calldata userSignature,
        bytes[] calldata hostSignatures
    ) external nonReentrant {
        OPENING.functionDelegateCall(msg.data);
    }

    /// @inheritdoc ILeaseBook
    function upgrade(
        Order calldata order,
        Service[] calldata services,
        Upgrade calldata plan,
        PlanEntry[] calldata entries,
        LeaseKey[] calldata running,
        bytes[] calldata signatures
    ) external nonReentrant {
        OPENING.functionDelegateCall(msg.data);
    }

    // ------------------------------------------------------------------ funding

    /// @inheritdoc ILeaseBook
    function renew(Order calldata order, LeaseKey calldata key, uint32 secondsMore) external nonReentrant {
        RUNNING.functionDelegateCall(msg.data);
    }

    /// @inheritdoc ILeaseBook
    function park(LeaseKey calldata key) external nonReentrant {
        RUNNING.functionDelegateCall(msg.data);
    }

    /// @inheritdoc ILeaseBook
    function resume(Order calldata order, LeaseKey calldata key, uint32 secondsMore) external nonReentrant {
        RUNNING.functionDelegateCall(msg.data);
    }

    // --------------------------------------------------------------- settlement

    /// @inheritdoc ILeaseBook
    function settle(UsageBatch[] calldata batches, address bountyTo) external nonReentrant {
        RUNNING.functionDelegateCall(msg.data);
    }

    // ------------------------------------------------------------------- ending

    /// @inheritdoc ILeaseBook
    function end(LeaseKey[] calldata keys) external nonReentrant {
        ENDING.functionDelegateCall(msg.data);
    }

    /// @inheritdoc ILeaseBook
    function move(Order calldata order, LeaseKey[] calldata keys) external nonReentrant {
        ENDING.functionDelegateCall(msg.data);
    }

    /// @inheritdoc ILeaseBook
    function drain(Order calldata order, LeaseKey[] calldata keys) external nonReentrant {
        ENDING.functionDelegateCall(msg.data);
    }

    /// @inheritdoc ILeaseBook
    function fault(Order calldata order, LeaseKey calldata key, Fault calldata found, bytes[] calldata signatures)
        external
        nonReentrant
    {
        ENDING.functionDelegateCall(msg.data);
    }

    /// @inheritdoc ILeaseBook
    function answer(LeaseKey calldata key) external nonReentrant {
        ENDING.functionDelegateCall(msg.data);
    }

    /// @inheritdoc ILeaseBook
    function noShow(Order calldata order, LeaseKey[] calldata keys) external nonReentrant {
        ENDING.functionDelegateCall(msg.data);
    }

    /// @inheritdoc ILeaseBook
    function expire(Order calldata order, LeaseKey[] calldata keys) external nonReentrant {
        ENDING.functionDelegateCall(msg.data);
    }

    /// @inheritdoc ILeaseBook
    function stopMalicious(bytes32 imageDigest, LeaseKey[] calldata keys) external nonReentrant {
        ENDING.functionDelegateCall(msg.data);
    }

    /// @inheritdoc ILeaseBook
    function finalise(LeaseKey[] calldata keys) external nonReentrant {
        ENDING.functionDelegateCall(msg.data);
    }

    // ----------------------------------------------------------------- disputes

    /// @inheritdoc ILeaseBook
    function dispute(LeaseKey calldata key, uint32 secondsDisputed) external nonReentrant {
        RUNNING.functionDelegateCall(msg.data);
    }

    /// @inheritdoc ILeaseBook
    function decide(LeaseKey calldata key, Verdict calldata verdict, bytes[] calldata signatures)
        external
        nonReentrant
    {
        RUNNING.functionDelegateCall(msg.data);
    }

    /// @inheritdoc ILeaseBook
    function lapse(LeaseKey calldata key) external nonReentrant {
        RUNNING.functionDelegateCall(msg.data);
    }

    // ------------------------------------------------------------------ modules

    /// @param told hash of this book's constants, which a module must have been told too
    function _checked(address module, bytes32 told) private view returns (address) {
        if (BookModule(module).TOLD() != told) revert ModuleForAnotherBook(module);
        return module;
    }
}
