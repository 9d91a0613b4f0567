using Dweb.Core.Protocol;
using Dweb.Functions.Hosting;

namespace Dweb.Functions.Leases;

/// <summary>Sees that a channel points to another image than its followers run, and begins their rollouts.</summary>
internal sealed partial class ChannelWatch(DueUpgrades due, Rollouts rollouts, Outages outages, TimeProvider time, ILogger<ChannelWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var upgrade in due.All().ToList())
                {
                    await TryBeginAsync(upgrade, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program stops.
        }
    }

    private async Task TryBeginAsync(DueUpgrade upgrade, CancellationToken stoppingToken)
    {
        try
        {
            await rollouts.BeginAsync(upgrade, stoppingToken);
        }
#pragma warning disable CA1031 // The storage may be away for a while; the next look begins it.
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (!outages.Explain(failure))
            {
                LogNotBegun(logger, failure, upgrade.OrderHash, upgrade.Service);
            }
        }
    }

    [LoggerMessage(EventId = 4201, Level = LogLevel.Warning, Message = "The rollout of service {Service} of order {Order} could not be begun; it is tried again")]
    private static partial void LogNotBegun(ILogger logger, Exception failure, Hash32 order, ushort service);
}
