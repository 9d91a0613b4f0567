using Microsoft.Extensions.Logging;

namespace Dweb.Durable;

public sealed class EmbeddedHub(
    EmbeddedHubOptions options, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<byte[]>> worker, ActivityDispatcher activities,
    TimeProvider time, ILogger<EmbeddedHub> logger) : IOrchestrationClient, IAsyncDisposable
{
    private readonly EmbeddedHubOptions _options = options.Validated();

    /// <summary>Cancelled when the hub's lease is lost: the process must exit.</summary>
    public CancellationToken LeaseLost => throw Pending();
    public Task StartAsync(CancellationToken ct) => throw Pending();
    public Task StopAsync(CancellationToken ct) => throw Pending();
    public Task StartAsync<TIn, TOut>(OrchestrationDefinition<TIn, TOut> orchestration, string instanceId, TIn input, CancellationToken ct) => throw Pending();
    public Task RaiseEventAsync<T>(string instanceId, EventDefinition<T> e, T payload, string eventId, CancellationToken ct) => throw Pending();
    public Task<OrchestrationState?> GetAsync(string instanceId, CancellationToken ct) => throw Pending();
    public IAsyncEnumerable<OrchestrationState> ListAsync(OrchestrationQuery query, CancellationToken ct) => throw Pending();
    public Task TerminateAsync(string instanceId, string? reason, CancellationToken ct) => throw Pending();
    public Task SuspendAsync(string instanceId, string? reason, CancellationToken ct) => throw Pending();
    public Task ResumeAsync(string instanceId, string? reason, CancellationToken ct) => throw Pending();
    public Task PurgeAsync(string instanceId, CancellationToken ct) => throw Pending();
    public Task<OrchestrationState> WaitForCompletionAsync(string instanceId, CancellationToken ct) => throw Pending();
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private NotSupportedException Pending() => new($"{_options.HubName} {worker is null} {activities is null} {time is null} {logger is null}");
}
