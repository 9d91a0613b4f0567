using Dweb.Core.Protocol;
using Dweb.Durable;
using Dweb.Functions.Orchestrations;
using Dweb.Functions.Orders;
using Dweb.Functions.Tracing;

namespace Dweb.Functions.Triggers.OrderQueue;

/// <summary>Starts the orchestration of an accepted order. Its id is the order's hash, so a message that comes twice starts one.</summary>
internal sealed class OrderQueueFunction(IOrchestrationClient orchestrations, OrderTimeline timeline, OrderTraces traces, TimeProvider time) : IQueueFunction
{
    public string Name => "OrderQueue";

    public async Task RunAsync(string message, CancellationToken cancellationToken)
    {
        var orderHash = Hash32.Parse(message);
        timeline.Add(orderHash, "dequeued");
        traces.NoteStart(orderHash, time.GetUtcNow());
        using var span = traces.Begin("start of the orchestration", orderHash);
        await orchestrations.StartAsync(Definitions.DeploymentLifecycle, orderHash.ToString(), new DeploymentInput(orderHash), cancellationToken);
    }
}
