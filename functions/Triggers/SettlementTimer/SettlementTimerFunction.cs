using System.Globalization;
using Dweb.Durable;
using Dweb.Functions.Activities;
using Dweb.Functions.Coes;
using Dweb.Functions.Orchestrations;

namespace Dweb.Functions.Triggers.SettlementTimer;

/// <summary>Starts an epoch's settlement when there is something to settle, fund, end, close or park, and the epoch before is done.</summary>
internal sealed class SettlementTimerFunction(IOrchestrationClient orchestrations, UsageBook usage, RenewDue renewing, CloseDue closing, ParkDue parking) : ITimerFunction
{
    private const string Prefix = "settlement-";
    private string? last;
    private bool looked;

    public string Name => "SettlementTimer";

    public async Task RunAsync(DateTimeOffset due, CancellationToken cancellationToken)
    {
        if (!looked)
        {
            // What the process before this one had begun goes on by itself.
            last = await FindRunningAsync(cancellationToken);
            looked = true;
        }

        if (last is not null && await orchestrations.GetAsync(last, cancellationToken) is { } state)
        {
            if (!state.IsTerminal)
            {
                return;
            }

            // What was settled is on chain; the instance has nothing more to say.
            await orchestrations.PurgeAsync(last, cancellationToken);
            last = null;
        }

        if (usage.Unsettled().Count > 0 || renewing.HasWork || closing.HasWork || parking.HasWork)
        {
            string id = Prefix + due.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
            last = id;
            await orchestrations.StartAsync(Definitions.Settlement, id, new SettlementInput(due.ToUnixTimeSeconds()), cancellationToken);
        }
    }

    private async Task<string?> FindRunningAsync(CancellationToken cancellationToken)
    {
        await foreach (var state in orchestrations.ListAsync(new OrchestrationQuery { InstanceIdPrefix = Prefix }, cancellationToken))
        {
            if (!state.IsTerminal)
            {
                return state.InstanceId;
            }
        }

        return null;
    }
}
