using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Dweb.Durable.Execution;

/// <summary>What is unique and yet the same on each replay: made from the instance, its execution and a number.</summary>
internal static class ReplaySafeIds
{
    public static Guid Guid(string instanceId, string executionId, int number)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{instanceId}\n{executionId}\n{number}")).AsSpan(0, 16);
        // Version 8 (made by its own rule) and the variant bits of RFC 9562.
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }

    public static ulong Seed(string instanceId, string executionId) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{instanceId}\n{executionId}\nrandom")));
}
