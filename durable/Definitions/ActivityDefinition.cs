using System.Text.Json.Serialization.Metadata;

namespace Dweb.Durable;

/// <summary>An activity's name and the JSON contracts of what goes in and comes out.</summary>
public sealed record ActivityDefinition<TIn, TOut>(string Name, JsonTypeInfo<TIn> Input, JsonTypeInfo<TOut> Output);
