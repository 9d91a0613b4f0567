using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace Dweb.Durable.Analyzers;

/// <summary>Who calls whom in one compilation, and which methods that take no context do what an orchestrator must not.</summary>
internal sealed class CallGraph
{
    private readonly ConcurrentDictionary<ISymbol, ConcurrentBag<ISymbol>> _calls = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, ConcurrentBag<(DiagnosticDescriptor Rule, Location At, string What)>> _found = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, string> _calledByOrchestrator = new(SymbolEqualityComparer.Default);

    public void CalledByOrchestrator(string orchestrator, ISymbol method) => _calledByOrchestrator.TryAdd(method, orchestrator);

    public void Called(ISymbol by, ISymbol method) => _calls.GetOrAdd(by, _ => []).Add(method);

    public void Found(ISymbol by, DiagnosticDescriptor rule, Location at, string what) => _found.GetOrAdd(by, _ => []).Add((rule, at, what));

    /// <summary>What is done wrong in methods that an orchestrator comes to by calls, each with that orchestrator's name.</summary>
    public IEnumerable<Diagnostic> Reachable()
    {
        var reached = new Dictionary<ISymbol, string>(SymbolEqualityComparer.Default);
        var next = new Queue<KeyValuePair<ISymbol, string>>(_calledByOrchestrator);
        while (next.Count > 0)
        {
            var (method, orchestrator) = (next.Peek().Key, next.Dequeue().Value);
            if (reached.ContainsKey(method))
            {
                continue;
            }
            reached.Add(method, orchestrator);
            foreach (var called in _calls.TryGetValue(method, out var calls) ? calls : [])
            {
                next.Enqueue(new(called, orchestrator));
            }
        }
        foreach (var method in reached)
        {
            foreach (var (rule, at, what) in _found.TryGetValue(method.Key, out var found) ? found : [])
            {
                yield return Diagnostic.Create(rule, at, method.Value, what);
            }
        }
    }
}
