using System.Numerics;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Hosting;

/// <summary>A line as it was measured against a peer.</summary>
/// <param name="Down">Mbit/s towards this machine.</param>
/// <param name="DownBytes">That arrived for it.</param>
/// <param name="Up">Mbit/s from this machine; null where the peer takes nothing.</param>
/// <param name="UpBytes">That the peer took.</param>
/// <param name="NoUp">Why the other direction was not measured.</param>
internal sealed record MeasuredLine(string Peer, ulong Down, long DownBytes, ulong? Up, long UpBytes, string? NoUp)
{
    /// <summary>The slower direction of those that were measured.</summary>
    public ulong Slower => Math.Min(Down, Up ?? Down);
}

/// <summary>Measures a line over one HTTP connection at a time: GET for what comes in, then POST for what goes out.</summary>
/// <param name="most">Bytes in each direction.</param>
/// <param name="longest">For each direction.</param>
internal sealed class BandwidthProbe(HttpClient http, TimeProvider time, long most, TimeSpan longest)
{
    /// <summary>For the help of whoever offers it.</summary>
    public const string Method =
        "Measures the line against an http address: GET it again and again for at most 10 s or 256 MiB (counted from the first bytes on), then POST random bytes to it "
        + "for at most 10 s or 256 MiB (counted until it has answered). The slower of the two counts; only the first where the peer refuses the second.";

    public const long MostBytes = 256L * 1024 * 1024;

    /// <summary>Less says nothing about a line.</summary>
    public const long LeastBytes = 1024 * 1024;

    private const long BitsOfAMegabit = 1_000_000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    public BandwidthProbe(HttpClient http, TimeProvider time)
        : this(http, time, MostBytes, Longest)
    {
    }

    /// <exception cref="DwebException">The peer does not answer, or with too little.</exception>
    public async Task<MeasuredLine> MeasureAsync(Uri peer, CancellationToken cancellationToken)
    {
        try
        {
            var (down, downBytes) = await DownAsync(peer, cancellationToken);
            var (up, upBytes, refusal) = await UpAsync(peer, cancellationToken);
            return new MeasuredLine(peer.AbsoluteUri, down, downBytes, up, upBytes, refusal);
        }
        catch (HttpRequestException silent)
        {
            throw new DwebException(Catalogue.PeerUnreachable, $"{peer} does not answer: {silent.Message}", "--bandwidth-peer", silent);
        }
    }

    private async Task<(ulong Rate, long Bytes)> DownAsync(Uri peer, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(longest);
        var (bytes, first, last) = (0L, (long?)null, 0L);
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (bytes < most)
            {
                using var answer = await http.GetAsync(peer, HttpCompletionOption.ResponseHeadersRead, limit.Token);
                if (!answer.IsSuccessStatusCode)
                {
                    throw new DwebException(Catalogue.PeerUnreachable, $"{peer} answers HTTP {(int)answer.StatusCode}.", "--bandwidth-peer");
                }

                await using var body = await answer.Content.ReadAsStreamAsync(limit.Token);
                int read = await body.ReadAsync(buffer, limit.Token);
                if (read == 0)
                {
                    break;
                }

                for (; read > 0 && bytes < most; read = await body.ReadAsync(buffer, limit.Token))
                {
                    // What came with the first bytes took its time before the clock ran.
                    last = time.GetTimestamp();
                    bytes += first is null ? 0 : read;
                    first ??= last;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is over: what arrived counts.
        }

        return bytes >= Math.Min(LeastBytes, most) && first is { } began
            ? (Rate(bytes, time.GetElapsedTime(began, last)), bytes)
            : throw new DwebException(Catalogue.PeerUnreachable, $"{peer} gave {bytes} bytes in {longest.TotalSeconds} s: too few to measure by.", "--bandwidth-peer");
    }

    private async Task<(ulong? Rate, long Bytes, string? Refusal)> UpAsync(Uri peer, CancellationToken cancellationToken)
    {
        using var content = new RandomContent(time, most, longest);
        try
        {
            using var answer = await http.PostAsync(peer, content, cancellationToken);
            return answer.IsSuccessStatusCode && content.Began is { } began
                ? (Rate(content.Sent, time.GetElapsedTime(began)), content.Sent, null)
                : (null, content.Sent, $"it answers HTTP {(int)answer.StatusCode} to what is sent");
        }
        catch (HttpRequestException refused)
        {
            // Servers that take nothing may close the connection while it is being sent.
            return (null, content.Sent, $"it does not take what is sent ({refused.Message})");
        }
    }

    // A machine that talks to itself may need no measurable time.
    private static ulong Rate(long bytes, TimeSpan took) =>
        (ulong)BigInteger.Max(1, (BigInteger)bytes * 8 * TimeSpan.TicksPerSecond / BitsOfAMegabit / Math.Max(1, took.Ticks));
}
