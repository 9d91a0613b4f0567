// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {PriceList, Prices} from "./coe/Prices.sol";
import {IProtocolSettings} from "./interfaces/IProtocolSettings.sol";

/// @title What the protocol DAO decides for every lease book, within bounds that nobody can move
/// @notice The owner is the governor. Basis points are of 10,000.
/// @dev A lease book reads the tariff at each opening: two slots, one of them the prices.
contract ProtocolSettings is IProtocolSettings, Ownable {
    uint16 public constant LEAST_FEE_BPS = 1; // a fee of none would let a coalition of user and host pay itself for free
    uint16 public constant MOST_FEE_BPS = 500;
    uint16 public constant MOST_BOUNTY_BPS = 5_000;
    uint16 public constant LEAST_ROYALTY_FLOOR_BPS = 100;
    uint16 public constant MOST_ROYALTY_FLOOR_BPS = 500;
    uint16 public constant MOST_ROYALTY_CAP_BPS = 3_000;
    uint16 public constant FIRST_ROYALTY_FLOOR_BPS = 200;
    uint16 public constant FIRST_ROYALTY_CAP_BPS = 2_000;

    // One slot.
    uint16 private _feeBps;
    uint16 private _bountyBps;
    bool private _openingsStopped;
    uint16 private _royaltyFloorBps;
    uint16 private _royaltyCapBps;
    /// @inheritdoc IProtocolSettings
    address public guardian;

    Prices private _referencePrices;

    /// @param guardian_ zero for none
    constructor(address governor, address guardian_, uint16 feeBps, uint16 bountyBps, uint128[5] memory referencePrices)
        Ownable(governor)
    {
        _setFee(feeBps);
        _setBounty(bountyBps);
        _setReferencePrices(referencePrices);
        _setRoyaltyRange(FIRST_ROYALTY_FLOOR_BPS, FIRST_ROYALTY_CAP_BPS);
        _setGuardian(guardian_);
    }

    /// @inheritdoc IProtocolSettings
    function setFee(uint16 feeBps) external onlyOwner {
        _setFee(feeBps);
    }

    /// @inheritdoc IProtocolSettings
    function setBounty(uint16 bountyBps) external onlyOwner {
        _setBounty(bountyBps);
    }

    /// @inheritdoc IProtocolSettings
    function setReferencePrices(uint128[5] calldata prices) external onlyOwner {
        _setReferencePrices(prices);
    }

    /// @inheritdoc IProtocolSettings
    /// @dev LEAST_ROYALTY_FLOOR_BPS <= floor <= MOST_ROYALTY_FLOOR_BPS, floor <= cap <= MOST_ROYALTY_CAP_BPS.
    function setRoyaltyRange(uint16 floorBps, uint16 capBps) external onlyOwner {
        _setRoyaltyRange(floorBps, capBps);
    }

    /// @inheritdoc IProtocolSettings
    function setGuardian(address guardian_) external onlyOwner {
        _setGuardian(guardian_);
    }

    /// @inheritdoc IProtocolSettings
    function stopOpenings() external {
        if (!isGuard(msg.sender)) revert NotTheGuardian(msg.sender);
        _openingsStopped = true;
        emit OpeningsStopped(msg.sender);
    }

    /// @inheritdoc IProtocolSettings
    function allowOpenings() external onlyOwner {
        _openingsStopped = false;
        emit OpeningsAllowed(msg.sender);
    }

    /// @inheritdoc IProtocolSettings
    function tariff() external view returns (Tariff memory) {
        return Tariff({
            feeBps: _feeBps,
            bountyBps: _bountyBps,
            openingsStopped: _openingsStopped,
            referencePrices: _referencePrices.unpack()
        });
    }

    /// @inheritdoc IProtocolSettings
    function royaltyRange() external view returns (uint16 floorBps, uint16 capBps) {
        return (_royaltyFloorBps, _royaltyCapBps);
    }

    /// @inheritdoc IProtocolSettings
    function isGuard(address account) public view returns (bool) {
        return account != address(0) && (account == guardian || account == owner());
    }

    function _setFee(uint16 feeBps) private {
        if (feeBps < LEAST_FEE_BPS || feeBps > MOST_FEE_BPS) {
            revert FeeOutOfRange(feeBps, LEAST_FEE_BPS, MOST_FEE_BPS);
        }
        _feeBps = feeBps;
        emit FeeSet(feeBps);
    }

    function _setBounty(uint16 bountyBps) private {
        if (bountyBps > MOST_BOUNTY_BPS) revert BountyOutOfRange(bountyBps, MOST_BOUNTY_BPS);
        _bountyBps = bountyBps;
        emit BountySet(bountyBps);
    }

    function _setReferencePrices(uint128[5] memory prices) private {
        uint256 wide = PriceList.firstTooWide(prices);
        if (wide < 5) revert ReferencePriceTooWide(wide, prices[wide], PriceList.most(wide));
        _referencePrices = PriceList.pack(prices);
        emit ReferencePricesSet(prices);
    }

    function _setRoyaltyRange(uint16 floorBps, uint16 capBps) private {
        if (
            floorBps < LEAST_ROYALTY_FLOOR_BPS || floorBps > MOST_ROYALTY_FLOOR_BPS || capBps < floorBps
                || capBps > MOST_ROYALTY_CAP_BPS
        ) {
            revert RoyaltyRangeInvalid(floorBps, capBps, LEAST_ROYALTY_FLOOR_BPS, MOST_ROYALTY_CAP_BPS);
        }
        _royaltyFloorBps = floorBps;
        _royaltyCapBps = capBps;
        emit RoyaltyRangeSet(floorBps, capBps);
    }

    function _setGuardian(address guardian_) private {
        guardian = guardian_;
        emit GuardianSet(guardian_);
    }
}
