namespace Dweb.Durable;

/// <summary>An orchestrator did not come to the same calls as its history holds.</summary>
public sealed class NonDeterminismException(string message) : Exception(message), INonRetriable;

/// <summary>An orchestrator awaited, or continued on, something that is not from its context.</summary>
public sealed class ForeignTaskException(string message) : Exception(message), INonRetriable;
