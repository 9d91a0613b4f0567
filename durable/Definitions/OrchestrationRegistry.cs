using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Dweb.Durable;

/// <summary>The orchestrations and activities a worker can run. Names are unique within each kind; build it before the worker, change it never after.</summary>
public sealed class OrchestrationRegistry
{
    private readonly Dictionary<string, RegisteredOrchestration> _orchestrations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RegisteredActivity> _activities = new(StringComparer.Ordinal);

    /// <summary>Adds an orchestrator.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public OrchestrationRegistry AddOrchestration<TIn, TOut>(
        OrchestrationDefinition<TIn, TOut> definition, Func<OrchestrationContext, TIn, Task<TOut>> orchestrator)
    {
        async Task<string?> Run(OrchestrationContext context, string? json) =>
            Json.Write(await orchestrator(context, Json.Read(json, definition.Input)), definition.Output);
        _orchestrations.Add(definition.Name, new(definition.Name, definition.Input, Run));
        return this;
    }

    /// <summary>Adds an activity. It may run more than once for one call, so its effect must be recognisable by its context.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public OrchestrationRegistry AddActivity<TIn, TOut>(
        ActivityDefinition<TIn, TOut> definition, Func<ActivityContext, TIn, CancellationToken, Task<TOut>> activity)
    {
        async Task<string?> Run(ActivityContext context, string? json, CancellationToken ct) =>
            Json.Write(await activity(context, Json.Read(json, definition.Input), ct), definition.Output);
        _activities.Add(definition.Name, new(definition.Name, Run));
        return this;
    }

    /// <summary>Names of the registered orchestrations.</summary>
    public IReadOnlyCollection<string> OrchestrationNames => _orchestrations.Keys;

    /// <summary>Names of the registered activities.</summary>
    public IReadOnlyCollection<string> ActivityNames => _activities.Keys;

    internal RegisteredOrchestration? FindOrchestration(string name) => _orchestrations.GetValueOrDefault(name);

    internal RegisteredActivity? FindActivity(string name) => _activities.GetValueOrDefault(name);
}

internal sealed record RegisteredOrchestration(string Name, JsonTypeInfo Input, Func<OrchestrationContext, string?, Task<string?>> Run);

internal sealed record RegisteredActivity(string Name, Func<ActivityContext, string?, CancellationToken, Task<string?>> Run);

internal static class Json
{
    public static T Read<T>(string? json, JsonTypeInfo<T> type) => string.IsNullOrEmpty(json) ? default! : JsonSerializer.Deserialize(json, type)!;

    public static string Write<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.Serialize(value, type);
}
