using System.Collections.Concurrent;
using System.Net;
using Dweb.Local.Stack;
using Google.Protobuf;

namespace Dweb.Local.Bench.Trace;

/// <summary>A collector of spans for the programs of one stack: OTLP over HTTP on a free port of this machine, kept in memory.</summary>
internal sealed class SpanReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<TracedSpan> _spans = new();
    private readonly Task _listening;

    public SpanReceiver()
    {
        Endpoint = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.One()}");
        _listener.Prefixes.Add(Endpoint + "/");
        _listener.Start();
        _listening = Listen();
    }

    public string Endpoint { get; }

    public IReadOnlyList<TracedSpan> Spans => [.. _spans];

    /// <summary>What OpenTelemetry programs read from their environment to send their spans here, soon after they end.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Endpoint,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "500",
    };

    /// <summary>Waits for spans that programs send some time after they ended.</summary>
    /// <param name="find">Null while something is still to come.</param>
    /// <param name="what">Is waited for; for the error.</param>
    /// <exception cref="LocalException">It does not come.</exception>
    public async Task<T> Until<T>(Func<IReadOnlyList<TracedSpan>, T?> find, string what, CancellationToken stop)
        where T : struct
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < Patience)
        {
            if (find(Spans) is { } found)
            {
                return found;
            }

            await Task.Delay(Poll, stop);
        }

        throw new LocalException($"The spans of {what} did not come.", "The log of the program that should have sent them tells why: the state folder's logs.");
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _listening;
    }

    private async Task Listen()
    {
        while (await Next() is { } context)
        {
            await Take(context);
        }
    }

    /// <returns>Null once it is closed.</returns>
    private async Task<HttpListenerContext?> Next()
    {
        try
        {
            return await _listener.GetContextAsync();
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException or InvalidOperationException && !_listener.IsListening)
        {
            return null;
        }
    }

    private async Task Take(HttpListenerContext context)
    {
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        try
        {
            foreach (var span in OtlpReader.Read(body.ToArray()))
            {
                _spans.Enqueue(span);
            }
        }
        catch (InvalidProtocolBufferException)
        {
            // What is no export is refused, and the programs say so in their logs.
            context.Response.StatusCode = (int)HttpStatusCode.BadRequest;
        }

        context.Response.ContentType = "application/x-protobuf";
        context.Response.Close();
    }
}
