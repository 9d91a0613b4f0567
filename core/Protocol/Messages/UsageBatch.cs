using System.Buffers.Binary;

namespace Dweb.Core.Protocol.Messages;

/// <summary>
/// The first sixteen bytes of a lease id: what usage entries name a lease by, and the chain's storage. Wide enough that nobody can find an
/// order whose lease gets another one's handle.
/// </summary>
public readonly record struct LeaseHandle(UInt128 Value)
{
    /// <summary>Bytes of a packed handle.</summary>
    public const int Size = 16;

    public static LeaseHandle Of(Hash32 leaseId) => new(BinaryPrimitives.ReadUInt128BigEndian(leaseId.ToArray()));

    public override string ToString() => $"0x{Value:x32}";
}

/// <summary>Cumulative usage of one lease since it opened.</summary>
/// <param name="Seconds">Seconds in which the engine says the container ran.</param>
/// <param name="Cpu">mCPU-seconds, below 2^48.</param>
/// <param name="Memory">MiB-seconds, below 2^48.</param>
/// <param name="Storage">MiB-seconds, below 2^48.</param>
/// <param name="Received">MiB.</param>
/// <param name="Sent">MiB.</param>
public sealed record UsageEntry(LeaseHandle Handle, uint Seconds, ulong Cpu, ulong Memory, ulong Storage, uint Received, uint Sent)
{
    /// <summary>Bytes of one packed entry.</summary>
    public const int Size = LeaseHandle.Size + 30;

    private const ulong Max48 = (1UL << 48) - 1;

    /// <summary>Writes the packed form that the chain reads; a counter beyond its width is held at its largest value.</summary>
    public void WriteTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, Handle.Value);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], Seconds);
        Write48(destination[20..], Cpu);
        Write48(destination[26..], Memory);
        Write48(destination[32..], Storage);
        BinaryPrimitives.WriteUInt32BigEndian(destination[38..], Received);
        BinaryPrimitives.WriteUInt32BigEndian(destination[42..], Sent);
    }

    public static UsageEntry ReadFrom(ReadOnlySpan<byte> source) => new(
        new LeaseHandle(BinaryPrimitives.ReadUInt128BigEndian(source)),
        BinaryPrimitives.ReadUInt32BigEndian(source[16..]),
        Read48(source[20..]),
        Read48(source[26..]),
        Read48(source[32..]),
        BinaryPrimitives.ReadUInt32BigEndian(source[38..]),
        BinaryPrimitives.ReadUInt32BigEndian(source[42..]));

    private static void Write48(Span<byte> destination, ulong value)
    {
        ulong held = Math.Min(value, Max48);
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)(held >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(destination[2..], (uint)held);
    }

    private static ulong Read48(ReadOnlySpan<byte> source) =>
        ((ulong)BinaryPrimitives.ReadUInt16BigEndian(source) << 32) | BinaryPrimitives.ReadUInt32BigEndian(source[2..]);
}

/// <summary>What an agent signs once an epoch: cumulative counters of its COE's leases, as of a block it has read.</summary>
/// <param name="AsOf">Timestamp of that block.</param>
public sealed record UsageBatch(Hash32 Coe, ulong AsOf, IReadOnlyList<UsageEntry> Entries)
{
    /// <summary>
    /// Entries that a control plane takes in one batch. The signature covers them all, so that they stay together: so many fit into a settlement
    /// transaction whatever they are of. A COE with more leases signs several batches.
    /// </summary>
    public const int MostEntries = 200;

    private static readonly Hash32 TypeHash = Keccak256.Hash("UsageBatch(bytes32 coe,uint64 asOf,bytes32 entriesHash)");

    /// <summary>The entries one after another, <see cref="UsageEntry.Size"/> bytes each.</summary>
    public byte[] PackEntries()
    {
        var bytes = new byte[Entries.Count * UsageEntry.Size];
        for (int i = 0; i < Entries.Count; i++)
        {
            Entries[i].WriteTo(bytes.AsSpan(i * UsageEntry.Size));
        }

        return bytes;
    }

    /// <exception cref="ArgumentException">The length is no multiple of an entry's.</exception>
    public static IReadOnlyList<UsageEntry> UnpackEntries(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % UsageEntry.Size != 0)
        {
            throw new ArgumentException($"{bytes.Length} bytes are no whole number of entries of {UsageEntry.Size} bytes.", nameof(bytes));
        }

        var entries = new UsageEntry[bytes.Length / UsageEntry.Size];
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = UsageEntry.ReadFrom(bytes[(i * UsageEntry.Size)..]);
        }

        return entries;
    }

    public Hash32 StructHash() => new StructHasher()
        .Word(TypeHash).Word(Coe).Word(AsOf).Word(Keccak256.Hash(PackEntries()))
        .Hash();
}
