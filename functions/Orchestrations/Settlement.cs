using Dweb.Durable;
using Dweb.Functions.Settling;

namespace Dweb.Functions.Orchestrations;

/// <summary>
/// One epoch: what agents have signed is paid in as few transactions as hold it, leases that run low are funded, those whose time is over are
/// ended and closed, and those that nobody funds are parked. Each looks at the chain first, so that an epoch that is run twice does nothing twice.
/// </summary>
internal static class Settlement
{
    /// <summary>Transactions that wait for their blocks at a time.</summary>
    private const int AtOnce = 8;

    private static readonly RetryPolicy Patience = new(maxAttempts: 5, TimeSpan.FromMilliseconds(500)) { BackoffCoefficient = 2 };

    public static async Task<SettlementOutcome> RunAsync(OrchestrationContext context, SettlementInput input)
    {
        var plan = await context.CallAsync(Definitions.CollectUsage, input, Patience);
        var parts = new List<PartOutcome>();
        foreach (var some in plan.Parts.Chunk(AtOnce))
        {
            parts.AddRange(await Task.WhenAll(some.Select(part => SettleAsync(context, part))));
        }

        int renewed = await context.CallAsync(Definitions.RenewDue, input, Patience);
        int closed = await context.CallAsync(Definitions.CloseDue, input, Patience);
        int parked = await context.CallAsync(Definitions.ParkDue, input, Patience);
        return new SettlementOutcome(
            parts.Sum(static p => p.Sent), [.. parts.SelectMany(static p => p.Quarantined)], [.. parts.Select(static p => p.Unsent).OfType<string>()], renewed, closed, parked);
    }

    /// <summary>
    /// Sends a transaction. One that the chain refuses is halved by COEs until the bad ones are found and kept apart; the others are settled. One that
    /// cannot be sent or confirmed now is left for the next epoch, and holds up nothing else.
    /// </summary>
    private static async Task<PartOutcome> SettleAsync(OrchestrationContext context, SettlementPart part)
    {
        int sent = 0;
        var quarantined = new List<QuarantinedUsage>();
        try
        {
            await Halving.RunAsync(part.Groups, TryAsync, CondemnAsync);
            return new PartOutcome(sent, quarantined, null);
        }
        catch (TaskFailedException failure)
        {
            return new PartOutcome(sent, quarantined, failure.Message);
        }

        async Task<string?> TryAsync(IReadOnlyList<UsageRef> groups)
        {
            var result = await context.CallAsync(Definitions.SettleUsage, part with { Groups = groups }, Patience);
            sent += result.Sent;
            return result.Refusal;
        }

        async Task CondemnAsync(UsageRef group, string reason)
        {
            var bad = new QuarantinedUsage(part.Epoch, group.Coe, reason);
            await context.CallAsync(Definitions.QuarantineUsage, bad, Patience);
            quarantined.Add(bad);
        }
    }

    private sealed record PartOutcome(int Sent, IReadOnlyList<QuarantinedUsage> Quarantined, string? Unsent);
}
