// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What the protocol DAO decides for every lease book, within bounds that nobody can move
/// @notice The governor (the protocol DAO's timelock) sets prices and names the guardian. The guardian can stop new
/// leases and mark images and host images; it can never stop a withdrawal, a pull, a closing or a failover.
interface IProtocolSettings {
    /// @notice What a lease book reads when it opens leases and settles.
    struct Tariff {
        uint16 feeBps; // of the base charge, to the treasury
        uint16 bountyBps; // of the fee, to whoever settles; at most 5,000
        bool openingsStopped; // by the guardian: first openings only
        uint128[5] referencePrices; // in the units of an ask; no royalty or fee is computed below them
    }

    event FeeSet(uint16 feeBps);
    event BountySet(uint16 bountyBps);
    event ReferencePricesSet(uint128[5] prices);
    event RoyaltyRangeSet(uint16 floorBps, uint16 capBps);
    event GuardianSet(address indexed guardian);
    event OpeningsStopped(address indexed by);
    event OpeningsAllowed(address indexed by);

    error FeeOutOfRange(uint16 feeBps, uint16 least, uint16 most);
    error BountyOutOfRange(uint16 bountyBps, uint16 most);
    error RoyaltyRangeInvalid(uint16 floorBps, uint16 capBps, uint16 least, uint16 most);
    error ReferencePriceTooWide(uint256 resource, uint128 price, uint128 most);
    error NotTheGuardian(address caller);

    function setFee(uint16 feeBps) external;
    function setBounty(uint16 bountyBps) external;
    function setReferencePrices(uint128[5] calldata prices) external;
    function setRoyaltyRange(uint16 floorBps, uint16 capBps) external;
    function setGuardian(address guardian) external;
    /// @notice Stops first openings. By guardian or governor.
    function stopOpenings() external;
    /// @notice By the governor.
    function allowOpenings() external;

    function tariff() external view returns (Tariff memory);
    function royaltyRange() external view returns (uint16 floorBps, uint16 capBps);
    function guardian() external view returns (address);
    /// @return whether the account may mark and revoke: guardian or governor
    function isGuard(address account) external view returns (bool);
}
