using System.Text.Json.Serialization.Metadata;

namespace Dweb.Durable;

/// <summary>An external event's name (compared without regard to case) and the JSON contract of its payload.</summary>
public sealed record EventDefinition<T>(string Name, JsonTypeInfo<T> Payload);

/// <summary>What a wait with a timeout ended with: the event's payload, or that time ran out first.</summary>
public sealed record EventOrTimeout<T>(bool TimedOut, T? Value);
