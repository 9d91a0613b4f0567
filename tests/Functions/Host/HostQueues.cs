using System.Collections.Concurrent;
using Dweb.Functions.Triggers;

namespace Dweb.Functions.Tests.Host;

/// <summary>What the host's queues have brought to the handler, delivery by delivery.</summary>
public sealed class HostQueues(HostCalls calls)
{
    private readonly ConcurrentDictionary<(string Function, string Message), int> deliveries = new();
    private readonly ConcurrentQueue<(string Function, string Message, int Delivery)> brought = new();

    /// <summary>Runs when the handler has done its work on a message and the host has not deleted it; a host that fails here brings the message again.</summary>
    public Func<string, string, int, Task> Worked { get; set; } = static (_, _, _) => Task.CompletedTask;

    /// <summary>Functions that got this message, in order, each with the number of the delivery.</summary>
    public IEnumerable<(string Function, int Delivery)> Of(string message) => brought.Where(one => one.Message == message).Select(static one => (one.Function, one.Delivery));

    internal IQueueFunction Function(string name) => new Queue(name, this);

    private async Task BringAsync(string function, string message, CancellationToken cancellationToken)
    {
        int delivery = deliveries.AddOrUpdate((function, message), 1, static (_, before) => before + 1);
        brought.Enqueue((function, message, delivery));
        await calls.QueueAsync(function, message, delivery, cancellationToken);
        await Worked(function, message, delivery);
    }

    private sealed class Queue(string name, HostQueues queues) : IQueueFunction
    {
        public string Name => name;

        public Task RunAsync(string message, CancellationToken cancellationToken) => queues.BringAsync(name, message, cancellationToken);
    }
}
