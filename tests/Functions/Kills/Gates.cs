using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dweb.Functions.Tests.Kills;

/// <param name="Write">Name of the write.</param>
/// <param name="Time">Which one of this name, from 1.</param>
/// <param name="After">Killed when it was made and not answered; otherwise when it was asked for and not made.</param>
public sealed record KillPoint(string Write, int Time, bool After)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(After ? "after" : "before")} {Write} {Time}");
}

/// <summary>
/// The ways by which a control plane reaches storage and chain, or by which it reaches a scheduler member: they name each write and each signature, and can have the
/// process killed at one of them.
/// </summary>
public sealed partial class Gates : IAsyncDisposable
{
    private readonly List<WebApplication> gates = [];
    private readonly Lock counting = new();
    private readonly Dictionary<string, int> seen = new(StringComparer.Ordinal);
    private KillPoint? armed;
    private Func<Task>? kill;

    /// <summary>How many writes of each name there were since the last arming.</summary>
    public IReadOnlyDictionary<string, int> Seen
    {
        get
        {
            lock (counting)
            {
                return new Dictionary<string, int>(seen, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>The process was killed, and has to be started again.</summary>
    public bool HasKilled { get; private set; }

    /// <param name="point">Null to only count.</param>
    /// <param name="how">Kills the process.</param>
    public void Arm(KillPoint? point, Func<Task> how)
    {
        lock (counting)
        {
            seen.Clear();
            (armed, kill, HasKilled) = (point, how, false);
        }
    }

    /// <summary>A connection string that leads through gates to what another one names.</summary>
    public async Task<string> BeforeStorageAsync(string connection)
    {
        foreach (Match endpoint in Endpoints().Matches(connection))
        {
            int gate = await OpenAsync(endpoint.Groups["service"].Value.ToLowerInvariant(), endpoint.Groups["port"].Value);
            connection = connection.Replace($":{endpoint.Groups["port"].Value}/", string.Create(CultureInfo.InvariantCulture, $":{gate}/"), StringComparison.Ordinal);
        }

        return connection;
    }

    public async Task<string> BeforeChainAsync(Uri endpoint)
    {
        int gate = await OpenAsync("chain", endpoint.Port.ToString(CultureInfo.InvariantCulture));
        return string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{gate}");
    }

    public async Task<Uri> BeforeMemberAsync(Uri member)
    {
        int gate = await OpenAsync("member", member.Port.ToString(CultureInfo.InvariantCulture));
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{gate}"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gate in gates)
        {
            await gate.DisposeAsync();
        }
    }

    private async Task<int> OpenAsync(string server, string target)
    {
        int port = FreePorts.One();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddHttpForwarder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        app.Use(async (context, next) =>
        {
            if (await WriteNames.OfAsync(server, context.Request) is not { } name || Count(name) is not { } point)
            {
                await next(context);
                return;
            }

            if (point.After)
            {
                // What the gate behind answers goes nowhere.
                context.Response.Body = Stream.Null;
                await next(context);
            }

            await kill!();
            HasKilled = true;
            context.Abort();
        });
        app.MapForwarder("/{**any}", $"http://127.0.0.1:{target}");
        await app.StartAsync();
        gates.Add(app);
        return port;
    }

    private KillPoint? Count(string name)
    {
        lock (counting)
        {
            int time = seen[name] = seen.GetValueOrDefault(name) + 1;
            if (armed is not { } point || point.Write != name || point.Time != time)
            {
                return null;
            }

            armed = null;
            return point;
        }
    }

    [GeneratedRegex("(?<service>Blob|Queue|Table)Endpoint=http://127.0.0.1:(?<port>[0-9]+)/", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Endpoints();
}
