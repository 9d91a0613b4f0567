using Dweb.Durable;

namespace Dweb.Functions.Triggers;

/// <summary>A function that a queue's messages start. The same class runs under a Functions host and alone.</summary>
internal interface IQueueFunction
{
    /// <summary>The folder of its function.json.</summary>
    string Name { get; }

    /// <summary>Handles one message. An exception means that it comes again, and in the end goes to the poison queue.</summary>
    Task RunAsync(string message, CancellationToken cancellationToken);
}

/// <summary>A function that time starts.</summary>
internal interface ITimerFunction
{
    /// <summary>The folder of its function.json.</summary>
    string Name { get; }

    /// <param name="due">When it was to start.</param>
    Task RunAsync(DateTimeOffset due, CancellationToken cancellationToken);
}

/// <summary>The declared functions, each with what runs it; neither may be without the other.</summary>
internal sealed class TriggerFunctions
{
    public TriggerFunctions(
        IReadOnlyList<FunctionFile> files, IEnumerable<IQueueFunction> queueFunctions, IEnumerable<ITimerFunction> timerFunctions, OrchestrationRegistry registry)
    {
        var queues = queueFunctions.ToDictionary(static f => f.Name, StringComparer.Ordinal);
        var timers = timerFunctions.ToDictionary(static f => f.Name, StringComparer.Ordinal);
        Queues = [.. files.Where(static f => f.TriggerType == FunctionFile.QueueTrigger).Select(f => (f, Take(queues, f.Name)))];
        Timers = [.. files.Where(static f => f.TriggerType == FunctionFile.TimerTrigger).Select(f => (f, Take(timers, f.Name)))];
        Orchestrations = Match(files, FunctionFile.OrchestrationTrigger, registry.OrchestrationNames);
        Activities = Match(files, FunctionFile.ActivityTrigger, registry.ActivityNames);
        if (queues.Keys.Concat(timers.Keys).FirstOrDefault() is { } undeclared)
        {
            throw new InvalidOperationException($"The function {undeclared} has no function.json.");
        }
    }

    public IReadOnlyList<(FunctionFile File, IQueueFunction Function)> Queues { get; }

    public IReadOnlyList<(FunctionFile File, ITimerFunction Function)> Timers { get; }

    public IReadOnlyList<FunctionFile> Orchestrations { get; }

    public IReadOnlyList<FunctionFile> Activities { get; }

    private static List<FunctionFile> Match(IReadOnlyList<FunctionFile> files, string trigger, IReadOnlyCollection<string> names)
    {
        List<FunctionFile> declared = [.. files.Where(f => f.TriggerType == trigger)];
        var odd = declared.Select(static f => f.Name).ToHashSet(StringComparer.Ordinal);
        odd.SymmetricExceptWith(names);
        return odd.Count == 0 ? declared : throw new InvalidOperationException($"Declared by a function.json or registered, and not both ({trigger}): {string.Join(", ", odd)}.");
    }

    private static T Take<T>(Dictionary<string, T> functions, string name) =>
        functions.Remove(name, out var function) ? function : throw new InvalidOperationException($"No class runs the function {name}.");
}
