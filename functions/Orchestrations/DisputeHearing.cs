using Dweb.Core.Protocol;
using Dweb.Durable;
using Dweb.Functions.Disputes;

namespace Dweb.Functions.Orchestrations;

/// <param name="DisputedSeconds">Of the lease in all, this dispute included.</param>
internal sealed record DisputeInput(Hash32 LeaseId, uint DisputedSeconds);

/// <param name="Refund">To the user; otherwise the user's bond goes to the host.</param>
internal sealed record VerdictInput(DisputeInput Dispute, bool Refund);

/// <summary>
/// One dispute: ask the container, then have the committee sign what was found and send it. What was found is kept, so that a process that dies before
/// it has sent the verdict sends the same one; and nothing is sent about a dispute that the chain has closed.
/// </summary>
internal static class DisputeHearing
{
    public static async Task<DisputeFinding> RunAsync(OrchestrationContext context, DisputeInput input)
    {
        var finding = await context.CallAsync(Definitions.ProbeDispute, input, Persistence.ThroughOutages);
        if (finding != DisputeFinding.None)
        {
            await context.CallAsync(Definitions.GiveVerdict, new VerdictInput(input, finding == DisputeFinding.NotServed), Persistence.ThroughOutages);
        }

        return finding;
    }
}
