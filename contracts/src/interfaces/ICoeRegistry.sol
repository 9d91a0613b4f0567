// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Container Orchestration Environments: who offers what, at what price, with which key
interface ICoeRegistry {
    enum Status {
        None,
        Active,
        Draining,
        Suspended
    }

    /// @notice A COE as anyone may read it. Vectors stand in the order CPU mCPU, memory MiB, storage MiB, bandwidth
    /// Mbit/s, transfer GiB; asks are wei per unit and second, the last per MiB.
    struct Coe {
        address host;
        address payee; // who is paid what it earns; the host unless set
        address agent; // the key that signs heartbeats and usage
        Status status;
        uint8 region; // 0..63
        uint24 index; // by which a lease book names it in storage; from 1
        uint64[5] capacity;
        uint64[5] assigned; // by all lease books together
        uint128[5] ask; // in force now
        uint128[5] nextAsk; // in force from nextAskFrom; equal to ask when no rise waits
        uint64 nextAskFrom;
        uint256 stake;
        uint256 locked; // bonds of leases that are not closed
        uint256 unbonding; // out of stake since the host asked, payable from unbondableAt
        uint64 unbondableAt;
        bytes32 osImage; // the host image it claims; zero for none
        string name;
        string endpoint;
        string attributes; // JSON, for people and placement preferences
    }

    /// @notice What a lease book asks about a COE before it opens a lease, in one read.
    struct Offer {
        bool accepted; // the host takes leases of the asking book
        bool osRevoked; // the host image it claims is revoked
        Status status;
        uint8 region;
        uint24 index;
        address host;
        uint128[5] ask;
        uint256 freeStake; // stake that no bond locks
    }

    event CoeRegistered(
        bytes32 indexed coe, address indexed host, address agent, string name, uint8 region, uint24 index
    );
    event CapacitySet(bytes32 indexed coe, uint64[5] capacity);
    /// @param from when the higher ones of these asks come into force; lower ones do at once
    event AskSet(bytes32 indexed coe, uint128[5] ask, uint64 from);
    event EndpointSet(bytes32 indexed coe, string endpoint);
    event AttributesSet(bytes32 indexed coe, string attributes);
    event AgentRotated(bytes32 indexed coe, address indexed former, address indexed agent);
    event PayeeSet(bytes32 indexed coe, address indexed payee);
    event StatusSet(bytes32 indexed coe, Status status);
    event OsImageSet(bytes32 indexed coe, bytes32 indexed osImage);
    event Staked(bytes32 indexed coe, uint256 amount);
    event UnbondingStarted(bytes32 indexed coe, uint256 amount, uint64 payableAt);
    event Unbonded(bytes32 indexed coe, address indexed host, uint256 amount);
    event BookAccepted(bytes32 indexed coe, address indexed book);
    event Assigned(bytes32 indexed coe, address indexed book, uint64[5] reserved, uint256 bond);
    event Released(bytes32 indexed coe, address indexed book, uint64[5] reserved, uint256 bond);
    event Slashed(bytes32 indexed coe, address indexed book, uint256 bond);
    event BookProposed(address indexed book, uint64 from);
    event BookAuthorised(address indexed book, uint8 index);

    error CoeKnown(bytes32 coe);
    error CoeUnknown(bytes32 coe);
    error AgentTaken(address agent, bytes32 coe);
    error AgentConsentInvalid(address agent, bytes32 coe);
    error NotTheHost(address host, address caller);
    error NotTheGuardian(address caller);
    error NotABook(address caller);
    error BookUnknown(address book);
    error BookKnown(address book);
    error BookTooEarly(address book, uint256 from);
    error TooManyBooks();
    error RegionOutOfRange(uint8 region);
    error NameEmpty();
    error CapacityEmpty();
    error CapacityTooWide(uint256 resource, uint64 value, uint64 most);
    error CapacityBelowAssigned(uint256 resource, uint64 value, uint64 assigned);
    error AskTooWide(uint256 resource, uint128 value, uint128 most);
    error AgentZero();
    error PayeeZero();
    error StakeTooLow(uint256 stake, uint256 least);
    error StakeLocked(uint256 wanted, uint256 free);
    error NothingUnbonding(bytes32 coe);
    error UnbondingUntil(bytes32 coe, uint64 payableAt);
    error OsImageNotUsable(bytes32 osImage);
    error StatusNotAllowed(Status from, Status to);
    error BookDelayTooShort(uint64 bookDelay, uint64 longerThan);
    error TooManyCoes();
    error BondNotWhole(uint256 bond);
    error NotTaken(bytes32 coe);

    /// @notice Registers a COE of the caller. Its id is derived from chain, registry, host and name.
    /// @param agent the key that signs heartbeats and usage; it serves this COE for ever
    /// @param consent the key's signature of that: EIP-712 `AgentConsent(bytes32 coe)`
    /// @param stake wei taken from the caller's allowance; at least LEAST_STAKE
    /// @param book a lease book whose leases the host takes; zero for none yet
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
    ) external returns (bytes32 coe);

    // By the host.

    /// @notice No dimension below what is assigned.
    function setCapacity(bytes32 coe, uint64[5] calldata capacity) external;
    /// @notice Lower asks are in force at once, higher ones after ASK_DELAY.
    function setAsk(bytes32 coe, uint128[5] calldata ask) external;
    function setEndpoint(bytes32 coe, string calldata endpoint) external;
    function setAttributes(bytes32 coe, string calldata attributes) external;
    function setPayee(bytes32 coe, address payee) external;
    /// @notice Replaces the agent's key. The former key can never be used for any COE again.
    /// @param consent the new key's signature, as at registering
    function rotateAgent(bytes32 coe, address agent, bytes calldata consent) external;
    /// @notice Claims a host image that is published and not revoked, or none.
    function setOsImage(bytes32 coe, bytes32 osImage) external;
    /// @notice Draining takes no new leases; back to active by the same call.
    function setDraining(bytes32 coe, bool draining) external;
    /// @notice Takes leases of a lease book. Never undone: a host that wants no more drains.
    function acceptBook(bytes32 coe, address book) external;
    /// @notice Starts unbonding free stake, which leaves the stake at once and is payable after UNBONDING.
    function unbond(bytes32 coe, uint256 amount) external;

    // By anyone.

    /// @notice Adds to a COE's stake out of the caller's allowance.
    function addStake(bytes32 coe, uint256 amount) external;
    /// @notice Pays unbonded stake to the host.
    function withdrawUnbonded(bytes32 coe) external returns (uint256 amount);

    // By guardian or governor.

    /// @notice A suspended COE takes no new leases; what runs goes on. Lifted by the governor only.
    function setSuspended(bytes32 coe, bool suspended) external;

    // By the governor.

    /// @notice Announces a lease book; it may assign from BOOK_DELAY later, which is longer than UNBONDING. The first
    /// book of a registry may at once.
    function proposeBook(address book) external;
    /// @notice Lets an announced book assign, with each host's consent. By anyone once its time has come.
    function authoriseBook(address book) external;

    // By a lease book.

    /// @notice Takes capacity and locks a bond; false when either does not suffice, or when the host has not accepted the
    /// calling book. Checks nothing else.
    /// @param bond wei, a whole number of gwei
    function assign(bytes32 coe, uint64[5] calldata reserved, uint256 bond) external returns (bool);
    /// @notice Gives capacity back. Never reverts for a book that took it.
    function release(bytes32 coe, uint64[5] calldata reserved) external;
    /// @notice Unlocks a bond. Never reverts for a book that locked it.
    function unlock(bytes32 coe, uint256 bond) external;
    /// @notice Takes a locked bond out of the stake and sends it to the book.
    function slash(bytes32 coe, uint256 bond) external;

    // Views.

    function coeIdOf(address host, string calldata name) external view returns (bytes32);
    /// @return an empty record, status None, for an unknown COE
    function coeOf(bytes32 coe) external view returns (Coe memory);
    /// @return an empty offer, status None, for an unknown COE
    function offerOf(bytes32 coe, address book) external view returns (Offer memory);
    /// @return agent the key that signs usage today
    /// @return index 0 for an unknown COE
    function signerOf(bytes32 coe) external view returns (address agent, uint24 index);
    function hostOf(bytes32 coe) external view returns (address);
    function payeeOf(bytes32 coe) external view returns (address);
    function agentOf(bytes32 coe) external view returns (address);
    /// @return the COE that a key belongs or once belonged to
    function coeOfAgent(address agent) external view returns (bytes32);
    function unassigned(bytes32 coe) external view returns (uint64[5] memory);
    function isBook(address book) external view returns (bool);
    function accepts(bytes32 coe, address book) external view returns (bool);

    // Constants: seconds and wei.

    function ASK_DELAY() external view returns (uint64);
    function UNBONDING() external view returns (uint64);
    function BOOK_DELAY() external view returns (uint64);
    function LEAST_STAKE() external view returns (uint256);
}
