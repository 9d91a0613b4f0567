using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Dweb.Durable;
using Dweb.Functions.Hosting;
using Dweb.Functions.Stores;
using Dweb.Functions.Triggers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dweb.Functions.Tests.Host;

/// <summary>
/// What stands in for a Functions host, which cannot be had on test machines: it forwards HTTP, feeds queues and timers, and runs orchestrations as the
/// Durable extension does, in the forms that a real host was seen to use. The control plane behind it is the real program as a custom handler.
/// </summary>
public sealed class HostDouble : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpClient forward;
    private readonly HostCalls calls;
    private readonly EmbeddedHub hub;
    private readonly StorageAccount storage;
    private readonly IReadOnlyList<FunctionFile> files;
    private readonly CancellationTokenSource stopping = new();
    private Task pumping = Task.CompletedTask;
    private readonly HostWebhooks webhooks;

    public HostDouble(Uri address, string storageConnection, IReadOnlyDictionary<string, string> settings)
    {
        HandlerPort = FreePorts.One();
        var handler = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{HandlerPort}"));
        Settings = new Dictionary<string, string>(settings)
        {
            ["FUNCTIONS_CUSTOMHANDLER_PORT"] = HandlerPort.ToString(CultureInfo.InvariantCulture),
            ["FUNCTIONS_WORKER_RUNTIME"] = "custom",
            ["WEBSITE_HOSTNAME"] = address.Authority,
        };
        storage = new StorageAccount(storageConnection);
        files = FunctionFile.ReadAll(
            AppContext.BaseDirectory, new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static s => KeyValuePair.Create(s.Key.Replace("__", ":", StringComparison.Ordinal), (string?)s.Value))).Build());
        calls = new HostCalls(handler);
        forward = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = handler, Timeout = TimeSpan.FromMinutes(2) };
        Queues = new HostQueues(calls);
        hub = new EmbeddedHub(
            new EmbeddedHubOptions { HubName = "fhub", Tables = storage.Tables, Blobs = storage.Blobs },
            async (request, ct) => await calls.TurnAsync(webhooks!.FunctionOf(InstanceOf(request)), request, ct), calls.ActivityAsync, TimeProvider.System, NullLogger<EmbeddedHub>.Instance);
        webhooks = new HostWebhooks(hub);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, address.Port));
        app = builder.Build();
        webhooks.Map(app);
        // Only what a function.json declares goes through; to a host another method is no route either.
        foreach (var (route, methods) in files.Where(static f => f.TriggerType == FunctionFile.HttpTrigger).Select(static f => (f.Route!, MethodsOf(f.Name))))
        {
            app.Map("/" + route, context =>
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return methods.Contains(context.Request.Method, StringComparer.Ordinal) ? ForwardAsync(context) : Task.CompletedTask;
            });
        }
    }

    /// <summary>Where the custom handler is to listen.</summary>
    public int HandlerPort { get; }

    public HostQueues Queues { get; }

    /// <summary>Whether its Durable extension refuses to do anything.</summary>
    public bool IsExtensionDown
    {
        set => webhooks.IsDown = value;
    }

    /// <summary>The environment that the host gives its custom handler.</summary>
    public Dictionary<string, string> Settings { get; }

    /// <summary>Starts its own doors; a real host does so before its handler is up.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await hub.StartAsync(cancellationToken);
        await app.StartAsync(cancellationToken);
    }

    /// <summary>Starts one function, which brings the handler the key of its orchestrations.</summary>
    public Task TellKeyAsync(CancellationToken cancellationToken) => calls.TimerAsync("IndexerTimer", cancellationToken);

    /// <summary>Runs one orchestration to its end, started as somebody with the extension's key would.</summary>
    public Task<OrchestrationState> RunAsync(string function, string orchestration, string instanceId, string json, CancellationToken cancellationToken) =>
        webhooks.RunAsync(function, orchestration, instanceId, json, cancellationToken);

    /// <summary>How often an instance of this id was started.</summary>
    public int StartsOf(string instanceId) => webhooks.StartsOf(instanceId);

    /// <summary>Forgets an instance that has ended, as its history is purged in time.</summary>
    public Task PurgeAsync(string instanceId, CancellationToken cancellationToken) => hub.PurgeAsync(instanceId, cancellationToken);

    public Task<OrchestrationState> EndOfAsync(string instanceId, CancellationToken cancellationToken) => hub.WaitForCompletionAsync(instanceId, cancellationToken);

    /// <summary>Feeds the handler once it answers.</summary>
    public void Pump()
    {
        var queues = HostDocument.Read(AppContext.BaseDirectory).Extensions.Queues;
        var wake = new QueueWake();
        var outages = new Outages(TimeProvider.System, NullLogger<Outages>.Instance);
        pumping = Task.WhenAll(
        [
            .. files.Where(static f => f.TriggerType == FunctionFile.QueueTrigger).Select(file => new QueuePump(
                storage, file, Queues.Function(file.Name), queues with { MaxPollingInterval = TimeSpan.FromMilliseconds(200), VisibilityTimeout = TimeSpan.Zero }, wake, outages, TimeProvider.System, NullLogger<QueuePump>.Instance).RunAsync(stopping.Token)),
            .. files.Where(static f => f.TriggerType == FunctionFile.TimerTrigger).Select(file => new TimerPump(
                storage, file, new Timer(file.Name, calls), outages, TimeProvider.System, NullLogger<TimerPump>.Instance).RunAsync(stopping.Token)),
        ]);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await pumping;
        await hub.StopAsync(CancellationToken.None);
        await hub.DisposeAsync();
        await app.DisposeAsync();
        calls.Dispose();
        forward.Dispose();
        stopping.Dispose();
    }

    /// <summary>HTTP goes through as it is, with its raw path; an answer without a length loses its body.</summary>
    private async Task ForwardAsync(HttpContext context)
    {
        var raw = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), raw);
        if (context.Request.ContentLength is not null)
        {
            request.Content = new StreamContent(context.Request.Body);
        }

        foreach (var header in context.Request.Headers.Where(static h => h.Key != "Host"))
        {
            if (!request.Headers.TryAddWithoutValidation(header.Key, (IEnumerable<string?>)header.Value))
            {
                request.Content?.Headers.TryAddWithoutValidation(header.Key, (IEnumerable<string?>)header.Value);
            }
        }

        // Browsers and agents name the host they called.
        request.Headers.Host = context.Request.Host.Value;
        using var response = await forward.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var header in response.Headers.Concat(response.Content.Headers).Where(static h => h.Key is not "Transfer-Encoding"))
        {
            context.Response.Headers[header.Key] = header.Value.ToArray();
        }

        // An answer such as 204 has no body to write, not even an empty one.
        if (response.Content.Headers.ContentLength > 0)
        {
            await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }

    private static IEnumerable<string> MethodsOf(string function)
    {
        var file = JsonNode.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, function, "function.json")))!;
        return file["bindings"]!.AsArray().Single(static binding => (string?)binding!["type"] == FunctionFile.HttpTrigger)!["methods"]!.AsArray().Select(static method => ((string)method!).ToUpperInvariant());
    }

    /// <summary>The first field of a work item is its instance's id.</summary>
    private static string InstanceOf(ReadOnlyMemory<byte> request)
    {
        var bytes = request.Span;
        return bytes is [0x0a, < 0x80, ..] ? System.Text.Encoding.UTF8.GetString(bytes.Slice(2, bytes[1])) : throw new NotSupportedException("Ids are shorter than 128 bytes here.");
    }

    private sealed class Timer(string name, HostCalls calls) : ITimerFunction
    {
        public string Name => name;

        public Task RunAsync(DateTimeOffset due, CancellationToken cancellationToken) => calls.TimerAsync(name, cancellationToken);
    }
}
