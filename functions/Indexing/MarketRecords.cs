using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Functions.Indexing;

/// <summary>A COE as the registry holds it.</summary>
internal sealed record CoeRecord(
    Hash32 Coe, string Name, EvmAddress Host, EvmAddress Agent, CoeStatus Status, byte Region, IReadOnlyList<ulong> Capacity, IReadOnlyList<ulong> Assigned,
    IReadOnlyList<BigInteger> Ask, BigInteger Stake, BigInteger Locked, string Endpoint);

/// <summary>An image's NFT.</summary>
internal sealed record ImageRecord(
    Hash32 ManifestDigest, string Name, EvmAddress Publisher, ushort RoyaltyBps, Hash32 ComponentsHash, Hash32 Node);

/// <summary>A repository's NFT.</summary>
internal sealed record RepositoryRecord(Hash32 Repository, string Name, EvmAddress Owner, EvmAddress Payee);

/// <summary>A version that a repository's owner signed.</summary>
internal sealed record ReleaseRecord(
    Hash32 ReleaseId, Hash32 Repository, string Version, Hash32 SourceDigest, string Uri, string License, EvmAddress Signer);

/// <summary>An order that the chain admitted.</summary>
/// <param name="AdmittedBlock">Number of the block.</param>
internal sealed record AdmittedOrder(Hash32 OrderHash, OrderDocument Order, ulong AdmittedBlock, bool Cancelled);

/// <summary>A lease as the chain's events tell it.</summary>
/// <param name="Limit">Seconds funded from <paramref name="Origin"/> at opening.</param>
/// <param name="EndedAt">0 while open.</param>
/// <param name="Settled">Counters as the chain has settled them.</param>
internal sealed record LeaseRecord(
    Hash32 LeaseId, Hash32 OrderHash, Hash32 Coe, ushort Service, ushort Replica, ushort Generation, ulong Origin, uint Limit, LeaseTerms Terms,
    LeaseState State, EndReason Reason, ulong EndedAt, UsageCounters Settled)
{
    [JsonIgnore]
    public ulong FundedUntil => State == LeaseState.Open ? Origin + Limit : EndedAt;

    /// <summary>What the chain would hold after it settled an entry, by its own rules.</summary>
    public UsageMergeResult After(UsageEntry entry, ulong asOf)
    {
        uint ran = State == LeaseState.Open ? Limit : (uint)Math.Min(Limit, Math.Max(EndedAt - Origin, Settled.Seconds));
        return UsageMerge.Settle(State, ran, Origin, asOf, Settled, entry);
    }
}

/// <summary>How far the chain has been read.</summary>
internal sealed record IndexCursor(ulong Block, Hash32 BlockHash);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, Converters = [typeof(WeiConverter)])]
[JsonSerializable(typeof(CoeRecord))]
[JsonSerializable(typeof(ImageRecord))]
[JsonSerializable(typeof(RepositoryRecord))]
[JsonSerializable(typeof(ReleaseRecord))]
[JsonSerializable(typeof(AdmittedOrder))]
[JsonSerializable(typeof(LeaseRecord))]
[JsonSerializable(typeof(IndexCursor))]
internal sealed partial class IndexJson : JsonSerializerContext;
