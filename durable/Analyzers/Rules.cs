using Microsoft.CodeAnalysis;

namespace Dweb.Durable.Analyzers;

/// <summary>What an orchestrator must not do, and what it does instead. Each is an error: replay would come to something else.</summary>
internal static class Rules
{
    public static readonly DiagnosticDescriptor Clock = Rule("DWD001", "An orchestrator takes the time from its context", "take the time from 'CurrentUtc' of the context");

    public static readonly DiagnosticDescriptor Chance = Rule("DWD002", "An orchestrator takes ids and random numbers from its context", "take ids and random numbers from 'NewGuid' and 'Random' of the context");

    public static readonly DiagnosticDescriptor Threads = Rule("DWD003", "An orchestrator waits with its context and stays on its thread", "wait with 'CreateTimerAsync' and do work in an activity");

    public static readonly DiagnosticDescriptor Blocking = Rule("DWD004", "An orchestrator never blocks", "await the task instead of blocking for it");

    public static readonly DiagnosticDescriptor Outside = Rule("DWD005", "An orchestrator does no input or output", "call an activity that does it");

    private static DiagnosticDescriptor Rule(string id, string title, string advice) => new(
        id, title, "Orchestrator '{0}' must not use '{1}': " + advice, "Determinism", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
