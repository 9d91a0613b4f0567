using System.Net;
using System.Security.Cryptography;

namespace Dweb.Cli.Hosting;

/// <summary>Bytes that nothing on the way can compress, until there are enough or the time is over.</summary>
internal sealed class RandomContent(TimeProvider time, long most, TimeSpan longest) : HttpContent
{
    private readonly byte[] chunk = RandomNumberGenerator.GetBytes(64 * 1024);

    public long Sent { get; private set; }

    /// <summary>Timestamp of the first byte; null before it.</summary>
    public long? Began { get; private set; }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        Began = began;
        while (Sent < most && time.GetElapsedTime(began) < longest)
        {
            await stream.WriteAsync(chunk, cancellationToken);
            Sent += chunk.Length;
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
