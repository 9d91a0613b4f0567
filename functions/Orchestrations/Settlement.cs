using Dweb.Durable;

namespace Dweb.Functions.Orchestrations;

/// <summary>
/// One epoch: what agents have signed is paid in as few transactions as hold it, leases that run low are funded, those whose time is over are
/// ended and closed, and those that nobody funds are parked. Each looks at the chain first, so that an epoch that is run twice does nothing twice.
/// </summary>
internal static class Settlement
{
    private static readonly RetryPolicy Patience = new(maxAttempts: 5, TimeSpan.FromMilliseconds(500)) { BackoffCoefficient = 2 };

    public static async Task<SettlementOutcome> RunAsync(OrchestrationContext context, SettlementInput input)
    {
        int settled = await context.CallAsync(Definitions.SettleUsage, input, Patience);
        int renewed = await context.CallAsync(Definitions.RenewDue, input, Patience);
        int closed = await context.CallAsync(Definitions.CloseDue, input, Patience);
        int parked = await context.CallAsync(Definitions.ParkDue, input, Patience);
        return new SettlementOutcome(settled, renewed, closed, parked);
    }
}
