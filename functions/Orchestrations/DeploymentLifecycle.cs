using Dweb.Core.Protocol.Http;
using Dweb.Durable;

namespace Dweb.Functions.Orchestrations;

/// <summary>
/// One order from accepted to closed: open its leases, wait until agents run them all, place again what runs no more, wait until the chain has closed
/// them all. What the control plane believes comes from the chain and from agents; this only keeps the order's row in step and asks for what is missing.
/// </summary>
internal static class DeploymentLifecycle
{
    // Seconds: who waits for agents to be heard is not kept waiting for long once they are.
    private const int LongestPause = 5;

    public static async Task<OrderStatus> RunAsync(OrchestrationContext context, DeploymentInput input)
    {
        var opening = await context.CallAsync(Definitions.AdmitAndOpen, input, Persistence.ThroughOutages);
        for (int waits = 1; opening.Outcome == OpeningOutcome.NotYet; waits++)
        {
            if (waits > Persistence.MostTries)
            {
                context.ContinueAsNew(input);
                return OrderStatus.Accepted;
            }

            await context.CreateTimerAsync(Persistence.PauseAfter(Math.Min(waits, LongestPause)));
            opening = await context.CallAsync(Definitions.AdmitAndOpen, input, Persistence.ThroughOutages);
        }

        var board = new DeploymentBoard(opening);
        foreach (var commit in board.Start())
        {
            await CommitAsync(context, input, commit);
        }

        int tries = 0;
        while (!board.IsOver)
        {
            if (board.NeedsLook)
            {
                await CommitAsync(context, input, board.Take(await context.CallAsync(Definitions.ReadLeases, input, Persistence.ThroughOutages)));
            }

            if (board.NeedsReplacement)
            {
                await CommitAsync(context, input, board.Take(await context.CallAsync(Definitions.ReplaceLeases, board.Replacement(input.OrderHash), Persistence.ThroughOutages)));
            }

            tries = board.NeedsReplacement ? tries + 1 : 0;
            if (tries > Persistence.MostTries)
            {
                // The history ends here; what is so is on the chain and with the agents, and is read from there again.
                context.ContinueAsNew(input);
                break;
            }

            if (await NextAsync(context, tries) is { } notice)
            {
                if (notice.Kind is LeaseNoticeKind.Reorganised or LeaseNoticeKind.Reconciled)
                {
                    // What was opened may never have been: chain and agents are read anew, and what is missing is opened.
                    context.ContinueAsNew(input);
                    break;
                }

                await CommitAsync(context, input, board.Take(notice));
            }
        }

        return board.Status;
    }

    /// <summary>The next news; null when it is time to try again what could not be placed.</summary>
    private static async Task<LeaseNotice?> NextAsync(OrchestrationContext context, int tries)
    {
        if (tries == 0)
        {
            return await context.WaitForEventAsync(Definitions.LeaseNotice);
        }

        var news = await context.WaitForEventAsync(Definitions.LeaseNotice, Persistence.PauseAfter(tries));
        return news.TimedOut ? null : news.Value;
    }

    private static async Task CommitAsync(OrchestrationContext context, DeploymentInput input, BoardCommit? commit)
    {
        if (commit is not null)
        {
            await context.CallAsync(Definitions.CommitOrder, new OrderCommit(input.OrderHash, commit.Status, commit.Code, commit.Message), Persistence.ThroughOutages);
        }
    }
}
