using System.Globalization;
using Dweb.Core.Protocol;
using Dweb.Durable;
using Dweb.Functions.Coes;
using Dweb.Functions.Hosting;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orchestrations;
using Dweb.Functions.Settings;

namespace Dweb.Functions.Leases;

/// <summary>
/// Tells orders whose leases are on a COE that is heard no more, and has an orchestration see to it from then on. A COE that comes back and falls silent again
/// is told again.
/// </summary>
internal sealed partial class CoeWatch(
    Market market, Heartbeats heartbeats, LeaseStandings standings, LossNotices losses, IOrchestrationClient orchestrations, ControlPlaneSettings settings, Outages outages,
    TimeProvider time, ILogger<CoeWatch> logger)
    : BackgroundService
{
    // A timer may fire a little early.
    private static readonly TimeSpan Beyond = TimeSpan.FromMilliseconds(5);
    private readonly HashSet<Hash32> told = [];

    public static string IdOf(CoeSilence silence) => string.Create(CultureInfo.InvariantCulture, $"coe-{silence.Coe}-{silence.Since}");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Pause(), time, stoppingToken);
                if (heartbeats.Look())
                {
                    LogStoodStill(logger);
                }

                await TryTellAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program stops.
        }
    }

    /// <summary>Several times a heartbeat, to know that this process runs; sooner where a COE is about to be lost.</summary>
    private TimeSpan Pause()
    {
        var most = settings.Heartbeat / 4;
        return heartbeats.UntilNextLoss is { } left && left + Beyond < most ? left + Beyond : most;
    }

    private async Task TryTellAsync(CancellationToken stoppingToken)
    {
        try
        {
            await TellAsync(stoppingToken);
        }
#pragma warning disable CA1031 // The storage may be away for a while; the next look tells it.
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (!outages.Explain(failure))
            {
                LogUntold(logger, failure);
            }
        }
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        told.RemoveWhere(coe => !heartbeats.IsLost(coe));
        foreach (var coe in market.Coes.Values.Where(coe => heartbeats.IsLost(coe.Coe) && !told.Contains(coe.Coe)).ToList())
        {
            var silence = new CoeSilence(coe.Coe, standings.SilentSince(coe.Coe));
            var leases = await losses.TellAsync(silence, cancellationToken);
            foreach (var lease in leases)
            {
                LogLost(logger, coe.Name, lease.LeaseId);
            }

            if (leases.Count > 0)
            {
                await orchestrations.StartAsync(Definitions.CoeHealth, IdOf(silence), silence, cancellationToken);
            }

            told.Add(coe.Coe);
        }
    }

    [LoggerMessage(EventId = 4101, Level = LogLevel.Warning, Message = "COE {Coe} is not heard any more; lease {Lease} is lost")]
    private static partial void LogLost(ILogger logger, string coe, Hash32 lease);

    [LoggerMessage(EventId = 4103, Level = LogLevel.Warning, Message = "This process has stood still for longer than a heartbeat; every COE gets its time to be heard anew")]
    private static partial void LogStoodStill(ILogger logger);

    [LoggerMessage(EventId = 4102, Level = LogLevel.Warning, Message = "What happened to leases of silent COEs could not be told; it is tried again")]
    private static partial void LogUntold(ILogger logger, Exception failure);
}
