using Dweb.Functions.Hosting;
using Dweb.Functions.Settings;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Triggers;

/// <summary>Runs every queue and timer function in this process while no Functions host does.</summary>
internal sealed class AlonePump(
    ControlPlaneSettings settings, StorageAccount storage, TriggerFunctions functions, HostDocument host, QueueWake wake, Outages outages, TimeProvider time, ILoggerFactory loggers)
    : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.CustomHandlerPort is not null)
        {
            return Task.CompletedTask;
        }

        var queueLogger = loggers.CreateLogger<QueuePump>();
        var timerLogger = loggers.CreateLogger<TimerPump>();
        return Task.WhenAll(
        [
            .. functions.Queues.Select(q => new QueuePump(storage, q.File, q.Function, host.Extensions.Queues, wake, outages, time, queueLogger).RunAsync(stoppingToken)),
            .. functions.Timers.Select(t => new TimerPump(storage, t.File, t.Function, outages, time, timerLogger).RunAsync(stoppingToken)),
        ]);
    }
}
