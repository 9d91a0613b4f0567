using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dweb.Functions.Tests.Stack;

/// <summary>The way from the control plane to the chain's node. A test may have it refuse calls as a node does, or stand still at one.</summary>
public sealed class RpcGate : IAsyncDisposable
{
    private readonly HttpClient http = new();
    private readonly ConcurrentDictionary<string, byte> refused = new(StringComparer.Ordinal);
    private readonly Uri node;
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Pause> pauses = new();
    private Hold? hold;

    private RpcGate(Uri node, int port)
    {
        this.node = node;
        Endpoint = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Endpoint.ToString());
        app = builder.Build();
        app.Run(PassAsync);
    }

    public Uri Endpoint { get; }

    public static async Task<RpcGate> StartAsync(Uri node)
    {
        var gate = new RpcGate(node, FreePorts.One());
        await gate.app.StartAsync();
        return gate;
    }

    /// <summary>From now on every call whose data holds these bytes reverts, until what is returned is disposed of.</summary>
    public IDisposable RefuseCallsWith(string hex)
    {
        refused[hex] = 0;
        return new Undo(() => refused.TryRemove(hex, out _));
    }

    /// <summary>The first request of this method that holds these bytes is never answered.</summary>
    /// <param name="reachesNode">Whether the node gets it.</param>
    /// <param name="after">Instead, the first one after a request of this method that holds the bytes.</param>
    /// <returns>Completes when the request has come, and the node has done what it says.</returns>
    public Task StandStillAt(string method, string hex, bool reachesNode, string? after = null)
    {
        hold = new Hold(method, hex, reachesNode, after);
        return hold.Reached.Task;
    }

    /// <summary>The first request of this method that holds these bytes goes on only when a task has ended.</summary>
    /// <returns>Completes when the request has come.</returns>
    public Task HoldUntil(string method, string hex, Task until)
    {
        var pause = new Pause(method, hex, until);
        pauses.Enqueue(pause);
        return pause.Reached.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        http.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        string body = await reader.ReadToEndAsync(context.RequestAborted);
        context.Response.ContentType = "application/json";
        if (pauses.FirstOrDefault(pause => pause.Takes(body)) is { } pause)
        {
            pause.Reached.TrySetResult();
            await pause.Until.WaitAsync(context.RequestAborted);
        }

        if (body.Contains("\"eth_estimateGas\"", StringComparison.Ordinal) && refused.Keys.Any(bytes => body.Contains(bytes, StringComparison.Ordinal)))
        {
            int id = JsonDocument.Parse(body).RootElement.GetProperty("id").GetInt32();
            await context.Response.WriteAsync($$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":{"code":3,"message":"execution reverted","data":"0x"}}""", context.RequestAborted);
            return;
        }

        var held = hold is { } set && set.Takes(body) ? set : null;
        if (held is { ReachesNode: false })
        {
            await StandAsync(held, context);
            return;
        }

        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(node, content, context.RequestAborted);
        byte[] bytes = await answer.Content.ReadAsByteArrayAsync(context.RequestAborted);
        if (held is not null)
        {
            await StandAsync(held, context);
            return;
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    /// <summary>Until whoever asks is gone.</summary>
    private static async Task StandAsync(Hold held, HttpContext context)
    {
        held.Reached.TrySetResult();
        var gone = new TaskCompletionSource();
        await using var left = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    private sealed class Hold(string method, string hex, bool reachesNode, string? after)
    {
        private const int Waits = 0;
        private const int Armed = 1;
        private const int Done = 2;
        private int state = after is null ? Armed : Waits;

        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool ReachesNode => reachesNode;

        /// <summary>True for one request alone.</summary>
        public bool Takes(string body)
        {
            if (after is not null && Is(body, after) && Holds(body))
            {
                Interlocked.CompareExchange(ref state, Armed, Waits);
                return false;
            }

            return Is(body, method) && (after is not null || Holds(body)) && Interlocked.CompareExchange(ref state, Done, Armed) == Armed;
        }

        private bool Holds(string body) => body.Contains(hex, StringComparison.Ordinal);

        private static bool Is(string body, string method) => body.Contains($"\"{method}\"", StringComparison.Ordinal);
    }

    private sealed class Pause(string method, string hex, Task until)
    {
        private int taken;

        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Until => until;

        /// <summary>True for one request alone.</summary>
        public bool Takes(string body) =>
            body.Contains($"\"{method}\"", StringComparison.Ordinal) && body.Contains(hex, StringComparison.Ordinal) && Interlocked.Exchange(ref taken, 1) == 0;
    }

    private sealed class Undo(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
