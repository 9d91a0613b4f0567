using Dweb.Agent.Settings;
using Dweb.Agent.Usage;
using Microsoft.Extensions.Hosting;

namespace Dweb.Agent.Loops;

/// <summary>
/// Reads the counters of what runs where reports are further apart. The kernel forgets what a container has used when it ends, so that one which ends by itself
/// is given away no more than what it used in one period.
/// </summary>
internal sealed class MeterLoop(UsageBook book, AgentSettings settings, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (settings.UsageInterval > Period)
        {
            await Task.Delay(Period, time, stoppingToken);
            book.Read();
        }
    }
}
