using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Dweb.Durable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dweb.Functions.Tests.Host;

/// <summary>The HTTP API of the Durable Functions extension, as documented, over a hub of this process.</summary>
public sealed class HostWebhooks(EmbeddedHub hub)
{
    private static readonly JsonTypeInfo<JsonElement> Anything = (JsonTypeInfo<JsonElement>)JsonSerializerOptions.Default.GetTypeInfo(typeof(JsonElement));
    private readonly ConcurrentDictionary<string, string> functions = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, int> starts = new(StringComparer.Ordinal);

    public bool IsDown { get; set; }

    public int StartsOf(string instanceId) => starts.GetValueOrDefault(instanceId);

    public async Task<OrchestrationState> RunAsync(string function, string orchestration, string instanceId, string json, CancellationToken cancellationToken)
    {
        functions[instanceId] = function;
        await hub.StartAsync(new OrchestrationDefinition<JsonElement, JsonElement>(orchestration, Anything, Anything), instanceId, JsonSerializer.Deserialize(json, Anything), cancellationToken);
        return await hub.WaitForCompletionAsync(instanceId, cancellationToken);
    }

    /// <summary>The orchestrator function of an instance; a host reads it from the instance's history.</summary>
    public string FunctionOf(string instanceId) => functions[instanceId];

    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/runtime/webhooks/durabletask").AddEndpointFilter(async (call, next) =>
            IsDown ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable) : call.HttpContext.Request.Query["code"] == "KEY" && call.HttpContext.Request.Query["taskHub"] == "fhub" ? await next(call) : Results.Unauthorized());
        api.MapPost("/orchestrators/{name}/{id}", StartAsync);
        api.MapGet("/instances/{id}", GetAsync);
        api.MapGet("/instances", ListAsync);
        api.MapPost("/instances/{id}/raiseEvent/{name}", async (string id, string name, HttpContext context) =>
        {
            var payload = await JsonSerializer.DeserializeAsync(context.Request.Body, Anything, context.RequestAborted);
            return await ToldAsync(() => hub.RaiseEventAsync(id, new EventDefinition<JsonElement>(name, Anything), payload, Guid.NewGuid().ToString(), context.RequestAborted));
        });
        api.MapPost("/instances/{id}/terminate", (string id, string? reason, CancellationToken ct) => ToldAsync(() => hub.TerminateAsync(id, reason, ct)));
        api.MapPost("/instances/{id}/suspend", (string id, string? reason, CancellationToken ct) => ToldAsync(() => hub.SuspendAsync(id, reason, ct)));
        api.MapPost("/instances/{id}/resume", (string id, string? reason, CancellationToken ct) => ToldAsync(() => hub.ResumeAsync(id, reason, ct)));
        api.MapDelete("/instances/{id}", async (string id, CancellationToken ct) =>
        {
            if (await hub.GetAsync(id, ct) is null)
            {
                return Results.NotFound();
            }

            await hub.PurgeAsync(id, ct);
            return Results.Json(new { instancesDeleted = 1 });
        });
    }

    private async Task<IResult> StartAsync(string name, string id, HttpContext context)
    {
        var input = await JsonSerializer.DeserializeAsync(context.Request.Body, Anything, context.RequestAborted);
        if (await hub.GetAsync(id, context.RequestAborted) is { } there)
        {
            if (!there.IsTerminal)
            {
                return Results.Conflict();
            }

            // A start after the end runs it anew.
            await hub.PurgeAsync(id, context.RequestAborted);
        }

        functions[id] = name;
        await hub.StartAsync(new OrchestrationDefinition<JsonElement, JsonElement>(name, Anything, Anything), id, input, context.RequestAborted);

        // Whoever has seen the count finds the instance.
        starts.AddOrUpdate(id, 1, static (_, before) => before + 1);
        return Results.Accepted();
    }

    private async Task<IResult> GetAsync(string id, bool? showHistory, CancellationToken cancellationToken)
    {
        if (await hub.GetTimelineAsync(id, cancellationToken) is not { } timeline)
        {
            return Results.NotFound();
        }

        var document = Document(timeline.State);
        document["historyEvents"] = showHistory == true ? new JsonArray([.. timeline.Steps.Select(Event)]) : null;
        return Results.Text(document.ToJsonString(), "application/json", statusCode: timeline.State.IsTerminal ? 200 : 202);
    }

    private async Task<IResult> ListAsync(HttpContext context, int top, string? instanceIdPrefix, string? runtimeStatus)
    {
        var query = new OrchestrationQuery
        {
            InstanceIdPrefix = instanceIdPrefix,
            Statuses = runtimeStatus?.Split(',').Select(Enum.Parse<OrchestrationStatus>).ToList(),
        };
        string? continuation = context.Request.Headers["x-ms-continuation-token"].FirstOrDefault();
        var page = await hub.ListPageAsync(query, top, continuation, context.RequestAborted);
        context.Response.Headers["x-ms-continuation-token"] = page.Continuation;
        return Results.Text(new JsonArray([.. page.Items.Select(Document)]).ToJsonString(), "application/json");
    }

    private static async Task<IResult> ToldAsync(Func<Task> tell)
    {
        try
        {
            await tell();
            return Results.Accepted();
        }
        catch (OrchestrationNotFoundException)
        {
            return Results.NotFound();
        }
        catch (OrchestrationEndedException)
        {
            return Results.StatusCode(StatusCodes.Status410Gone);
        }
    }

    private static JsonObject Document(OrchestrationState state) => new()
    {
        ["name"] = state.Name,
        ["instanceId"] = state.InstanceId,
        ["runtimeStatus"] = state.Status.ToString(),
        ["input"] = Node(state.Input),
        ["customStatus"] = Node(state.CustomStatus),
        ["output"] = state.Failure is { } failure ? $"Orchestrator function '{state.Name}' failed: {failure.Message}" : Node(state.Output),
        ["createdTime"] = Time(state.CreatedAt),
        ["lastUpdatedTime"] = Time(state.UpdatedAt),
    };

    private static JsonNode Event(TimelineStep step) => new JsonObject
    {
        ["EventType"] = (step.Kind, step.Outcome) switch
        {
            (StepKind.Activity, StepOutcome.Pending) => "TaskScheduled",
            (StepKind.Activity, StepOutcome.Failed) => "TaskFailed",
            (StepKind.Activity, _) => "TaskCompleted",
            (StepKind.Timer, StepOutcome.Pending) => "TimerCreated",
            (StepKind.Timer, _) => "TimerFired",
            (StepKind.EventReceived, _) => "EventRaised",
            _ => throw new NotSupportedException($"No control plane's orchestration has a step {step.Kind}."),
        },
        ["FunctionName"] = step.Kind == StepKind.Activity ? step.Name : null,
        ["Name"] = step.Name,
        ["ScheduledTime"] = Time(step.From),
        ["Timestamp"] = Time(step.To ?? step.From),
        ["FireAt"] = step.DueAt is { } due ? Time(due) : null,
        ["Result"] = step.Kind == StepKind.Activity ? Node(step.Output) : null,
        ["Input"] = step.Kind == StepKind.EventReceived ? Node(step.Output) : null,
        ["Reason"] = step.Failure?.Message,
    };

    private static JsonNode? Node(string? json) => json is null ? null : JsonNode.Parse(json);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
