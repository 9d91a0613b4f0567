using System.Globalization;
using Dweb.Agent.Runtimes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace Dweb.Agent.Loops;

/// <summary>
/// Tells systemd that the agent works, twice in each watchdog period, and only after the engine answered: a process whose thread pool or
/// engine connection hangs is restarted.
/// </summary>
internal sealed partial class WatchdogLoop(IContainerRuntime runtime, ISystemdNotifier systemd, TimeProvider time, ILogger<WatchdogLoop> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!systemd.IsEnabled || !long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), CultureInfo.InvariantCulture, out long period) || period <= 0)
        {
            return;
        }

        while (true)
        {
            await HearEngineAsync(stoppingToken);
            systemd.Notify(new ServiceState("WATCHDOG=1"));
            await Task.Delay(TimeSpan.FromMicroseconds(period / 2.0), time, stoppingToken);
        }
    }

    // An engine that refuses the connection is a trouble that a restart of the agent does not mend; only a hang keeps the dog hungry.
    private async Task HearEngineAsync(CancellationToken cancellationToken)
    {
        try
        {
            await runtime.DescribeAsync(cancellationToken);
        }
        catch (RuntimeException failure)
        {
            EngineAway(failure.Message);
        }
    }

    [LoggerMessage(350, LogLevel.Warning, "{Reason}")]
    private partial void EngineAway(string reason);
}
