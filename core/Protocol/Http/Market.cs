using System.Numerics;
using System.Text.Json.Serialization;

namespace Dweb.Core.Protocol.Http;

/// <summary><c>GET /api/coes</c>. Vectors in the order of the resources; prices in wei.</summary>
/// <param name="Live">Whether its agent was heard within 2.5 heartbeats.</param>
public sealed record CoeView(
    Hash32 Coe, string Name, EvmAddress Host, EvmAddress Agent, string Status, string Region, IReadOnlyList<ulong> Capacity,
    IReadOnlyList<ulong> Assigned, IReadOnlyList<BigInteger> Ask, BigInteger Stake, BigInteger Locked, string Endpoint, bool Live, long? LastHeardMs)
{
    /// <summary>For which secrets are sealed that only its agent is to open; null where it was not heard, or says none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SealingKeyDocument? Sealing { get; init; }
}

/// <summary><c>GET /api/images</c>.</summary>
public sealed record ImageView(
    Hash32 ManifestDigest, string Name, EvmAddress Publisher, ushort RoyaltyBps, Hash32 ComponentsHash, Hash32 Node, bool Revoked, bool Malicious);

/// <summary><c>GET /api/code</c>: a repository and its releases.</summary>
public sealed record RepositoryView(Hash32 Repository, string Name, EvmAddress Owner, EvmAddress Payee, IReadOnlyList<ReleaseView> Releases);

public sealed record ReleaseView(Hash32 ReleaseId, string Version, Hash32 SourceDigest, string Uri, string License, EvmAddress Signer);

/// <summary><c>POST /api/quotes</c>: what the services of an order would cost now. Nothing is signed and nothing is held.</summary>
public sealed record QuoteRequest(IReadOnlyList<ServiceDocument> Services, uint Duration)
{
    /// <summary>COEs to which services are confined; null for none that is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ServiceCoes>? Confined { get; init; }
}

/// <param name="Replicas">One line a replica, in the order in which they would be opened.</param>
/// <param name="PerSecond">Wei per second for all replicas while they run, host, royalty and fee together.</param>
/// <param name="Total">Wei for the whole duration with every allowance of data transfer used up.</param>
/// <param name="Reserve">Wei held beside it while leases are open, to keep storage when funds run out, and given back.</param>
public sealed record QuoteView(
    IReadOnlyList<QuotedReplica> Replicas, BigInteger PerSecond, BigInteger Total, BigInteger Reserve, IReadOnlyList<QuoteProblem> Problems);

/// <param name="HostRate">Gwei per second.</param>
/// <param name="Reserve">Wei held beside the total while the lease is open.</param>
/// <param name="Resources">What of it is for which resource; the sums are exactly what the chain charges.</param>
/// <param name="Considered">COEs that were looked at.</param>
/// <param name="Able">Those of them that could take the replica.</param>
/// <param name="Cheapest">Of those; the chosen one may be another, because regions and load count too.</param>
public sealed record QuotedReplica(
    ushort Service, ushort Replica, Hash32 Coe, string CoeName, string Region, ulong HostRate, ulong BaseRate, ushort RoyaltyBps, ushort FeeBps,
    BigInteger HostPerSecond, BigInteger RoyaltyPerSecond, BigInteger FeePerSecond, BigInteger Total,
    BigInteger Reserve, IReadOnlyList<QuotedResource> Resources, int Considered, int Able, QuotedOffer Cheapest);

/// <summary>A resource's part of a replica's price: wei a second, or, of data transfer, for the whole allowance.</summary>
/// <param name="Resource">cpu, memory, storage, bandwidth or transfer.</param>
/// <param name="Reserved">In the resource's unit.</param>
/// <param name="Ask">Wei, as the COE asks it.</param>
public sealed record QuotedResource(string Resource, ulong Reserved, BigInteger Ask, BigInteger Host, BigInteger Royalty, BigInteger Fee);

/// <param name="Total">Wei for the whole duration with the allowance of data transfer used up.</param>
public sealed record QuotedOffer(Hash32 Coe, string CoeName, BigInteger Total);

/// <summary>Why a replica cannot be placed now: which filter passed over how many COEs.</summary>
public sealed record QuoteProblem(ushort Service, ushort Replica, string Code, string Message);

/// <summary><c>GET /api/health</c>.</summary>
/// <param name="LeaseBook">The lease book that it works with.</param>
public sealed record HealthView(
    string Status, string Version, ulong ChainId, ulong Head, ulong Indexed, int LiveCoes, IReadOnlyList<string> Problems, EvmAddress? LeaseBook = null);

/// <summary><c>POST /api/login/challenge</c>: asks for a message to sign (EIP-4361).</summary>
public sealed record ChallengeRequest(EvmAddress Address);

/// <param name="Message">The text to sign with EIP-191.</param>
public sealed record ChallengeResponse(string Message);

/// <summary><c>POST /api/login</c>.</summary>
public sealed record LoginRequest(string Message, EvmSignature Signature);

/// <param name="Token">Goes into <c>Authorization: Bearer</c>.</param>
public sealed record LoginResponse(string Token, long ExpiresAtMs);

/// <summary>A settlement as the control plane sent it.</summary>
public sealed record SettlementView(string Id, Hash32 TransactionHash, ulong Block, int Leases, BigInteger Host, BigInteger Royalty, BigInteger Fee);

/// <summary>A COE whose usage the chain refuses, so that it is settled apart from that of others.</summary>
/// <param name="Reason">The chain's, or BadSignature where it was found before anything was sent.</param>
/// <param name="Tries">That were refused.</param>
/// <param name="UntilMs">When the same usage is tried again, Unix milliseconds; what is reported anew is tried at once.</param>
public sealed record QuarantineView(Hash32 Coe, string Name, string Reason, int Tries, long SinceMs, long UntilMs);
