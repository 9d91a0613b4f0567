using System.Net;
using System.Net.Sockets;

namespace Dweb.Agent.Isolation;

/// <summary>The agent's own addresses for containers, cut into one network of sixteen addresses for each deployment.</summary>
internal sealed record AddressRange(IPNetwork Network)
{
    /// <summary>Of each deployment's network.</summary>
    public const int PartPrefix = 28;

    /// <summary>Containers that one network has addresses for: all but its first and last, and the host's.</summary>
    public const int ContainersInPart = (1 << (32 - PartPrefix)) - 3;

    /// <summary>For 256 deployments; for agents that have a machine to themselves.</summary>
    public static AddressRange Default { get; } = new(IPNetwork.Parse("10.201.0.0/20"));

    private const int WidestPrefix = 16;
    private const int NarrowestPrefix = 26;

    /// <summary>What there are networks for.</summary>
    public int Count => 1 << (PartPrefix - Network.PrefixLength);

    /// <summary>An IPv4 network of /16 to /26, without bits of a host.</summary>
    public static bool TryParse(string text, out AddressRange range)
    {
        bool right = IPNetwork.TryParse(text, out var network)
            && network.BaseAddress.AddressFamily == AddressFamily.InterNetwork
            && network.PrefixLength is >= WidestPrefix and <= NarrowestPrefix
            && network.ToString() == text;
        range = right ? new AddressRange(network) : null!;
        return right;
    }

    /// <param name="slot">From 0, less than <see cref="Count"/>.</param>
    public IPNetwork Part(int slot)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slot);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slot, Count);
        return new IPNetwork(Address(slot << (32 - PartPrefix)), PartPrefix);
    }

    /// <returns>The host's address in a part, its first.</returns>
    public IPAddress Gateway(int slot) => Address((slot << (32 - PartPrefix)) + 1);

    public override string ToString() => Network.ToString();

    private IPAddress Address(int offset)
    {
        byte[] bytes = Network.BaseAddress.GetAddressBytes();
        uint start = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, start + (uint)offset);
        return new IPAddress(bytes);
    }
}
