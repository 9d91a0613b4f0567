// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Capacities, Capacity} from "./coe/Capacity.sol";
import {CoeParams} from "./coe/CoeParams.sol";
import {CoeRecord} from "./coe/CoeRecord.sol";
import {CoeStakes} from "./coe/CoeStakes.sol";
import {CoeBooks} from "./coe/CoeBooks.sol";
import {PriceList, Prices} from "./coe/Prices.sol";
import {ICoeOsRegistry} from "./interfaces/ICoeOsRegistry.sol";
import {ICoeRegistry} from "./interfaces/ICoeRegistry.sol";
import {IProtocolSettings} from "./interfaces/IProtocolSettings.sol";
import {Signatures} from "./signing/Signatures.sol";

/// @title Container Orchestration Environments: who offers what, at what price, with which key
/// @notice coe id = keccak256(abi.encode(chainId, this, host, keccak256(name))). The owner is the governor.
/// @dev Stake, capacity taken and bonds are in `CoeStakes`, the lease books that may take them in `CoeBooks`.
contract CoeRegistry is CoeStakes, EIP712 {
    bytes32 private constant AGENT_CONSENT = keccak256("AgentConsent(bytes32 coe)");

    /// @notice Regions are bits of a 64-bit mask.
    uint8 public constant REGIONS = 64;

    ICoeOsRegistry public immutable OS;
    IProtocolSettings public immutable SETTINGS;
    /// @inheritdoc ICoeRegistry
    uint64 public immutable ASK_DELAY;
    /// @inheritdoc ICoeRegistry
    uint256 public immutable LEAST_STAKE;

    uint24 private _count;
    mapping(address agent => bytes32 coe) private _coeOfAgent;

    constructor(IERC20 token, ICoeOsRegistry os, IProtocolSettings settings, address governor, CoeParams memory params)
        EIP712("Dweb", "1")
        Ownable(governor)
        CoeBooks(params.bookDelay)
        CoeStakes(token, params.unbonding)
    {
        if (params.bookDelay <= params.unbonding) revert BookDelayTooShort(params.bookDelay, params.unbonding);
        OS = os;
        SETTINGS = settings;
        ASK_DELAY = params.askDelay;
        LEAST_STAKE = params.leastStake;
    }

    // ------------------------------------------------------------ registering

    /// @inheritdoc ICoeRegistry
    function register(
        string calldata name,
        address agent,
        bytes calldata consent,
        uint8 region,
        uint64[5] calldata capacity,
        uint128[5] calldata ask,
        string calldata endpoint,
        uint256 stake,
        address book
    ) external nonReentrant returns (bytes32 coe) {
        if (bytes(name).length == 0) revert NameEmpty();
        if (region >= REGIONS) revert RegionOutOfRange(region);
        if (stake < LEAST_STAKE) revert StakeTooLow(stake, LEAST_STAKE);
        coe = coeIdOf(msg.sender, name);
        CoeRecord storage record = _coes[coe];
        if (record.index != 0) revert CoeKnown(coe);
        if (_count == type(uint24).max) revert TooManyCoes();

        _bindAgent(coe, agent, consent);
        uint24 index = ++_count;
        record.agent = agent;
        record.index = index;
        record.region = region;
        record.host = msg.sender;
        record.capacity = _packCapacity(capacity);
        record.ask = _packAsk(ask);
        record.name = name;
        record.endpoint = endpoint;

        emit CoeRegistered(coe, msg.sender, agent, name, region, index);
        emit CapacitySet(coe, capacity);
        emit AskSet(coe, ask, uint64(block.timestamp));
        emit EndpointSet(coe, endpoint);
        if (book != address(0)) _accept(coe, record, book);
        _stake(coe, record, stake);
    }

    // --------------------------------------------------------------- by hosts

    /// @inheritdoc ICoeRegistry
    function setCapacity(bytes32 coe, uint64[5] calldata capacity) external {
        CoeRecord storage record = _ofHost(coe);
        Capacity packed = _packCapacity(capacity);
        Capacity assigned = record.assigned;
        if (!packed.covers(assigned)) _refuseBelow(capacity, assigned.unpack());
        record.capacity = packed;
        emit CapacitySet(coe, capacity);
    }

    /// @inheritdoc ICoeRegistry
    /// @dev What is set now replaces a rise that still waits: each dimension falls to the lower of what is in force and
    /// what is set, and what is set is in force ASK_DELAY from now. So no rise is ever in force sooner than ASK_DELAY after
    /// the call that set it, and a plan, whose deadline is no farther ahead, is never opened at an ask that was raised
    /// after it was signed.
    function setAsk(bytes32 coe, uint128[5] calldata ask) external {
        CoeRecord storage record = _ofHost(coe);
        Prices wanted = _packAsk(ask);
        uint128[5] memory inForce = record.askNow().unpack();
        bool rises = false;
        for (uint256 i = 0; i < 5; ++i) {
            if (ask[i] > inForce[i]) rises = true;
            else inForce[i] = ask[i];
        }

        uint64 from = uint64(block.timestamp);
        record.ask = PriceList.pack(inForce);
        record.askWaits = rises;
        if (rises) {
            from += ASK_DELAY;
            record.nextAsk = wanted;
            record.nextAskFrom = from;
        }
        emit AskSet(coe, ask, from);
    }

    /// @inheritdoc ICoeRegistry
    function setEndpoint(bytes32 coe, string calldata endpoint) external {
        _ofHost(coe).endpoint = endpoint;
        emit EndpointSet(coe, endpoint);
    }

    /// @inheritdoc ICoeRegistry
    function setAttributes(bytes32 coe, string calldata attributes) external {
        _ofHost(coe).attributes = attributes;
        emit AttributesSet(coe, attributes);
    }

    /// @inheritdoc ICoeRegistry
    function setPayee(bytes32 coe, address payee) external {
        CoeRecord storage record = _ofHost(coe);
        if (payee == address(0)) revert PayeeZero();
        record.payee = payee;
        emit PayeeSet(coe, payee);
    }

    /// @inheritdoc ICoeRegistry
    function rotateAgent(bytes32 coe, address agent, bytes calldata consent) external {
        CoeRecord storage record = _ofHost(coe);
        _bindAgent(coe, agent, consent);
        address former = record.agent;
        record.agent = agent;
        emit AgentRotated(coe, former, agent);
    }

    /// @inheritdoc ICoeRegistry
    function setOsImage(bytes32 coe, bytes32 osImage) external {
        CoeRecord storage record = _ofHost(coe);
        if (osImage != bytes32(0) && !OS.isUsable(osImage)) revert OsImageNotUsable(osImage);
        record.osImage = osImage;
        record.claimsOs = osImage != bytes32(0);
        emit OsImageSet(coe, osImage);
    }

    /// @inheritdoc ICoeRegistry
    function setDraining(bytes32 coe, bool draining) external {
        CoeRecord storage record = _ofHost(coe);
        Status to = draining ? Status.Draining : Status.Active;
        if (record.suspended || record.draining == draining) revert StatusNotAllowed(record.status(), to);
        record.draining = draining;
        emit StatusSet(coe, to);
    }

    /// @inheritdoc ICoeRegistry
    function acceptBook(bytes32 coe, address book) external {
        _accept(coe, _ofHost(coe), book);
    }

    // -------------------------------------------------------------- by guards

    /// @inheritdoc ICoeRegistry
    /// @dev A COE that was draining when it was suspended is draining again when that is lifted.
    function setSuspended(bytes32 coe, bool suspended) external {
        if (!suspended) _checkOwner();
        else if (!SETTINGS.isGuard(msg.sender)) revert NotTheGuardian(msg.sender);
        CoeRecord storage record = _known(coe);
        Status from = record.status();
        if (suspended == record.suspended) revert StatusNotAllowed(from, suspended ? Status.Suspended : Status.Active);
        record.suspended = suspended;
        emit StatusSet(coe, record.status());
    }

    // ------------------------------------------------------------------ views

    /// @inheritdoc ICoeRegistry
    function coeOf(bytes32 coe) external view returns (Coe memory view_) {
        CoeRecord storage record = _coes[coe];
        bool waits = record.riseWaits();
        view_.host = record.host;
        view_.payee = record.payeeNow();
        view_.agent = record.agent;
        view_.status = record.status();
        view_.region = record.region;
        view_.index = record.index;
        view_.capacity = record.capacity.unpack();
        view_.assigned = record.assigned.unpack();
        view_.ask = record.askNow().unpack();
        view_.nextAsk = waits ? record.nextAsk.unpack() : view_.ask;
        view_.nextAskFrom = waits ? record.nextAskFrom : 0;
        view_.stake = record.stake;
        view_.locked = record.locked();
        view_.unbonding = record.unbonding;
        view_.unbondableAt = record.unbondableAt;
        view_.osImage = record.osImage;
        view_.name = record.name;
        view_.endpoint = record.endpoint;
        view_.attributes = record.attributes;
    }

    /// @inheritdoc ICoeRegistry
    /// @dev The registry of host images is asked only about a COE that claims one.
    function offerOf(bytes32 coe, address book) external view returns (Offer memory offer) {
        CoeRecord storage record = _coes[coe];
        if (record.index == 0) return offer;
        offer.accepted = record.books & _bitOf(book) != 0;
        offer.osRevoked = record.claimsOs && !OS.isUsable(record.osImage);
        offer.status = record.status();
        offer.region = record.region;
        offer.index = record.index;
        offer.host = record.host;
        offer.ask = record.askNow().unpack();
        offer.freeStake = record.freeStake();
    }

    /// @inheritdoc ICoeRegistry
    function signerOf(bytes32 coe) external view returns (address agent, uint24 index) {
        CoeRecord storage record = _coes[coe];
        return (record.agent, record.index);
    }

    /// @inheritdoc ICoeRegistry
    function hostOf(bytes32 coe) external view returns (address) {
        return _coes[coe].host;
    }

    /// @inheritdoc ICoeRegistry
    function payeeOf(bytes32 coe) external view returns (address) {
        return _coes[coe].payeeNow();
    }

    /// @inheritdoc ICoeRegistry
    function agentOf(bytes32 coe) external view returns (address) {
        return _coes[coe].agent;
    }

    /// @inheritdoc ICoeRegistry
    function coeOfAgent(address agent) external view returns (bytes32) {
        return _coeOfAgent[agent];
    }

    /// @inheritdoc ICoeRegistry
    function unassigned(bytes32 coe) external view returns (uint64[5] memory) {
        CoeRecord storage record = _known(coe);
        return record.capacity.minus(record.assigned).unpack();
    }

    /// @inheritdoc ICoeRegistry
    function accepts(bytes32 coe, address book) external view returns (bool) {
        return _coes[coe].books & _bitOf(book) != 0;
    }

    /// @inheritdoc ICoeRegistry
    function coeIdOf(address host, string calldata name) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), host, keccak256(bytes(name))));
    }

    // --------------------------------------------------------------- internal

    /// @dev A key belongs to one COE for ever: a usage batch can never be read as another COE's. So it has to want to, or a
    /// stranger could bind it first. The id names chain, registry and host: a consent serves this host alone, and once.
    function _bindAgent(bytes32 coe, address agent, bytes calldata consent) private {
        if (agent == address(0)) revert AgentZero();
        bytes32 holder = _coeOfAgent[agent];
        if (holder != bytes32(0)) revert AgentTaken(agent, holder);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(AGENT_CONSENT, coe)));
        if (Signatures.recover(digest, consent) != agent) revert AgentConsentInvalid(agent, coe);
        _coeOfAgent[agent] = coe;
    }

    function _accept(bytes32 coe, CoeRecord storage record, address book) private {
        uint32 bit = _bitOf(book);
        if (bit == 0) revert BookUnknown(book);
        if (record.books & bit != 0) revert BookKnown(book);
        record.books |= bit;
        emit BookAccepted(coe, book);
    }

    function _packCapacity(uint64[5] calldata capacity) private pure returns (Capacity packed) {
        bool fits;
        (fits, packed) = Capacities.tryPack(capacity);
        for (uint256 i = 0; !fits; ++i) {
            uint64 most = Capacities.most(i);
            if (capacity[i] > most) revert CapacityTooWide(i, capacity[i], most);
        }
        if (packed.isZero()) revert CapacityEmpty();
    }

    function _packAsk(uint128[5] calldata ask) private pure returns (Prices) {
        uint256 wide = PriceList.firstTooWide(ask);
        if (wide < 5) revert AskTooWide(wide, ask[wide], PriceList.most(wide));
        return PriceList.pack(ask);
    }

    /// @dev Only when some dimension is below.
    function _refuseBelow(uint64[5] calldata capacity, uint64[5] memory assigned) private pure {
        uint256 i = 0;
        while (capacity[i] >= assigned[i]) ++i;
        revert CapacityBelowAssigned(i, capacity[i], assigned[i]);
    }
}
