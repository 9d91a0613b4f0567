using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Dweb.Cli.Hosting;

/// <summary>Addresses for a host's containers: a part of 10.0.0.0/8 that its machine has no other use for.</summary>
internal static class FreeRange
{
    /// <summary>What a range is that the agent takes.</summary>
    public const string Form = "an IPv4 network of /16 to /26, as 10.201.0.0/20";

    /// <summary>For 256 deployments at a time.</summary>
    public const int UsualPrefix = 20;

    private const int PrivatePrefix = 8;
    private const uint PrivateBase = 10u << 24;
    private const int Candidates = 1 << (UsualPrefix - PrivatePrefix);

    // 10.201.0.0/20, which the agent takes where nobody says anything.
    private const int FirstTried = 201 << (UsualPrefix - 16);

    /// <summary>Without bits of a host.</summary>
    public static bool TryParse(string text, out IPNetwork range) =>
        IPNetwork.TryParse(text, out range) && range.BaseAddress.AddressFamily == AddressFamily.InterNetwork && range.PrefixLength is >= 16 and <= 26 && range.ToString() == text;

    /// <param name="used">Of which none has an address of what is found.</param>
    /// <returns>Null where no part of that size is free.</returns>
    public static IPNetwork? Find(IReadOnlyCollection<IPNetwork> used)
    {
        for (int i = 0; i < Candidates; i++)
        {
            var candidate = Candidate((FirstTried + i) % Candidates);
            if (!used.Any(network => Overlap(network, candidate)))
            {
                return candidate;
            }
        }

        return null;
    }

    public static bool Overlap(IPNetwork one, IPNetwork other) => one.Contains(other.BaseAddress) || other.Contains(one.BaseAddress);

    private static IPNetwork Candidate(int number)
    {
        byte[] address = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(address, PrivateBase + ((uint)number << (32 - UsualPrefix)));
        return new IPNetwork(new IPAddress(address), UsualPrefix);
    }
}
