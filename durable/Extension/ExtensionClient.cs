using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Dweb.Durable.Extension;

/// <summary>
/// Orchestrations that the Durable Functions extension runs, through its HTTP API. A start after the end of an instance of the same id runs it anew
/// there, so every orchestration looks first at what is done already. Each method throws <see cref="HttpRequestException"/> where the host does not
/// answer, or answers what its API does not promise.
/// </summary>
public sealed class ExtensionClient(HttpClient http, ExtensionEndpoint endpoint, TimeProvider time) : IOrchestrationClient
{
    private const int LargestPage = 1_000;
    private const string ContinuationHeader = "x-ms-continuation-token";
    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async Task StartAsync<TIn, TOut>(OrchestrationDefinition<TIn, TOut> orchestration, string instanceId, TIn input, CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var json = Json.Write(input, orchestration.Input);
        if (await IsStartedAsync(instanceId, orchestration.Name, json, ct))
        {
            return;
        }
        using var answer = await SendAsync(HttpMethod.Post, $"orchestrators/{Segment(orchestration.Name)}/{Segment(instanceId)}", json, ct);
        if (answer.StatusCode == HttpStatusCode.Conflict && await IsStartedAsync(instanceId, orchestration.Name, json, ct))
        {
            return;
        }
        await RequireAsync(answer, HttpStatusCode.Accepted, ct);
    }

    /// <inheritdoc/>
    /// <remarks>A second delivery reaches the instance's history, and is left out of what its orchestrator sees until it continues as new.</remarks>
    public async Task RaiseEventAsync<T>(string instanceId, EventDefinition<T> e, T payload, string eventId, CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventId);
        var body = new Envelope(Json.Write(payload, e.Payload)) { EventId = eventId }.Write();
        using var answer = await SendAsync(HttpMethod.Post, $"instances/{Segment(instanceId)}/raiseEvent/{Segment(e.Name)}", body, ct);
        await AcceptedAsync(answer, instanceId, ct);
    }

    /// <inheritdoc/>
    public async Task<OrchestrationState?> GetAsync(string instanceId, CancellationToken ct) => (await FindAsync(instanceId, withHistory: false, ct))?.ToState();

    /// <inheritdoc/>
    public async Task<OrchestrationTimeline?> GetTimelineAsync(string instanceId, CancellationToken ct) =>
        await FindAsync(instanceId, withHistory: true, ct) is { } instance ? ExtensionTimeline.Of(instance) : null;

    /// <inheritdoc/>
    public async IAsyncEnumerable<OrchestrationState> ListAsync(OrchestrationQuery query, [EnumeratorCancellation] CancellationToken ct)
    {
        string? continuation = null;
        do
        {
            var page = await ListPageAsync(query, LargestPage, continuation, ct);
            foreach (var state in page.Items)
            {
                yield return state;
            }
            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    /// <inheritdoc/>
    public async Task<OrchestrationPage> ListPageAsync(OrchestrationQuery query, int pageSize, string? continuation, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pageSize, LargestPage);
        (string, string?)[] filter =
        [
            ("top", $"{pageSize}"), ("showInput", "true"), ("instanceIdPrefix", query.InstanceIdPrefix), ("createdTimeFrom", query.CreatedFrom?.UtcDateTime.ToString("O")),
            ("createdTimeTo", query.CreatedBefore?.UtcDateTime.ToString("O")), ("runtimeStatus", query.Statuses is null ? null : string.Join(',', query.Statuses)),
        ];
        using var request = new HttpRequestMessage(HttpMethod.Get, await endpoint.OfAsync("instances", filter, ct));
        request.Headers.TryAddWithoutValidation(ContinuationHeader, continuation);
        using var answer = await http.SendAsync(request, ct);
        await RequireAsync(answer, HttpStatusCode.OK, ct);
        var instances = await ReadAsync(answer, ExtensionAnswers.Default.IReadOnlyListExtensionInstance, ct);
        var next = answer.Headers.TryGetValues(ContinuationHeader, out var tokens) ? tokens.FirstOrDefault() : null;
        // What the API cannot filter by, and its bounds, which include their end.
        return new([.. instances.Select(static instance => instance.ToState()).Where(query.Includes)], string.IsNullOrEmpty(next) || next == "null" ? null : next);
    }

    /// <inheritdoc/>
    public async Task TerminateAsync(string instanceId, string? reason, CancellationToken ct)
    {
        using var answer = await TellAsync(instanceId, "terminate", reason, ct);
        if (answer.StatusCode != HttpStatusCode.Gone)
        {
            await AcceptedAsync(answer, instanceId, ct);
        }
    }

    /// <inheritdoc/>
    public async Task SuspendAsync(string instanceId, string? reason, CancellationToken ct)
    {
        using var answer = await TellAsync(instanceId, "suspend", reason, ct);
        await AcceptedAsync(answer, instanceId, ct);
    }

    /// <inheritdoc/>
    public async Task ResumeAsync(string instanceId, string? reason, CancellationToken ct)
    {
        using var answer = await TellAsync(instanceId, "resume", reason, ct);
        await AcceptedAsync(answer, instanceId, ct);
    }

    /// <inheritdoc/>
    public async Task PurgeAsync(string instanceId, CancellationToken ct)
    {
        if (await GetAsync(instanceId, ct) is not { } state)
        {
            return;
        }
        if (!state.IsTerminal)
        {
            throw new OrchestrationConflictException(instanceId, $"it has not ended ({state.Status}) and cannot be purged.");
        }
        using var answer = await SendAsync(HttpMethod.Delete, $"instances/{Segment(instanceId)}", null, ct);
        if (answer.StatusCode != HttpStatusCode.NotFound)
        {
            await RequireAsync(answer, HttpStatusCode.OK, ct);
        }
    }

    /// <inheritdoc/>
    public async Task<int> PurgeAsync(OrchestrationQuery query, CancellationToken ct)
    {
        var ended = await ListAsync(query, ct).Where(static state => state.IsTerminal).ToListAsync(ct);
        foreach (var state in ended)
        {
            await PurgeAsync(state.InstanceId, ct);
        }
        return ended.Count;
    }

    /// <inheritdoc/>
    public async Task RewindAsync(string instanceId, string? reason, CancellationToken ct)
    {
        if (await GetAsync(instanceId, ct) is not { } state)
        {
            throw new OrchestrationNotFoundException(instanceId);
        }
        // The extension's own rewind looks for failed tasks in its history; it has none, for failures travel as results (see Envelope).
        throw new OrchestrationConflictException(
            instanceId, state.Status == OrchestrationStatus.Failed ? "a Functions host cannot rewind it; purge it and start it again." : "it has not failed and cannot be rewound.");
    }

    /// <inheritdoc/>
    public async Task<OrchestrationState> WaitForCompletionAsync(string instanceId, CancellationToken ct)
    {
        while (true)
        {
            var state = await GetAsync(instanceId, ct) ?? throw new OrchestrationNotFoundException(instanceId);
            if (state.IsTerminal)
            {
                return state;
            }
            await Task.Delay(PollEvery, time, ct);
        }
    }

    private async Task<bool> IsStartedAsync(string instanceId, string name, string input, CancellationToken ct)
    {
        if (await GetAsync(instanceId, ct) is not { } state)
        {
            return false;
        }
        return state.Name == name && SameJson(state.Input, input)
            ? true
            : throw new OrchestrationConflictException(instanceId, "the id is taken by another orchestration or another input.");
    }

    private async Task<ExtensionInstance?> FindAsync(string instanceId, bool withHistory, CancellationToken ct)
    {
        var history = withHistory ? "true" : "false";
        (string, string?)[] what = [("showInput", "true"), ("showHistory", history), ("showHistoryOutput", history), ("returnInternalServerErrorOnFailure", "false")];
        using var answer = await http.GetAsync(await endpoint.OfAsync($"instances/{Segment(instanceId)}", what, ct), ct);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
        // 202 says that it has not ended.
        await RequireAsync(answer, answer.StatusCode == HttpStatusCode.Accepted ? HttpStatusCode.Accepted : HttpStatusCode.OK, ct);
        return await ReadAsync(answer, ExtensionAnswers.Default.ExtensionInstance, ct);
    }

    private async Task<HttpResponseMessage> TellAsync(string instanceId, string verb, string? reason, CancellationToken ct) =>
        await http.PostAsync(await endpoint.OfAsync($"instances/{Segment(instanceId)}/{verb}", [("reason", reason)], ct), null, ct);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? json, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, await endpoint.OfAsync(path, [], ct));
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        return await http.SendAsync(request, ct);
    }

    private async Task AcceptedAsync(HttpResponseMessage answer, string instanceId, CancellationToken ct)
    {
        switch (answer.StatusCode)
        {
            case HttpStatusCode.NotFound:
                throw new OrchestrationNotFoundException(instanceId);
            case HttpStatusCode.Gone:
                throw new OrchestrationEndedException(instanceId, (await GetAsync(instanceId, ct))?.Status ?? OrchestrationStatus.Completed);
            default:
                await RequireAsync(answer, HttpStatusCode.Accepted, ct);
                break;
        }
    }

    private static async Task RequireAsync(HttpResponseMessage answer, HttpStatusCode expected, CancellationToken ct)
    {
        if (answer.StatusCode != expected)
        {
            // The path, and not the query, which holds the key.
            var path = answer.RequestMessage?.RequestUri?.AbsolutePath;
            throw new HttpRequestException(
                $"The Durable Functions extension answered {answer.RequestMessage?.Method} {path} with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(ct)}", null, answer.StatusCode);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, CancellationToken ct)
    {
        try
        {
            return JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(ct), type) ?? throw new JsonException("The answer is empty.");
        }
        catch (JsonException malformed)
        {
            throw new HttpRequestException("The Durable Functions extension answered what cannot be read.", malformed, answer.StatusCode);
        }
    }

    private static bool SameJson(string? one, string other)
    {
        using var a = JsonDocument.Parse(one ?? "null");
        using var b = JsonDocument.Parse(other);
        return JsonElement.DeepEquals(a.RootElement, b.RootElement);
    }

    private static string Segment(string text) => Uri.EscapeDataString(text);
}
