using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dweb.Benchmarks;

/// <summary>A way to a server that counts what goes by: each request is one transaction of the storage behind it.</summary>
internal sealed class CountingProxy : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, int> _seen = new(StringComparer.Ordinal);
    private readonly WebApplication _app;

    private CountingProxy(WebApplication app) => _app = app;

    public int Port { get; private init; }

    /// <summary>How many requests of each kind there were since the last call.</summary>
    public IReadOnlyDictionary<string, int> Take()
    {
        var taken = new Dictionary<string, int>(_seen, StringComparer.Ordinal);
        _seen.Clear();
        return taken;
    }

    /// <param name="target">Port of the server on this machine.</param>
    /// <param name="kindOf">Names a request's kind.</param>
    public static async Task<CountingProxy> StartAsync(int target, Func<HttpRequest, string> kindOf)
    {
        var port = FreePorts.One();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddHttpForwarder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        var proxy = new CountingProxy(app) { Port = port };
        app.Use((context, next) =>
        {
            proxy._seen.AddOrUpdate(kindOf(context.Request), 1, static (_, n) => n + 1);
            return next(context);
        });
        app.MapForwarder("/{**any}", $"http://127.0.0.1:{target}");
        await app.StartAsync();
        return proxy;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
