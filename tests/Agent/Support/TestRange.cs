using System.Net;
using System.Security.Cryptography;
using Dweb.Agent.Isolation;

namespace Dweb.Agent.Tests.Support;

/// <summary>Addresses for containers that no other test of this process has, and hardly one of another process.</summary>
internal static class TestRange
{
    // Below those of the local stack and the agent's default.
    private const int FirstOctet = 10;
    private const int LeastSecond = 64;
    private const int Seconds = 64;
    private const int Thirds = 256;

    private static int next = RandomNumberGenerator.GetInt32(Seconds * Thirds);

    /// <summary>A /24: sixteen deployments.</summary>
    public static AddressRange Next()
    {
        int number = Interlocked.Increment(ref next) % (Seconds * Thirds);
        return new AddressRange(new IPNetwork(new IPAddress([FirstOctet, (byte)(LeastSecond + (number / Thirds)), (byte)(number % Thirds), 0]), 24));
    }
}
