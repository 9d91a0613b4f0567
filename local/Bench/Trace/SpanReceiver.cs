using System.Collections.Concurrent;
using System.Net;
using Dweb.Local.Stack;
using Google.Protobuf;

namespace Dweb.Local.Bench.Trace;

/// <summary>A collector of spans for the programs of one stack: OTLP over HTTP on a free port of this machine, kept in memory.</summary>
internal sealed class SpanReceiver : IAsyncDisposable
{
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
