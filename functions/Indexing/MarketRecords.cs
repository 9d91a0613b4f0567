using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Functions.Indexing;

/// <summary>A COE as the registry holds it.</summary>
/// <param name="Ask">In force until <paramref name="NextAskFrom"/>.</param>
/// <param name="NextAsk">In force from then on.</param>
/// <param name="OsImage">The host image that it claims; zero for none.</param>
/// <param name="OsRevoked">That image is revoked.</param>
/// <param name="AcceptsBook">Its host takes leases of our lease book.</param>
internal sealed record CoeRecord(
    Hash32 Coe, string Name, EvmAddress Host, EvmAddress Agent, CoeStatus Status, byte Region, IReadOnlyList<ulong> Capacity, IReadOnlyList<ulong> Assigned,
    IReadOnlyList<BigInteger> Ask, IReadOnlyList<BigInteger> NextAsk, ulong NextAskFrom, BigInteger Stake, BigInteger Locked, Hash32 OsImage, bool OsRevoked,
    bool AcceptsBook, string Endpoint)
{
    /// <param name="now">Unix time of the chain.</param>
    public IReadOnlyList<BigInteger> AskAt(ulong now) => now < NextAskFrom ? Ask : NextAsk;
}

/// <summary>An image's NFT.</summary>
internal sealed record ImageRecord(
    Hash32 ManifestDigest, string Name, EvmAddress Publisher, ushort RoyaltyBps, Hash32 ComponentsHash, Hash32 Node);

/// <summary>Where the channel <c>stable</c> of a publisher's images of one name points.</summary>
/// <param name="Current">In force until <paramref name="NextFrom"/>; zero before the first move.</param>
/// <param name="Next">In force from then on.</param>
internal sealed record ChannelRecord(EvmAddress Publisher, string Name, Hash32 Current, Hash32 Next, ulong NextFrom)
{
    /// <summary>The channel that orders follow.</summary>
    public const string Stable = "stable";

    [JsonIgnore]
    public Hash32 Id => IdOf(Publisher, Name);

    public static Hash32 IdOf(EvmAddress publisher, string name) => Keccak256.Hash($"{publisher}/{name}");

    /// <param name="now">Unix time of the chain.</param>
    public Hash32 At(ulong now) => now < NextFrom ? Current : Next;
}

/// <summary>A repository's NFT.</summary>
internal sealed record RepositoryRecord(Hash32 Repository, string Name, EvmAddress Owner, EvmAddress Payee);

/// <summary>A version that a repository's owner signed.</summary>
internal sealed record ReleaseRecord(
    Hash32 ReleaseId, Hash32 Repository, string Version, Hash32 SourceDigest, string Uri, string License, EvmAddress Signer);

/// <summary>An order that the chain admitted.</summary>
/// <param name="AdmittedBlock">Number of the block.</param>
internal sealed record AdmittedOrder(Hash32 OrderHash, OrderDocument Order, ulong AdmittedBlock, bool Cancelled);

/// <summary>A lease as the chain's events tell it.</summary>
/// <param name="ImageDigest">What it runs: the service's image, or that of its channel.</param>
/// <param name="Limit">Seconds funded from <paramref name="Origin"/>; once ended or parked, what can still be reported.</param>
/// <param name="EndedAt">0 while open or parked.</param>
/// <param name="Settled">Counters as the chain has settled them.</param>
internal sealed record LeaseRecord(
    Hash32 LeaseId, Hash32 OrderHash, Hash32 Coe, ushort Service, ushort Replica, ushort Generation, Hash32 ImageDigest, ulong Origin, uint Limit, LeaseTerms Terms,
    LeaseState State, EndReason Reason, ulong EndedAt, UsageCounters Settled)
{
    /// <summary>After a fault the host has answered on chain: its bond is not taken.</summary>
    public bool FaultAnswered { get; init; }

    /// <summary>The image from which its replica was put back to the one that was signed, which this lease runs; zero for none.</summary>
    public Hash32 PutBackFrom { get; init; }

    /// <summary>Unix time until which an open dispute waits for a verdict; 0 when none is open.</summary>
    public ulong DisputedUntil { get; init; }

    /// <summary>Open or parked: it may be funded, and holds a place on its COE.</summary>
    [JsonIgnore]
    public bool IsLive => State is LeaseState.Open or LeaseState.Parked;

    [JsonIgnore]
    public LeaseKey Key => new(OrderHash, Service, Replica, Generation, Coe);

    [JsonIgnore]
    public ulong FundedUntil => IsLive ? Origin + Limit : EndedAt;

    /// <summary>The chain has settled seconds of it.</summary>
    [JsonIgnore]
    public bool HasStarted => Settled.Seconds > 0;

    /// <summary>Seconds of its replica's duration that the chain counts for it.</summary>
    [JsonIgnore]
    public uint Committed => State == LeaseState.Closed ? Settled.Seconds : Limit;

    /// <summary>What the chain would hold after it settled an entry, by its own rules.</summary>
    public UsageMergeResult After(UsageEntry entry, ulong asOf) => Account.After(entry, asOf);

    /// <summary>The chain would pay for an entry.</summary>
    public bool Pays(UsageEntry entry, ulong asOf) => Account.ChargeOf(Account.After(entry, asOf).Counters) != Account.Charged;

    private LeaseAccount Account => new(State, Reason, Origin, Limit, EndedAt, Terms, Settled);
}

/// <summary>How far the chain has been read.</summary>
internal sealed record IndexCursor(ulong Block, Hash32 BlockHash);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, Converters = [typeof(WeiConverter)])]
[JsonSerializable(typeof(CoeRecord))]
[JsonSerializable(typeof(ImageRecord))]
[JsonSerializable(typeof(ChannelRecord))]
[JsonSerializable(typeof(RepositoryRecord))]
[JsonSerializable(typeof(ReleaseRecord))]
[JsonSerializable(typeof(AdmittedOrder))]
[JsonSerializable(typeof(LeaseRecord))]
[JsonSerializable(typeof(IndexCursor))]
internal sealed partial class IndexJson : JsonSerializerContext;
