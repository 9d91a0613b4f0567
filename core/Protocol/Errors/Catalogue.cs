using System.Reflection;

namespace Dweb.Core.Protocol.Errors;

/// <summary>Every error that a person can meet, once.</summary>
public static class Catalogue
{
    // What was sent cannot be read.
    public static readonly ErrorCode MalformedJson = new("malformed-json", 400, "The body is no valid JSON document of this message.", "Compare it with the OpenAPI document at /api/openapi.json.");
    public static readonly ErrorCode BodyTooLarge = new("body-too-large", 413, "The body is larger than this endpoint takes.", "Split the request; an order holds at most 1 MiB.");
    public static readonly ErrorCode InvalidValue = new("invalid-value", 400, "A value is outside its range.", "Correct the named field.");
    public static readonly ErrorCode NotFound = new("not-found", 404, "There is nothing by this name or id.", "List what there is with the matching 'ls' command.");
    public static readonly ErrorCode Ambiguous = new("ambiguous-name", 409, "The name or prefix fits more than one thing.", "Give more characters of the id.");

    // Manifests.
    public static readonly ErrorCode ComposeMalformed = new("compose-malformed", 400, "The Compose file cannot be read.", "Correct the named line.");
    public static readonly ErrorCode ComposeUnsupported = new("compose-unsupported-key", 400, "The Compose file has a key that Dweb does not run.", "Remove the named key; docs/protocol.md lists the supported ones.");
    public static readonly ErrorCode SpecMismatch = new("spec-mismatch", 422, "The spec is not the one that was signed.", "Sign the order again for the spec you mean to run.");
    public static readonly ErrorCode SpecNotCanonical = new("spec-not-canonical", 422, "The spec is not in its canonical form.", "Sign the canonical JSON of the spec.");
    public static readonly ErrorCode SpecImageMismatch = new("spec-image-mismatch", 422, "The spec runs another image than the one reserved for.", "Sign an order whose spec and service name the same digest.");

    // Secrets.
    public static readonly ErrorCode SecretMissing = new("secret-missing", 400, "A secret has no content.", "Name a file or a variable in the Compose file, or give --secret NAME=FILE.");
    public static readonly ErrorCode SecretsTooLarge = new("secrets-too-large", 413, "The secrets are larger than an order holds.", "Keep what is large in the image or a volume, encrypted, and only its key as a secret.");
    public static readonly ErrorCode SecretsNoHost = new("secrets-no-host", 409, "No COE that the order allows can open secrets.", "Allow more regions, or wait until an agent there is heard; 'dweb coe ls' shows which are.");
    public static readonly ErrorCode SecretsMismatch = new("secrets-mismatch", 422, "The sealed secrets are not those that were signed.", "Sign the order again for the secrets you mean.");
    public static readonly ErrorCode SecretsUnopened = new("secrets-unopened", 422, "The secrets cannot be opened on this COE.", "They were sealed for other agents; 'dweb update' seals them anew.");
    public static readonly ErrorCode SecretsWait = new("secrets-wait", 409, "Secrets are handed out once the lease is in a safe block.", "Nothing is to be done; it takes what the chain takes.");
    public static readonly ErrorCode SecretsUnavailable = new("secrets-unavailable", 503, "No control plane has the sealed secrets.", "Send the order again; its user's machine keeps them.");

    // Orders.
    public static readonly ErrorCode WrongChain = new("wrong-chain", 422, "The order was signed for another chain.", "Check the chain id and RPC endpoint of your context.");
    public static readonly ErrorCode WrongContract = new("wrong-contract", 422, "The order was signed for another lease book.", "Check the contract addresses of your context.");
    public static readonly ErrorCode OrderExpired = new("order-expired", 422, "The order's last time of submission is over.", "Sign a new order.");
    public static readonly ErrorCode OrderCancelled = new("order-cancelled", 409, "The order was cancelled.", "Sign a new order.");
    public static readonly ErrorCode SignatureMismatch = new("signature-mismatch", 422, "The signature is not the user's.", "Sign with the wallet that the order names.");
    public static readonly ErrorCode InsufficientBalance = new("insufficient-balance", 402, "The free balance does not cover the order.", "Deposit with 'dweb deposit AMOUNT'.");
    public static readonly ErrorCode WalletTooPoor = new("wallet-too-poor", 402, "The wallet holds too few tokens.", "Send DWEB to the wallet; on a local chain 'dweb wallet fund NAME AMOUNT' does.");
    public static readonly ErrorCode NoCapacity = new("no-capacity", 409, "No COE can take a replica of the order.", "Ask for less, raise the ceiling, or allow more regions.");
    public static readonly ErrorCode OrderConflict = new("order-conflict", 409, "An order with this id was sent with other specs.", "Sign a new order for other specs.");
    public static readonly ErrorCode UpdateFailed = new("update-failed", 409, "The new replicas do not run.", "Correct what the detail names and update again; 'dweb logs' and 'dweb events' of the new order say more.");
    public static readonly ErrorCode OpeningsStopped = new("openings-stopped", 409, "The guardian has stopped new leases.", "Leases that run go on; try again later.");
    public static readonly ErrorCode PlanRefused = new("plan-refused", 409, "The chain passed over an entry of the plan.", "See the code in the detail; try again if capacity or prices changed.");

    // Images and code.
    public static readonly ErrorCode ImageNotMinted = new("image-not-minted", 422, "The image has no NFT on this chain.", "Publish it with 'dweb image publish'.");
    public static readonly ErrorCode ImageRevoked = new("image-revoked", 422, "The image was revoked.", "Deploy a newer version of it.");
    public static readonly ErrorCode ImageMalicious = new("image-malicious", 422, "The image is marked as malicious.", "Do not run it.");
    public static readonly ErrorCode AnnotationMismatch = new("annotation-mismatch", 422, "The manifest's annotations disagree with the image's NFT.", "Publish the image again from its own build.");
    public static readonly ErrorCode DigestMismatch = new("digest-mismatch", 422, "The registry served content of another digest.", "Check the registry; do not run the image.");
    public static readonly ErrorCode NameTaken = new("name-taken", 409, "The name or id is already taken.", "Choose another name.");

    // Leases and usage.
    public static readonly ErrorCode LeaseNotAssigned = new("lease-not-assigned", 422, "The chain does not assign this lease to this COE.", "Nothing was run; the control plane's word is not enough.");
    public static readonly ErrorCode LeaseNotOpen = new("lease-not-open", 409, "The lease is not open.", "See 'dweb ps --all'.");
    public static readonly ErrorCode PlacementUnexplained = new("placement-unexplained", 409, "The scheduler's own rules do not lead to this placement.", "Ask the members of the committee; their signatures are in the transaction.");
    public static readonly ErrorCode ReplicaLost = new("replica-lost", 409, "A replica does not run any more and is being placed elsewhere.", "Nothing is to be done; 'dweb inspect' shows where it goes.");
    public static readonly ErrorCode UsageRejected = new("usage-rejected", 422, "The usage batch was not accepted.", "See the reason in the detail; counters are cumulative and signed by the COE's agent key.");
    public static readonly ErrorCode NothingToWithdraw = new("nothing-to-withdraw", 409, "There is nothing to withdraw yet.", "Earnings mature one to two epochs after settlement.");

    // The scheduler committee.
    public static readonly ErrorCode QuorumMissed = new("quorum-missed", 503, "Too few scheduler members have signed.", "It is tried again; the detail says what each member answered.");
    public static readonly ErrorCode MemberRefused = new("member-refused", 409, "A scheduler member does not sign this.", "The named field is not what the member finds by itself.");
    public static readonly ErrorCode MemberBehind = new("member-behind", 503, "A scheduler member's chain node is behind.", "Try again in a moment; if it stays so, look at that member's chain node.");
    public static readonly ErrorCode MemberBusy = new("member-busy", 503, "A scheduler member has too many requests of this address.", "Try again in a moment.");
    public static readonly ErrorCode MemberUnreachable = new("member-unreachable", 503, "A scheduler member does not answer.", "Check its address in Dweb__Members, and whether it runs.");
    public static readonly ErrorCode CoeHeard = new("coe-heard", 409, "The COE is heard.", "Nothing is to be done for silence that is none.");
    public static readonly ErrorCode CoeSilent = new("coe-silent", 409, "The COE is not heard.", "See whether its agent runs and names every scheduler member.");

    // Orchestrations.
    public static readonly ErrorCode OrchestrationState = new("orchestration-state", 409, "The orchestration is in a state that does not allow that.", "See 'dweb orchestrations history ID'.");

    // Who asks.
    public static readonly ErrorCode Unauthorised = new("unauthorised", 401, "The request carries no valid signature or login.", "Log in with the wallet, or check the clock and the key.");
    public static readonly ErrorCode Forbidden = new("forbidden", 403, "This wallet or key may not do that.", "Use the wallet that owns it.");
    public static readonly ErrorCode ClockSkew = new("clock-skew", 401, "The request's time is too far from the server's.", "The answer carries the server's time; correct the clock.");
    public static readonly ErrorCode CoeUnknown = new("coe-unknown", 404, "No such COE is registered on this chain.", "Register it with 'dweb coe register'.");
    public static readonly ErrorCode AgentSuperseded = new("agent-superseded", 410, "Another agent took over this COE's key.", "Stop this agent; one key serves one machine.");
    public static readonly ErrorCode AgentDuplicate = new("agent-duplicate", 409, "Another agent holds this COE's key and is alive.", "Stop the other agent or give this one its own key.");
    public static readonly ErrorCode AgentKeyMismatch = new("agent-key-mismatch", 403, "The key is not the one registered for this COE.", "Use the agent key that the COE was registered with.");
    public static readonly ErrorCode ConsentNeeded = new("consent-needed", 422, "An agent's key must agree to serve a COE.", "Run 'dweb coe consent' where the key is and give its answer as --consent.");
    public static readonly ErrorCode WalletUnknown = new("wallet-unknown", 404, "There is no wallet of this name.", "List wallets with 'dweb wallet ls'.");
    public static readonly ErrorCode WrongPassword = new("wrong-password", 403, "The password does not open this keystore.", "Check the password file.");

    // At the command line.
    public static readonly ErrorCode WalletNeeded = new("wallet-needed", 400, "No wallet was named.", "Use --wallet NAME or DWEB_WALLET; 'dweb wallet ls' lists them.");
    public static readonly ErrorCode PasswordNeeded = new("password-needed", 401, "The wallet's password was not given.", "Use --password-file FILE, DWEB_PASSWORD_FILE or a terminal.");
    public static readonly ErrorCode NotApproved = new("not-approved", 409, "Nothing was signed.", "Answer yes, or add --yes.");
    public static readonly ErrorCode ApprovalNeeded = new("approval-needed", 400, "Nobody can be asked.", "Add --yes once you have seen what would be signed.");
    public static readonly ErrorCode GasTooLow = new("gas-too-low", 402, "The wallet has not enough of the chain's coin for gas.", "Send it some; on the local chain 'dweb wallet fund' does.");
    public static readonly ErrorCode Unwell = new("unwell", 409, "Something is wrong on this side.", "Do what the findings name as their mend, and look again.");
    public static readonly ErrorCode RootNeeded = new("root-needed", 403, "This changes the machine's services, which root may.", "Run it as root, or with --no-service and folders of your own.");
    public static readonly ErrorCode AgentMissing = new("agent-missing", 404, "The agent's program is not on this machine.", "Install the package that has it, or name it with --agent-program.");
    public static readonly ErrorCode ServiceFailed = new("service-failed", 500, "systemd did not do what was asked.", "See 'systemctl status dweb-agent' and 'dweb coe doctor', then run the command again.");
    public static readonly ErrorCode PeerUnreachable = new("peer-unreachable", 503, "The line cannot be measured against this peer.", "Name another one, or give the bandwidth with --bandwidth.");
    public static readonly ErrorCode NodeRefused = new("node-refused", 502, "The chain's node refused the request.", "See the detail; the node's own log has more.");
    public static readonly ErrorCode LedgerOpen = new("ledger-open", 409, "The ledger does not close.", "Close what still runs, withdraw what is due, and look again; a difference is a fault.");
    public static readonly ErrorCode TransactionUnconfirmed = new("transaction-unconfirmed", 504, "A transaction was sent and not seen in a block.", "Look for its hash before sending it again.");

    // Machines and parts.
    public static readonly ErrorCode PortInUse = new("port-in-use", 500, "A port is taken by another program.", "Stop that program or configure another port.");
    public static readonly ErrorCode EngineUnreachable = new("engine-unreachable", 503, "No container engine answers.", "Start dockerd, or set the engine's socket.");
    public static readonly ErrorCode HostRefused = new("host-refused", 502, "The COE's machine did not do what a container needs.", "The host looks at the agent's log: disk, firewall and traffic control need root.");
    public static readonly ErrorCode EngineFailed = new("engine-failed", 502, "The container engine refused.", "See the detail; the engine's own log has more.");
    public static readonly ErrorCode ChainUnreachable = new("chain-unreachable", 503, "The chain's RPC endpoint does not answer.", "Check the endpoint of your context; nothing was changed.");
    public static readonly ErrorCode StorageUnreachable = new("storage-unreachable", 503, "The storage account does not answer.", "Check the connection string AzureWebJobsStorage.");
    public static readonly ErrorCode Starting = new("starting", 503, "The control plane is starting.", "Try again in a moment.");
    public static readonly ErrorCode HubTaken = new("hub-taken", 503, "Another control plane runs on this storage account.", "Stop the other control plane, or give this one a storage account of its own.");
    public static readonly ErrorCode RegistryUnreachable = new("registry-unreachable", 503, "The image registry does not answer.", "Check the registry's address.");
    public static readonly ErrorCode ControlPlaneUnreachable = new("control-plane-unreachable", 503, "The control plane does not answer.", "Check the endpoint of your context.");
    public static readonly ErrorCode ContractReverted = new("contract-reverted", 422, "A contract refused the call.", "See the detail.");
    public static readonly ErrorCode InvalidSetting = new("invalid-setting", 500, "A setting is missing or outside its range.", "Correct the named setting.");
    public static readonly ErrorCode Internal = new("internal", 500, "Something broke inside.", "The log of the part has the details under the given id.");

    /// <summary>All entries by code.</summary>
    public static IReadOnlyDictionary<string, ErrorCode> All { get; } = typeof(Catalogue)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => field.GetValue(null))
        .OfType<ErrorCode>()
        .ToDictionary(static error => error.Code, StringComparer.Ordinal);
}
