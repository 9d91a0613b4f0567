using System.Text.Json.Serialization.Metadata;

namespace Dweb.Durable;

/// <summary>An orchestration's name and the JSON contracts of what goes in and comes out.</summary>
public sealed record OrchestrationDefinition<TIn, TOut>(string Name, JsonTypeInfo<TIn> Input, JsonTypeInfo<TOut> Output)
{
    /// <summary>What new instances get as <see cref="OrchestrationContext.Version"/>; null for none. Instances that are there keep theirs.</summary>
    public string? Version { get; init; }
}
