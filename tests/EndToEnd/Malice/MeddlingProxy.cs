using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dweb.EndToEnd.Tests.Malice;

/// <summary>What was done to a message.</summary>
public enum Meddling
{
    Nothing,

    /// <summary>The request never arrives.</summary>
    RequestLost,

    /// <summary>The request arrives, its answer does not.</summary>
    AnswerLost,

    /// <summary>The request arrives twice.</summary>
    Repeated,

    /// <summary>The request also arrives at another door.</summary>
    Misdirected,

    /// <summary>A byte of the request's body is another one.</summary>
    RequestChanged,

    /// <summary>A byte of the answer's body is another one.</summary>
    AnswerChanged,
}

/// <summary>Stands between agents and a control plane and spoils, by chance, about half of what passes.</summary>
internal sealed class MeddlingProxy : IAsyncDisposable
{
    private const int Untouched = 6;
    private static readonly string[] Doors = ["heartbeat", "reports", "usage", "specs"];
    private static readonly HashSet<string> OfAConnection = new(StringComparer.OrdinalIgnoreCase) { "Host", "Connection", "Content-Length", "Transfer-Encoding", "Keep-Alive" };
    private readonly WebApplication _app;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private readonly Uri _target;
    private readonly Random _random;
    private readonly Lock _rolling = new();

    private MeddlingProxy(WebApplication app, Uri target, int seed)
    {
        (_app, _target, _random) = (app, target, new Random(seed));
        app.Run(PassAsync);
    }

    /// <summary>How often each was done.</summary>
    public ConcurrentDictionary<Meddling, int> Done { get; } = new();

    public int Port { get; private set; }

    public static async Task<MeddlingProxy> StartAsync(Uri target, int seed)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var proxy = new MeddlingProxy(builder.Build(), target, seed);
        await proxy._app.StartAsync();
        proxy.Port = new Uri(proxy._app.Urls.Single()).Port;
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        using var read = new MemoryStream();
        await context.Request.Body.CopyToAsync(read);
        byte[] body = read.ToArray();
        var what = Roll(body.Length > 0);
        try
        {
            if (what == Meddling.RequestLost)
            {
                context.Abort();
                return;
            }

            if (what is Meddling.Repeated or Meddling.Misdirected)
            {
                using var again = await SendAsync(context, body, what == Meddling.Misdirected ? Door() : null);
            }

            using var answer = await SendAsync(context, what == Meddling.RequestChanged ? Changed(body) : body, door: null);
            byte[] content = await answer.Content.ReadAsByteArrayAsync(context.RequestAborted);
            if (what == Meddling.AnswerLost)
            {
                context.Abort();
                return;
            }

            context.Response.StatusCode = (int)answer.StatusCode;
            foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(static header => !OfAConnection.Contains(header.Key)))
            {
                context.Response.Headers[name] = values.ToArray();
            }

            if (answer.StatusCode != HttpStatusCode.NotModified && content.Length > 0)
            {
                await context.Response.Body.WriteAsync(what == Meddling.AnswerChanged ? Changed(content) : content, context.RequestAborted);
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or SocketException or OperationCanceledException)
        {
            // One of the two sides has gone.
            context.Abort();
        }
    }

    private Task<HttpResponseMessage> SendAsync(HttpContext context, byte[] body, string? door)
    {
        string path = context.Request.Path + context.Request.QueryString.ToString();
        if (door is not null)
        {
            path = path[..(path.LastIndexOf('/') + 1)] + door;
        }

        var request = new HttpRequestMessage(door is null ? new HttpMethod(context.Request.Method) : HttpMethod.Post, new Uri(_target, path));
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body);
        }

        foreach (var (name, values) in context.Request.Headers.Where(static header => !OfAConnection.Contains(header.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        return _http.SendAsync(request, context.RequestAborted);
    }

    private Meddling Roll(bool hasBody)
    {
        Meddling what;
        lock (_rolling)
        {
            int rolled = _random.Next(Enum.GetValues<Meddling>().Length - 1 + Untouched);
            what = rolled < Untouched ? Meddling.Nothing : (Meddling)(rolled - Untouched + 1);
        }

        what = what == Meddling.RequestChanged && !hasBody ? Meddling.Nothing : what;
        Done.AddOrUpdate(what, 1, static (_, count) => count + 1);
        return what;
    }

    private string Door()
    {
        lock (_rolling)
        {
            return Doors[_random.Next(Doors.Length)];
        }
    }

    /// <summary>With another digit, or another bit, at one place.</summary>
    private byte[] Changed(byte[] content)
    {
        byte[] changed = [.. content];
        lock (_rolling)
        {
            int at = _random.Next(changed.Length);
            changed[at] = char.IsAsciiDigit((char)changed[at]) ? (byte)('0' + ((changed[at] - '0' + 1 + _random.Next(9)) % 10)) : (byte)(changed[at] ^ (1 << _random.Next(7)));
        }

        return changed;
    }
}
