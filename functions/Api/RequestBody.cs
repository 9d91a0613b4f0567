using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;

namespace Dweb.Functions.Api;

/// <summary>Reads bodies up to a limit, before anything looks at them.</summary>
internal static class RequestBody
{
    /// <summary>Bytes that an ordinary message may have.</summary>
    public const int Ordinary = 256 * 1024;

    /// <exception cref="DwebException">The body is larger than <paramref name="limit"/>.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
        {
            throw TooLarge(limit);
        }

        var buffer = new ArrayBufferWriter<byte>(Math.Clamp((int)(request.ContentLength ?? 4096), 16, limit + 1));
        int read;
        while ((read = await request.Body.ReadAsync(buffer.GetMemory(), cancellationToken)) > 0)
        {
            buffer.Advance(read);
            if (buffer.WrittenCount > limit)
            {
                throw TooLarge(limit);
            }
        }

        return buffer.WrittenMemory;
    }

    /// <exception cref="DwebException">Too large, or no valid document of this message.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, int limit, CancellationToken cancellationToken) =>
        Parse(await ReadAsync(request, limit, cancellationToken), type);

    /// <exception cref="DwebException">No valid document of this message.</exception>
    public static T Parse<T>(ReadOnlyMemory<byte> body, JsonTypeInfo<T> type)
    {
        try
        {
            return MessageJson.Read(body.Span, type);
        }
        catch (JsonException malformed)
        {
            throw new DwebException(Catalogue.MalformedJson, malformed.Message, malformed.Path is { Length: > 2 } path ? path[2..] : null, malformed);
        }
    }

    private static DwebException TooLarge(int limit) =>
        new(Catalogue.BodyTooLarge, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The body is larger than {limit} bytes."));
}
