using Microsoft.CodeAnalysis;

namespace Dweb.Durable.Analyzers;

/// <summary>Which members break a rule: whole types, single members of a type, or everything in a namespace.</summary>
internal static class Forbidden
{
    /// <summary>Every member, except those named.</summary>
    private static readonly Dictionary<string, DiagnosticDescriptor> Types = new(StringComparer.Ordinal)
    {
        ["System.Diagnostics.Stopwatch"] = Rules.Clock,
        ["System.TimeProvider"] = Rules.Clock,
        ["System.Security.Cryptography.RandomNumberGenerator"] = Rules.Chance,
        ["System.Threading.Thread"] = Rules.Threads,
        ["System.Threading.ThreadPool"] = Rules.Threads,
        ["System.Threading.Timer"] = Rules.Threads,
        ["System.Threading.PeriodicTimer"] = Rules.Threads,
        ["System.Threading.Tasks.Parallel"] = Rules.Threads,
        ["System.Threading.Tasks.TaskFactory"] = Rules.Threads,
        ["System.Threading.WaitHandle"] = Rules.Blocking,
        ["System.Threading.Monitor"] = Rules.Blocking,
        ["System.Timers.Timer"] = Rules.Threads,
        ["System.Console"] = Rules.Outside,
        ["System.Environment"] = Rules.Outside,
        ["System.AppContext"] = Rules.Outside,
        ["System.Diagnostics.Process"] = Rules.Outside,
        ["System.IO.File"] = Rules.Outside,
        ["System.IO.FileInfo"] = Rules.Outside,
        ["System.IO.FileStream"] = Rules.Outside,
        ["System.IO.Directory"] = Rules.Outside,
        ["System.IO.DirectoryInfo"] = Rules.Outside,
        ["System.IO.StreamReader"] = Rules.Outside,
        ["System.IO.StreamWriter"] = Rules.Outside,
    };

    private static readonly Dictionary<string, DiagnosticDescriptor> Members = new(StringComparer.Ordinal)
    {
        ["System.DateTime.Now"] = Rules.Clock,
        ["System.DateTime.UtcNow"] = Rules.Clock,
        ["System.DateTime.Today"] = Rules.Clock,
        ["System.DateTimeOffset.Now"] = Rules.Clock,
        ["System.DateTimeOffset.UtcNow"] = Rules.Clock,
        ["System.Environment.TickCount"] = Rules.Clock,
        ["System.Environment.TickCount64"] = Rules.Clock,
        ["System.Guid.NewGuid"] = Rules.Chance,
        ["System.Guid.CreateVersion7"] = Rules.Chance,
        ["System.Random.Shared"] = Rules.Chance,
        ["System.Random..ctor"] = Rules.Chance,
        ["System.IO.Path.GetRandomFileName"] = Rules.Chance,
        ["System.IO.Path.GetTempFileName"] = Rules.Outside,
        ["System.IO.Path.GetTempPath"] = Rules.Outside,
        ["System.Threading.Thread.Sleep"] = Rules.Blocking,
        ["System.Threading.Thread.Join"] = Rules.Blocking,
        ["System.Threading.SpinWait.SpinUntil"] = Rules.Blocking,
        ["System.Threading.SemaphoreSlim.Wait"] = Rules.Blocking,
        ["System.Threading.SemaphoreSlim.WaitAsync"] = Rules.Threads,
        ["System.Threading.ManualResetEventSlim.Wait"] = Rules.Blocking,
        ["System.Threading.CountdownEvent.Wait"] = Rules.Blocking,
        ["System.Threading.CancellationTokenSource.CancelAfter"] = Rules.Threads,
        ["System.Threading.CancellationTokenSource.CancelAsync"] = Rules.Threads,
        ["System.Threading.Tasks.Task.Delay"] = Rules.Threads,
        ["System.Threading.Tasks.Task.Run"] = Rules.Threads,
        ["System.Threading.Tasks.Task.WaitAsync"] = Rules.Threads,
        ["System.Threading.Tasks.Task.Start"] = Rules.Threads,
        ["System.Threading.Tasks.Task.Wait"] = Rules.Blocking,
        ["System.Threading.Tasks.Task.WaitAll"] = Rules.Blocking,
        ["System.Threading.Tasks.Task.WaitAny"] = Rules.Blocking,
        ["System.Runtime.CompilerServices.TaskAwaiter.GetResult"] = Rules.Blocking,
        ["System.Runtime.CompilerServices.ConfiguredTaskAwaitable.ConfiguredTaskAwaiter.GetResult"] = Rules.Blocking,
    };

    private static readonly HashSet<string> Allowed = new(StringComparer.Ordinal)
    {
        "System.Environment.NewLine",
        "System.Environment.CurrentManagedThreadId",
    };

    private static readonly string[] Namespaces = ["System.Net.Http", "System.Net.Sockets", "System.Net.WebSockets", "System.IO.Pipes", "System.Data", "Azure.Data", "Azure.Storage"];

    public static DiagnosticDescriptor? RuleFor(ISymbol member)
    {
        var type = member.ContainingType;
        if (type is null)
        {
            return null;
        }
        var name = NameOf(type) + "." + member.Name;
        if (Allowed.Contains(name))
        {
            return null;
        }
        if (Members.TryGetValue(name, out var rule))
        {
            return rule;
        }
        for (var at = type; at is not null; at = at.BaseType)
        {
            if (Types.TryGetValue(NameOf(at), out rule) || Members.TryGetValue(NameOf(at) + "." + member.Name, out rule))
            {
                return rule;
            }
        }
        var space = type.ContainingNamespace.ToDisplayString();
        var isInside = Array.Exists(Namespaces, outside => space == outside || space.StartsWith(outside + ".", StringComparison.Ordinal));
        return isInside && type.TypeKind is not TypeKind.Enum ? Rules.Outside : null;
    }

    private static string NameOf(INamedTypeSymbol type) => (type.ContainingType is { } outer ? NameOf(outer) : type.ContainingNamespace.ToDisplayString()) + "." + type.Name;
}
