using Dweb.Core.Protocol.Http;
using Dweb.Durable;

namespace Dweb.Functions.Orchestrations;

/// <summary>
/// One order from accepted to closed: open its leases, wait until agents run them all, wait until the chain has closed them all. What the
/// control plane believes comes from the chain and from agents; this only keeps the order's row in step.
/// </summary>
internal static class DeploymentLifecycle
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);

    // Chain or storage may be away for a while; an order does not die of it before its own time is over.
    private static readonly RetryPolicy Patience = new(maxAttempts: 100, TimeSpan.FromMilliseconds(200))
    {
        BackoffCoefficient = 2,
        MaxInterval = TimeSpan.FromSeconds(15),
    };

    public static async Task<OrderStatus> RunAsync(OrchestrationContext context, DeploymentInput input)
    {
        var opening = await context.CallAsync(Definitions.AdmitAndOpen, input, Patience);
        while (opening.Outcome == OpeningOutcome.NotYet)
        {
            await context.CreateTimerAsync(TryAgainAfter);
            opening = await context.CallAsync(Definitions.AdmitAndOpen, input, Patience);
        }

        var board = new DeploymentBoard(opening);
        foreach (var commit in board.Start())
        {
            await CommitAsync(context, input, commit);
        }

        while (!board.IsOver)
        {
            var notice = await context.WaitForEventAsync(Definitions.LeaseNotice);
            if (board.Take(notice) is { } commit)
            {
                await CommitAsync(context, input, commit);
            }
        }

        return board.Status;
    }

    private static Task<bool> CommitAsync(OrchestrationContext context, DeploymentInput input, BoardCommit commit) =>
        context.CallAsync(Definitions.CommitOrder, new OrderCommit(input.OrderHash, commit.Status, commit.Code, commit.Message), Patience);
}
