using System.Globalization;
using System.Security.Cryptography;

namespace Dweb.Core.Protocol.Http;

/// <summary>
/// What an agent signs with every request (EIP-191): method, path with query, time and hash of the body, so that nothing of a request can be
/// changed or replayed elsewhere. The time may differ by <see cref="ToleranceSeconds"/> from the server's, which a refusal tells.
/// </summary>
public static class RequestSigning
{
    public const string SignatureHeader = "Dweb-Signature";
    public const string TimestampHeader = "Dweb-Timestamp";

    /// <summary>On every answer: the server's Unix time in milliseconds.</summary>
    public const string ServerTimeHeader = "Dweb-Server-Time";

    /// <summary>In the query of what only one scheduler member is told: host and port of that member.</summary>
    public const string MemberParameter = "to";

    public const int ToleranceSeconds = 60;

    /// <param name="timestampMs">Unix time in milliseconds.</param>
    /// <param name="pathAndQuery">As sent, from the first slash.</param>
    public static string Message(string method, string pathAndQuery, long timestampMs, ReadOnlySpan<byte> body) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Dweb request\n{method.ToUpperInvariant()}\n{pathAndQuery}\n{timestampMs}\n{Convert.ToHexStringLower(SHA256.HashData(body))}");
}
